"""One policy object per aggregate answers both “may I” and “which rows” (Wagtail's permission policies)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.errors import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

_registry: dict[str, Policy] = {}
HINDRANCES: list[Callable[[Actor, str, Any], Decision]] = []
"""What may keep a person from an act that the policy allows, whatever the policy (somebody's own interest in it)."""


class UndefinedAction(LookupError):
    """Asking for an action that no policy declares is a programming error, never a silent “no”."""


class Policy:
    """Subclass, set ``name`` and ``actions`` (≤ 12), write one ``can_<action>(actor, obj)`` method per action.

    ``obj`` may be None for actions that need no object (``entry.create``) and for “could I at all” (menus).
    """

    name: ClassVar[str] = ""
    actions: ClassVar[tuple[str, ...]] = ()

    def can(self, actor: Actor, action: str, obj: Any = None) -> Decision:
        """The one question. ``action`` with or without the policy's name in front."""
        method = getattr(self, f"can_{self._bare(action)}")
        if actor.system:
            return ALLOWED
        decision: Decision = method(actor, obj)
        for hindrance in HINDRANCES if decision else ():
            if not (found := hindrance(actor, f"{self.name}.{self._bare(action)}", obj)):
                return found
        return decision

    def require(self, actor: Actor, action: str, obj: Any = None) -> None:
        """Raises Refused with the reason when ``can`` says no."""
        decision = self.can(actor, action, obj)
        if not decision:
            raise Refused(decision)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        """All rows on which ``can`` would say yes, as far as the database can tell; inside the active scope."""
        raise NotImplementedError

    def _bare(self, action: str) -> str:
        bare = action.removeprefix(f"{self.name}.")
        if bare not in self.actions:
            raise UndefinedAction(f"{self.name} has no action {action!r}; it has {', '.join(self.actions)}")
        return bare


def register_policy(policy: type[Policy]) -> type[Policy]:
    """Class decorator: ``policy_for("entry")`` finds it."""
    if policy.name in _registry:
        raise ValueError(f"policy {policy.name} is registered twice")
    missing = [a for a in policy.actions if not hasattr(policy, f"can_{a}")]
    if missing:
        raise TypeError(f"{policy.__name__} lacks {missing}")
    _registry[policy.name] = policy()
    return policy


def policy_for(name: str) -> Policy:
    """Policy by name or by full action (``entry`` or ``entry.view``)."""
    key = name.split(".", 1)[0]
    try:
        return _registry[key]
    except KeyError:
        raise UndefinedAction(f"no policy is called {key!r}") from None


def may(actor: Actor, action: str, obj: Any = None) -> Decision:
    """``may(actor, "entry.endorse", entry)`` – the question views, templates, menu and API ask."""
    return policy_for(action).can(actor, action, obj)


def all_policies() -> dict[str, Policy]:
    return dict(_registry)


SIGN_IN = refuse("sign_in", "请先登录。")
NO_DESK = refuse("no_desk", "您还没有可用的工作台，请联系上级工会管理员开通。")
NOT_YOUR_ROLE = refuse("role", "您当前工作台的角色没有这项权限，可切换工作台或联系管理员。")

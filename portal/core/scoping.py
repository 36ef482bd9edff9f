"""Scope or crash: tenancy by organisation path prefix in the manager (design.md 3.6).

A model that belongs to somebody declares lookups and uses ``ScopedManager``::

    class Entry(ScopedModel):
        scope_owner = "organisation__path"   # seen by the unit itself and by all above it in the home tree
        scope_route = "route_path"           # seen by the unions the entry passes through

Without an active scope the manager adds a WHERE term that cannot be compiled, so that no way of running
the query – count, exists, subquery, update, delete – gets through.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Expression, Q

from portal.core.errors import ScopeError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class OrgScope:
    """Desks: rows of the organisation's subtree; models with a route are seen by unions through the route.

    ``is_unit`` desks (基层工会 and below) see what they own. Union desks above see what was submitted to them
    (``scope_route``) and what they own themselves – not a subordinate's drafts, nor what it nominates elsewhere.
    ``is_guest`` desks (联合主办单位) see of models with ``scope_guest`` what was agreed to be shown to them, nothing else;
    they stand above nobody. Departments are guests everywhere, other municipal roots on the joint pages.
    """

    path: str
    is_unit: bool = False
    is_guest: bool = False
    withheld: frozenset[int] = frozenset()  # subjects the person keeps away from: gone with all that hangs on them


@dataclass(frozen=True, slots=True)
class ReviewerScope:
    """Experts: rows they are assigned to, nothing else. ``path`` is the desk's own organisation."""

    user_id: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class PublicScope:
    """Everybody: rows that were published."""


@dataclass(frozen=True, slots=True)
class SystemScope:
    """Jobs and commands: all rows. ``reason`` is greppable; forbidden in views by tests/test_architecture.py."""

    reason: str


Scope = OrgScope | ReviewerScope | PublicScope | SystemScope
_active: ContextVar[Scope | None] = ContextVar("scope", default=None)


class _NoScope(Expression):
    """A condition without SQL: compiling it is the error."""

    conditional = True

    def __init__(self, label: str) -> None:
        super().__init__(output_field=models.BooleanField())
        self.label = label

    def resolve_expression(self, *args: Any, **kwargs: Any) -> _NoScope:
        return self

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        raise ScopeError(f"{self.label}: query without a scope")

    def get_source_expressions(self) -> list:
        return []


def active_scope() -> Scope | None:
    return _active.get()


@contextmanager
def scope(kind: Scope) -> Iterator[Scope]:
    """Enter a scope. Only the middleware, ``run_job``, commands and test fixtures do this."""
    token = _active.set(kind)
    try:
        yield kind
    finally:
        _active.reset(token)


def system_scope(reason: str) -> Any:
    """All rows, for jobs and commands. ``reason`` says why in words."""
    if not reason:
        raise ValueError("system_scope needs a reason")
    return scope(SystemScope(reason))


def shared_rows(model: type[ScopedModel], path: str) -> models.QuerySet:
    """Rows of ``model`` that others have agreed to show to the organisation at ``path`` – what a guest would see.

    For desks that stand in a tree of their own and are a guest in another one.
    """
    with scope(OrgScope(path=path, is_guest=True)):
        return model.objects.all()


def scope_condition(model: type[models.Model], kind: Scope | None) -> Q | _NoScope | None:
    """Condition for ``model`` under ``kind``; None = no restriction; a lookup the model lacks matches no row."""
    if kind is None:
        return _NoScope(model.__name__)
    if isinstance(kind, SystemScope):
        return None
    lookups: list[Q] = []
    owner, route = getattr(model, "scope_owner", ""), getattr(model, "scope_route", "")
    if isinstance(kind, OrgScope):
        lookups = _organisation_lookups(model, kind, owner, route)
    elif isinstance(kind, ReviewerScope):
        reviewer = getattr(model, "scope_reviewer", "")
        if reviewer:
            mine = Q(**{reviewer: kind.user_id})
            where = getattr(model, "scope_reviewer_where", None)
            # One filter() call: both conditions hold on the same joined row.
            lookups = [mine if where is None else mine & where]
        downward = getattr(model, "scope_downward", "")
        if downward and kind.path:
            lookups.append(Q(**{f"{downward}__in": path_prefixes(kind.path)}))
    elif (public := getattr(model, "scope_public", None)) is not None:
        lookups = [public]
    if not lookups:
        return Q(pk__in=[])
    condition = lookups[0]
    for lookup in lookups[1:]:
        condition |= lookup
    return condition & _not_withheld(model, kind)


def _not_withheld(model: type[models.Model], kind: Scope) -> Q:
    withheld = kind.withheld if isinstance(kind, OrgScope) else ()
    found = Q()
    for lookup in subject_lookups(model) if withheld else ():
        found &= ~Q(**{f"{lookup}__in": withheld})
    return found


@cache
def subject_lookups(model: type[models.Model]) -> tuple[str, ...]:
    """How rows of ``model`` lead to the subject they are about (an entry): itself, or by one or two foreign keys."""
    if getattr(model, "scope_is_subject", False):
        return ("pk",)
    parents = _parents(model)
    direct = [name for name, parent in parents.items() if _is_subject(parent)]
    return tuple(direct) or tuple(
        f"{name}__{step}"
        for name, parent in parents.items()
        for step, above in _parents(parent).items()
        if _is_subject(above)
    )


def _is_subject(model: type[models.Model]) -> bool:
    return bool(getattr(model, "scope_is_subject", False))


def _parents(model: type[models.Model]) -> dict[str, type[models.Model]]:
    keys = [f for f in model._meta.fields if isinstance(f, models.ForeignKey) and f.related_model is not model]
    return {f.name: f.related_model for f in keys if not isinstance(f.related_model, str)}


def _organisation_lookups(model: type[models.Model], kind: OrgScope, owner: str, route: str) -> list[Q]:
    if not kind.path:
        return []
    lookups: list[Q] = []
    guest = getattr(model, "scope_guest", "")
    if kind.is_guest and guest:
        # One filter() call, so that path and agreement hold on the same joined row (unique per cycle and guest).
        shown = Q(**{guest: kind.path})
        where = getattr(model, "scope_guest_where", None)
        return [shown if where is None else shown & where]
    if owner and route and not kind.is_unit:
        lookups = [Q(**{owner: kind.path}), Q(**{f"{route}__startswith": kind.path})]
    elif owner or route:
        lookups = [Q(**{f"{owner or route}__startswith": kind.path})]
    if (shared := getattr(model, "scope_shared", "")) and not kind.is_guest:  # several unions at one thing: no join
        lookups.append(Q(**{f"{shared}__contains": [kind.path]}))
    downward = getattr(model, "scope_downward", "")
    if downward:  # what a union offers to all below it, e.g. its cycles
        lookups.append(Q(**{f"{downward}__in": path_prefixes(kind.path)}))
    return lookups


def path_prefixes(path: str) -> list[str]:
    """``0001/0007/`` → ``["0001/", "0001/0007/"]``: the organisation itself and all above it."""
    parts = [part for part in path.split("/") if part]
    return ["/".join(parts[: i + 1]) + "/" for i in range(len(parts))]


class ScopedQuerySet(models.QuerySet):
    """Nothing of its own: exists so that rooms can subclass it."""


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Default manager of tenant models: filters by the active scope, or makes the query uncompilable."""

    use_in_migrations = False

    def get_queryset(self) -> ScopedQuerySet:
        queryset = super().get_queryset()
        condition = scope_condition(self.model, active_scope())
        if condition is None:
            return queryset
        return queryset.filter(condition)


class ScopedModel(models.Model):
    """Base of all tenant models. Lookups must not multiply rows except ``scope_reviewer`` and ``scope_guest``, which are
    unique per reviewer and per guest.
    """

    scope_owner: ClassVar[str] = ""
    scope_route: ClassVar[str] = ""
    scope_downward: ClassVar[str] = ""
    scope_shared: ClassVar[str] = ""  # an array of the paths that see the row, beside its owner
    scope_reviewer: ClassVar[str] = ""
    scope_reviewer_where: ClassVar[Q | None] = None  # narrows the reviewer's rows, e.g. recused ones vanish
    scope_is_subject: ClassVar[bool] = False  # what people may have to keep away from, with all rows about it
    scope_guest: ClassVar[str] = ""
    scope_guest_where: ClassVar[Q | None] = None  # what was agreed: the right, and from which state on
    scope_public: ClassVar[Q | None] = None

    objects = ScopedManager()

    class Meta:
        abstract = True

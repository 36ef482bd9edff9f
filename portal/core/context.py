"""Who acts, and at which desk. Plain data, handed to every domain function as ``actor``."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_client: ContextVar[str] = ContextVar("client", default="")


@dataclass(frozen=True, slots=True)
class Desk:
    """工作台: one membership in use – an organisation, its place in the tree, and the role held there."""

    membership_id: int
    organisation_id: int
    organisation_name: str
    organisation_path: str
    level: str  # accounts.enums.UnionLevel
    kind: str  # accounts.enums.OrganisationKind
    role: str  # accounts.enums.Role
    role_label: str = ""  # as people read it
    withheld: frozenset[int] = frozenset()  # subjects (entries) the person keeps away from at this desk
    conflicted: frozenset[int] = frozenset()  # cycles in which there is such a subject


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``user`` is None for the public and for the system; ``system`` says which job acts."""

    user: Any = None
    desk: Desk | None = None
    system: str = ""

    @property
    def is_authenticated(self) -> bool:
        return self.user is not None

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None

    @property
    def at_desk(self) -> Desk:
        """The desk, where a policy has made sure that there is one; RuntimeError otherwise."""
        if self.desk is None:
            raise RuntimeError("nobody acts without a desk here")
        return self.desk

    @property
    def role(self) -> str:
        return self.desk.role if self.desk else ""

    @property
    def level(self) -> str:
        return self.desk.level if self.desk else ""

    @property
    def path(self) -> str:
        """Path of the desk's organisation; empty when there is no desk (matches nothing, see scoping)."""
        return self.desk.organisation_path if self.desk else ""


PUBLIC = Actor()


def system_actor(name: str) -> Actor:
    """The portal itself acting through job ``name``; policies let it do what the job's code asks."""
    return Actor(system=name)


def current_request_id() -> str:
    return _request_id.get()


def current_client() -> str:
    """Address of the client of the running request (for the audit log); empty in jobs."""
    return _client.get()


@contextmanager
def request_context(request_id: str = "", client: str = "") -> Iterator[str]:
    """Everything inside carries one request id, so that the audit rows of one click can be read together."""
    token = _request_id.set(request_id or uuid.uuid4().hex)
    client_token = _client.set(client)
    try:
        yield _request_id.get()
    finally:
        _request_id.reset(token)
        _client.reset(client_token)

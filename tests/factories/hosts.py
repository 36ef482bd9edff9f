"""Co-hosts: a department of the tree, another municipal root, and what was agreed with them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation
from portal.accounts.scopes import scope_of
from portal.core.context import Actor
from portal.core.scoping import scope
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.models import Cycle
from tests.factories.people import Tree, make_actor, make_organisation

BUREAU = "市人力资源和社会保障局"


def make_bureau(tree: Tree, name: str = BUREAU, *, role: str = Role.MANAGER) -> Actor:
    """A department beside the federation, and a person at its desk."""
    return make_actor(make_organisation(OrganisationKind.DEPARTMENT, name, tree.municipal), role)


def make_host(cycle: Cycle, actor: Actor | None, *rights: str, name: str = "", **fields: Any) -> CycleHost:
    """What the owner agreed on with the organisation of this actor; without an actor: only a name."""
    desk = Organisation.objects.get(pk=actor.desk.organisation_id) if actor else None
    return CycleHost.objects.create(
        cycle=cycle,
        name=name or (desk.name if desk else BUREAU),
        organisation=desk,
        can_see=bool(rights),
        can_clear="clear" in rights,
        can_decide="decide" in rights,
        **fields,
    )


@contextmanager
def as_guest(actor: Actor) -> Any:
    """What the middleware does around a joint page."""
    with scope(scope_of(actor, as_guest=True)):
        yield actor

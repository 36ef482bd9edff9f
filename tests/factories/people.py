"""Organisations, people and desks for tests. Factories never hide state: they write what their arguments say."""

from __future__ import annotations

import itertools

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Employer, Membership, Organisation, User
from portal.accounts.queries.desks import desk_of
from portal.core.context import Actor

_numbers = itertools.count(1)
PASSWORD = "Ceshi-Mima-2026"


def make_organisation(kind: str, name: str, parent: Organisation | None = None, **fields: object) -> Organisation:
    number = next(_numbers)
    organisation = Organisation(
        kind=kind, name=name, parent=parent, code=fields.pop("code", f"T{number:05d}"), path=f"tmp{number}", **fields
    )
    organisation.save()
    organisation.path = f"{parent.path if parent else ''}{organisation.pk:07d}/"
    organisation.save(update_fields=["path"])
    return organisation


def make_user(name: str, username: str = "") -> User:
    return User.objects.create_user(username or f"user{next(_numbers)}", PASSWORD, name=name)


def make_membership(user: User, organisation: Organisation, role: str) -> Membership:
    return Membership.objects.create(user=user, organisation=organisation, role=role)


def make_actor(organisation: Organisation, role: str, name: str = "") -> Actor:
    """A person with exactly one desk, as the middleware would make it."""
    user = make_user(name or f"{organisation.name}{Role(role).label}")
    return Actor(user=user, desk=desk_of(make_membership(user, organisation, role)))


def make_employer(organisation: Organisation, name: str = "", **fields: object) -> Employer:
    return Employer.objects.create(organisation=organisation, name=name or f"{organisation.name}公司", **fields)


class Tree:
    """One complete municipal tree: federation, district, zone, group union, two units, and a desk of every role."""

    def __init__(self, prefix: str) -> None:
        kinds = OrganisationKind
        self.municipal = make_organisation(kinds.MUNICIPAL, f"{prefix}总工会")
        self.district = make_organisation(kinds.DISTRICT, f"{prefix}东区总工会", self.municipal)
        self.zone = make_organisation(kinds.ZONE, f"{prefix}开发区总工会", self.district)
        self.group = make_organisation(kinds.GROUP, f"{prefix}机电集团工会", self.municipal)
        self.unit = make_organisation(kinds.GRASSROOTS, f"{prefix}精工厂工会", self.zone)
        self.group_unit = make_organisation(kinds.GRASSROOTS, f"{prefix}电机厂工会", self.group)
        self.employer = make_employer(self.unit, f"{prefix}精工机械有限公司")
        self.group_employer = make_employer(self.group_unit, f"{prefix}电机有限公司")
        self.filer = make_actor(self.unit, Role.FILER)
        self.unit_checker = make_actor(self.unit, Role.CHECKER)
        self.group_filer = make_actor(self.group_unit, Role.FILER)
        self.group_unit_checker = make_actor(self.group_unit, Role.CHECKER)
        self.zone_checker = make_actor(self.zone, Role.CHECKER)
        self.district_checker = make_actor(self.district, Role.CHECKER)
        self.district_manager = make_actor(self.district, Role.MANAGER)
        self.group_checker = make_actor(self.group, Role.CHECKER)
        self.manager = make_actor(self.municipal, Role.MANAGER)
        self.checker = make_actor(self.municipal, Role.CHECKER)
        self.expert = make_actor(self.municipal, Role.EXPERT)
        self.supervisor = make_actor(self.municipal, Role.SUPERVISOR)
        self.auditor = make_actor(self.municipal, Role.AUDITOR)

    @property
    def actors(self) -> dict[str, Actor]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Actor)}

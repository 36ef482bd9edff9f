"""推荐关系: the union through which an organisation is nominated where it differs from the home tree."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import LEVEL_ORDER
from portal.accounts.models import Organisation, ReportingLine
from portal.accounts.policies import OrganisationPolicy
from portal.accounts.queries.reporting import reporting_route
from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid

if TYPE_CHECKING:
    from portal.core.context import Actor

policy = OrganisationPolicy()


def set_reporting_parent(
    *,
    actor: Actor,
    organisation: Organisation,
    parent: Organisation,
    scheme: str = "",
    year: int | None = None,
    now: dt.datetime,
) -> ReportingLine:
    """Sets or replaces the one line for this scheme and year (both empty = for everything).

    Only the municipal federation may. Raises Invalid (field parent) for a parent outside the tree, below the
    organisation, of a lower level, closed, or one whose own route leads back here; Refused.
    """
    policy.require(actor, "reporting_line", organisation)
    with transaction.atomic():
        organisation = lock_row(Organisation, organisation.pk)
        _check(organisation, parent)
        line = ReportingLine.objects.filter(organisation=organisation, scheme=scheme, year=year).first()
        before = {"parent": line.parent_id, "parent_name": line.parent.name} if line else {}
        if line is None:
            line = ReportingLine(organisation=organisation, scheme=scheme, year=year)
        line.parent = parent
        line.save()
        if organisation in reporting_route(parent, scheme, year):
            message = _("“%(name)s”又经由本组织上报，会形成循环，请先调整它的推荐关系。") % {"name": parent.name}
            raise Invalid(fields={"parent": [message]})
        record(
            "accounts.reporting_line.set",
            organisation,
            actor=actor,
            before=before,
            after={"parent": parent.pk, "parent_name": parent.name},
            scheme=scheme,
            year=year,
            now=now,
        )
    return line


def _check(organisation: Organisation, parent: Organisation) -> None:
    problem = ""
    if not parent.is_active:
        problem = _("“%(name)s”已停用。")
    elif parent.path.split("/", 1)[0] != organisation.path.split("/", 1)[0]:
        problem = _("“%(name)s”不属于同一个市总工会。")
    elif parent.path.startswith(organisation.path):
        problem = _("“%(name)s”就是本组织或其下级，不能作为推荐单位。")
    elif LEVEL_ORDER.index(parent.level) > LEVEL_ORDER.index(organisation.level):
        problem = _("“%(name)s”的层级低于本组织，不能作为推荐单位。")
    if problem:
        raise Invalid(fields={"parent": [problem % {"name": parent.name}]})


def clear_reporting_parent(*, actor: Actor, line: ReportingLine, now: dt.datetime) -> None:
    """Takes a line away: the next less specific one, or the home tree, holds again."""
    organisation = line.organisation
    policy.require(actor, "reporting_line", organisation)
    with transaction.atomic():
        lock_row(Organisation, organisation.pk)
        deleted, _details = ReportingLine.objects.filter(pk=line.pk).delete()
        if not deleted:
            raise Conflict(_("这条推荐关系已被取消。"))
        record(
            "accounts.reporting_line.cleared",
            organisation,
            actor=actor,
            before={"parent": line.parent_id, "parent_name": line.parent.name},
            scheme=line.scheme,
            year=line.year,
            now=now,
        )

"""Signing figures off: numerators and denominators as they stand, kept for good."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.rosters import counting
from competitions.rosters.enums import Basis
from competitions.rosters.models import CountSnapshot
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock
from portal.core.errors import Invalid
from portal.core.policies import policy_for

CUTS = (*counting.SLICES, counting.FLAGS)


def taken(organisation: Organisation | int, year: int, basis: str) -> int:
    """How often the year was signed off already."""
    return CountSnapshot.objects.filter(organisation=organisation, year=year, basis=basis).count()


@transaction.atomic
def take_snapshot(
    *, actor: Actor, organisation: Organisation, year: int, basis: str, reason: str, now: dt.datetime
) -> CountSnapshot:
    """Keeps all slices of the acting union as they stand now. From the second time on a reason is needed (统计法)."""
    policy_for("roster").require(actor, "sign")
    if basis not in Basis.values:
        raise Invalid(_("请选择统计口径。"))
    advisory_lock(f"competitions:snapshot:{organisation.pk}:{year}:{basis}")
    number = taken(organisation, year, basis) + 1
    if number > 1 and not reason.strip():
        message = _("本年度已经确认过，请写明更正原因。")
        raise Invalid(message, fields={"reason": [message]})
    path = organisation.path
    content = {code: [line.plain() for line in counting.lines(code, path, year, basis)] for code in CUTS}
    content["total"] = [counting.total(path, year, basis).plain()]
    row = CountSnapshot.objects.create(
        organisation=organisation, year=year, basis=basis, number=number, reason=reason.strip(), content=content,
        taken_by=actor.user, taken_at=now,
    )  # fmt: skip
    record("competitions.snapshot.taken", row, actor=actor, now=now, year=year, basis=basis, number=number)
    return row

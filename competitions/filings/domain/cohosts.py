"""联合主办: who hosts too, what the host shows them, and who has agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings.enums import Sight
from competitions.filings.models import CoHost, CompetitionFiling
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for


def refresh_sight(filing: CompetitionFiling) -> None:
    """Derives the three lists of paths: nothing before the filing was filed, then what each co-host was granted."""
    rows = CoHost.objects.filter(filing=filing, ended_at=None, organisation__isnull=False)
    granted = list(rows.values_list("organisation__path", "sight")) if filing.filed_path else []
    filing.seen_by = sorted(path for path, _sight in granted)
    filing.budget_seen_by = sorted(path for path, sight in granted if Sight.BUDGET in sight)
    filing.reports_seen_by = sorted(path for path, sight in granted if Sight.REPORTS in sight)
    filing.save(update_fields=["seen_by", "budget_seen_by", "reports_seen_by"])


def _locked(actor: Actor, filing: CompetitionFiling | int) -> CompetitionFiling:
    filing = lock_row(CompetitionFiling, filing if isinstance(filing, int) else filing.pk)
    policy_for("filing").require(actor, "cohost", filing)
    return filing


@transaction.atomic
def add_cohost(
    *,
    actor: Actor,
    filing: CompetitionFiling,
    name: str,
    organisation: Organisation | None,
    duty: str,
    sight: Sequence[str],
    now: dt.datetime,
) -> CoHost:
    """A co-host by name; with ``organisation`` – a union, a department, another federation – it sees at its own desk
    the filing once it is filed, and besides what ``sight`` grants. Raises Conflict for a double, Invalid for the host.
    """
    filing = _locked(actor, filing)
    name = name.strip() or (organisation.name if organisation else "")
    if not name:
        message = _("请填写单位名称，或选择对应的工会。")
        raise Invalid(message, fields={"name": [message]})
    if organisation is not None and organisation.pk == filing.owner_id:
        message = _("主办工会自己不用再列为联合主办单位。")
        raise Invalid(message, fields={"organisation": [message]})
    there = CoHost.objects.filter(filing=filing, ended_at=None)
    if there.filter(name=name).exists() or (organisation and there.filter(organisation=organisation).exists()):
        raise Conflict(_("“%s”已经是联合主办单位。") % name)
    row = CoHost.objects.create(
        filing=filing, organisation=organisation, name=name, duty=duty.strip(), added_at=now,
        sight=[s for s in Sight.values if s in sight] if organisation else [],
    )  # fmt: skip
    refresh_sight(filing)
    record("competitions.cohost.added", filing, actor=actor, now=now, name=name, sight=row.sight)
    return row


@transaction.atomic
def change_cohost(*, actor: Actor, cohost: CoHost, duty: str, sight: Sequence[str], now: dt.datetime) -> CoHost:
    """Another duty, more or less to see; the co-host is asked to confirm again when what it sees has changed."""
    filing = _locked(actor, cohost.filing_id)
    cohost = lock_row(CoHost, cohost.pk)
    if cohost.ended_at is not None:
        raise Conflict(_("“%s”已经退出。") % cohost.name)
    before = {"duty": cohost.duty, "sight": cohost.sight}
    cohost.duty, cohost.sight = duty.strip(), [s for s in Sight.values if s in sight and cohost.organisation_id]
    if cohost.sight != before["sight"]:
        cohost.confirmed_at = cohost.confirmed_by = None
    cohost.save()
    refresh_sight(filing)
    after = {"duty": cohost.duty, "sight": cohost.sight}
    record("competitions.cohost.changed", filing, actor=actor, now=now, before=before, after=after, name=cohost.name)
    return cohost


@transaction.atomic
def end_cohost(*, actor: Actor, cohost: CoHost, now: dt.datetime) -> CompetitionFiling:
    """From now on the co-host sees nothing more; that it was one stays on record."""
    filing = _locked(actor, cohost.filing_id)
    cohost = lock_row(CoHost, cohost.pk)
    if cohost.ended_at is not None:
        raise Conflict(_("“%s”已经退出。") % cohost.name)
    cohost.ended_at = now
    cohost.save(update_fields=["ended_at"])
    refresh_sight(filing)
    record("competitions.cohost.ended", filing, actor=actor, now=now, name=cohost.name)
    return filing


@transaction.atomic
def confirm_cohost(*, actor: Actor, cohost: CoHost, now: dt.datetime) -> CoHost:
    """The other side agrees, at its own desk. Raises Refused when that was done, or when it is somebody else's."""
    cohost = lock_row(CoHost, cohost.pk)
    policy_for("cohost").require(actor, "confirm", cohost)
    cohost.confirmed_at, cohost.confirmed_by = now, actor.user
    cohost.save(update_fields=["confirmed_at", "confirmed_by"])
    record("competitions.cohost.confirmed", cohost.filing, actor=actor, now=now, name=cohost.name)
    return cohost


def copy_cohosts(source: CompetitionFiling, target: CompetitionFiling, *, now: dt.datetime) -> None:
    """Next year's proposal: the same co-hosts with the same sight, none of them has agreed yet."""
    CoHost.objects.bulk_create(
        CoHost(
            filing=target, organisation_id=row.organisation_id, name=row.name, duty=row.duty, sight=row.sight,
            added_at=now,
        )
        for row in CoHost.objects.filter(filing=source, ended_at=None)
    )  # fmt: skip
    refresh_sight(target)

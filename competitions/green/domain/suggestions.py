"""Suggestions from the idea to the verified saving, and proposals for the instant honour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.green.domain.dictionary import coefficients_for
from competitions.green.domain.files import need, store_files
from competitions.green.enums import FilePurpose, Proposer, SuggestionState
from competitions.green.models import AwardProposal, BenchmarkSubject, CoefficientTable, SavingSuggestion
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.entries.domain.drafts import create_entry
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, CycleStatus

FACTS = ("title", "kind", "proposer_kind", "proposer", "baseline", "measures", "investment", "subject")
HONOUR = "may-day-instant"  # the programme that grants the honour: known by its code only
CONTEST = "carbon"  # its answer for this contest
TRACK = {Proposer.TEAM: "pioneer", Proposer.PERSON: "medal"}
FOUR = Decimal("0.0001")


def converted(kwh: Decimal | None, other: Decimal | None, table: CoefficientTable) -> tuple[Decimal, Decimal]:
    """Saving in tce and tCO₂ of saved electricity (kWh) and of other energy (tce), by one table of coefficients."""
    numbers, kwh, other = table.numbers, kwh or Decimal(0), other or Decimal(0)
    tce = kwh * numbers["k_power"] / 1000 + other
    co2 = kwh * numbers["f_grid"] / 1000 + other * numbers["f_tce"]
    return tce.quantize(FOUR, ROUND_HALF_UP), co2.quantize(FOUR, ROUND_HALF_UP)


def _federation_of(path: str) -> Organisation:
    return Organisation.objects.get(path=path_prefixes(path)[0])


@transaction.atomic
def suggest(
    *, actor: Actor, facts: Mapping[str, Any], kwh: Decimal | None, other: Decimal | None, yuan: Decimal | None,
    now: dt.datetime,
) -> SavingSuggestion:  # fmt: skip
    """A suggestion of the desk's own unit with its estimate a year: kWh, other energy in tce, 元. Number 年份-序号."""
    policy_for("green").require(actor, "suggest")
    organisation = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    subject: BenchmarkSubject | None = facts.get("subject")
    if subject is not None:
        policy_for("green").require(actor, "suggest", subject)
    _need_saving(kwh, other, yuan)
    year = local_date(now).year
    table = coefficients_for(_federation_of(organisation.path), year)
    advisory_lock("green:suggestion-number")
    with system_scope("numbers run through all units, and the acting one sees its own only"):
        last = SavingSuggestion.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
    tce, co2 = converted(kwh, other, table)
    row = SavingSuggestion.objects.create(
        organisation=organisation, year=year, number=f"{year}-{int(last.number[5:]) + 1 if last else 1:05d}",
        coefficients=table, estimated_kwh=kwh, estimated_other=other, estimated_yuan=yuan, estimated_tce=tce,
        estimated_co2=co2, entered_by=actor.user, entered_at=now, **{name: facts.get(name) for name in FACTS},
    )  # fmt: skip
    record("competitions.green.suggested", row, actor=actor, now=now, number=row.number, title=row.title, tce=tce)
    return row


def _need_saving(kwh: Decimal | None, other: Decimal | None, yuan: Decimal | None) -> None:
    if not (kwh or other or yuan):
        message = _("节电、其他能源、效益至少填写一项。")
        raise Invalid(message, fields={"kwh": [message]})


@transaction.atomic
def claim(
    *,
    actor: Actor,
    suggestion: SavingSuggestion,
    kwh: Decimal | None,
    other: Decimal | None,
    yuan: Decimal | None,
    verifier: str,
    done_on: dt.date,
    now: dt.datetime,
    files: Iterable[Any] = (),
) -> SavingSuggestion:
    """It was carried out: what it really saves a year, who verified it, with the proof. Then the union above decides."""
    suggestion = lock_row(SavingSuggestion, suggestion.pk)
    policy_for("green").require(actor, "claim", suggestion)
    files = list(files)
    if done_on > local_date(now):
        message = _("完成日期不能晚于今天。")
        raise Invalid(message, fields={"done_on": [message]})
    _need_saving(kwh, other, yuan)
    if not files:
        message = _("请上传节能量核实证明。")
        raise Invalid(message, fields={"files": [message]})
    table = coefficients_for(_federation_of(suggestion.organisation.path), done_on.year)
    suggestion.verified_tce, suggestion.verified_co2 = converted(kwh, other, table)
    suggestion.verified_kwh, suggestion.verified_other, suggestion.verified_yuan = kwh, other, yuan
    suggestion.verifier = need(verifier, "verifier", _("请填写核实单位。"))
    suggestion.verified_coefficients, suggestion.done_on = table, done_on
    suggestion.state, suggestion.opinion = SuggestionState.CLAIMED, ""
    suggestion.save()
    store_files(
        files, actor=actor, organisation=suggestion.organisation, purpose=FilePurpose.SAVING, now=now,
        suggestion=suggestion, subject=suggestion.subject,
    )  # fmt: skip
    record("competitions.green.claimed", suggestion, actor=actor, now=now, tce=suggestion.verified_tce, by=verifier)
    return suggestion


def _settle(actor: Actor, row: SavingSuggestion, state: str, *, opinion: str, now: dt.datetime) -> SavingSuggestion:
    row.state, row.opinion, row.decided_by, row.decided_at = state, opinion.strip(), actor.user, now
    row.save()
    return row


@transaction.atomic
def verify(*, actor: Actor, suggestion: SavingSuggestion, now: dt.datetime) -> SavingSuggestion:
    """The claimed saving counts for the year."""
    row = lock_row(SavingSuggestion, suggestion.pk)
    policy_for("green").require(actor, "verify", row)
    _settle(actor, row, SuggestionState.VERIFIED, opinion="", now=now)
    record("competitions.green.verified", row, actor=actor, now=now, opinion=row.opinion, tce=row.verified_tce)
    return row


@transaction.atomic
def return_claim(*, actor: Actor, suggestion: SavingSuggestion, reason: str, now: dt.datetime) -> SavingSuggestion:
    row = lock_row(SavingSuggestion, suggestion.pk)
    policy_for("green").require(actor, "verify", row)
    reason = need(reason, "reason", _("请填写退回原因。"))
    _settle(actor, row, SuggestionState.RETURNED, opinion=reason, now=now)
    record(
        "competitions.green.suggestion_returned", row, actor=actor, now=now, opinion=row.opinion, tce=row.verified_tce
    )
    return row


@transaction.atomic
def decline(*, actor: Actor, suggestion: SavingSuggestion, reason: str, now: dt.datetime) -> SavingSuggestion:
    """The unit does not carry it out, and says why."""
    row = lock_row(SavingSuggestion, suggestion.pk)
    policy_for("green").require(actor, "claim", row)
    reason = need(reason, "reason", _("请填写不采纳的理由。"))
    _settle(actor, row, SuggestionState.DECLINED, opinion=reason, now=now)
    record("competitions.green.declined", row, actor=actor, now=now, opinion=row.opinion, tce=row.verified_tce)
    return row


@transaction.atomic
def propose(*, actor: Actor, suggestion: SavingSuggestion, reason: str, now: dt.datetime) -> AwardProposal:
    """建议即时授予: those who made a verified suggestion. One standing proposal for each of them a year, else Conflict."""
    row = lock_row(SavingSuggestion, suggestion.pk)
    policy_for("green").require(actor, "propose", row)
    year = local_date(now).year
    advisory_lock(f"green:proposal:{row.organisation_id}:{year}")
    if AwardProposal.objects.filter(
        organisation=row.organisation_id, candidate=row.proposer, year=year, withdrawn_at=None
    ).exists():
        raise Conflict(_("今年已经为“%s”提出过即时授予建议。") % row.proposer)
    proposal = AwardProposal.objects.create(
        organisation=row.organisation, suggestion=row, subject=row.subject, year=year, kind=row.proposer_kind,
        candidate=row.proposer, reason=need(reason, "reason", _("请填写推荐理由。")), proposed_by=actor.user, proposed_at=now,
    )  # fmt: skip
    record("competitions.green.proposed", proposal, actor=actor, now=now, candidate=row.proposer, number=row.number)
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: Actor, proposal: AwardProposal, now: dt.datetime) -> AwardProposal:
    """As long as the unit has not begun to write the entry."""
    row = lock_row(AwardProposal, proposal.pk)
    policy_for("green").require(actor, "propose", row)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    record("competitions.green.proposal_withdrawn", row, actor=actor, now=now, candidate=row.candidate)
    return row


def honour_cycle(now: dt.datetime) -> Cycle | None:
    """The cycle of the honour's programme that takes entries now, found by the programme's code."""
    stage = {"stages__kind": "application", "stages__opens_at__lte": now, "stages__closes_at__gt": now}
    return Cycle.objects.filter(programme__code=HONOUR, status=CycleStatus.RUNNING, **stage).order_by("-pk").first()


def answers_of(proposal: AwardProposal) -> dict[str, Any]:
    """What the honour's form can take over: the contest, the result, and the verified figures with who verified them."""
    row = proposal.suggestion
    figures = (
        (_("年节能量（吨标准煤）"), row.verified_tce), (_("年减碳（吨二氧化碳）"), row.verified_co2),
        (_("年节电（千瓦时）"), row.verified_kwh), (_("年效益（元）"), row.verified_yuan),
    )  # fmt: skip
    return {
        "track": TRACK[Proposer(proposal.kind)],
        "trigger": "contest",
        "contest": CONTEST,
        "contest_result": _("节能建议%s已核定") % row.number,
        "happened_on": row.done_on.isoformat(),
        "role_text": f"{row.title}：{row.measures}"[:500],
        "contribution": [
            {"indicator": str(label), "value": f"{value.normalize():f}", "proof": row.verifier}
            for label, value in figures
            if value
        ],
    }


@transaction.atomic
def draft_entry(*, actor: Actor, proposal: AwardProposal, now: dt.datetime) -> Entry:
    """The unit begins the entry of the honour's programme with what is known. Once only. Raises Invalid while the programme
    takes no entries.
    """
    row = lock_row(AwardProposal, proposal.pk)
    policy_for("green").require(actor, "draft", row)
    cycle = honour_cycle(now)
    if cycle is None:
        raise Invalid(_("“天津市五一劳动奖即时授予”目前没有受理中的届次，请联系市总工会。"))
    track = cycle.tracks.filter(code=TRACK[Proposer(row.kind)]).first()
    entry = create_entry(actor=actor, cycle=cycle, now=now, title=row.candidate, track=track, answers=answers_of(row))
    row.entry, row.drafted_at = entry, now
    row.save(update_fields=["entry", "drafted_at"])
    record("competitions.green.proposal_drafted", row, actor=actor, now=now, entry=entry.code, candidate=row.candidate)
    return entry

"""晋升 and 荣誉人选 that follow from a confirmed result."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests.enums import PromotionState, Sex
from competitions.contests.models import Competitor, Contest, ContestResult, HonourCandidate, Promotion
from competitions.contests.promoting import Finisher, Step, honours_of, promotion_of
from competitions.contests.rules import honour_rules, promotion_rules
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row, lock_rows, require_transaction
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope


def propose(contest: Contest, results: list[ContestResult], *, actor: Actor, now: dt.datetime) -> int:
    """Promotions by the rules of the contest's year, one per person and calendar year in the whole federation;
    candidates for honours. Returns how many promotions. The caller holds the contest's lock.
    """
    require_transaction()
    found, root = promotion_rules(contest.year), path_prefixes(contest.owner.path)[0]
    advisory_lock(f"competitions:promotion:{root}:{contest.year}")
    with system_scope("one promotion a year, whichever union held the other contest"):
        indexes = [r.competitor.id_index for r in results]
        taken = set(
            Promotion.objects.filter(root_path=root, year=contest.year, id_index__in=indexes)
            .exclude(state=PromotionState.DROPPED)
            .values_list("id_index", flat=True)
        )
    rows: list[Promotion] = []
    honours: list[HonourCandidate] = []
    women = 0
    for result in results:
        person = result.competitor
        women += person.sex == Sex.FEMALE
        one = Finisher(
            contest.klass, contest.group, result.rank, len(results), person.level, person.sex, contest.is_single
        )
        if person.id_index not in taken and (step := promotion_of(one, found)) is not None and found is not None:
            taken.add(person.id_index)
            rows.append(_promotion(person, root, step, found.version, now=now))
        honours += [
            HonourCandidate(
                competitor=person,
                honour=rule.honour,
                unit_id=person.delegation.organisation_id,
                reason=rule.words,
                proposed_at=now,
            )
            for rule in honours_of(one, women if person.sex == Sex.FEMALE else 0, honour_rules())
        ]
    Promotion.objects.bulk_create(rows)
    HonourCandidate.objects.bulk_create(honours)
    record("competitions.promotion.proposed", contest, actor=actor, now=now, count=len(rows), honours=len(honours))
    return len(rows)


def _promotion(person: Competitor, root: str, step: Step, version: str, *, now: dt.datetime) -> Promotion:
    return Promotion(
        competitor=person, root_path=root, year=person.year, id_index=person.id_index, before=person.level,
        after=step.after, rules=version, reason=step.reason, proposed_at=now,
    )  # fmt: skip


@transaction.atomic
def send(*, actor: Actor, promotions: list[Promotion], now: dt.datetime) -> int:
    """报送人社部门: those that wait, all together. Raises Conflict when none does."""
    policy_for("promotion").require(actor, "manage")
    rows = lock_rows(Promotion.objects.filter(pk__in=[p.pk for p in promotions], state=PromotionState.PROPOSED))
    if not rows:
        raise Conflict(_("没有待报送的晋升名单。"))
    for row in rows:
        row.state, row.decided_at = PromotionState.SENT, now
    Promotion.objects.bulk_update(rows, ["state", "decided_at"])
    record("competitions.promotion.sent", rows[0].competitor, actor=actor, now=now, count=len(rows))
    return len(rows)


@transaction.atomic
def export(*, actor: Actor, promotions: list[Promotion], now: dt.datetime) -> None:
    """Puts on record that the workbook with full ID numbers was taken."""
    policy_for("promotion").require(actor, "manage")
    if promotions:
        record("competitions.promotion.exported", promotions[0].competitor, actor=actor, now=now, count=len(promotions))


@transaction.atomic
def grant(*, actor: Actor, promotion: Promotion, certificate_number: str, now: dt.datetime) -> Promotion:
    """登记发证: the number of the new certificate as the department issued it."""
    promotion = _locked(promotion, actor, PromotionState.SENT)
    if not certificate_number.strip():
        message = _("请填写新证书编号。")
        raise Invalid(message, fields={"certificate_number": [message]})
    promotion.state, promotion.decided_at = PromotionState.GRANTED, now
    promotion.certificate_number = certificate_number.strip()
    promotion.save(update_fields=["state", "decided_at", "certificate_number"])
    record("competitions.promotion.granted", promotion, actor=actor, now=now)
    return promotion


@transaction.atomic
def drop(*, actor: Actor, promotion: Promotion, reason: str, now: dt.datetime) -> Promotion:
    """不予晋升, with the reason; the person may then be promoted by another contest of the year."""
    promotion = _locked(promotion, actor, PromotionState.PROPOSED, PromotionState.SENT)
    if not reason.strip():
        message = _("请填写理由。")
        raise Invalid(message, fields={"reason": [message]})
    promotion.state, promotion.decided_at = PromotionState.DROPPED, now
    promotion.reason = f"{promotion.reason}；不予晋升：{reason.strip()}"[:300]
    promotion.save(update_fields=["state", "decided_at", "reason"])
    record("competitions.promotion.dropped", promotion, actor=actor, now=now, reason=reason.strip())
    return promotion


def _locked(promotion: Promotion, actor: Actor, *states: str) -> Promotion:
    row = lock_row(Promotion, promotion.pk)
    policy_for("promotion").require(actor, "manage", row)
    if row.state not in states:
        raise Conflict(_("晋升现在是“%s”，不能这样办理。") % row.get_state_display())
    return row

"""荣誉人选: handed down to the unit, drafted as an entry of the honour's programme, or reported to the department that grants it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests.enums import Level
from competitions.contests.models import HonourCandidate
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.identifiers import parse_citizen_id
from portal.core.policies import policy_for
from portal.lifecycle.entries.domain.drafts import create_entry
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.queries import open_calls

CONTEST = "haihe"  # the honour's answer for this contest
TRACK = "medal"


def _locked(candidate: HonourCandidate) -> HonourCandidate:
    lock_row(HonourCandidate, candidate.pk)
    rows = HonourCandidate.objects.select_related(
        "unit", "competitor__contest__owner", "competitor__delegation__organisation", "competitor__result"
    )
    return rows.get(pk=candidate.pk)


@transaction.atomic
def hand_down(*, actor: Actor, candidate: HonourCandidate, unit: Organisation, now: dt.datetime) -> HonourCandidate:
    """交由单位起草: the delegation's union names the unit below it that writes the entry. Raises Invalid for another one."""
    row = _locked(candidate)
    policy_for("contest_honour").require(actor, "hand_down", row)
    above = row.competitor.delegation.organisation.path
    if not unit.is_unit or not unit.path.startswith(above):
        message = _("请选择代表队所属的基层工会。")
        raise Invalid(message, fields={"unit": [message]})
    row.unit = unit
    row.save(update_fields=["unit"])
    record("competitions.honour.handed_down", row, actor=actor, now=now, unit=unit.name)
    return row


def open_cycle(programme: str, now: dt.datetime) -> Cycle | None:
    """The cycle of a programme that takes entries now; found by its code, as pillars do not know one another."""
    stage = open_calls(now=now).filter(cycle__programme__code=programme).first()
    return stage.cycle if stage else None


def answers_of(row: HonourCandidate, now: dt.datetime) -> dict[str, Any]:
    """What the honour's form can take over: the person as checked for the contest, the contest and the rank."""
    person, contest = row.competitor, row.competitor.contest
    result = person.result
    born = parse_citizen_id(person.id_number, today=local_date(now), allow_unassigned_area=True).birth_date
    place = _("第%(rank)d名，总成绩%(total)s分") % {"rank": result.rank, "total": result.total}
    found = {
        "track": TRACK,
        "trigger": "contest",
        "contest": CONTEST,
        "contest_result": f"{contest.name[:34]}{place}"[:60],
        "happened_on": contest.ends_on.isoformat(),
        "contribution": [
            {"indicator": _("竞赛名次"), "value": str(result.rank), "proof": contest.owner.name},
            {"indicator": _("总成绩（分）"), "value": str(result.total), "proof": contest.owner.name},
        ],
        "is_nonpublic": person.is_nonpublic,
        "sex": person.sex,
        "id_number": person.id_number,
        "birth_date": born.isoformat(),
        "phone": person.phone,
        "post": contest.trade.name,
        "skill_level": person.level if person.level != Level.NONE else "",
    }
    return {code: value for code, value in found.items() if value != ""}


@transaction.atomic
def draft_entry(*, actor: Actor, candidate: HonourCandidate, now: dt.datetime) -> Entry:
    """起草推荐 by the unit: an entry of the honour's programme with what is known, once only. Raises Invalid while the
    programme takes no entries, Conflict when the unit has begun one for this person already.
    """
    row = _locked(candidate)
    policy_for("contest_honour").require(actor, "draft", row)
    cycle = open_cycle(row.rule.programme, now)
    if cycle is None:
        raise Invalid(_("“%s”目前没有受理中的届次，请联系市总工会。") % row.get_honour_display())
    track = cycle.tracks.filter(code=TRACK).first()
    answers = answers_of(row, now)
    entry = create_entry(actor=actor, cycle=cycle, now=now, title=row.competitor.name, track=track, answers=answers)
    row.entry, row.drafted_at = entry, now
    row.save(update_fields=["entry", "drafted_at"])
    record("competitions.honour.drafted", row, actor=actor, now=now, entry=entry.code)
    return entry


@transaction.atomic
def send(*, actor: Actor, candidates: list[HonourCandidate], now: dt.datetime) -> int:
    """报送: those of the acting host that wait for another department, all together. Raises Conflict when none does."""
    policy_for("contest_honour").require(actor, "report")
    waiting = [row.pk for row in candidates if not row.rule.programme and row.sent_at is None]
    rows = lock_rows(
        HonourCandidate.objects.filter(pk__in=waiting, sent_at=None, competitor__contest__owner__path=actor.path)
    )
    if not rows:
        raise Conflict(_("没有待报送的荣誉人选。"))
    for row in rows:
        row.sent_at = now
    HonourCandidate.objects.bulk_update(rows, ["sent_at"])
    record("competitions.honour.sent", rows[0], actor=actor, now=now, count=len(rows))
    return len(rows)


@transaction.atomic
def export(*, actor: Actor, candidates: list[HonourCandidate], now: dt.datetime) -> None:
    """Puts on record that the list with full ID numbers was taken."""
    policy_for("contest_honour").require(actor, "report")
    if candidates:
        record("competitions.honour.exported", candidates[0], actor=actor, now=now, count=len(candidates))

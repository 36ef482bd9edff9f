"""Judges of a contest, and who sits at which sub-criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.marking import queries
from competitions.marking.models import Judge, Mark, Marking, MarkingScheme, Seat, SubCriterion
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for


@transaction.atomic
def name_judges(*, actor: Actor, marking: Marking, users: Iterable[int], chief: int, now: dt.datetime) -> Marking:
    """The list of judges as it shall be, experts of the organiser's pool, one of them the chief judge.

    Raises Invalid for who works at a competitor's unit (回避) or is not in the pool, Conflict for removing a judge who sits
    somewhere or has marked.
    """
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "organise", marking)
    wanted = set(users)
    if chief not in wanted:
        message = _("裁判长须在裁判名单中。")
        raise Invalid(message, fields={"chief": [message]})
    pool = {e.user_id: e for e in queries.pool(marking)}
    there = {j.user_id: j for j in Judge.objects.filter(marking=marking).select_related("user")}
    problems = [_("“%s”不在专家库中。") % pk for pk in wanted - pool.keys() - there.keys()]
    conflicts = queries.conflicts(marking)
    for pk in sorted(wanted - there.keys()):
        if pk in pool and (units := conflicts.get(pk)):
            words = _("%(name)s所在的“%(unit)s”有选手参赛，须回避。")
            problems.append(words % {"name": pool[pk].user.name, "unit": "、".join(units)})
    if problems:
        raise Invalid("".join(problems), fields={"judges": problems})
    for pk in there.keys() - wanted:
        _remove(actor, there[pk], now)
    for pk in sorted(wanted - there.keys()):
        judge = Judge.objects.create(marking=marking, user_id=pk)
        record("competitions.judge.named", judge, actor=actor, now=now, name=judge.user.name)
    _make_chief(actor, marking, chief, now)
    return marking


def _remove(actor: Actor, judge: Judge, now: dt.datetime) -> None:
    sits = Seat.objects.filter(judge=judge).select_related("part").first()
    if sits is not None:
        raise Conflict(_("%(name)s在“%(part)s”有席位，请先调整席位。") % {"name": judge, "part": sits.part})
    if Mark.objects.filter(aspect__part__scheme__marking=judge.marking_id, entered_by=judge.user_id).exists():
        raise Conflict(_("%s已经评过分，不能移除。") % judge)
    record("competitions.judge.removed", judge, actor=actor, now=now, name=judge.user.name)
    judge.delete()


def _make_chief(actor: Actor, marking: Marking, user: int, now: dt.datetime) -> None:
    judges = Judge.objects.filter(marking=marking)
    if judges.filter(user_id=user, is_chief=True).exists():
        return
    judges.filter(is_chief=True).update(is_chief=False)
    judges.filter(user_id=user).update(is_chief=True)
    chief = judges.get(user_id=user)
    record("competitions.judge.chief", chief, actor=actor, now=now, name=chief.user.name)


@transaction.atomic
def seat_judges(
    *, actor: Actor, scheme: MarkingScheme, seats: Mapping[tuple[int, int], int | None], now: dt.datetime
) -> int:
    """Seats of (sub-criterion, number) as they shall be; None empties one. Returns how many changed.

    Raises Invalid beside the seat: the same judge twice at one sub-criterion, a judge of another contest, a competitor's
    colleague; Conflict where the seat has marked or the sub-criterion is not open.
    """
    marking = lock_row(Marking, scheme.marking_id)
    policy_for("marking").require(actor, "organise", marking)
    parts = {p.pk: p for p in SubCriterion.objects.filter(scheme=scheme)}
    judges = {j.pk: j for j in Judge.objects.filter(marking=marking).select_related("user")}
    there = {(s.part_id, s.number): s for s in Seat.objects.filter(part__scheme=scheme)}
    changed = {key: pk for key, pk in seats.items() if (there[key].judge_id if key in there else None) != pk}
    _check(marking, parts, judges, seats, changed)
    for key in changed:
        _check_untouched(parts[key[0]], key[1])
    Seat.objects.filter(pk__in=[there[key].pk for key in changed if key in there]).delete()
    fresh = [Seat(part_id=part, number=n, judge_id=pk) for (part, n), pk in changed.items() if pk]
    Seat.objects.bulk_create(fresh)
    for (part, number), pk in changed.items():
        action, name = ("seated", judges[pk].user.name) if pk else ("unseated", "")
        facts = {"part": parts[part].code, "seat": number, "name": name}
        if action == "seated":
            record("competitions.judge.seated", parts[part], actor=actor, now=now, **facts)
        else:
            record("competitions.judge.unseated", parts[part], actor=actor, now=now, **facts)
    return len(changed)


def _check(
    marking: Marking, parts: Mapping[int, SubCriterion], judges: Mapping[int, Judge],
    seats: Mapping[tuple[int, int], int | None], changed: Mapping[tuple[int, int], int | None],
) -> None:  # fmt: skip
    fields: dict[str, list[str]] = {}
    conflicts = queries.conflicts(marking)
    for (part, number), pk in seats.items():
        others = [n for (other, n), judge in seats.items() if other == part and judge == pk and n < number]
        if pk and others:
            fields[f"seat_{part}_{number}"] = [_("同一名裁判在一个小项只能有一个席位。")]
    for (part, number), pk in changed.items():
        if part not in parts or (pk and pk not in judges):
            raise Conflict(_("小项或裁判名单已变更，请刷新页面。"))
        if pk and (units := conflicts.get(judges[pk].user_id)):
            words = _("%(name)s所在的“%(unit)s”有选手参赛，须回避。")
            found = words % {"name": judges[pk], "unit": "、".join(units)}
            fields.setdefault(f"seat_{part}_{number}", []).append(found)
    if fields:
        raise Invalid("".join(m for messages in fields.values() for m in messages), fields=fields)


def _check_untouched(part: SubCriterion, number: int) -> None:
    if not part.is_open:
        raise Conflict(_("“%s”已复核，席位不能再调整。") % part)
    if Mark.objects.filter(aspect__part=part, seat=number).exists():
        raise Conflict(_("“%(part)s”的席位%(n)d已经评过分，不能换人。") % {"part": part, "n": number})

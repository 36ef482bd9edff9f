"""Versions of a marking scheme: loaded as drafts, one in force, a later one takes over with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.marking import queries
from competitions.marking.domain.boards import refresh_later
from competitions.marking.enums import AspectKind, PartState, SchemeState
from competitions.marking.models import Aspect, Mark, Marking, MarkingScheme, Seat, SubCriterion
from competitions.marking.scheme import Aspect as PlainAspect
from competitions.marking.scheme import Scheme
from competitions.marking.scoring import JUDGES
from competitions.marking.workbook import SchemePlan, read_scheme
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.text import safe_file_name

FIGURES = ("low", "high", "target", "best", "worst", "step")


def try_scheme(*, actor: Actor, marking: Marking, content: bytes) -> SchemePlan:
    """试导: what is wrong with the workbook, line by line; writes nothing. Raises Invalid when it cannot be read."""
    policy_for("marking").require(actor, "organise", marking)
    return read_scheme(content)


@transaction.atomic
def load_scheme(*, actor: Actor, marking: Marking, file_name: str, content: bytes, now: dt.datetime) -> MarkingScheme:
    """The workbook as the next draft, in place of an older draft; seats are taken over where the code is the same.

    Raises Invalid with the number of problems, Conflict when it says what the version in force says.
    """
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "organise", marking)
    plan = read_scheme(content)
    if plan.scheme is None:
        raise Invalid(_("评分方案有%d处错误，没有导入。") % len(plan.problems))
    return store_scheme(actor=actor, marking=marking, scheme=plan.scheme, file_name=safe_file_name(file_name), now=now)


@transaction.atomic
def store_scheme(*, actor: Actor, marking: Marking, scheme: Scheme, file_name: str, now: dt.datetime) -> MarkingScheme:
    """A checked scheme as the next draft. Raises Conflict when it says what the version in force says."""
    policy_for("marking").require(actor, "organise", marking)
    fingerprint = hashlib.sha256(repr(scheme).encode()).hexdigest()
    before = queries.draft_of(marking) or queries.scheme_in_force(marking)
    if MarkingScheme.objects.filter(marking=marking, state=SchemeState.FROZEN, fingerprint=fingerprint).exists():
        raise Conflict(_("内容与现行评分方案相同，没有变化。"))
    last = MarkingScheme.objects.filter(marking=marking).order_by("-version").first()
    row = MarkingScheme.objects.create(
        marking=marking, version=last.version + 1 if last else 1, file_name=file_name, fingerprint=fingerprint,
        sections=[[s.code, s.title, str(s.weight)] for s in scheme.sections], loaded_by=actor.user, loaded_at=now,
    )  # fmt: skip
    _store_parts(row, scheme)
    if before is not None:
        _copy_seats(before, row)
        if before.state == SchemeState.DRAFT:
            before.delete()
    record(
        "competitions.scheme.loaded", row, actor=actor, now=now, version=row.version, fingerprint=fingerprint,
        aspects=sum(1 for _a in scheme.aspects),
    )  # fmt: skip
    return row


def _store_parts(row: MarkingScheme, scheme: Scheme) -> None:
    aspects, order = [], 0
    for criterion in scheme.criteria:
        for part in criterion.parts:
            order += 1
            stored = SubCriterion.objects.create(
                scheme=row, order=order, criterion_code=criterion.code, criterion_title=criterion.title, code=part.code,
                title=part.title, day=part.day,
            )  # fmt: skip
            aspects += [_aspect(stored, n, aspect) for n, aspect in enumerate(part.aspects, 1)]
    Aspect.objects.bulk_create(aspects)


def _aspect(part: SubCriterion, order: int, plain: PlainAspect) -> Aspect:
    row = Aspect(
        part=part, order=order, code=plain.code, kind=plain.kind, title=plain.title, max_mark=plain.max,
        section=plain.section, descriptions=list(plain.descriptions),
    )  # fmt: skip
    if rule := plain.rule:
        row.rule, row.unit = rule.kind, rule.unit
        row.limits, row.shares = [b[0] for b in rule.bands], [b[1] for b in rule.bands]
        for name in FIGURES:
            setattr(row, name, getattr(rule, name))
    return row


def _copy_seats(source: MarkingScheme, target: MarkingScheme) -> None:
    parts = {p.code: p for p in SubCriterion.objects.filter(scheme=target)}
    rows = Seat.objects.filter(part__scheme=source).select_related("part")
    copies = [Seat(part=parts[s.part.code], judge_id=s.judge_id, number=s.number) for s in rows if s.part.code in parts]
    Seat.objects.bulk_create(copies)


@transaction.atomic
def drop_draft(*, actor: Actor, scheme: MarkingScheme, now: dt.datetime) -> Marking:
    """放弃: a draft that shall not be used."""
    marking = lock_row(Marking, scheme.marking_id)
    policy_for("marking").require(actor, "organise", marking)
    scheme = lock_row(MarkingScheme, scheme.pk)
    if scheme.state != SchemeState.DRAFT:
        raise Conflict(_("已启用的评分方案不能放弃。"))
    record("competitions.scheme.dropped", scheme, actor=actor, now=now, version=scheme.version)
    scheme.delete()
    return marking


def unready(scheme: MarkingScheme) -> list[str]:
    """What keeps a draft from being put in force, in words: seats that are empty, no chief judge."""
    found = []
    if not scheme.marking.judges.filter(is_chief=True).exists():
        found.append(_("还没有指定裁判长。"))
    for part in SubCriterion.objects.filter(scheme=scheme).prefetch_related("seats", "aspects"):
        judged = any(a.kind == AspectKind.JUDGEMENT for a in part.aspects.all())
        seats, needed = len(part.seats.all()), JUDGES if judged else 1
        if seats < needed:
            words = _("“%(part)s”须安排%(needed)d名裁判，现在%(seats)d名。")
            found.append(words % {"part": part, "needed": needed, "seats": seats})
    return found


@transaction.atomic
def replace_scheme(*, actor: Actor, scheme: MarkingScheme, reason: str, now: dt.datetime) -> MarkingScheme:
    """更换: the draft takes over from the version in force, with a reason.

    Marks of aspects that read exactly as before are taken over; a sub-criterion that reads exactly as before keeps its
    confirmation, every other one is open. Raises Invalid with what the draft lacks.
    """
    marking = lock_row(Marking, scheme.marking_id)
    policy_for("marking").require(actor, "organise", marking)
    scheme = lock_row(MarkingScheme, scheme.pk)
    before = queries.scheme_in_force(marking)
    if scheme.state != SchemeState.DRAFT or before is None:
        raise Conflict(_("评分还没有开始，或这一版已经启用。"))
    if not (reason := reason.strip()):
        message = _("请填写变更原因。")
        raise Invalid(message, fields={"reason": [message]})
    if missing := unready(scheme):
        raise Invalid("".join(missing))
    before.state = SchemeState.REPLACED
    before.save(update_fields=["state"])
    scheme.state, scheme.reason, scheme.frozen_at = SchemeState.FROZEN, reason, now
    scheme.save(update_fields=["state", "reason", "frozen_at"])
    carried = _carry(before, scheme)
    record(
        "competitions.scheme.replaced", scheme, actor=actor, now=now, version=scheme.version, reason=reason,
        carried=carried,
    )  # fmt: skip
    refresh_later(marking, now=now)
    return scheme


def _carry(before: MarkingScheme, after: MarkingScheme) -> int:
    """Current marks of unchanged aspects as marks of the new ones; the old rows stay as they are."""
    new = {a.code: a for a in Aspect.objects.filter(part__scheme=after)}
    old = list(Aspect.objects.filter(part__scheme=before))
    same = {a.pk: new[a.code] for a in old if a.code in new and _content(a.plain) == _content(new[a.code].plain)}
    marks = Mark.objects.filter(aspect__in=list(same), is_current=True)
    copies = []
    for mark in marks:
        mark.aspect, mark.pk, mark.client_id = same[mark.aspect_id], None, uuid.uuid4()
        mark._state.adding = True
        copies.append(mark)
    Mark.objects.bulk_create(copies, batch_size=500)
    _keep_confirmed(before, after, {a.pk for a in same.values()})
    return len(copies)


def _content(plain: Any) -> tuple[Any, ...]:
    return (plain.kind, plain.title, plain.max, plain.rule, plain.descriptions)


def _keep_confirmed(before: MarkingScheme, after: MarkingScheme, same: set[int]) -> None:
    olds = {p.code: p for p in SubCriterion.objects.filter(scheme=before).prefetch_related("aspects")}
    for part in SubCriterion.objects.filter(scheme=after).prefetch_related("aspects"):
        old = olds.get(part.code)
        new_ids = [a.pk for a in part.aspects.all()]
        if old is None or old.state == PartState.OPEN or len(old.aspects.all()) != len(new_ids):
            continue
        if all(pk in same for pk in new_ids):
            for name in ("state", "confirmed_by", "confirmed_at", "locked_by", "locked_at"):
                setattr(part, name, getattr(old, name))
            part.save()

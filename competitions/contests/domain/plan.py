"""The year's plan and the card of a contest: trades, target, parts, sessions, technical documents."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests.enums import NEXT, TAKING_PART, CompetitorState, ContestState, FilePurpose, PartKind
from competitions.contests.models import (
    Competitor,
    Contest,
    ContestFile,
    ContestPart,
    ContestSession,
    SessionPlace,
    Trade,
    YearPlan,
)
from competitions.contests.rules import rules, trades
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row, require_transaction
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope
from portal.web.uploads import checked_upload

FACTS = (
    "year", "trade", "name", "klass", "group", "team_size", "cohosts", "planned_on", "ends_on", "venue", "entry_until",
    "per_delegation", "min_field", "min_level", "min_years", "ties", "with_medals", "medal_gap", "with_scale", "scale_k",
)  # fmt: skip
HUNDRED = Decimal(100)
PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
MAX_MB = 20
EDITABLE = (ContestState.DRAFT, ContestState.REGISTRATION)


def lock_contest(contest: Contest | int) -> Contest:
    """The contest row, locked and freshly read: taken first by every act on a contest."""
    return lock_row(Contest, contest if isinstance(contest, int) else contest.pk)


def invalid(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [message]})


@transaction.atomic
def load_trades(*, actor: Actor, owner: Organisation, now: dt.datetime) -> int:
    """Takes definitions/trades.toml into the federation's catalogue; returns how many are new. Never removes one."""
    policy_for("contest").require(actor, "aim")
    advisory_lock(f"competitions:trades:{owner.pk}")
    there = {t.code: t for t in Trade.objects.filter(owner=owner)}
    new = [
        Trade(
            owner=owner, code=t["code"], name=t["name"], field=t["field"], occupation_code=t.get("occupation_code", "")
        )
        for t in trades()
        if t["code"] not in there
    ]
    Trade.objects.bulk_create(new)
    record("competitions.trades.loaded", owner, actor=actor, now=now, added=len(new), total=len(there) + len(new))
    return len(new)


@transaction.atomic
def set_target(*, actor: Actor, owner: Organisation, year: int, target: int, basis: str, now: dt.datetime) -> YearPlan:
    """The federation's number of trades for the year."""
    policy_for("contest").require(actor, "aim")
    advisory_lock(f"competitions:yearplan:{owner.pk}:{year}")
    plan, _new = YearPlan.objects.update_or_create(owner=owner, year=year, defaults={"target": target, "basis": basis})
    record("competitions.yearplan.set", plan, actor=actor, now=now, year=year, target=target)
    return plan


def _check(facts: dict[str, Any], weights: dict[str, Decimal], level: str) -> None:
    fields: dict[str, list[str]] = {}
    if facts["ends_on"] < facts["planned_on"]:
        fields["ends_on"] = [_("结束日期不能早于比赛日期。")]
    theory, practical = weights.get(PartKind.THEORY, Decimal(0)), weights.get(PartKind.PRACTICAL, Decimal(0))
    if theory > rules().theory_max:
        fields["theory"] = [_("理论权重不能超过%s%%。") % rules().theory_max]
    if theory + practical != HUNDRED:
        fields["practical"] = [_("理论和实操权重合计须为100%%，现在是%s%%。") % (theory + practical)]
    rule = rules().classes[facts["klass"]]
    if level not in rule.levels:
        fields["klass"] = [_("本级工会不举办这个等级的竞赛。")]
    if fields:
        raise Invalid("".join(m for messages in fields.values() for m in messages), fields=fields)


@transaction.atomic
def plan_contest(
    *, actor: Actor, owner: Organisation, facts: dict[str, Any], weights: dict[str, Decimal], now: dt.datetime
) -> Contest:
    """Enters a contest of ``owner`` (the acting union) into the year's plan, with its parts (percent by kind, sum 100,
    theory at most 30). Raises Invalid beside the field, Conflict when the trade is planned already.
    """
    policy_for("contest").require(actor, "plan")
    _check(facts, weights, actor.level)
    advisory_lock("competitions:contest-number", f"competitions:contest:{owner.pk}")
    found = Contest.objects.filter(owner=owner, year=facts["year"], trade=facts["trade"], group=facts["group"])
    if found.exclude(state=ContestState.CANCELLED).exists():
        raise Conflict(_("本级%(year)d年已经有“%(trade)s”赛项。") % {"year": facts["year"], "trade": facts["trade"]})
    contest = Contest(owner=owner, **{name: facts[name] for name in FACTS if name in facts})
    contest.number, contest.seen_by = _next_number(contest.year), path_prefixes(owner.path)
    contest.save()
    _set_parts(contest, weights)
    record("competitions.contest.planned", contest, actor=actor, now=now, number=contest.number, name=contest.name)
    return contest


def _next_number(year: int) -> str:
    with system_scope("numbers run through all unions, and the acting one sees its own only"):
        last = Contest.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
    return f"{year}-{int(last.number.partition('-')[2]) + 1 if last else 1:04d}"


TITLES = {PartKind.THEORY: "理论考试", PartKind.PRACTICAL: "实际操作"}
MINUTES = {PartKind.THEORY: 60, PartKind.PRACTICAL: 180}


def _set_parts(contest: Contest, weights: dict[str, Decimal]) -> None:
    there = {part.kind: part for part in ContestPart.objects.filter(contest=contest)}
    for kind, weight in weights.items():
        part = there.pop(kind, None)
        if not weight:
            if part is not None:
                there[kind] = part
            continue
        part = part or ContestPart(
            contest=contest, kind=kind, title=TITLES[PartKind(kind)], minutes=MINUTES[PartKind(kind)]
        )
        part.weight = weight
        part.save()
    for part in there.values():
        part.delete()


@transaction.atomic
def change_contest(
    *, actor: Actor, contest: Contest, facts: dict[str, Any], weights: dict[str, Decimal], now: dt.datetime
) -> Contest:
    """Corrects the card while it is planned or taking entries; weights are fixed once entries are open."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    if contest.state not in EDITABLE:
        raise Conflict(_("报名结束后不能再改赛项。"))
    _check(facts, weights, actor.level)
    same = {p.kind: p.weight for p in ContestPart.objects.filter(contest=contest)}
    if contest.state != ContestState.DRAFT and same != {k: v for k, v in weights.items() if v}:
        raise invalid("practical", _("报名开始后不能再改权重。"))
    fixed = ("trade", "group", "year") if contest.state != ContestState.DRAFT else ()
    before = {name: str(getattr(contest, name)) for name in FACTS if name in facts}
    for name in FACTS:
        if name in facts and name not in fixed:
            setattr(contest, name, facts[name])
    contest.save()
    _set_parts(contest, weights)
    after = {name: str(getattr(contest, name)) for name in before}
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    record("competitions.contest.changed", contest, actor=actor, now=now, changed=changed)
    return contest


@transaction.atomic
def publish_document(*, actor: Actor, contest: Contest, upload: Any, note: str, now: dt.datetime) -> ContestFile:
    """A new version of the technical document, published at once; older versions stay readable."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    last = ContestFile.objects.filter(contest=contest, purpose=FilePurpose.DOCUMENT).order_by("-version").first()
    row = store_file(
        upload, actor=actor, contest=contest, purpose=FilePurpose.DOCUMENT, field="file", now=now,
        version=last.version + 1 if last else 1, note=note.strip(), published_at=now,
    )  # fmt: skip
    record("competitions.contest.document", contest, actor=actor, now=now, version=row.version, sha256=row.sha256)
    return row


def store_file(upload: Any, *, actor: Actor, contest: Contest, purpose: str, field: str, now: dt.datetime,
               **facts: Any) -> ContestFile:  # fmt: skip
    """Keeps an upload, checked by content. The caller has locked and asked its policy. Raises Invalid beside ``field``."""
    require_transaction()
    file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field=field)
    row = ContestFile(
        contest=contest, purpose=purpose, name=checked.name, size=checked.size, content_type=checked.content_type,
        sha256=checked.sha256, uploaded_by=actor.user, uploaded_at=now, **facts,
    )  # fmt: skip
    row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
    row.save()
    return row


@transaction.atomic
def add_session(*, actor: Actor, contest: Contest, part: ContestPart, facts: dict[str, Any], now: dt.datetime) -> Any:
    """A session of a part: title, starts_at, ends_at, venue, benches. Not after the draw."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    _before_draw(contest)
    if facts["ends_at"] <= facts["starts_at"]:
        raise invalid("ends_at", _("结束时间须晚于开始时间。"))
    row = ContestSession.objects.create(contest=contest, part=part, **facts)
    record("competitions.contest.session", contest, actor=actor, now=now, added=str(row), benches=row.benches)
    return row


@transaction.atomic
def remove_session(*, actor: Actor, session: ContestSession, now: dt.datetime) -> Contest:
    contest = lock_contest(session.contest_id)
    policy_for("contest").require(actor, "manage", contest)
    _before_draw(contest)
    record("competitions.contest.session", contest, actor=actor, now=now, removed=str(session))
    SessionPlace.objects.filter(session=session).delete()
    ContestSession.objects.filter(pk=session.pk).delete()
    return contest


def _before_draw(contest: Contest) -> None:
    if contest.drawn_at is not None:
        raise Conflict(_("抽签以后不能再改场次。"))


def advance(contest: Contest, to: str, *, actor: Actor, now: dt.datetime, **facts: Any) -> Contest:
    """One step on the contest's way (NEXT); the caller has locked it and asked its policy. Raises Conflict otherwise."""
    require_transaction()
    if NEXT.get(ContestState(contest.state)) != to:
        raise Conflict(_("赛项现在是“%s”，不能这样办理。") % contest.get_state_display())
    before, contest.state = contest.state, to
    contest.save()
    record(
        "competitions.contest.advanced",
        contest,
        actor=actor,
        now=now,
        before={"state": before},
        after={"state": str(to)},
        **facts,
    )
    return contest


@transaction.atomic
def open_entries(*, actor: Actor, contest: Contest, now: dt.datetime) -> Contest:
    """开放报名: the technical document is out and a closing time is set."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    if not ContestFile.objects.filter(contest=contest, purpose=FilePurpose.DOCUMENT).exists():
        raise Conflict(_("请先发布技术文件，再开放报名。"))
    if contest.entry_until is None or contest.entry_until <= now:
        raise Conflict(_("请先填写今后的报名截止时间，再开放报名。"))
    return advance(contest, ContestState.REGISTRATION, actor=actor, now=now)


@transaction.atomic
def cancel_contest(*, actor: Actor, contest: Contest, reason: str, now: dt.datetime) -> Contest:
    """取消: with the reason, before it runs; its competitors are free to enter another one."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "cancel", contest)
    if not reason.strip():
        raise invalid("reason", _("请填写取消的理由。"))
    contest.state, contest.decided = ContestState.CANCELLED, reason.strip()
    contest.save(update_fields=["state", "decided", "updated_at"])
    Competitor.objects.filter(contest=contest, state__in=TAKING_PART).update(state=CompetitorState.WITHDRAWN)
    record("competitions.contest.cancelled", contest, actor=actor, now=now, reason=contest.decided)
    return contest


@transaction.atomic
def narrow_contest(*, actor: Actor, contest: Contest, reason: str, now: dt.datetime) -> Contest:
    """Too few competitors, but a selection for a higher contest: ranks, no medals, no promotion (domain.md 2.2)."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "cancel", contest)
    if not reason.strip():
        raise invalid("reason", _("请填写理由，如：同时用于全国大赛选拔。"))
    contest.is_selection_only, contest.decided = True, reason.strip()
    contest.save(update_fields=["is_selection_only", "decided", "updated_at"])
    record("competitions.contest.narrowed", contest, actor=actor, now=now, reason=contest.decided)
    return contest

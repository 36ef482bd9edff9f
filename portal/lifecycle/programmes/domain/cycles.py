"""Opening, copying, changing and cancelling a cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date, local_datetime
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.stages import ApplicationParams, Stage, stage_params_to_json
from portal.lifecycle.blueprints.timeline import plan, start_in_year
from portal.lifecycle.programmes.models import (
    Blueprint,
    Cycle,
    CycleStage,
    CycleStatus,
    Programme,
    QuotaAllocation,
    StageStatus,
    Track,
)
from portal.lifecycle.programmes.working_days import working_calendar

CLOSING_CLOCK = "17:00"  # the end of an office day; an application stage may say another


def open_cycle(
    *, programme: Programme, year: int, actor: Actor, now: dt.datetime, start_date: dt.date | None = None
) -> Cycle:
    """Opens the programme's cycle of ``year`` on its newest published blueprint, which the cycle pins.

    Stages, tracks and parameters are copied; dates follow from ``start_date`` (default: the blueprint's start day of that
    year) in PRC working days. A cycle whose start has come runs at once, a later one is planned. Raises Conflict when
    the year has its cycle already, Invalid without a published blueprint or a start day, Refused by policy.
    """
    policy_for("cycle").require(actor, "create", programme)
    with transaction.atomic():
        advisory_lock(f"cycle:{programme.pk}:{year}")
        blueprint = _newest_blueprint(programme)
        start = start_date or start_in_year(blueprint.rules.programme, year)
        if start is None:
            raise Invalid("请填写开始日期。", fields={"start_date": ["方案没有规定开始日期，请填写。"]})
        cycle = _create_cycle(programme, blueprint, year, start, now)
        _create_stages(cycle, start)
        _create_tracks(cycle)
        record(
            "lifecycle.cycle.opened",
            cycle,
            actor=actor,
            now=now,
            year=year,
            blueprint=blueprint.version,
            sha256=blueprint.sha256,
            start=start,
        )
        return cycle


def _newest_blueprint(programme: Programme) -> Blueprint:
    newest = programme.blueprints.filter(published_at__isnull=False).order_by("-version").first()
    if newest is None:
        raise Invalid("这个项目还没有已发布的方案，不能开设届次。")
    return newest


def _create_cycle(programme: Programme, blueprint: Blueprint, year: int, start: dt.date, now: dt.datetime) -> Cycle:
    first, last = achievement_period(blueprint.rules, year)
    cycle = Cycle(
        programme=programme,
        blueprint=blueprint,
        owner=programme.owner,
        label=f"{year}年度",
        year=year,
        period_start=first,
        period_end=last,
        status=CycleStatus.RUNNING if start <= local_date(now) else CycleStatus.PLANNED,
    )
    try:
        with transaction.atomic():
            cycle.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(f"“{programme}”{year}年度的届次已经开设，不会重复开设。", code="exists") from error
    return cycle


def achievement_period(rules: Rules, year: int) -> tuple[dt.date, dt.date]:
    """成果起止: the calendar years since the cycle before; without a rhythm the year itself. A default, amendable."""
    years = rules.programme.period_years
    if not years:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year - years, 1, 1), dt.date(year - 1, 12, 31)


def _create_stages(cycle: Cycle, start: dt.date) -> None:
    rules = cycle.rules
    calendar = working_calendar(start.year)
    stages = []
    planned = plan(rules, start, calendar.is_working_day)
    for position, (stage, slot) in enumerate(zip(rules.stages, planned, strict=True), 1):
        opens = slot.opens
        if stage.kind == "recommendation" and position > 1:
            opens = planned[position - 2].opens  # checking goes on while the call runs (随到随审)
        stages.append(
            CycleStage(
                cycle=cycle,
                kind=stage.kind,
                title=stage.name,
                position=position,
                opens_at=local_datetime(opens),
                closes_at=closing_time(slot.closes, _clock(stage)),
                params=_params(stage),
            )
        )
    CycleStage.objects.bulk_create(stages)


def _clock(stage: Stage) -> str:
    return stage.params.closes_at if isinstance(stage.params, ApplicationParams) else CLOSING_CLOCK


def _params(stage: Stage) -> dict[str, Any]:
    return stage_params_to_json(stage.params) | {"guards": list(stage.guards)}


def _create_tracks(cycle: Cycle) -> None:
    Track.objects.bulk_create(
        Track(cycle=cycle, code=track.code, title=track.title, places=track.places, position=position)
        for position, track in enumerate(cycle.rules.tracks)
    )


def copy_cycle(*, cycle: Cycle, year: int, start_date: dt.date, actor: Actor, now: dt.datetime) -> Cycle:
    """Opens the cycle of ``year`` like ``cycle``: same distances between its dates, same places per union.

    Rules come from the newest published blueprint; a stage that blueprint no longer has is left out, a new one keeps its
    planned dates. Days that fall on a day off move to the next working day. Raises what ``open_cycle`` raises.
    """
    with transaction.atomic():
        new = open_cycle(programme=cycle.programme, year=year, actor=actor, now=now, start_date=start_date)
        old = list(cycle.stages.all())
        if old:
            _shift(new, {stage.kind: stage for stage in old}, start_date - local_date(old[0].opens_at))
        quotas = _copy_quotas(cycle, new, actor)
        record(
            "lifecycle.cycle.copied", new, actor=actor, now=now, source=cycle, source_label=cycle.label, quotas=quotas
        )
        return new


def _shift(new: Cycle, old: Mapping[str, CycleStage], distance: dt.timedelta) -> None:
    stages = list(new.stages.all())
    if {stage.kind for stage in stages} != set(old):
        return  # the rules have changed: planned dates hold
    calendar = working_calendar(new.year)
    for stage in stages:
        source = old[stage.kind]
        opens = calendar.next_working_day(local_date(source.opens_at) + distance)
        closes = calendar.next_working_day(local_date(source.closes_at) + distance)
        if stage.position == 1 or stage.kind == "recommendation":
            opens = local_date(source.opens_at) + distance
        stage.opens_at = local_datetime(opens)
        stage.closes_at = closing_time(closes, stage.params.get("closes_at", CLOSING_CLOCK))
    CycleStage.objects.bulk_update(stages, ["opens_at", "closes_at"])


def _copy_quotas(source: Cycle, target: Cycle, actor: Actor) -> int:
    tracks = {track.code: track for track in target.tracks.all()}
    rows = [
        QuotaAllocation(
            cycle=target,
            track=tracks[quota.track.code] if quota.track else None,
            organisation=quota.organisation,
            count=quota.count,
            reserves=quota.reserves,
            set_by=actor.user,
        )
        for quota in source.quotas.select_related("track", "organisation")
        if quota.organisation.is_active and (quota.track is None or quota.track.code in tracks)
    ]
    return len(QuotaAllocation.objects.bulk_create(rows))


Dates = Mapping[int, tuple[dt.datetime, dt.datetime]]
AMENDABLE = ("label", "call_number", "period_start", "period_end")


def amend_cycle(
    *, cycle: Cycle, actor: Actor, now: dt.datetime, reason: str, dates: Dates | None = None, **fields: Any
) -> Cycle:
    """Changes dates (``{stage id: (opens_at, closes_at)}``) or facts (``AMENDABLE``) of a running cycle, with a reason.

    The pinned rules stay. Raises Invalid beside the field: no reason, closed stage, dates out of order or in the past;
    Conflict when the cycle is over.
    """
    policy_for("cycle").require(actor, "amend", cycle)
    if not reason.strip():
        raise Invalid("请写明调整原因。", fields={"reason": ["请写明调整原因，将随调整一并公开记录。"]})
    if unknown := set(fields) - set(AMENDABLE):
        raise TypeError(f"not amendable: {sorted(unknown)}")
    with transaction.atomic():
        locked = lock_row(Cycle, cycle.pk)
        _require_alive(locked)
        before, after = {}, {}
        for name, value in fields.items():
            before[name], after[name] = getattr(locked, name), value
            setattr(locked, name, value)
        if locked.period_end < locked.period_start:
            raise Invalid("成果截止早于起始。", fields={"period_end": ["不能早于成果起始日期。"]})
        locked.save()
        changed = _amend_dates(locked, dates or {}, now)
        for stage, old in changed:
            before[f"{stage.kind}.dates"] = [old[0], old[1]]
            after[f"{stage.kind}.dates"] = [stage.opens_at, stage.closes_at]
        record(
            "lifecycle.cycle.amended", locked, actor=actor, before=before, after=after, now=now, reason=reason.strip()
        )
        return locked


def _require_alive(cycle: Cycle) -> None:
    if cycle.status in {CycleStatus.FINISHED, CycleStatus.CANCELLED}:
        raise Conflict(f"“{cycle}”{cycle.get_status_display()}，不能再调整。")


def _amend_dates(
    cycle: Cycle, dates: Dates, now: dt.datetime
) -> list[tuple[CycleStage, tuple[dt.datetime, dt.datetime]]]:
    stages = list(cycle.stages.all())
    errors: dict[str, list[str]] = {}
    changed = []
    for stage in stages:
        old = (stage.opens_at, stage.closes_at)
        new = dates.get(stage.pk, old)
        if new == old:
            continue
        stage.opens_at, stage.closes_at = new
        if message := _date_problem(stage, old, now):
            errors[f"closes_{stage.pk}"] = [message]
        changed.append((stage, old))
    for earlier, later in pairwise(stages):
        if later.opens_at < earlier.opens_at:
            errors.setdefault(f"opens_{later.pk}", []).append(f"不能早于“{earlier.title}”的开始时间。")
    if errors:
        raise Invalid("有的日期需要修改。", fields=errors)
    CycleStage.objects.bulk_update([stage for stage, _old in changed], ["opens_at", "closes_at"])
    return changed


def _date_problem(stage: CycleStage, old: tuple[dt.datetime, dt.datetime], now: dt.datetime) -> str:
    if stage.status == StageStatus.CLOSED:
        return f"“{stage.title}”已完成，不能再改日期；需要时请重新开启该环节。"
    if stage.closes_at <= stage.opens_at:
        return "结束时间应晚于开始时间。"
    if stage.closes_at != old[1] and stage.closes_at < now:
        return "结束时间不能早于现在。"
    if stage.status == StageStatus.OPEN and stage.opens_at != old[0] and stage.opens_at > now:
        return "环节已经开始，开始时间不能改到以后。"
    return ""


def cancel_cycle(*, cycle: Cycle, actor: Actor, now: dt.datetime, reason: str) -> Cycle:
    """Stops a cycle for good; its entries stay readable and can no longer move. The reason is required.

    Raises Invalid without a reason, Conflict when the cycle is over.
    """
    policy_for("cycle").require(actor, "run", cycle)
    if not reason.strip():
        raise Invalid("请写明取消原因。", fields={"reason": ["请写明取消原因。"]})
    with transaction.atomic():
        locked = lock_row(Cycle, cycle.pk)
        _require_alive(locked)
        before = locked.status
        locked.status = CycleStatus.CANCELLED
        locked.save(update_fields=["status", "updated_at"])
        locked.stages.exclude(status=StageStatus.CLOSED).update(status=StageStatus.CLOSED)
        record(
            "lifecycle.cycle.cancelled",
            locked,
            actor=actor,
            before={"status": before},
            after={"status": locked.status},
            now=now,
            reason=reason.strip(),
        )
        return locked

"""Opening and cancelling a cycle."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.editions import HostRight
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.stages import Stage, stage_params_to_json
from portal.lifecycle.blueprints.timeline import start_in_year
from portal.lifecycle.programmes.domain.amending import require_alive
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.models import (
    Blueprint,
    Cycle,
    CycleStage,
    CycleStatus,
    Programme,
    StageStatus,
    Track,
)
from portal.lifecycle.programmes.planning import Dates, check_slots, planned_slots, with_dates
from portal.lifecycle.programmes.schedule import Slot


def open_cycle(
    *,
    programme: Programme,
    year: int,
    actor: Actor,
    now: dt.datetime,
    start_date: dt.date | None = None,
    dates: Dates | None = None,
) -> Cycle:
    """Opens the programme's cycle of ``year`` on its newest published blueprint, which the cycle pins.

    Stages, tracks and parameters are copied; dates follow from ``start_date`` (default: the blueprint's start day of that
    year) in PRC working days, or from ``dates`` (``{position: (opens_at, closes_at)}``) that people have drawn. A cycle
    whose start has come runs at once, a later one is planned. Raises Conflict when the year has its cycle already,
    Invalid beside the date without a published blueprint, a start day or with dates that break a rule, Refused by
    policy.
    """
    policy_for("cycle").require(actor, "create", programme)
    with transaction.atomic():
        advisory_lock(f"cycle:{programme.pk}:{year}")
        blueprint = newest_blueprint(programme)
        start = start_date or start_in_year(blueprint.rules.programme, year)
        if start is None:
            raise Invalid("请填写开始日期。", fields={"start_date": ["方案没有规定开始日期，请填写。"]})
        slots = planned_slots(blueprint.rules, start)
        if dates:
            slots = _drawn(slots, dates, now)
            start = slots[0].first
        cycle = _create_cycle(programme, blueprint, year, start, now)
        create_stages(cycle, slots)
        create_tracks(cycle)
        create_hosts(cycle)
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


def _drawn(slots: list[Slot], dates: Dates, now: dt.datetime) -> list[Slot]:
    drawn = with_dates(slots, dates)
    if errors := check_slots(drawn, now=now).errors:
        raise Invalid("有的日期需要修改。", fields=errors)
    return drawn


def newest_blueprint(programme: Programme) -> Blueprint:
    """The version that the next cycle will pin. Raises Invalid when none is published."""
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


def create_stages(cycle: Cycle, slots: list[Slot]) -> None:
    CycleStage.objects.bulk_create(
        CycleStage(
            cycle=cycle,
            kind=stage.kind,
            title=stage.name,
            position=slot.key,
            opens_at=slot.opens,
            closes_at=slot.closes,
            params=stage_params(stage),
        )
        for stage, slot in zip(cycle.rules.stages, slots, strict=True)
    )


def stage_params(stage: Stage) -> dict[str, Any]:
    """What a cycle keeps of a stage's rules."""
    return stage_params_to_json(stage.params) | {"guards": list(stage.guards)}


def create_tracks(cycle: Cycle) -> None:
    Track.objects.bulk_create(
        Track(cycle=cycle, code=track.code, title=track.title, places=track.places, position=position)
        for position, track in enumerate(cycle.rules.tracks)
    )


def create_hosts(cycle: Cycle) -> None:
    """联合主办单位 of the rules with the agreed rights; a department of the owner's tree with that name gets its desk.

    Another municipal root is never matched by its name: the owner's manager confirms it on the page 联合主办.
    """
    desks = Organisation.objects.filter(kind=OrganisationKind.DEPARTMENT, parent_id=cycle.owner_id, is_active=True)
    by_name = {name: desk for desk in desks for name in (desk.name, desk.short_name) if name}
    CycleHost.objects.bulk_create(
        CycleHost(
            cycle=cycle,
            name=host.name,
            organisation=by_name.get(host.name),
            can_see=bool(host.rights),  # clearing and deciding need sight
            can_clear=HostRight.CLEAR in host.rights,
            can_decide=HostRight.DECIDE in host.rights,
            is_awaited=host.awaited,
        )
        for host in cycle.rules.hosts
    )


def cancel_cycle(*, cycle: Cycle, actor: Actor, now: dt.datetime, reason: str) -> Cycle:
    """Stops a cycle for good; its entries stay readable and can no longer move. The reason is required.

    Raises Invalid without a reason, Conflict when the cycle is over.
    """
    policy_for("cycle").require(actor, "run", cycle)
    if not reason.strip():
        raise Invalid("请写明取消原因。", fields={"reason": ["请写明取消原因。"]})
    with transaction.atomic():
        locked = lock_row(Cycle, cycle.pk)
        require_alive(locked)
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

"""Changing the rules of a run: allowed parameters, or a move to a newer version; audited, and told to those concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.diff import changes
from portal.lifecycle.blueprints.loader import from_definition
from portal.lifecycle.blueprints.overlay import merged, overlaid
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.structure import BlueprintInvalid
from portal.lifecycle.programmes.amendable import overlay_of, settings_of, version_obstacles
from portal.lifecycle.programmes.announcement_models import AnnouncementKind, CycleAnnouncement
from portal.lifecycle.programmes.domain.amending import require_alive, require_reason
from portal.lifecycle.programmes.domain.announcing import announce
from portal.lifecycle.programmes.domain.cycles import stage_params
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStage, StageStatus, Track
from portal.lifecycle.programmes.planning import check_slots, cycle_slots


@dataclass(frozen=True)
class Proposal:
    """What a change would make of a run's rules, and the difference in words."""

    overlay: dict[str, Any]
    rules: Rules
    lines: list[str]


def propose(cycle: Cycle, values: Mapping[str, Any], *, now: dt.datetime) -> Proposal:
    """Tries a change of allowed values (``amendable.settings_of`` by field name) without saving anything.

    Raises Invalid beside the field: nothing changed, shorter than promised, a stage that has begun, a rule of the blueprint broken, a notice
    longer than its dates.
    """
    settings = settings_of(cycle)
    known = {setting.name: setting for setting in settings}
    if unknown := set(values) - set(known):
        raise TypeError(f"not amendable: {sorted(unknown)}")
    errors: dict[str, list[str]] = {}
    for name, value in values.items():
        setting = known[name]
        if value is not None and setting.fixed and value != setting.value:
            errors[name] = [setting.fixed]
        elif value is not None and not setting.is_text and value < setting.least:
            least = {"least": known[name].least}
            errors[name] = [_("已经公布的期限只能延长，不能少于%(least)s。") % least]
    if errors:
        raise Invalid("有的数值需要修改。", fields=errors)
    change = overlay_of(settings, values)
    if not change:
        raise Invalid("没有需要保存的改动。")
    overlay = merged(cycle.amended, change)
    definition = overlaid(cycle.blueprint.definition, overlay)
    try:
        rules = from_definition(definition)
    except BlueprintInvalid as error:
        raise Invalid("；".join(problem.message for problem in error.errors)) from error
    _require_room(cycle, rules, change, now)
    return Proposal(overlay, rules, [line.text for line in changes(cycle.definition, definition)])


def _require_room(cycle: Cycle, rules: Rules, change: Mapping[str, Any], now: dt.datetime) -> None:
    """A longer notice must fit between its dates; these are moved first."""
    errors: dict[str, list[str]] = {}
    for slot in cycle_slots(cycle):
        stage = rules.stage(slot.kind)
        touched = change.get("stages", {}).get(slot.kind, {})
        if stage is None or slot.is_fixed or not touched:
            continue
        fresh = replace(slot, params=stage.params, was=None, status="pending")
        found = check_slots([fresh], now=min(now, slot.opens)).errors.get(f"closes_{slot.key}", [])
        for parameter in touched:
            if parameter in {"working_days", "notice_working_days"} and found:
                errors[f"stages__{slot.kind}__{parameter}"] = [*found, _("请先到“调整日期”延长本环节。")]
    if errors:
        raise Invalid("；".join(text for texts in errors.values() for text in texts), fields=errors)


def amend_rules(
    *,
    cycle: Cycle,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
    reason: str,
    is_public: bool = True,
) -> CycleAnnouncement:
    """Changes allowed parameters, places and texts of a run; the published blueprint stays as it is.

    Raises what ``propose`` raises, Invalid without a reason, Conflict when the cycle is over.
    """
    policy_for("cycle").require(actor, "amend", cycle)
    require_reason(reason)
    with transaction.atomic():
        locked = lock_row(Cycle, cycle.pk)
        require_alive(locked)
        proposal = propose(locked, values, now=now)
        before = locked.amended
        locked.amended = proposal.overlay
        locked.save(update_fields=["amended", "updated_at"])
        _apply(locked, proposal.rules)
        record(
            "lifecycle.cycle.rules_amended",
            locked,
            actor=actor,
            before={"amended": before},
            after={"amended": proposal.overlay},
            now=now,
            reason=reason.strip(),
            changes=proposal.lines[:200],
        )
        return announce(
            locked,
            kind=AnnouncementKind.RULES,
            lines=proposal.lines,
            reason=reason,
            is_public=is_public,
            actor=actor,
            now=now,
        )


def move_to_version(
    *, cycle: Cycle, blueprint: Blueprint, actor: Actor, now: dt.datetime, reason: str, is_public: bool = True
) -> CycleAnnouncement:
    """Pins a newer version of the programme's rules for the rest of the run; what was amended stays amended.

    Raises Invalid without a reason or with every obstacle (``amendable.version_obstacles``), Conflict when the cycle is
    over or the version is none of its programme's newer ones.
    """
    policy_for("cycle").require(actor, "amend", cycle)
    require_reason(reason)
    with transaction.atomic():
        locked = lock_row(Cycle, cycle.pk)
        require_alive(locked)
        if blueprint.programme_id != locked.programme_id or blueprint.version <= locked.blueprint.version:
            raise Conflict("这不是本届方案的更新版本。")
        if obstacles := version_obstacles(locked, blueprint):
            raise Invalid("".join(obstacles))
        old = locked.blueprint
        lines = [change.text for change in changes(old.definition, blueprint.definition)]
        locked.blueprint = blueprint
        try:
            rules = locked.rules
        except BlueprintInvalid as error:
            raise Invalid(_("本届已作的调整与新版不合，请先撤销有关调整。")) from error
        locked.save(update_fields=["blueprint", "updated_at"])
        _apply(locked, rules)
        _retrack(locked, rules)
        record(
            "lifecycle.cycle.version_moved",
            locked,
            actor=actor,
            before={"version": old.version, "sha256": old.sha256},
            after={"version": blueprint.version, "sha256": blueprint.sha256},
            now=now,
            reason=reason.strip(),
            changes=lines[:200],
        )
        return announce(
            locked,
            kind=AnnouncementKind.VERSION,
            lines=[_("改用第%(n)s版方案") % {"n": blueprint.version}, *lines],
            reason=reason,
            is_public=is_public,
            actor=actor,
            now=now,
        )


def _apply(cycle: Cycle, rules: Rules) -> None:
    """Stages that are not finished and tracks get what the rules now say."""
    stages = list(cycle.stages.exclude(status=StageStatus.CLOSED))
    for stage in stages:
        fresh = rules.stage(stage.kind)
        if fresh is not None:
            stage.params, stage.title = stage_params(fresh), fresh.name
    CycleStage.objects.bulk_update(stages, ["params", "title"])
    places = {track.code: track.places for track in rules.tracks}
    tracks = list(cycle.tracks.filter(code__in=places))
    for track in tracks:
        track.places = places[track.code]
    Track.objects.bulk_update(tracks, ["places"])


def _retrack(cycle: Cycle, rules: Rules) -> None:
    """Tracks that the version adds or drops; one with entries cannot be dropped (``version_obstacles``)."""
    wanted = {track.code: (position, track) for position, track in enumerate(rules.tracks)}
    cycle.tracks.exclude(code__in=wanted).delete()
    known = {track.code: track for track in cycle.tracks.all()}
    for code, (position, track) in wanted.items():
        row = known.get(code) or Track(cycle=cycle, code=code)
        row.title, row.places, row.position = track.title, track.places, position
        row.save()

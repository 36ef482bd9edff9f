"""What this room lets a new cycle take over: the panels with their members, as far as these are still active experts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.vocabulary import SHEET_METHODS, StageKind
from portal.lifecycle.programmes.copying import CopyPart, Preview, register_copy
from portal.lifecycle.review.models import ExpertProfile, Panel, PanelMember

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.schema import Blueprint as Rules
    from portal.lifecycle.programmes.models import Cycle


def _panels(cycle: Cycle) -> list[Panel]:
    rows = Panel.objects.filter(stage__cycle=cycle, is_record=False).select_related("track")
    return list(rows.prefetch_related("members__expert").order_by("pk"))


def _active_experts(cycle: Cycle) -> set[int]:
    """Users who are in the organiser's pool and can sign in."""
    pool = ExpertProfile.objects.filter(owner_id=cycle.owner_id, is_active=True, user__is_active=True)
    return set(pool.values_list("user_id", flat=True))


def _takeable(cycle: Cycle, codes: set[str]) -> Iterator[tuple[Panel, list[PanelMember], list[PanelMember], str]]:
    """Each panel with the members that stay and those that do not, and the reason why it is left out as a whole."""
    active = _active_experts(cycle)
    for panel in _panels(cycle):
        members = list(panel.members.all())
        kept = [member for member in members if member.expert_id in active]
        gone = [member for member in members if member.expert_id not in active]
        reason = ""
        if panel.track and panel.track.code not in codes:
            reason = _t("%(name)s：新方案不再设“%(track)s”") % {"name": panel.name, "track": panel.track}
        elif not kept:
            reason = _t("%(name)s：成员都已不在库") % {"name": panel.name}
        yield panel, kept, gone, reason


def _preview(cycle: Cycle, rules: Rules) -> Preview:
    stage = rules.stage(StageKind.REVIEW)
    if stage is None or stage.params.method not in SHEET_METHODS:
        return Preview([], [_t("新方案不由专家评分，不设评审组。")])
    result = Preview()
    for panel, kept, gone, reason in _takeable(cycle, {track.code for track in rules.tracks}):
        if reason:
            result.left_out.append(reason)
            continue
        names = "、".join(f"{member.expert}{_t('（组长）') if member.is_chair else ''}" for member in kept)
        result.copied.append(f"{panel.name}：{names}")
        result.left_out += [
            _t("%(panel)s的%(name)s：已不在库") % {"panel": panel.name, "name": member.expert} for member in gone
        ]
    return result


def _apply(source: Cycle, target: Cycle, *, actor: Actor) -> int:
    stage = next((stage for stage in target.stages.all() if stage.kind == StageKind.REVIEW), None)
    if stage is None or stage.params.get("method") not in SHEET_METHODS:
        return 0
    tracks = {track.code: track for track in target.tracks.all()}
    made = 0
    for panel, kept, _gone, reason in _takeable(source, set(tracks)):
        if reason:
            continue
        new = Panel.objects.create(
            stage=stage, track=tracks[panel.track.code] if panel.track else None, name=panel.name
        )
        PanelMember.objects.bulk_create(
            PanelMember(panel=new, expert_id=member.expert_id, is_chair=member.is_chair) for member in kept
        )
        made += 1
    return made


register_copy(CopyPart("panels", _("评审组和成员"), _preview, _apply, order=30))

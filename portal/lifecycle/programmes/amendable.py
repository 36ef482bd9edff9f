"""What of a run's rules its organiser may change, and which newer versions of the rules a run may move to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.labels import path_in_words
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.stages import ReviewParams
from portal.lifecycle.blueprints.vocabulary import SHEET_METHODS, RouteLevel
from portal.lifecycle.programmes.models import Blueprint, Cycle, StageStatus
from portal.lifecycle.programmes.stage import TEXTS

NUMBERS = {
    "application": ("max_per_unit", "max_per_person", "team_max", "grace_minutes"),
    "recommendation": ("return_days",),
    "clearance": ("reply_working_days",),
    "selection": ("places", "reserves", "cap_per_nominating", "cap_per_employer"),
    "notice": ("working_days", "objection_ruling_working_days"),
}
# How marks are given and where the line is drawn: people rely on it from the first day of the stage on.
BEFORE_START = {
    "review": (
        "experts_per_entry",
        "trim_from",
        "trim_each",
        "outlier_points",
        "comment_max",
        "comment_below",
    ),
    "selection": ("min_score", "budget", "amount_cap"),
}
BY_LEVEL = {"recommendation": ("caps", "reserves", "notice_working_days", "handling_working_days")}
# People have been promised these: they may become longer, never shorter.
ONLY_LONGER = frozenset({"working_days", "objection_ruling_working_days", "notice_working_days"})


@dataclass(frozen=True)
class Setting:
    """One value that may be changed: ``path`` is ``("stages", kind, parameter[, level])``, ``("tracks", code,
    "places")`` or ``("texts", key)``.
    """

    path: tuple[str, ...]
    label: str
    value: Any
    group: str
    fixed: str = ""  # why it can no longer be changed; empty = it can

    @property
    def name(self) -> str:
        """Name of its form field."""
        return "__".join(self.path)

    @property
    def is_text(self) -> bool:
        return self.path[0] == "texts"

    @property
    def is_decimal(self) -> bool:
        return isinstance(self.value, Decimal)

    @property
    def least(self) -> int:
        """The smallest number allowed."""
        return int(self.value) if len(self.path) > 2 and self.path[2] in ONLY_LONGER else 0


def settings_of(cycle: Cycle) -> list[Setting]:
    """All values that may be changed now, in the order of the stages; those of finished stages are fixed."""
    open_kinds = {stage.kind: stage.status for stage in cycle.stages.all() if stage.status != StageStatus.CLOSED}
    rules, definition = cycle.rules, cycle.definition
    found: list[Setting] = []
    for index, stage in enumerate(rules.stages):
        if stage.kind in open_kinds:
            found += _stage_settings(stage, index, definition)
            found += _before_start(stage, index, definition, begun=open_kinds[stage.kind] != StageStatus.PENDING)
    if "selection" in open_kinds:
        found += [
            Setting(("tracks", track.code, "places"), track.title, track.places, _("各类别名额"))
            for track in rules.tracks
            if track.places is not None
        ]
    for key, label in TEXTS.items():
        found.append(Setting(("texts", key), str(label), getattr(rules.texts, key), _("文字")))
    return [setting for setting in found if not cycle.is_edition or rules.edition.leaves(setting.path)]


def _stage_settings(stage: Any, index: int, definition: Mapping[str, Any]) -> Iterator[Setting]:
    kind = str(stage.kind)
    for parameter in NUMBERS.get(kind, ()):
        value = getattr(stage.params, parameter, None)
        if value is not None and getattr(stage.params, "opinions", True):  # without departments nobody replies
            label = path_in_words(definition, f"stages[{index}].{parameter}").rpartition("·")[2].strip()
            yield Setting(("stages", kind, parameter), label, value, stage.name)
    for parameter in BY_LEVEL.get(kind, ()):
        for level, value in getattr(stage.params, parameter).items():
            label = path_in_words(definition, f"stages[{index}].{parameter}").rpartition("·")[2].strip()
            words = {"label": label, "level": RouteLevel(level).label}
            yield Setting(
                ("stages", kind, parameter, str(level)), _("%(label)s（%(level)s）") % words, value, stage.name
            )


def _before_start(stage: Any, index: int, definition: Mapping[str, Any], *, begun: bool) -> Iterator[Setting]:
    """Values that are open until the stage begins; afterwards they stand there with the reason why not.

    Only what the rules set: whether there is a budget or a pass mark at all is the version's matter.
    """
    fixed = _("“%(stage)s”已经开始，为保证同一标准，本届不能再改；可在下一版方案中修改。") % {"stage": stage.name}
    for parameter in BEFORE_START.get(str(stage.kind), ()):
        value = getattr(stage.params, parameter, None)
        if value is None or not _matters(stage.params, parameter):
            continue
        label = path_in_words(definition, f"stages[{index}].{parameter}").rpartition("·")[2].strip()
        yield Setting(("stages", str(stage.kind), parameter), label, value, stage.name, fixed if begun else "")


def _matters(params: Any, parameter: str) -> bool:
    """Only a panel with a rubric or a checklist has experts to count and marks to trim."""
    return not isinstance(params, ReviewParams) or params.method in SHEET_METHODS


def overlay_of(settings: list[Setting], values: Mapping[str, Any]) -> dict[str, Any]:
    """The overlay (``blueprints.overlay``) that says what ``values`` (by field name) change; empty = nothing."""
    overlay: dict[str, Any] = {}
    for setting in settings:
        value = values.get(setting.name, setting.value)
        if value is None or value == setting.value:
            continue
        if isinstance(value, Decimal):
            value = str(value)  # as a stored definition has it
        part, key, *rest = setting.path
        if part == "texts":
            overlay.setdefault(part, {})[key] = value
            continue
        target = overlay.setdefault(part, {}).setdefault(key, {})
        if len(rest) == 2:  # a value by level: the whole mapping is stored
            same = [s for s in settings if s.path[:3] == setting.path[:3]]
            target[rest[0]] = {s.path[3]: values.get(s.name, s.value) for s in same}
        else:
            target[rest[0]] = value
    return overlay


def version_obstacles(cycle: Cycle, blueprint: Blueprint) -> list[str]:
    """Why this run cannot move to that version, in Chinese; empty = it can."""
    old, new = cycle.rules, blueprint.rules
    found: list[str] = []
    if [stage.kind for stage in old.stages] != [stage.kind for stage in new.stages]:
        found.append(_("新版的环节与本届不同，进行中的届次不能增减环节。"))
    else:
        found += _changed_stages(cycle, old, new)
    if (old.programme.subject, old.honour.honour_class) != (new.programme.subject, new.honour.honour_class):
        found.append(_("新版改变了申报对象或荣誉类别。"))
    used = set(cycle.entries.exclude(track=None).values_list("track__code", flat=True))
    gone = [track.title for track in old.tracks if track.code in used - {t.code for t in new.tracks}]
    if gone:
        found.append(_("新版删去了已有申报件的类别：%(list)s。") % {"list": "、".join(gone)})
    if cycle.entries.exists():
        found += _changed_fields(old, new)
    return found


def _changed_stages(cycle: Cycle, old: Rules, new: Rules) -> list[str]:
    """Stages that have begun keep their rules; texts and dates are no part of them."""
    begun = {stage.kind: stage for stage in cycle.stages.all() if stage.status != StageStatus.PENDING}
    pairs = zip(old.stages, new.stages, strict=True)
    names = [a.name for a, b in pairs if a.kind in begun and (a.params, a.guards) != (b.params, b.guards)]
    if not names:
        return []
    return [_("新版改变了已经开始的环节：%(list)s。") % {"list": "、".join(names)}]


def _changed_fields(old: Rules, new: Rules) -> list[str]:
    """Entries have been filled in: no question may disappear, change its kind, or newly ask for an answer."""
    before = {field.code: field for section in old.sections for field in section.fields}
    after = {field.code: field for section in new.sections for field in section.fields}
    gone = [field.label for code, field in before.items() if code not in after]
    kinds = [f.label for code, f in after.items() if code in before and before[code].type != f.type]
    needed = [f.label for code, f in after.items() if f.required and (code not in before or not before[code].required)]
    texts = (
        (gone, _("已有申报件填写了新版删去的栏目：%(list)s。")),
        (kinds, _("新版改变了栏目的填写方式：%(list)s。")),
        (needed, _("新版新增了必填栏目，已有的申报件没有填写：%(list)s。")),
    )
    return [text % {"list": "、".join(names)} for names, text in texts if names]

"""届次下放与联合主办: what a union below may run by itself, and who else hosts a programme. Data and pure functions.

``[edition]`` says which parts of the rules are locked above and which are free below. An edition is a cycle of the same
programme owned by a union below; what it changes is laid over the pinned definition like any amendment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.vocabulary import ROUTE_ORDER, RouteLevel, StageKind


class EditionPart(TextChoices):
    """What the union above may keep to itself, or leave to the union below."""

    FORM = "form", _("申报表")
    RUBRIC = "rubric", _("评分标准")
    SELECTION = "selection", _("评选规则")
    DATES = "dates", _("日程")
    PANELS = "panels", _("评审组")
    PLACES = "places", _("名额")
    TRACKS = "tracks", _("子类别")
    TEXTS = "texts", _("通知文字")


class HostRight(TextChoices):
    """What an agreed co-host may do."""

    SEE = "see", _("查看")
    CLEAR = "clear", _("联审")
    DECIDE = "decide", _("会签")


ALWAYS_LOCKED = (EditionPart.FORM, EditionPart.RUBRIC, EditionPart.SELECTION)


@dataclass(frozen=True)
class EditionSpec:
    """``honour`` is the lower union's own title (``{owner}`` = its name); empty: the edition ends with its list.

    ``forward``: the chosen ones go up into the federation's cycle as records.
    """

    allowed: bool = False
    locked: tuple[EditionPart, ...] = ALWAYS_LOCKED
    free: tuple[EditionPart, ...] = (EditionPart.DATES, EditionPart.PANELS, EditionPart.PLACES)
    levels: tuple[RouteLevel, ...] = (RouteLevel.DISTRICT,)
    forward: bool = True
    honour: str = ""

    def is_free(self, part: str) -> bool:
        return part in self.free

    def leaves(self, path: Sequence[str]) -> bool:
        """Whether the union below may change the value at ``path`` inside its run (``stages · kind · parameter``)."""
        if path[0] == "texts":
            return self.is_free(EditionPart.TEXTS)
        if path[0] == "tracks" or path[1:3] in (("selection", "places"), ("selection", "reserves")):
            return self.is_free(EditionPart.PLACES)
        # How long its own unions and its own notice take; what decides the outcome stays above.
        return path[1] in {StageKind.RECOMMENDATION, StageKind.NOTICE} and self.is_free(EditionPart.DATES)


@dataclass(frozen=True)
class HostSpec:
    """联合主办单位, with the rights that were agreed. ``awaited``: with ``clear``, an entry goes on only when it has spoken."""

    name: str
    rights: tuple[HostRight, ...] = ()
    awaited: bool = True


@dataclass(frozen=True)
class EditionChanges:
    """What a union below decides for its edition; None leaves the rule from above."""

    places: int | None = None
    reserves: int | None = None
    tracks: Sequence[Mapping[str, Any]] | None = None
    texts: Mapping[str, str] | None = None

    def parts(self) -> list[EditionPart]:
        """Parts of the rules that are touched."""
        touched = {
            EditionPart.PLACES: self.places is not None or self.reserves is not None,
            EditionPart.TRACKS: self.tracks is not None,
            EditionPart.TEXTS: bool(self.texts),
        }
        return [part for part, is_touched in touched.items() if is_touched]


def edition_problems(edition: EditionSpec, hosts: Sequence[HostSpec]) -> Iterator[Problem]:
    """Every broken rule of the two tables."""
    both = [str(part.label) for part in edition.locked if part in edition.free]
    if both:
        yield Problem("edition.free", _t("既锁定又放开：%s") % "、".join(both))
    loose = [str(part.label) for part in ALWAYS_LOCKED if part in edition.free]
    if loose:
        yield Problem("edition.free", _t("须由上级统一，不能放开：%s") % "、".join(loose))
    if edition.allowed and not edition.levels:
        yield Problem("edition.levels", _t("允许下级举办时须写明哪一级"))
    for level in edition.levels:
        if level not in {RouteLevel.DISTRICT, RouteLevel.SUBDISTRICT}:
            yield Problem("edition.levels", _t("“%s”不能举办下级届次") % level.label)
    for position, host in enumerate(hosts):
        if not host.name.strip():
            yield Problem(f"hosts[{position}].name", _t("不能为空"))
        if host.name in {other.name for other in hosts[:position]}:
            yield Problem(f"hosts[{position}].name", _t("“%s”写了两次") % host.name)


def edition_overlay(
    definition: Mapping[str, Any], *, edition: EditionSpec, level: str, owner: str, code: str, changes: EditionChanges
) -> dict[str, Any]:
    """What is laid over the federation's definition for the edition of the union ``owner`` at ``level``.

    The route ends at that union, places for nominating unions are the union's own matter. Without an honour of its own
    the edition has no conferral and no showcase; with one, certificates are numbered under the union's own ``code``.
    """
    overlay: dict[str, Any] = {"stages": {}, "leave_out": [], "hosts": []}
    for stage in definition.get("stages", []):
        if stage["kind"] == StageKind.RECOMMENDATION:
            overlay["stages"][stage["kind"]] = _short_route(stage, level)
        elif stage["kind"] == StageKind.SELECTION:
            if places := _places(changes):
                overlay["stages"][stage["kind"]] = places
        elif stage["kind"] == StageKind.CONFERRAL and edition.honour and stage.get("number_pattern"):
            overlay["stages"][stage["kind"]] = {"number_pattern": f"{code}-{stage['number_pattern']}"}
    if edition.honour:
        overlay["honour"] = {"title": edition.honour.replace("{owner}", owner)}
    else:
        overlay["leave_out"] = [StageKind.CONFERRAL.value, StageKind.SHOWCASE.value]
        overlay["honour"] = {
            "title": "",
            "forms": [],
            "document": "",
            "repeat_years": 0,
            "counter": "",
            "yearly_places": 0,
            "trigger_fields": [],
        }
    if changes.tracks is not None:
        overlay["own_tracks"] = [dict(track) for track in changes.tracks]
    if changes.texts:
        overlay["texts"] = dict(changes.texts)
    return overlay


def _short_route(stage: Mapping[str, Any], level: str) -> dict[str, Any]:
    """The stations up to ``level``; the union itself holds no local notice, its notice stage does that."""
    top = ROUTE_ORDER.index(level)
    route = [station for station in stage.get("route", []) if ROUTE_ORDER.index(station) <= top]
    if level not in route:
        route.append(level)
    below = [station for station in route if station != level]
    kept = {
        key: {
            station: number for station, number in stage[key].items() if station in (route if "days" in key else below)
        }
        for key in ("caps", "reserves", "handling_working_days")
        if stage.get(key)
    }
    notices = {s: days for s, days in (stage.get("notice_working_days") or {}).items() if s in below}
    optional = [station for station in stage.get("optional_levels", []) if station in below]
    return {
        "route": route,
        "optional_levels": optional,
        "notice_working_days": notices,
        "allocation": {"rule": "none"},
        **kept,
    }


def _places(changes: EditionChanges) -> dict[str, int]:
    return {
        key: value for key, value in (("places", changes.places), ("reserves", changes.reserves)) if value is not None
    }

"""Tabs, crumbs and small helpers that the pages of the room share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.formats import thousands
from portal.web.ui import Action, Crumb, Fact

TABS = (
    ("competitions:problem.list", _("企业难题"), "problem.view"),
    ("competitions:problem.topics", _("行业汇总"), "problem.view"),
    ("competitions:challenge.list", _("揭榜榜单"), "challenge.view"),
    ("competitions:claim.list", _("揭榜团队"), "claim.view"),
)
TITLES = {name: label for name, label, _action in TABS}


def crumb(name: str) -> Crumb:
    return Crumb(TITLES[f"competitions:{name}"], reverse(f"competitions:{name}"))


def action(label: Any, name: str, pk: int, **more: Any) -> Action:
    return Action(label, reverse(f"competitions:{name}", kwargs={"pk": pk}), **more)


def outcome_facts(row: Any) -> list[Fact]:
    """Figures of a result; what it did not touch is a dash."""
    saved = thousands(row.cost_saved, 2) if row.cost_saved else "—"
    return [
        Fact(_("质量提升"), row.quality_gain if row.quality_gain is not None else "—", unit="%" if row.quality_gain else ""),
        Fact(
            _("劳动生产率提升"), row.productivity_gain if row.productivity_gain is not None else "—",
            unit="%" if row.productivity_gain else "",
        ),
        Fact(_("年降本增效"), saved, unit=_("元") if row.cost_saved else ""),
    ]  # fmt: skip

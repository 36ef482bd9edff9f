"""Tabs and crumbs that the pages of the room share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.ui import Action, Crumb

TABS = (
    ("competitions:exchange.list", _("交流活动"), "exchange.view"),
    ("competitions:openday.list", _("参观预约"), "openday.view"),
    ("competitions:case.list", _("经验案例"), "case.view"),
    ("competitions:case.subscriptions", _("订阅"), "case.subscribe"),
    ("competitions:effect.page", _("带动成效"), "case.view"),
    ("competitions:sharing.list", _("获奖单位交流"), "case.view"),
    ("competitions:duty.list", _("年度任务"), "duty.view"),
)


def crumb(name: str) -> Crumb:
    """To one of the lists of the room."""
    label = next(label for url, label, _action in TABS if url == f"competitions:{name}")
    return Crumb(label, reverse(f"competitions:{name}"))


def action(label: Any, name: str, pk: int | None = None, **more: Any) -> Action:
    return Action(label, reverse(f"competitions:{name}", kwargs={"pk": pk} if pk else None), **more)

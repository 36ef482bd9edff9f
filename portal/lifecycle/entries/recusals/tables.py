"""The list of those who keep away."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Action, Empty

OPEN, ENDED = "open", "ended"


class RecusalTable(Table):
    entry = LinkColumn(
        _("申报件"), url=lambda r: r.entry.get_absolute_url(), accessor="entry.title", sort="entry__title",
        width="wide", phone="title",
    )  # fmt: skip
    cycle = Column(_("届次"), accessor="entry.cycle")
    user = Column(_("回避人"), sort="user__name", phone="fact")
    deputy = Column(_("代办人"), sort="deputy__name", phone="fact")
    reason = Column(_("回避事由"), width="normal")
    state = BadgeColumn(_("状态"), accessor="badge", sort="ended_at", phone="fact")
    recorded = DateTimeColumn(_("登记时间"), accessor="recorded_at", sort="recorded_at")

    class Meta:
        default_sort = "-recorded_at"
        caption = _("经办回避")
        row_action = "end"
        empty = Empty(
            _("没有登记经办回避"),
            _("经办人员与申报件有利害关系时，在申报件页面右侧“经办回避”处登记。"),
            icon="user-off",
        )

    def end(self, row: Any) -> Action | None:
        if not may(self.actor, "recusal.end", row):
            return None
        return Action(_("解除"), reverse("lifecycle:recusal.end", args=[row.pk]), icon="user-check")


def _by_state(rows: Any, value: str, filters: FilterSet) -> Any:
    return rows.filter(ended_at__isnull=value == OPEN)


class RecusalFilters(FilterSet):
    q = SearchFilter(_("申报件、人员"), fields=("entry__title", "entry__code", "user__name", "deputy__name"))
    state = ChoiceFilter(_("状态"), choices=[(OPEN, _("回避中")), (ENDED, _("已解除"))], apply=_by_state)

"""List of drafts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.workshop.models import BlueprintDraft, DraftStatus
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Badge, Empty

TONES = {DraftStatus.OPEN: "waiting", DraftStatus.PUBLISHED: "ok", DraftStatus.DISCARDED: "neutral"}


def draft_badge(draft: BlueprintDraft) -> Badge:
    return Badge(DraftStatus(draft.status).label, TONES[DraftStatus(draft.status)])


class DraftTable(Table):
    title = LinkColumn(_("方案草稿"), url=lambda draft: draft.get_absolute_url(), sort="title", phone="title")
    origin = Column(_("由来"), accessor="base", phone="fact")
    status = BadgeColumn(_("状态"), sort="status", phone="fact")
    changed_by = Column(_("最后修改人"), accessor="changed_by")
    updated_at = DateTimeColumn(_("修改时间"), sort="updated_at")

    def value(self, record: BlueprintDraft, column: Column) -> Any:
        if column.name == "origin":
            return origin_of(record)
        return super().value(record, column)

    def render_status(self, draft: BlueprintDraft, value: Any) -> Any:
        return self.columns["status"].html(draft, draft_badge(draft))

    def export_status(self, draft: BlueprintDraft, value: Any) -> Any:
        return str(draft.get_status_display())

    class Meta:
        default_sort = "-updated_at"
        numbered = True
        empty = Empty(_("没有方案草稿"), _("可以从零新建一个项目，修改现有项目的方案，或以某个项目为样本新建。"))


def origin_of(draft: BlueprintDraft) -> str:
    """Where a draft came from, in words."""
    if draft.base is None:
        return _t("从零新建")
    values = {"programme": draft.base.programme.title, "version": draft.base.version}
    if draft.programme_id and draft.programme_id == draft.base.programme_id:
        return _t("修改第%(version)s版") % values
    return _t("以《%(programme)s》第%(version)s版为样本") % values


class DraftFilters(FilterSet):
    q = SearchFilter(_("名称"), fields=("title",))
    status = ChoiceFilter(_("状态"), field="status", choices=DraftStatus.choices)

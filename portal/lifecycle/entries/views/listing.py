"""申报件: one list for unit desks and union desks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import UNIT_LEVELS
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.filters import EntryFilters, UnitEntryFilters
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.tables import EntryTable
from portal.web.filters import FilterSet
from portal.web.ui import Action, SavedView, Tab
from portal.web.views import ListView

UNIT_VIEWS = (
    SavedView(_("填报中"), "state=draft"),
    SavedView(_("退回补正"), "state=returned"),
    SavedView(_("审核中"), "state=submitted"),
)
UNION_VIEWS = (
    SavedView(_("等我办理"), "here=on"),
    SavedView(_("已逾期"), "late=on"),
    SavedView(_("评审中"), "state=recommended&state=in_review&state=reviewed"),
    SavedView(_("公示与命名"), "state=in_notice&state=confirmed&state=conferred"),
)


class EntryList(ListView):
    """Filters, sort and page live in the query string; the export holds exactly the rows shown."""

    policy_action = "entry.view"
    table_class = EntryTable
    title = _("申报件")
    export_name = _("申报件")

    @property
    def is_unit(self) -> bool:
        return self.actor.level in UNIT_LEVELS

    @property
    def saved_views(self) -> tuple[SavedView, ...]:
        return UNIT_VIEWS if self.is_unit else UNION_VIEWS

    def get_queryset(self) -> QuerySet[Entry]:
        return queries.entries(actor=self.actor)

    def get_filters(self) -> FilterSet:
        filters = UnitEntryFilters if self.is_unit else EntryFilters
        return filters(self.request.GET, actor=self.actor, now=self.now)

    def table_context(self) -> dict[str, Any]:
        return {"now": self.now}

    def view_tabs(self) -> list[Tab]:
        return super().view_tabs()

    def page_actions(self) -> list[Action]:
        return (
            [
                Action(
                    _("新建申报"),
                    reverse("lifecycle:entry.create"),
                    icon="plus",
                    kind="primary",
                    policy_action="entry.create",
                )
            ]
            if self.is_unit
            else []
        )

"""Lists: filter, sort, page, export – all of it in the query string."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Refused
from portal.core.policies import may
from portal.web.exports import EXPORT_LIMIT, table_response
from portal.web.filters import FilterSet
from portal.web.paging import capped_count
from portal.web.tables import Table
from portal.web.ui import SavedView, Tab
from portal.web.views.base import PageView


class ListView(PageView):
    """``get_queryset`` (from queries) under filters and sort, one page of it as a table, or all of it as a workbook.

    ``export_name`` switches the export on; ``saved_views`` are shown as tabs above the list.
    """

    abstract = True
    table_class: ClassVar[type[Table]]
    filters_class: ClassVar[type[FilterSet] | None] = None
    template_name = "web/list.html"
    fragment_name = "web/_list.html"
    export_name: ClassVar[Any] = ""
    export_action: ClassVar[str] = ""  # a policy action of its own for the export
    saved_views: ClassVar[tuple[SavedView, ...]] = ()
    first_view_label: ClassVar[Any] = _("全部")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.abstract and not hasattr(cls, "table_class"):
            raise ImproperlyConfigured(f"{cls.__qualname__} needs table_class")

    @property
    def has_object(self) -> bool:
        """A list is about no single row; lists below an object override ``policy_object``."""
        return False

    def get_filters(self) -> FilterSet | None:
        if self.filters_class is None:
            return None
        return self.filters_class(self.request.GET, actor=self.actor, now=self.now, **self.filter_context())

    def filter_context(self) -> dict[str, Any]:
        return {}

    def table_context(self) -> dict[str, Any]:
        """What the table's methods read as ``self.context``."""
        return {}

    def rows(self, filters: FilterSet | None) -> QuerySet:
        queryset = self.get_queryset()
        if queryset is None:
            raise ImproperlyConfigured(f"{type(self).__qualname__} needs get_queryset")
        return filters.apply(queryset) if filters else queryset

    def get_table(self, queryset: QuerySet, *, filtered: bool) -> Table:
        return self.table_class.paged(
            queryset,
            self.request.GET,
            actor=self.actor,
            request=self.request,
            filtered=filtered,
            context=self.table_context(),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = self.get_filters()
        queryset = self.rows(filters)
        if self.export_name and request.GET.get("export") == "xlsx":
            return self.export(queryset)
        table = self.get_table(queryset, filtered=bool(filters and filters.is_active))
        total = table.page.total if table.page else len(table.rows)
        return self.render(
            table=table,
            filters=filters,
            views=self.view_tabs(),
            export_url=self.export_url() if self.export_name and total else "",
            export_too_many=bool(table.page and (table.page.capped or total > EXPORT_LIMIT)),
            export_limit=EXPORT_LIMIT,
        )

    def view_tabs(self) -> list[Tab]:
        """Saved views; “全部” comes first and is the list without any filter."""
        if not self.saved_views:
            return []
        views = (SavedView(self.first_view_label), *self.saved_views)
        return [Tab(v.label, f"?{v.query}", v.is_current(self.request.GET)) for v in views]

    def export_url(self) -> str:
        data = self.request.GET.copy()
        for key in ("after", "before", "page"):
            data.pop(key, None)
        data["export"] = "xlsx"
        return f"?{data.urlencode()}"

    def export(self, queryset: QuerySet) -> HttpResponse:
        """Workbook of exactly the filtered and sorted rows, at most ``EXPORT_LIMIT``."""
        if self.export_action:
            self.require(self.export_action)
        if capped_count(queryset) > EXPORT_LIMIT:
            return self.fail(_("记录过多，请先缩小范围再导出。"), self.request.path)
        return table_response(
            self.table_class, queryset, self.request.GET, name=str(self.export_name), actor=self.actor,
            context=self.table_context(),
        )  # fmt: skip

    def require(self, action: str) -> None:
        decision = may(self.actor, action)
        if not decision:
            raise Refused(decision)

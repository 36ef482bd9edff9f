"""Lists of notices and objections."""

from __future__ import annotations

import datetime as dt

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.notice.models import Category, Notice, NoticeKind, NoticeStatus, Objection, Ruling
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from portal.web.formats import cn_datetime, cn_short
from portal.web.tables import Table
from portal.web.templatetags.display import due_badge
from portal.web.ui import Empty


class NoticeTable(Table):
    title = LinkColumn(_("标题"), url="lifecycle:notice.detail", kwargs={"pk": "pk"}, sort="title", phone="title")
    kind = Column(_("类别"), accessor="get_kind_display", sort="kind", phone="hide", css="nowrap")
    cycle = Column(_("届次"), accessor="cycle", phone="hide")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    count = NumberColumn(_("名单"), accessor="item_count", phone="hide")
    objections = NumberColumn(_("待答复异议"), accessor="open_objections", phone="hide")
    published = DateTimeColumn(_("发布时间"), accessor="published_at", sort="published_at", phone="hide")
    closes = DateTimeColumn(_("截止"), accessor="closes_at", sort="closes_at", phone="fact")

    def render_closes(self, row: Notice, value: dt.datetime | None) -> SafeString | str:
        """Days left only while it runs."""
        if row.is_running and value:
            return format_html("{} {}", cn_short(value), due_badge(value))
        return cn_datetime(value)

    class Meta:
        default_sort = "-listed_at"
        numbered = True
        empty = Empty(_("还没有公示"), _("名单确定后，点“新建公示”拟稿；发布后在公示公告栏对社会公开。"))


class NoticeFilters(FilterSet):
    q = SearchFilter(_("标题、编号"), fields=("title", "code"))
    status = ChoiceFilter(_("状态"), field="status", choices=NoticeStatus.choices)
    kind = ChoiceFilter(_("类别"), field="kind", choices=NoticeKind.choices)


class ObjectionTable(Table):
    code = LinkColumn(
        _("受理编号"), url="lifecycle:objection.detail", kwargs={"pk": "pk"}, sort="code", phone="title", css="nowrap"
    )
    entry = Column(_("异议对象"), accessor="entry", phone="fact")
    category = Column(_("类别"), accessor="get_category_display", sort="category", phone="fact")
    notice = Column(_("公示"), accessor="notice.title", phone="hide")
    status = BadgeColumn(_("状态"), accessor="badge", sort="ruling", phone="fact")
    received = DateTimeColumn(_("收到时间"), accessor="received_at", sort="received_at", phone="hide", css="nowrap")
    due = DateTimeColumn(_("答复期限"), accessor="due_at", sort="due_at", phone="hide")

    def render_due(self, row: Objection, value: dt.datetime) -> SafeString | str:
        return format_html("{} {}", cn_short(value), due_badge(value)) if row.is_open else cn_datetime(value)

    class Meta:
        default_sort = "-received_at"
        numbered = True
        empty = Empty(_("没有异议"), _("社会公众在公示期内提出的异议会出现在这里，并按工作日计算答复期限。"))


class ObjectionFilters(FilterSet):
    q = SearchFilter(_("受理编号"), fields=("code",))
    open = BooleanFilter(_("只看待答复"), apply=lambda rows, filters: rows.filter(ruling=""))
    category = ChoiceFilter(_("类别"), field="category", choices=Category.choices)
    ruling = ChoiceFilter(_("结论"), field="ruling", choices=Ruling.choices)

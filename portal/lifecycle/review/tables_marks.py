"""Marks side by side: one column per criterion of the cycle's rubric."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.scoring import EntryScore
from portal.web.columns import Column, LinkColumn
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Empty

CRITERION = "criterion_"


class MarksTable(Table):
    review_code = LinkColumn(
        _("评审编码"), accessor="review_code", url="lifecycle:review.entry", kwargs={"pk": "pk"}, sort="review_code"
    )
    title = Column(_("名称"), sort="title", width="wide", phone="fact")
    organisation = Column(_("申报单位"), accessor="organisation.name")
    experts = Column(_("有效评分"), align="end", width="narrow")
    median = Column(_("中位数"), align="end", width="narrow")
    total = Column(_("综合得分"), align="end", width="narrow", phone="fact")
    note = Column(_("提示"))

    class Meta:
        default_sort = "code"
        numbered = True
        caption = _("各申报件评分")
        empty = Empty(_("还没有提交的评分"), _("专家提交评分后，这里显示各申报件的得分。"), icon="chart-bar")

    def shown_columns(self) -> list[Column]:
        columns = super().shown_columns()
        if not self.context.get("export"):  # on the page the unit stands below the name
            columns = [column for column in columns if column.name != "organisation"]
        params = self.context.get("params")
        extra = []
        for criterion in params.rubric if params else ():
            column = Column(criterion.title, align="end", width="narrow")
            column.name = f"{CRITERION}{criterion.code}"
            extra.append(column)
        place = next(i for i, c in enumerate(columns) if c.name == "median")
        return columns[:place] + extra + columns[place:]

    def score(self, row: Any) -> EntryScore:
        cache = self.context.setdefault("scores", {})
        if row.pk not in cache:
            cache[row.pk] = self.context["marks"].score(row.pk)
        return cache[row.pk]

    def value(self, record: Any, column: Column) -> Any:
        if column.name.startswith(CRITERION):
            code = column.name.removeprefix(CRITERION)
            return next((c.mean for c in self.score(record).criteria if c.code == code), None)
        match column.name:
            case "experts":
                return sum(1 for e in self.score(record).experts if e.value is not None)
            case "median" | "total":
                return getattr(self.score(record), column.name)
            case "note":
                return self.notes(record)
        return super().value(record, column)

    def render_title(self, row: Any, value: Any) -> Any:
        return format_html('{}<span class="cell-sub">{}</span>', value, row.organisation.name)

    def notes(self, row: Any) -> list[tuple[str, str]]:
        """(what stands out, tone)"""
        score, found = self.score(row), []
        if score.missing or not score.is_complete:
            found.append((str(_("评分未齐")), "waiting"))
        if score.outliers:
            found.append((str(_("离群 %(n)s")) % {"n": len(score.outliers)}, "waiting"))
        if score.below_floor:
            found.append((str(_("低于单项下限")), "stopped"))
        return found

    def render_note(self, row: Any, value: Any) -> Any:
        return format_html_join(" ", "{}", ((badge(text, tone=tone),) for text, tone in value)) or "—"

    def export_note(self, row: Any, value: Any) -> str:
        return "、".join(text for text, _tone in value)

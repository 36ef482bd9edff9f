"""Completions: list, the year's figures, removal of mistakes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, queries
from competitions.learning.domain import completions
from competitions.learning.tables import CompletionFilters, CompletionTable, FigureTable, ThemeTable, percent
from competitions.learning.views.base import TABS, completions_crumb
from portal.core.dates import local_date
from portal.core.policies import may
from portal.core.text import mask_name
from portal.web.exports import workbook_response
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import DetailView, FormView, ListView, PageView, Tabbed

HEADS = ("排名", "工会", "参学率", "结业人次", "结业人数", "职工数", "学时", "人均学时", "结业率")
CELLS = ("place", "label", "reached", "times", "people", "heads", "hours", "mean", "rate")


def import_action() -> Action:
    return Action(_("导入结业名单"), reverse("competitions:completion_import.create"), icon="upload", kind="primary")


class CompletionList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "completion.view"
    table_class = CompletionTable
    filters_class = CompletionFilters
    title = _("结业记录")
    subtitle = _("从各学习平台导出的结业名单；姓名和证件号码隐去中间部分，加密保存。")
    export_name = _("职工培训结业记录")

    def get_queryset(self) -> Any:
        return queries.completions()

    def page_actions(self) -> list[Action]:
        return [import_action()] if may(self.actor, "completion.import") else []


class CompletionFigures(Tabbed, PageView):
    """人次, 人数 and hours of a year by union; ``?export=xlsx`` is the same as a workbook."""

    room_tabs = TABS
    policy_action = "completion.view"
    template_name = "competitions/learning_figures.html"
    title = _("培训统计")

    @property
    def year(self) -> int:
        this_year, asked = local_date(self.now).year, self.request.GET.get("year", "")
        return int(asked) if asked.isdigit() and this_year - 9 <= int(asked) <= this_year else this_year

    def page_actions(self) -> list[Action]:
        export = Action(_("导出"), f"?year={self.year}&export=xlsx", icon="download", kind="secondary")
        return [export, import_action()] if may(self.actor, "completion.import") else [export]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = queries.of_year(self.year)
        total = queries.figures(rows)
        heads = sum(queries.heads_by_union(self.actor.path, self.year).values())
        whole = line_of(total | {"union": None, "heads": heads or None, "place": None}, _t("合计（去重）"))
        lines = [line_of(found) for found in queries.ranking(rows, self.actor.path, self.year)]
        if request.GET.get("export") == "xlsx":
            cells = [[getattr(x, name) for name in CELLS] for x in (*lines, whole)]
            return workbook_response(_t("%d年职工培训统计") % self.year, HEADS, cells)
        years = [local_date(self.now).year - n for n in range(3)]
        found = {"year": self.year, "years": years, "total": whole, "begun": total["all"]}
        return self.render(
            table=FigureTable(lines), themes=ThemeTable([SimpleNamespace(**x) for x in queries.figures_by_theme(rows)]),
            **found,
        )  # fmt: skip


def line_of(found: dict[str, Any], label: Any = "—") -> Any:
    """One union (or all of them) as people read it."""
    union, heads, hours = found["union"], found["heads"], found["hours"] or 0
    return SimpleNamespace(
        place=found["place"] or "—", label=union.label if union else label, reached=percent(found["people"], heads or 0),
        times=found["times"], people=found["people"], heads=heads, hours=hours,
        mean=f"{hours / heads:.2f}" if heads else "—", rate=queries.share(found["times"], found["all"]),
    )  # fmt: skip


class OneCompletion:
    view_action = "completion.view"

    def get_queryset(self) -> Any:
        return queries.completions()

    def page_crumbs(self) -> list[Crumb]:
        return [completions_crumb()]


class CompletionDetail(OneCompletion, DetailView):
    policy_action = "completion.view"
    template_name = "competitions/learning_completion.html"
    context_name = "completion"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "completion.remove", row):
            url = reverse("competitions:completion.remove", kwargs={"pk": row.pk})
            actions.append(Action(_("删除"), url, icon="trash", kind="ghost"))
        return PageContext(
            title=row.course, subtitle=mask_name(row.name), crumbs=[completions_crumb()], actions=actions
        )

    def context(self) -> dict[str, Any]:
        row = self.object
        others = list(queries.completions_of(row.id_index).exclude(pk=row.pk)[:20])
        return {
            "others": others,
            "facts": [
                Fact(_("姓名"), mask_name(row.name)),
                Fact(_("证件号码"), row.masked_id),
                Fact(_("学习平台"), row.platform),
                Fact(_("日期"), cn_date(row.finished_on)),
                Fact(_("学时"), row.hours),
                Fact(_("结业"), _("是") if row.is_finished else _("否")),
                Fact(_("成绩"), row.score if row.score is not None else "—"),
                Fact(_("证书编号"), row.certificate_number or "—"),
                Fact(_("登记单位"), row.organisation.name),
                Fact(_("培训资源"), row.resource.title if row.resource else "—"),
            ],
        }


class CompletionRemove(OneCompletion, FormView):
    policy_action = "completion.remove"
    form_class = forms.ReasonForm
    title = _("删除结业记录")
    submit_label = _("删除")
    intro = _("只用于登记有误的记录，删除后不能恢复；原因留在操作记录中。")

    def get_cancel_url(self) -> str:
        return reverse("competitions:completion.detail", kwargs={"pk": self.object.pk})

    def perform(self, form: Any) -> HttpResponse:
        completions.remove_completion(
            actor=self.actor, completion=self.object, reason=form.cleaned_data["reason"], now=self.now
        )
        return self.done(_("已删除。"), reverse("competitions:completion.list"))

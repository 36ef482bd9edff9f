"""Drills and matches: list, figures, page, results, evidence, the list of results as a workbook."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.growth import forms, queries
from competitions.growth.domain import drills, imports
from competitions.growth.models import DrillFile, DrillImport, DrillResult
from competitions.growth.tables import DrillFigureTable, DrillFilters, DrillTable
from competitions.growth.views.base import (
    TABS,
    allowed,
    asked_year,
    drill_crumb,
    own_union,
    person_choices,
    read_person,
    url,
)
from portal.accounts.enums import ImportState
from portal.accounts.imports.template import template
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.exports import XLSX, workbook_response
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, PageView, Tabbed

HEADS = ("工会", "岗位练兵", "技术比武", "参加人次", "工种数")


class DrillList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "drill.view"
    table_class = DrillTable
    filters_class = DrillFilters
    title = _("岗位练兵和技术比武")
    subtitle = _("企业、区县·集团、市各级已举办的练兵比武：谁参加、什么名次、有什么佐证。")
    export_name = _("练兵比武记录")
    saved_views = (
        SavedView(_("岗位练兵"), "kind=drill"),
        SavedView(_("技术比武"), "kind=match"),
        SavedView(_("本单位举办"), "mine=on"),
    )

    def get_queryset(self) -> Any:
        return queries.drills()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "drill.add"):
            return []
        return [Action(_("登记练兵比武"), url("drill.add"), icon="plus", kind="primary")]


def line_of(found: dict[str, Any], label: Any = "—") -> Any:
    union = found.get("union")
    return SimpleNamespace(
        label=union.label if union else label, drills=found["drills"], matches=found["matches"],
        people=found["people"] or 0, trades=found["trades"],
    )  # fmt: skip


class DrillFigures(Tabbed, PageView):
    """A year by union; ``?export=xlsx`` is the same as a workbook."""

    room_tabs = TABS
    policy_action = "drill.view"
    template_name = "competitions/drill_figures.html"
    title = _("练兵比武统计")

    def page_actions(self) -> list[Action]:
        year = asked_year(self.request, self.now)
        return [Action(_("导出"), f"?year={year}&export=xlsx", icon="download", kind="secondary")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        year = asked_year(request, self.now)
        rows = queries.drills_of_year(year)
        total = line_of(queries.drill_figures(rows), _t("合计"))
        lines = [line_of(found) for found in queries.drill_figures_by_union(rows, self.actor.path)]
        if request.GET.get("export") == "xlsx":
            cells = [[x.label, x.drills, x.matches, x.people, x.trades] for x in [*lines, total]]
            return workbook_response(_t("%d年练兵比武统计") % year, HEADS, cells)
        years = [local_date(self.now).year - n for n in range(3)]
        return self.render(table=DrillFigureTable(lines), total=total, year=year, years=years)


class DrillAdd(FormView):
    policy_action = "drill.add"
    form_class = forms.DrillForm
    title = _("登记练兵比武")
    submit_label = _("保存，去登记成绩")

    def page_crumbs(self) -> list[Crumb]:
        return [drill_crumb()]

    def get_cancel_url(self) -> str:
        return url("drill.list")

    def perform(self, form: Any) -> HttpResponse:
        row = drills.add_drill(actor=self.actor, organisation=own_union(self.actor), facts=form.facts, now=self.now)
        return self.done(_("已登记。请补充成绩和佐证材料。"), row.get_absolute_url())


class OneDrill:
    view_action = "drill.view"

    def get_queryset(self) -> Any:
        return queries.drills()

    def page_crumbs(self) -> list[Crumb]:
        return [drill_crumb(), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class DrillDetail(OneDrill, DetailView):
    policy_action = "drill.view"
    template_name = "competitions/drill_detail.html"
    context_name = "drill"

    def page(self) -> PageContext:
        row, key = self.object, {"pk": self.object.pk}
        actions = allowed(
            self.actor, row,
            ("drill.change", Action(_("登记一人成绩"), url("drill.result", **key), icon="plus", kind="primary")),
            ("drill.change", Action(_("导入成绩表"), url("drill.import", **key), icon="upload")),
            ("drill.view", Action(_("导出成绩"), url("drill.export", **key), icon="download", download=True)),
            ("drill.change", Action(_("修改"), url("drill.change", **key), icon="edit", kind="ghost")),
            ("drill.remove", Action(_("删除"), url("drill.remove", **key), icon="trash", kind="ghost")),
        )  # fmt: skip
        return PageContext(
            title=row.title, subtitle=f"{row.get_kind_display()} · {row.organisation.name}", crumbs=[drill_crumb()],
            actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        span = cn_date(row.starts_on)
        if row.ends_on != row.starts_on:
            span = f"{span}—{cn_date(row.ends_on)}"
        return {
            "results": list(queries.results(row)),
            "files": list(row.files.all()),
            "may_change": may(self.actor, "drill.change", row),
            "facts": [
                Fact(_("层级"), row.get_level_display()),
                Fact(_("工种"), row.trade),
                Fact(_("日期"), span),
                Fact(_("参加人数"), _t("%d人") % row.people),
            ],
        }


class DrillChange(OneDrill, FormView):
    policy_action = "drill.change"
    form_class = forms.DrillForm
    title = _("修改练兵比武记录")
    submit_label = _("保存")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in drills.FACTS}

    def perform(self, form: Any) -> HttpResponse:
        row = drills.change_drill(actor=self.actor, drill=self.object, facts=form.facts, now=self.now)
        return self.done(_("已修改。"), row.get_absolute_url())


class DrillRemove(OneDrill, FormView):
    policy_action = "drill.remove"
    form_class = forms.ReasonForm
    title = _("删除练兵比武记录")
    submit_label = _("删除")
    intro = _("只用于登记有误的记录，成绩和佐证一并删除，不能恢复；原因留在操作记录中。")

    def perform(self, form: Any) -> HttpResponse:
        drills.remove_drill(actor=self.actor, drill=self.object, reason=form.cleaned_data["reason"], now=self.now)
        return self.done(_("已删除。"), url("drill.list"))


class DrillResultAdd(OneDrill, FormView):
    policy_action = "drill.change"
    form_class = forms.ResultForm
    title = _("登记一人成绩")
    submit_label = _("保存")
    intro = _("已登记过成绩的职工，再次登记即为更正。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"choices": person_choices(self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        person = read_person(self.actor, form.cleaned_data, "worker", self.now)
        marks = {name: form.cleaned_data[name] for name in ("rank", "mark")}
        drills.set_result(actor=self.actor, drill=self.object, person=person, now=self.now, **marks)
        return self.done(_("已登记。"), self.object.get_absolute_url())


class DrillFileAdd(OneDrill, FormView):
    policy_action = "drill.change"
    form_class = forms.EvidenceForm
    title = _("上传佐证材料")
    submit_label = _("上传")

    def perform(self, form: Any) -> HttpResponse:
        drills.add_file(actor=self.actor, drill=self.object, upload=form.cleaned_data["file"], now=self.now)
        return self.done(_("已上传。"), self.object.get_absolute_url())


class DrillExport(OneDrill, FileDownloadView):
    """The results for the eye: numbers masked."""

    policy_action = "drill.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = [[r.rank, r.worker.name, r.worker.masked_id, r.mark] for r in queries.results(self.object)]
        return workbook_response(_t("%s成绩") % self.object.title, ("名次", "姓名", "证件号码", "成绩"), rows)


class OfDrillPart:
    """What belongs to a drill asks the drill's policy."""

    view_action = "drill.view"
    model: Any = None

    def get_queryset(self) -> Any:
        return self.model.objects.select_related("drill__organisation")

    def policy_object(self) -> Any:
        return self.object.drill

    def may_see(self, obj: Any) -> Any:
        return super().may_see(self.object.drill)

    def page_crumbs(self) -> list[Crumb]:
        return [drill_crumb(), Crumb(self.object.drill.title, self.object.drill.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.drill.get_absolute_url()

    get_failure_url = get_cancel_url


class DrillResultRemove(OfDrillPart, ActionView):
    policy_action = "drill.change"
    model = DrillResult

    def perform(self) -> HttpResponse:
        row = drills.remove_result(actor=self.actor, result=self.object, now=self.now)
        return self.done(_("已删除。"), row.get_absolute_url())


class DrillFileDownload(OfDrillPart, FileDownloadView):
    policy_action = "drill.view"
    model = DrillFile

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type


class DrillFileRemove(OfDrillPart, ActionView):
    policy_action = "drill.change"
    model = DrillFile

    def perform(self) -> HttpResponse:
        row = drills.remove_file(actor=self.actor, file=self.object, now=self.now)
        return self.done(_("已删除。"), row.get_absolute_url())


class DrillTemplate(FileDownloadView):
    policy_action = "drill.add"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(imports.SHEET)), "练兵比武成绩表模板.xlsx", XLSX


class DrillImportCreate(OneDrill, FormView):
    policy_action = "drill.change"
    form_class = forms.ResultUploadForm
    template_name = "competitions/drill_import_form.html"
    title = _("导入成绩表")
    submit_label = _("上传并试导")

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        batch = imports.try_results(
            actor=self.actor, drill=self.object, file_name=file.name, content=file.read(), now=self.now
        )
        return self.done("", batch.get_absolute_url())


class DrillImportDetail(OfDrillPart, DetailView):
    policy_action = "drill.change"
    template_name = "competitions/drill_import.html"
    context_name = "batch"
    model = DrillImport

    def page(self) -> PageContext:
        batch, key, actions = self.object, {"pk": self.object.pk}, []
        if batch.state in {ImportState.CHECKED, ImportState.FAULTY}:
            actions.append(Action(_("放弃"), url("drill.import_cancel", **key), kind="ghost", post=True))
        if batch.state == ImportState.CHECKED:
            words = _t("将写入%d人的成绩，全部成功才写入。确定导入？") % batch.count
            actions.append(Action(_("正式导入"), url("drill.import_apply", **key), icon="database-import", kind="primary",
                                  post=True, confirm=words))  # fmt: skip
        if batch.state == ImportState.FAULTY:
            again = url("drill.import", pk=batch.drill_id)
            actions.append(Action(_("修改后重新上传"), again, icon="upload", kind="primary"))
        return PageContext(
            title=_("导入成绩表"), subtitle=f"{batch.file_name} · {batch.get_state_display()}",
            crumbs=self.page_crumbs(), actions=actions,
        )  # fmt: skip


class DrillImportApply(OfDrillPart, ActionView):
    policy_action = "drill.change"
    model = DrillImport

    def perform(self) -> HttpResponse:
        row = imports.apply_results(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("成绩已导入。"), row.get_absolute_url())


class DrillImportCancel(OfDrillPart, ActionView):
    policy_action = "drill.change"
    model = DrillImport

    def perform(self) -> HttpResponse:
        row = imports.give_up(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("已放弃，没有写入任何成绩。"), row.get_absolute_url())

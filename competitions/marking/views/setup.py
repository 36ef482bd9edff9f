"""The organiser's pages: list, overview, scheme in versions, judges and seats, start, totals."""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.marking import forms, overview, queries
from competitions.marking.domain import benches, judges, schemes, setup
from competitions.marking.models import Bench, Judge, SubCriterion
from competitions.marking.scheme import weighings
from competitions.marking.tables import MarkingFilters, MarkingTable, TotalFilters, TotalTable
from competitions.marking.workbook import scheme_template
from portal.accounts.imports.template import template
from portal.core.policies import may
from portal.core.text import safe_file_name
from portal.web.exports import XLSX
from portal.web.ui import Action, Crumb, PageContext, Tab
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, PageView

SHOWN = 100  # problems of a workbook on the page


def list_crumb() -> Crumb:
    return Crumb(_("现场评分"), reverse("competitions:marking.list"))


class OfMarkingPage:
    """A page about one marking."""

    view_action = "marking.view"
    context_name = "marking"

    def get_queryset(self) -> Any:
        return queries.markings()

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()

    def page_tabs(self) -> list[Tab]:
        shown = [("detail", _("概况"), "view"), ("scheme", _("评分方案"), "view"), ("totals", _("总分"), "totals")]
        here = self.request.resolver_match.url_name
        return [
            Tab(label, reverse(f"competitions:marking.{name}", kwargs={"pk": self.object.pk}),
                current=here == f"marking.{name}")
            for name, label, action in shown if may(self.actor, f"marking.{action}", self.object)
        ]  # fmt: skip


class MarkingList(ListView):
    policy_action = "marking.view"
    table_class = MarkingTable
    filters_class = MarkingFilters
    title = gettext_lazy("现场评分")
    subtitle = gettext_lazy("按评分方案逐项评分：导入方案、安排裁判、平板评分、两人复核、公开榜单。")
    export_name = gettext_lazy("现场评分")

    def get_queryset(self) -> Any:
        return queries.markings()

    def page_actions(self) -> list[Action]:
        actions = [Action(_("使用说明"), reverse("competitions:marking.help"), icon="help-circle")]
        if may(self.actor, "marking.organise"):
            actions.append(Action(_("建立评分"), reverse("competitions:marking.open"), icon="plus", kind="primary"))
        return actions


class Help(PageView):
    """For judges: short, printable."""

    policy_action = "marking.view"
    template_name = "competitions/marking_help.html"
    title = gettext_lazy("现场评分使用说明")
    narrow = True

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()


class MarkingOpen(FormView):
    policy_action = "marking.organise"
    form_class = forms.OpenForm
    title = gettext_lazy("建立评分")
    submit_label = gettext_lazy("建立")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"contests": list(queries.contests_without(self.actor))}

    def perform(self, form: Any) -> HttpResponse:
        row = setup.open_marking(actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("已建立。下一步：导入评分方案。"), row.get_absolute_url())


class MarkingDetail(OfMarkingPage, DetailView):
    policy_action = "marking.view"
    template_name = "competitions/marking_detail.html"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.title, subtitle=row.owner.name, badge=row.board_badge, crumbs=[list_crumb()],
            actions=overview.actions_of(row, self.actor), tabs=self.page_tabs(),
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        return overview.page_of(self.object, actor=self.actor)


class SchemePage(OfMarkingPage, DetailView):
    """The version in force or the draft, whole, with the standard's weights beside it; and all versions."""

    policy_action = "marking.view"
    template_name = "competitions/marking_scheme.html"
    title = gettext_lazy("评分方案")

    @cached_property
    def row(self) -> Any:
        in_force = queries.scheme_in_force(self.object)
        draft = queries.draft_of(self.object)
        wanted = self.request.GET.get("version", "")
        if wanted.isdigit():
            return queries.schemes().filter(marking=self.object, version=int(wanted)).first() or in_force or draft
        return draft or in_force

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "marking.organise", self.object):
            return []
        here, row = {"pk": self.object.pk}, self.row
        kind = "secondary" if row else "primary"
        actions = [Action(_("导入方案"), reverse("competitions:marking.load", kwargs=here), icon="upload", kind=kind)]
        if row is None or row.is_in_force or row.frozen_at:
            return actions
        drop = _("放弃后这一版草稿被删除。确定放弃？")
        url = reverse("competitions:marking.drop", kwargs=here)
        actions.append(Action(_("放弃草稿"), url, icon="trash", kind="ghost", post=True, confirm=drop))
        if self.object.started_at:
            url = reverse("competitions:marking.replace", kwargs=here)
            actions.append(Action(_("启用这一版"), url, icon="check", kind="primary"))
        return actions

    def context(self) -> dict[str, Any]:
        if self.row is None:
            return {"row": None}
        scheme = queries.plain_scheme(self.row)
        versions = list(queries.schemes().filter(marking=self.object))
        return {"row": self.row, "scheme": scheme, "weighings": weighings(scheme), "versions": versions}


class SchemeLoad(OfMarkingPage, FormView):
    policy_action = "marking.organise"
    form_class = forms.SchemeForm
    template_name = "competitions/marking_load.html"
    title = gettext_lazy("导入评分方案")
    submit_label = gettext_lazy("检查并导入")

    def page_tabs(self) -> list[Tab]:
        return []

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        content = file.read()
        plan = schemes.try_scheme(actor=self.actor, marking=self.object, content=content)
        if plan.problems:
            problems = plan.problems
            return self.render(form=form, status=422, problems=problems[:SHOWN], problem_count=len(problems))
        row = schemes.load_scheme(
            actor=self.actor, marking=self.object, file_name=file.name, content=content, now=self.now
        )
        url = reverse("competitions:marking.scheme", kwargs={"pk": self.object.pk})
        return self.done(_("%(version)s已导入为草稿，请核对。下一步：安排裁判和席位。") % {"version": row}, url)


class SchemeTemplate(FileDownloadView):
    policy_action = "marking.organise"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(scheme_template()), _("评分方案模板.xlsx"), XLSX


class SchemeExport(FileDownloadView):
    policy_action = "marking.view"

    def get_queryset(self) -> Any:
        return queries.schemes()

    def policy_object(self) -> Any:
        return self.object.marking

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "marking.view", obj.marking)

    def get_file(self) -> tuple[Any, str, str]:
        row = self.object
        name = safe_file_name(f"{row.marking.title}评分方案{row}.xlsx")
        return BytesIO(scheme_template(queries.plain_scheme(row))), name, XLSX


class SchemeDrop(OfMarkingPage, ActionView):
    policy_action = "marking.organise"

    def perform(self) -> HttpResponse:
        draft = queries.draft_of(self.object)
        if draft is None:
            return self.fail(_("没有草稿。"), self.object.get_absolute_url())
        schemes.drop_draft(actor=self.actor, scheme=draft, now=self.now)
        return self.done(_("草稿已放弃。"), self.object.get_absolute_url())


class SchemeReplace(OfMarkingPage, FormView):
    policy_action = "marking.organise"
    form_class = forms.ReasonForm
    title = gettext_lazy("启用新版评分方案")
    submit_label = gettext_lazy("启用")
    intro = gettext_lazy("内容没有变化的评分点保留已有评分，有变化的须重评；相应小项须重新复核。")

    def page_tabs(self) -> list[Tab]:
        return []

    def perform(self, form: Any) -> HttpResponse:
        draft = queries.draft_of(self.object)
        if draft is None:
            return self.fail(_("没有草稿可以启用，请先导入新版方案。"), self.object.get_absolute_url())
        schemes.replace_scheme(actor=self.actor, scheme=draft, now=self.now, **form.cleaned_data)
        return self.done(_("新版评分方案已启用。"), self.object.get_absolute_url())


class MarkingJudges(OfMarkingPage, FormView):
    policy_action = "marking.organise"
    form_class = forms.JudgesForm
    title = gettext_lazy("裁判名单")

    def page_tabs(self) -> list[Tab]:
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"experts": queries.pool_choices(self.object)}

    def get_initial(self) -> dict[str, Any]:
        there = list(Judge.objects.filter(marking=self.object))
        chief = next((str(j.user_id) for j in there if j.is_chief), "")
        return {"judges": [str(j.user_id) for j in there], "chief": chief}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        judges.name_judges(
            actor=self.actor, marking=self.object, users=map(int, data["judges"]), chief=int(data["chief"]),
            now=self.now,
        )  # fmt: skip
        return self.done(_("裁判名单已保存。下一步：安排席位。"), self.object.get_absolute_url())


class MarkingSeats(OfMarkingPage, FormView):
    policy_action = "marking.organise"
    form_class = forms.SeatsForm
    title = gettext_lazy("安排席位")
    intro = gettext_lazy("有评判评分点的小项须三名裁判；只有测量的小项至少一名。")

    def page_tabs(self) -> list[Tab]:
        return []

    @cached_property
    def scheme(self) -> Any:
        return queries.draft_of(self.object) or queries.scheme_in_force(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        parts = list(SubCriterion.objects.filter(scheme=self.scheme)) if self.scheme else []
        people = Judge.objects.filter(marking=self.object).select_related("user")
        return {"parts": parts, "judges": list(people)}

    def get_initial(self) -> dict[str, Any]:
        seats = queries.seats_of(self.scheme) if self.scheme else []
        return {forms.seat_field(s.part_id, s.number): str(s.judge_id) for s in seats}

    def perform(self, form: Any) -> HttpResponse:
        if self.scheme is None:
            return self.fail(_("请先导入评分方案。"), self.object.get_absolute_url())
        count = judges.seat_judges(actor=self.actor, scheme=self.scheme, seats=form.seats, now=self.now)
        return self.done(_("席位已保存，调整了%d个。") % count, self.object.get_absolute_url())


class MarkingStart(OfMarkingPage, ActionView):
    policy_action = "marking.organise"

    def perform(self) -> HttpResponse:
        setup.start_marking(actor=self.actor, marking=self.object, now=self.now)
        return self.done(_("评分已开始，裁判可以在“现场评分”中评分。"), self.object.get_absolute_url())


class MarkingBenches(OfMarkingPage, ActionView):
    policy_action = "marking.organise"

    def perform(self) -> HttpResponse:
        count = setup.refresh_benches(actor=self.actor, marking=self.object, now=self.now)
        return self.done(_("工位名单已更新，现有%d个工位。") % count, self.object.get_absolute_url())


class MarkingAbsent(OfMarkingPage, FormView):
    policy_action = "marking.organise"
    form_class = forms.AbsentForm
    title = gettext_lazy("登记缺考")
    submit_label = gettext_lazy("保存")

    @property
    def intro(self) -> str:
        return "" if self.benches else _("没有可以登记的工位：都已经评过分，或还没有排定。")

    @cached_property
    def benches(self) -> list[Any]:
        """Those that may be absent: not marked."""
        marked = set(queries.marked_benches(self.object))
        return [b for b in Bench.objects.filter(marking=self.object) if b.pk not in marked]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"benches": self.benches}

    def get_initial(self) -> dict[str, Any]:
        return {"absent": [str(b.pk) for b in self.benches if b.is_absent]}

    def perform(self, form: Any) -> HttpResponse:
        wanted = map(int, form.cleaned_data["absent"])
        count = benches.set_absent(actor=self.actor, marking=self.object, benches=wanted, now=self.now)
        return self.done(_("缺考已登记，调整了%d个工位。") % count, self.object.get_absolute_url())


class BenchesLoad(OfMarkingPage, FormView):
    """Benches by workbook: for contests outside the register."""

    policy_action = "marking.organise"
    form_class = forms.BenchesForm
    template_name = "competitions/marking_load.html"
    title = gettext_lazy("导入工位名单")
    submit_label = gettext_lazy("检查并导入")

    def page_tabs(self) -> list[Tab]:
        return []

    def context(self) -> dict[str, Any]:
        return super().context() | {"of_benches": True}

    def perform(self, form: Any) -> HttpResponse:
        content = form.cleaned_data["file"].read()
        problems, count = benches.load_benches(actor=self.actor, marking=self.object, content=content, now=self.now)
        if problems:
            return self.render(form=form, status=422, problems=problems[:SHOWN], problem_count=len(problems))
        return self.done(_("工位名单已导入，现有%d个工位。") % count, self.object.get_absolute_url())


class BenchTemplate(FileDownloadView):
    policy_action = "marking.organise"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(benches.SHEET)), _("工位名单模板.xlsx"), XLSX


class MarkingClose(OfMarkingPage, ActionView):
    policy_action = "marking.organise"

    def perform(self) -> HttpResponse:
        count = setup.close_marking(actor=self.actor, marking=self.object, now=self.now)
        return self.done(_("%d名选手的成绩已移交赛项，评分到此结束。") % count, self.object.get_absolute_url())


class Totals(OfMarkingPage, ListView):
    """Totals by bench, as last computed."""

    policy_action = "marking.totals"
    table_class = TotalTable
    filters_class = TotalFilters
    export_name = gettext_lazy("评分总分")

    @cached_property
    def object(self) -> Any:
        found = queries.markings().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def policy_object(self) -> Any:
        return self.object

    def get_queryset(self) -> Any:
        return queries.totals(self.object)

    def page_title(self) -> Any:
        return _("%s总分") % self.object.title

"""Mentoring contracts: list, figures, page, and the steps from draft to end."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.growth import forms, papers, queries
from competitions.growth.calculations import CRITERIA, completion_rate, grade_of
from competitions.growth.domain import mentoring
from competitions.growth.enums import MentorState
from competitions.growth.tables import MentorFigureTable, MentorshipFilters, MentorshipTable
from competitions.growth.views.base import (
    TABS,
    allowed,
    asked_year,
    mentorship_crumb,
    own_union,
    person_choices,
    read_person,
    url,
)
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.exports import workbook_response
from portal.web.formats import cn_date, cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import DetailView, FileDownloadView, FormView, ListView, PageView, Tabbed

PDF = "application/pdf"
HEADS = ("工会", "帮教中", "已出师", "考核未达标", "已终止", "出师率", "记录逾期")


def draft_action() -> Action:
    return Action(_("起草师徒合同"), url("mentorship.add"), icon="plus", kind="primary")


class MentorshipList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "mentorship.view"
    table_class = MentorshipTable
    filters_class = MentorshipFilters
    title = _("师徒帮教")
    subtitle = _("师傅和徒弟结对签合同，每月记录，期满考核出师。")
    export_name = _("师徒合同")
    saved_views = (
        SavedView(_("帮教中"), "state=active"),
        SavedView(_("有逾期记录"), "overdue=on"),
        SavedView(_("到期待考核"), "over=on"),
        SavedView(_("已出师"), "state=completed"),
    )

    def get_queryset(self) -> Any:
        return queries.listed_mentorships(local_date(self.now))

    def page_actions(self) -> list[Action]:
        return [draft_action()] if may(self.actor, "mentorship.add") else []


def line_of(found: dict[str, Any], label: Any = "—") -> Any:
    union = found.get("union")
    rate = completion_rate(found["completed"], found["failed"], found["terminated"])
    return SimpleNamespace(label=union.label if union else label, rate=rate, **{
        key: found[key] for key in ("active", "completed", "failed", "terminated", "overdue")
    })  # fmt: skip


class MentorshipFigures(Tabbed, PageView):
    """Contracts whose term touches the year, by union; ``?export=xlsx`` is the same as a workbook."""

    room_tabs = TABS
    policy_action = "mentorship.view"
    template_name = "competitions/growth_figures.html"
    title = _("师徒帮教统计")

    def page_actions(self) -> list[Action]:
        year = asked_year(self.request, self.now)
        return [Action(_("导出"), f"?year={year}&export=xlsx", icon="download", kind="secondary")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        year, today = asked_year(request, self.now), local_date(self.now)
        rows = queries.of_year(year)
        total = line_of(queries.mentor_figures(rows, today), _t("合计"))
        lines = [line_of(found) for found in queries.mentor_figures_by_union(rows, self.actor.path, today)]
        if request.GET.get("export") == "xlsx":
            cells = [
                [x.label, x.active, x.completed, x.failed, x.terminated, x.rate, x.overdue] for x in [*lines, total]
            ]
            return workbook_response(_t("%d年师徒帮教统计") % year, HEADS, cells)
        years = [local_date(self.now).year - n for n in range(3)]
        return self.render(table=MentorFigureTable(lines), total=total, year=year, years=years)


class MentorshipAdd(FormView):
    policy_action = "mentorship.add"
    form_class = forms.MentorshipForm
    title = _("起草师徒合同")
    submit_label = _("保存，去打印签字")

    def page_crumbs(self) -> list[Crumb]:
        return [mentorship_crumb()]

    def get_cancel_url(self) -> str:
        return url("mentorship.list")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"choices": person_choices(self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        people = {who: read_person(self.actor, form.cleaned_data, who, self.now) for who in form.persons}
        row = mentoring.draft_mentorship(
            actor=self.actor, organisation=own_union(self.actor), facts=form.facts, now=self.now, **people
        )
        return self.done(_("已起草。请打印合同，双方签字后登记签订。"), row.get_absolute_url())


class OneMentorship:
    view_action = "mentorship.view"

    def get_queryset(self) -> Any:
        return queries.mentorships()

    def page_crumbs(self) -> list[Crumb]:
        return [mentorship_crumb(), Crumb(self.object.pair, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class MentorshipDetail(OneMentorship, DetailView):
    policy_action = "mentorship.view"
    template_name = "competitions/mentorship_detail.html"
    context_name = "mentorship"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.pair, subtitle=f"{row.trade} · {row.organisation.name}", badge=row.badge,
            crumbs=[mentorship_crumb()], actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        row, key = self.object, {"pk": self.object.pk}
        over = local_date(self.now) >= row.ends_on
        printing = Action(_("打印合同"), url("mentorship.print", **key), icon="printer", download=True)
        return [printing, *allowed(
            self.actor, row,
            ("mentorship.sign", Action(_("登记签订"), url("mentorship.sign", **key), icon="signature", kind="primary")),
            ("mentorship.assess", Action(_("期满考核"), url("mentorship.assess", **key), icon="checklist",
                                         kind="primary" if over else "secondary")),
            ("mentorship.change", Action(_("修改"), url("mentorship.change", **key), icon="edit")),
            ("mentorship.terminate", Action(_("终止"), url("mentorship.terminate", **key), icon="ban", kind="ghost")),
        )]  # fmt: skip

    def context(self) -> dict[str, Any]:
        row, today = self.object, local_date(self.now)
        months = list(row.months.select_related("recorded_by"))
        may_record = may(self.actor, "mentorship.record", row)
        lines = [
            SimpleNamespace(
                row=month, badge=month.badge_on(today),
                url=url("mentorship.month", pk=month.pk) if may_record and month.month <= today else "",
            )
            for month in months
        ]  # fmt: skip
        return {
            "months": lines,
            "written": sum(1 for month in months if month.recorded_at),
            "overdue": sum(1 for month in months if not month.recorded_at and month.due_on < today)
            if row.state == MentorState.ACTIVE else 0,
            "hours": sum(month.hours for month in months),
            "grade": grade_of(row.total) if row.total is not None else "",
            "marks": [Fact(title, f"{row.marks[key]} / {most}") for key, title, most in CRITERIA] if row.marks else [],
            "facts": [
                Fact(_("期限"), f"{cn_date(row.starts_on)}—{cn_date(row.ends_on)}"),
                Fact(_("师傅津贴"), _t("每月%s元") % row.allowance if row.allowance else _("无")),
                Fact(_("师傅签字"), cn_date(row.mentor_signed_on) if row.mentor_signed_on else _("未签")),
                Fact(_("徒弟签字"), cn_date(row.apprentice_signed_on) if row.apprentice_signed_on else _("未签")),
                Fact(_("登记签订"), cn_datetime(row.signed_at) if row.signed_at else "—"),
            ],
        }  # fmt: skip


class MentorshipChange(OneMentorship, FormView):
    policy_action = "mentorship.change"
    form_class = forms.TermForm
    title = _("修改师徒合同")
    submit_label = _("保存")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in mentoring.FACTS}

    def perform(self, form: Any) -> HttpResponse:
        row = mentoring.change_mentorship(actor=self.actor, mentorship=self.object, facts=form.facts, now=self.now)
        return self.done(_("已修改。"), row.get_absolute_url())


class MentorshipSign(OneMentorship, FormView):
    policy_action = "mentorship.sign"
    form_class = forms.SignForm
    title = _("登记签订")
    submit_label = _("登记签订")
    intro = _("签订后合同生效，按月生成记录表；每月记录在下月5日前填写，到时在待办中提醒。")

    def get_initial(self) -> dict[str, Any]:
        today = local_date(self.now)
        return {"mentor_signed_on": today, "apprentice_signed_on": today}

    def perform(self, form: Any) -> HttpResponse:
        days = {name: form.cleaned_data[name] for name in ("mentor_signed_on", "apprentice_signed_on")}
        row = mentoring.sign_mentorship(actor=self.actor, mentorship=self.object, now=self.now, **days)
        return self.done(_("合同已生效，请按月填写帮教记录。"), row.get_absolute_url())


class MentorMonthRecord(FormView):
    policy_action = "mentorship.record"
    view_action = "mentorship.view"
    form_class = forms.MonthForm
    submit_label = _("保存")

    def get_queryset(self) -> Any:
        return queries.months()

    def policy_object(self) -> Any:
        return self.object.mentorship

    def may_see(self, obj: Any) -> Any:
        return super().may_see(self.object.mentorship)

    def page_title(self) -> Any:
        return _t("%s帮教记录") % f"{self.object.month:%Y年%m月}"

    def page_crumbs(self) -> list[Crumb]:
        row = self.object.mentorship
        return [mentorship_crumb(), Crumb(row.pair, row.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.mentorship.get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("content", "progress", "hours")}

    def perform(self, form: Any) -> HttpResponse:
        row = mentoring.record_month(actor=self.actor, month=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已保存。"), row.mentorship.get_absolute_url())


class MentorshipAssess(OneMentorship, FormView):
    policy_action = "mentorship.assess"
    form_class = forms.AssessForm
    title = _("期满考核")
    submit_label = _("提交考核")
    intro = _("满分100分，60分以上出师；提交后合同结束，不能再改。")

    def perform(self, form: Any) -> HttpResponse:
        row = mentoring.assess_mentorship(
            actor=self.actor, mentorship=self.object, marks=form.marks, opinion=form.cleaned_data["opinion"],
            now=self.now,
        )  # fmt: skip
        return self.done(_t("考核%d分，%s。") % (row.total, row.get_state_display()), row.get_absolute_url())


class MentorshipTerminate(OneMentorship, FormView):
    policy_action = "mentorship.terminate"
    form_class = forms.ReasonForm
    title = _("终止师徒合同")
    submit_label = _("终止合同")
    intro = _("终止后不能恢复；已填写的月度记录保留。")

    def perform(self, form: Any) -> HttpResponse:
        row = mentoring.terminate_mentorship(
            actor=self.actor, mentorship=self.object, reason=form.cleaned_data["reason"], now=self.now
        )
        return self.done(_("合同已终止。"), row.get_absolute_url())


class MentorshipPrint(OneMentorship, FileDownloadView):
    policy_action = "mentorship.view"

    def get_file(self) -> tuple[Any, str, str]:
        mentoring.note_printing(actor=self.actor, mentorship=self.object, now=self.now)
        return BytesIO(papers.mentorship_pdf(self.object)), f"师徒帮教合同-{self.object.pk}.pdf", PDF

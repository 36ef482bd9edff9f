"""年度考核: opening, the studio's own marks, marks and conclusions of the union, the year's paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from innovations.studios import forms, queries
from innovations.studios.domain import checks
from innovations.studios.enums import OPEN_FOR_STUDIO, CheckStatus
from innovations.studios.index import hints_of, total_of
from innovations.studios.papers import year_report
from innovations.studios.tables import CheckFilters, CheckTable
from innovations.studios.views.base import ROOM, allowed, home_crumb, own_union, url
from portal.core.dates import closing_time, local_date
from portal.core.text import safe_file_name
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.uploads import WORD
from portal.web.views import DetailView, FileDownloadView, FormView, ListView, Tabbed


class CheckList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "studiocheck.view"
    table_class = CheckTable
    filters_class = CheckFilters
    title = _("年度考核")
    subtitle = _("由命名工作室的工会每年发起：工作室自评，工会考核；低于60分的限期六个月整改。")
    export_name = _("创新工作室年度考核")
    saved_views = (
        SavedView(_("本单位待报"), "to_file=on"),
        SavedView(_("待考核"), "status=filed"),
        SavedView(_("整改待复核"), "status=mended"),
        SavedView(_("限期整改"), "status=mending"),
        SavedView(_("逾期"), "overdue=on"),
    )

    def get_queryset(self) -> Any:
        return queries.checks()

    def page_actions(self) -> list[Action]:
        button = Action(_("发起年度考核"), url("check.open"), icon="plus", kind="primary")
        return allowed(self.actor, None, ("studiocheck.open", button))


class CheckOpen(FormView):
    policy_action = "studiocheck.open"
    form_class = forms.OpenForm
    title = _("发起年度考核")
    submit_label = _("发起")
    intro = _("本级命名、正常运行、这个年度还没有考核的工作室全部列入，会在工作台收到自评任务。")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("年度考核"), url("check.list"))]

    def get_initial(self) -> dict[str, Any]:
        return {"year": local_date(self.now).year}

    def perform(self, form: Any) -> HttpResponse:
        rows = checks.open_year(actor=self.actor, owner=own_union(self.actor), now=self.now, **form.cleaned_data)
        return self.done(_t("已发起，%d个工作室收到自评任务。") % len(rows), url("check.list"))


class OneCheck:
    view_action = "studiocheck.view"
    context_name = "check"

    def get_queryset(self) -> Any:
        return queries.checks()

    def page_crumbs(self) -> list[Crumb]:
        check = self.object
        return [home_crumb(), Crumb(_("年度考核"), url("check.list")), Crumb(str(check), check.get_absolute_url())]


class CheckDetail(OneCheck, DetailView):
    policy_action = "studiocheck.view"
    template_name = "innovations/check_detail.html"

    def page(self) -> PageContext:
        check, pk = self.object, self.object.pk
        mend = check.status == CheckStatus.MENDING
        label = _("整改后重新自评") if mend else _("填写并报送自评")
        paper = Action(_("年度报告"), url("check.paper", pk=pk), icon="file-text", download=True)
        actions = allowed(
            self.actor, check,
            ("studiocheck.mark", Action(_("退回补充"), url("check.return", pk=pk), icon="arrow-back-up")),
            ("studiocheck.file", Action(label, url("check.file", pk=pk), icon="send", kind="primary")),
            ("studiocheck.mark", Action(_("考核打分"), url("check.mark", pk=pk), icon="checklist", kind="primary")),
        )  # fmt: skip
        if check.status == CheckStatus.FAILED:
            remove = Action(_("提出摘牌"), url("removal.propose", pk=check.studio_id), kind="danger")
            actions = [*allowed(self.actor, check.studio, ("studio.propose", remove)), *actions]
        return PageContext(
            title=_t("%(studio)s　%(year)d年度考核") % {"studio": check.studio.name, "year": check.year},
            subtitle=check.studio.employer.name, badge=check.badge, crumbs=self.page_crumbs()[:2],
            actions=[paper, *actions],
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        check = self.object
        facts = check.facts or queries.facts_of(check.studio, check.year)
        return {
            "is_open": check.status in OPEN_FOR_STUDIO,
            "due_at": closing_time(check.due_on),
            "lines": lines_of(check, facts),
            "own_total": total_of(check.own_marks) if check.own_marks else None,
            "files": queries.check_files(check),
            "facts": [
                Fact(_("工作室"), check.studio.name),
                Fact(_("领衔人"), check.studio.leader),
                Fact(_("考核单位"), check.owner.name),
                Fact(_("期限"), cn_date(check.due_on)),
                Fact(_("自评人"), check.filed_by or "—"),
                Fact(_("考核人"), check.checked_by or "—"),
            ],
        }


def lines_of(check: Any, facts: dict[str, int]) -> list[dict[str, Any]]:
    """Each criterion with both marks and what the records say."""
    return [
        {
            "title": c["title"], "text": c["text"], "max": c["max"], "own": check.own_marks.get(c["code"]),
            "mark": check.marks.get(c["code"]), "hints": hints_of(c, facts),
        }
        for c in check.criteria
    ]  # fmt: skip


class MarksView(OneCheck, FormView):
    """Marks beside the hints of the records."""

    abstract = True
    template_name = "innovations/check_form.html"
    narrow = False

    def given(self) -> dict[str, str]:
        return self.object.own_marks

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"criteria": self.object.criteria, "given": self.given()}

    def context(self) -> dict[str, Any]:
        check = self.object
        facts = queries.facts_of(check.studio, check.year)
        return super().context() | {"lines": lines_of(check, facts)}


class CheckFileView(MarksView):
    policy_action = "studiocheck.file"
    form_class = forms.SelfForm
    title = _("年度自评")
    submit_label = _("报送")
    confirm = _("报送后不能修改，等待考核。")

    def get_initial(self) -> dict[str, Any]:
        return {"summary": self.object.summary, "plan": self.object.plan}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        row = checks.file_check(
            actor=self.actor, check=self.object, marks=form.marks, summary=data["summary"], plan=data["plan"],
            files=data["files"], now=self.now,
        )  # fmt: skip
        return self.done(_("已报送，等待考核。"), row.get_absolute_url())


class CheckMark(MarksView):
    policy_action = "studiocheck.mark"
    form_class = forms.MarkForm
    title = _("考核打分")
    submit_label = _("提交考核结论")
    intro = _("自评分已填入，可以修改；“记录显示”只供参考。合计低于60分的，工作室限期六个月整改。")
    confirm = _("提交后结论生效，工作室会看到。")

    def perform(self, form: Any) -> HttpResponse:
        row = checks.mark_check(
            actor=self.actor, check=self.object, marks=form.marks, opinion=form.cleaned_data["opinion"], now=self.now
        )
        words = _t("考核得分%(total)s，%(status)s。") % {"total": row.total, "status": row.get_status_display()}
        return self.done(words, row.get_absolute_url())


class CheckReturn(OneCheck, FormView):
    policy_action = "studiocheck.mark"
    form_class = forms.ReturnForm
    title = _("退回补充")
    submit_label = _("退回")

    def perform(self, form: Any) -> HttpResponse:
        row = checks.return_check(actor=self.actor, check=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，工作室会在工作台看到要求。"), row.get_absolute_url())


class CheckPaper(OneCheck, FileDownloadView):
    policy_action = "studiocheck.view"

    def get_file(self) -> tuple[Any, str, str]:
        name = safe_file_name(f"{self.object.studio.name}{self.object.year}年度工作报告.docx")
        return year_report(self.object, now=self.now), name, WORD

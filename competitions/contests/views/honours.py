"""荣誉人选: the list, one candidate, the unit that drafts, what is reported to other departments."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests import forms, overview, queries, workbooks
from competitions.contests.domain import honours
from competitions.contests.tables import HonourFilters, HonourTable
from competitions.contests.views.base import ROOM, list_crumb, url
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.exports import XLSX
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed


class HonourList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "contest_honour.view"
    table_class = HonourTable
    filters_class = HonourFilters
    title = _("荣誉人选")
    subtitle = _("单人项目职工组：第一名可申报技术能手、五一劳动奖章，女职工前三名可申报三八红旗手。")
    export_name = _("竞赛荣誉人选")
    saved_views = (SavedView(_("待起草、待报送"), "waiting=on"),)

    def get_queryset(self) -> Any:
        return queries.honours()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "contest_honour.report") or not queries.honours_to_send(self.actor.path).exists():
            return []
        sure = _("技术能手报市人力资源和社会保障局，三八红旗手报市妇女联合会。确定已把推荐表报送？")
        return [
            Action(_("下载推荐表"), reverse("competitions:contest_honour.workbook"), icon="file-spreadsheet",
                   kind="primary", download=True),
            Action(_("标为已报送"), reverse("competitions:contest_honour.send"), icon="send", post=True, confirm=sure),
        ]  # fmt: skip


class HonourWorkbook(FileDownloadView):
    """Full ID numbers: for the host's own contests, and every download is an audit event."""

    policy_action = "contest_honour.report"

    def get_file(self) -> tuple[Any, str, str]:
        rows = list(queries.honours_to_send(self.actor.path).filter(sent_at=None))
        content = workbooks.honour_workbook(rows, host=self.actor.at_desk.organisation_name, now=self.now)
        honours.export(actor=self.actor, candidates=rows, now=self.now)
        return BytesIO(content), _t("%d年竞赛荣誉人选推荐表.xlsx") % local_date(self.now).year, XLSX


class HonourSend(ActionView):
    policy_action = "contest_honour.report"

    def get_failure_url(self) -> str:
        return reverse("competitions:contest_honour.list")

    def perform(self) -> HttpResponse:
        rows = list(queries.honours_to_send(self.actor.path).filter(sent_at=None))
        count = honours.send(actor=self.actor, candidates=rows, now=self.now)
        return self.done(_t("%d名人选已标为已报送。") % count, self.get_failure_url())


class OfHonour:
    view_action = "contest_honour.view"
    context_name = "honour"

    def get_queryset(self) -> Any:
        return queries.honours()

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(_("荣誉人选"), reverse("competitions:contest_honour.list"))]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class HonourDetail(OfHonour, DetailView):
    policy_action = "contest_honour.view"
    template_name = "competitions/contest_honour.html"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "contest_honour.draft", row):
            sure = _("将起草一份推荐，选手信息和竞赛名次会自动填入。确定起草？")
            draft = url("contest_honour.draft", row.pk)
            actions.append(Action(_("起草推荐"), draft, icon="award", kind="primary", post=True, confirm=sure))
        if may(self.actor, "contest_honour.hand_down", row):
            kind = "secondary" if row.unit.is_unit else "primary"
            unit = url("contest_honour.unit", row.pk)
            actions.append(Action(_("交由单位起草"), unit, icon="arrow-down", kind=kind))
        return PageContext(title=row.competitor.masked_name, subtitle=row.get_honour_display(), badge=row.badge,
                           crumbs=self.page_crumbs(), actions=actions)  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "facts": overview.honour_facts(row),
            "may_open": bool(row.entry and may(self.actor, "entry.view", row.entry)),
        }


class HonourHandDown(OfHonour, FormView):
    policy_action = "contest_honour.hand_down"
    form_class = forms.HandDownForm
    title = _("交由单位起草")
    submit_label = _("确定")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"above": self.object.competitor.delegation.organisation.path}

    def perform(self, form: Any) -> HttpResponse:
        row = honours.hand_down(actor=self.actor, candidate=self.object, now=self.now, **form.cleaned_data)
        return self.done(_t("已交由%s起草推荐。") % row.unit, row.get_absolute_url())


class HonourDraft(OfHonour, ActionView):
    policy_action = "contest_honour.draft"

    def perform(self) -> HttpResponse:
        entry = honours.draft_entry(actor=self.actor, candidate=self.object, now=self.now)
        return self.done(
            _("推荐材料已起草，选手信息和竞赛名次已经填入，请补充其余内容后提交。"), entry.get_absolute_url()
        )

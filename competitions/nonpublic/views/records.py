"""What leaders did, and what workers and enterprises gained."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic import forms, queries
from competitions.nonpublic.domain import records
from competitions.nonpublic.tables import BenefitFilters, BenefitTable, EngagementFilters, EngagementTable
from competitions.nonpublic.views.base import GAINS
from portal.accounts.models import Employer
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb
from portal.web.views import FileDownloadView, FormView, ListView, Tabbed

BENEFITS, ENGAGEMENTS = "competitions:benefit.list", "competitions:engagement.list"


class RecordList(Tabbed, ListView):
    abstract = True
    policy_action = "gain.view"
    room_tabs = GAINS
    add_label: Any = ""
    add_url = ""

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "gain.enter"):
            return []
        return [Action(self.add_label, reverse(self.add_url), icon="plus", kind="primary")]


class BenefitList(RecordList):
    table_class = BenefitTable
    filters_class = BenefitFilters
    title = _("双受益记录")
    subtitle = _("一项竞赛给职工带来的奖金、提薪、晋升、晋级，和给企业带来的效益。")
    export_name = _("竞赛双受益记录")
    add_label, add_url = _("登记受益"), "competitions:benefit.add"

    def get_queryset(self) -> Any:
        return queries.benefits()


class EngagementList(RecordList):
    table_class = EngagementTable
    filters_class = EngagementFilters
    title = _("负责人参与")
    subtitle = _("企业负责人签承诺、研究竞赛、安排经费、兑现奖励的记录。")
    export_name = _("企业负责人参与竞赛记录")
    add_label, add_url = _("登记负责人参与"), "competitions:engagement.add"

    def get_queryset(self) -> Any:
        return queries.engagements()


class RecordAdd(FormView):
    abstract = True
    policy_action = "gain.enter"
    submit_label = _("登记")
    list_url = ""
    confirm = _("登记后不能修改；写错了请另登记一条并说明。")

    def get_form_kwargs(self) -> dict[str, Any]:
        found = list(Employer.objects.filter(organisation__path=self.actor.path)[:2])
        return {"actor": self.actor, "only": found[0] if len(found) == 1 else None, "today": local_date(self.now)}

    def get_cancel_url(self) -> str:
        return reverse(self.list_url)

    def enter(self, **facts: Any) -> Any:
        raise NotImplementedError

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        self.enter(actor=self.actor, employer=data["employer"], facts=form.facts, upload=data["file"], now=self.now)
        return self.done(_("已登记。"), reverse(self.list_url))


class BenefitAdd(RecordAdd):
    form_class = forms.BenefitForm
    title = _("登记受益")
    list_url = BENEFITS

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("双受益记录"), reverse(BENEFITS))]

    def enter(self, **facts: Any) -> Any:
        return records.enter_benefit(**facts)


class EngagementAdd(RecordAdd):
    form_class = forms.EngagementForm
    title = _("登记负责人参与")
    list_url = ENGAGEMENTS

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("负责人参与"), reverse(ENGAGEMENTS))]

    def enter(self, **facts: Any) -> Any:
        return records.enter_engagement(**facts)


class RecordFile(FileDownloadView):
    abstract = True
    policy_action = "gain.view"
    inline = False

    def policy_object(self) -> Any:
        return self.object.employer

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type


class BenefitFile(RecordFile):
    def get_queryset(self) -> Any:
        return queries.benefits().exclude(file="")


class EngagementFile(RecordFile):
    def get_queryset(self) -> Any:
        return queries.engagements().exclude(file="")

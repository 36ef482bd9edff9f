"""Policies with their check items, the year's assessment as a board, and each union's answers."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic import policy_forms, queries
from competitions.nonpublic.domain import policy
from competitions.nonpublic.domain.policy import FACTS
from competitions.nonpublic.policy_tables import (
    AnswerFilters,
    AnswerTable,
    AssessmentTable,
    ItemTable,
    PolicyFilters,
    PolicyTable,
)
from competitions.nonpublic.views.base import FOLLOWING
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed


def list_crumb() -> Crumb:
    return Crumb(_("政策落实"), reverse("competitions:policy.list"))


class PolicyList(Tabbed, ListView):
    room_tabs = FOLLOWING
    policy_action = "policy.view"
    table_class = PolicyTable
    filters_class = PolicyFilters
    title = _("政策落实")
    subtitle = _("上级文件的要求列成检查项目，各区、局、集团公司工会每年逐项自评。")
    export_name = _("政策文件")

    def get_queryset(self) -> Any:
        return queries.policies()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "policy.write"):
            return []
        return [Action(_("登记政策文件"), reverse("competitions:policy.write"), icon="plus", kind="primary")]


class PolicyWrite(FormView):
    policy_action = "policy.write"
    form_class = policy_forms.PolicyForm
    title = _("登记政策文件")
    narrow = False

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = policy.write_policy(
            actor=self.actor, owner=owner, facts=form.facts, upload=form.cleaned_data["file"], now=self.now
        )
        return self.done(_("已登记，可以布置年度自评。"), row.get_absolute_url())


class OnePolicy:
    view_action = "policy.view"

    def get_queryset(self) -> Any:
        return queries.policies()

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class PolicyDetail(OnePolicy, DetailView):
    policy_action = "policy.view"
    template_name = "competitions/policy_detail.html"
    context_name = "policy"

    def page(self) -> PageContext:
        row, here, actions = self.object, {"pk": self.object.pk}, []
        if may(self.actor, "policy.change", row):
            actions = [
                Action(
                    _("布置年度自评"), reverse("competitions:assessment.open", kwargs=here), icon="send", kind="primary"
                ),
                Action(_("修改"), reverse("competitions:policy.change", kwargs=here), icon="edit"),
            ]
        if row.file:
            address = reverse("competitions:policy.file", kwargs=here)
            actions.append(Action(_("下载文件"), address, icon="download", download=True))
        return PageContext(title=row.title, subtitle=row.issuer, crumbs=[list_crumb()], actions=actions)

    def context(self) -> dict[str, Any]:
        row = self.object
        facts = [
            Fact(_("发文单位"), row.issuer),
            Fact(_("文号"), row.document_number or "—"),
            Fact(_("发文日期"), cn_date(row.issued_on) if row.issued_on else "—"),
        ]
        found = queries.assessments().filter(policy=row) if may(self.actor, "assessment.view") else []
        return {"facts": facts, "assessments": AssessmentTable(found)}


class PolicyChange(OnePolicy, FormView):
    policy_action = "policy.change"
    form_class = policy_forms.PolicyForm
    title = _("修改政策文件")
    narrow = False

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        row = policy.change_policy(
            actor=self.actor, policy=self.object, facts=form.facts, upload=form.cleaned_data["file"], now=self.now
        )
        return self.done(_("已修改。"), row.get_absolute_url())


class PolicyFile(OnePolicy, FileDownloadView):
    policy_action = "policy.view"

    def get_file(self) -> tuple[Any, str, str]:
        if not self.object.file:
            raise FileNotFoundError
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type


class AssessmentOpen(OnePolicy, FormView):
    policy_action = "policy.change"
    form_class = policy_forms.OpenForm
    title = _("布置年度自评")
    submit_label = _("布置")
    confirm = _("布置后，所有区、局、集团公司工会的工作台都会出现这项自评，检查项目不再变。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"this_year": local_date(self.now).year}

    def get_initial(self) -> dict[str, Any]:
        return {"due_on": local_date(self.now) + dt.timedelta(days=30)}

    def perform(self, form: Any) -> HttpResponse:
        row = policy.open_assessment(actor=self.actor, policy=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已布置。"), row.get_absolute_url())


class AssessmentDetail(ListView):
    """The board: how each item stands over all unions, then the unions."""

    policy_action = "assessment.view"
    table_class = AnswerTable
    filters_class = AnswerFilters
    template_name = "competitions/assessment_detail.html"
    export_name = _("政策落实自评")
    saved_views = (
        SavedView(_("待办理"), "status=filed"),
        SavedView(_("逾期未报"), "late=on"),
        SavedView(_("已确认"), "status=confirmed"),
    )

    @cached_property
    def object(self) -> Any:
        found = queries.assessments().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def policy_object(self) -> Any:
        return self.object

    def get_queryset(self) -> Any:
        return queries.self_answers().filter(assessment=self.object)

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "assessment.close", row):
            address = reverse("competitions:assessment.close", kwargs={"pk": row.pk})
            ask = _("结束后各单位不能再报送，没有报送的保持原状。")
            actions.append(Action(_("结束自评"), address, icon="flag", post=True, confirm=ask))
        return PageContext(
            title=row,
            subtitle=_("报送截止%(day)s；已报送%(filed)d/%(asked)d，已确认%(done)d。")
            % {"day": cn_date(row.due_on), "filed": row.filed, "asked": row.asked, "done": row.confirmed},
            crumbs=[list_crumb(), Crumb(row.policy.title, row.policy.get_absolute_url())],
            actions=actions,
        )

    def context(self) -> dict[str, Any]:
        counts = queries.item_counts(self.get_queryset(), self.object.items)
        lines = [
            SimpleNamespace(
                pk=n,
                words=f"{n + 1}. {item['words']}",
                full=found["full"],
                partly=found["partly"],
                missing=found["not"],
            )
            for n, (item, found) in enumerate(zip(self.object.items, counts, strict=True))
        ]
        return {"items": ItemTable(lines)}


class AssessmentClose(ActionView):
    policy_action = "assessment.close"
    view_action = "assessment.view"

    def get_queryset(self) -> Any:
        return queries.assessments()

    def perform(self) -> HttpResponse:
        policy.close_assessment(actor=self.actor, assessment=self.object, now=self.now)
        return self.done(_("自评已结束。"), self.object.get_absolute_url())

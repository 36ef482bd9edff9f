"""Raising a re-discussion (organiser, chair) and settling it (organiser)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lifecycle.review.discussion.domain import MAX_TEXT, raise_discussion, settle_discussion
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.queries import board, desk
from portal.web.forms import BaseForm
from portal.web.ui import Crumb
from portal.web.views import FormView


class RaiseForm(BaseForm):
    reason = forms.CharField(
        label=gettext_lazy("复议原因"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("如：两位专家相差悬殊、核心数据存疑。复议办结前，这份申报件不能完成评审。"),
    )  # fmt: skip


class SettleForm(BaseForm):
    outcome = forms.CharField(
        label=gettext_lazy("复议结论"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("写明怎样复议、结论如何，如：经评审组合议，维持原评分。"),
    )  # fmt: skip


class RaiseDiscussion(FormView):
    """At the organiser's desk, from the page of an entry's marks."""

    policy_action = "review.organise"
    view_action = "review.marks"
    form_class = RaiseForm
    title, submit_label = gettext_lazy("提出复议"), gettext_lazy("提出复议")

    def get_queryset(self) -> Any:
        return board.entries(actor=self.actor)

    @property
    def url(self) -> str:
        return reverse("lifecycle:review.entry", args=[self.object.pk])

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("评审组织"), reverse("lifecycle:review.stages")), Crumb(str(self.object), self.url)]

    def perform(self, form: Any) -> HttpResponse:
        stage = next(s for s in self.object.cycle.stages.all() if s.kind == "review")
        raise_discussion(actor=self.actor, entry=self.object, stage=stage, now=self.now, **form.cleaned_data)
        return self.done(_("已提出复议。办结前这份申报件不能完成评审。"), self.url)


class SettleDiscussion(FormView):
    policy_action = "review.organise"
    view_action = "review.marks"
    form_class = SettleForm
    title, submit_label = gettext_lazy("办结复议"), gettext_lazy("办结复议")

    def get_queryset(self) -> Any:
        rows = Discussion.objects.filter(stage__cycle__owner__path=self.actor.path)
        return rows.select_related("entry", "stage__cycle__owner")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(str(self.object.entry), reverse("lifecycle:review.entry", args=[self.object.entry_id]))]

    def context(self) -> dict[str, Any]:
        return super().context() | {"intro": _("复议原因：%s") % self.object.reason}

    def perform(self, form: Any) -> HttpResponse:
        settle_discussion(actor=self.actor, discussion=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("复议已办结。"), reverse("lifecycle:review.entry", args=[self.object.entry_id]))


class ChairRaisesDiscussion(FormView):
    """At the expert's desk: the chair, on a sheet of one's own."""

    policy_action = "review.view"
    form_class = RaiseForm
    title, submit_label = gettext_lazy("提请复议"), gettext_lazy("提请复议")

    def get_queryset(self) -> Any:
        return desk.sheet_page(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        url = reverse("lifecycle:review.sheet", args=[self.object.pk])
        return [Crumb(_("评审任务"), reverse("lifecycle:review.desk")), Crumb(self.object.entry.review_code, url)]

    def perform(self, form: Any) -> HttpResponse:
        stage = self.object.panel.stage
        raise_discussion(actor=self.actor, entry=self.object.entry, stage=stage, now=self.now, **form.cleaned_data)
        return self.done(
            _("已提请复议，主办工会会安排合议。"), reverse("lifecycle:review.sheet", args=[self.object.pk])
        )

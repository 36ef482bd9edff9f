"""Pages of re-marking: the sets of a stage, one set with old and new ranks, beginning and deciding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.errors import DomainError
from portal.core.policies import may
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import AssignmentState
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.queries.conflicts import entries_of_panel
from portal.lifecycle.review.remarking import queries
from portal.lifecycle.review.remarking.domain import MAX_TEXT, apply_remarking, cancel_remarking, open_remarking
from portal.lifecycle.review.views.stages import StageMixin
from portal.web.columns import Column, LinkColumn
from portal.web.forms import BaseForm
from portal.web.tables import Table
from portal.web.ui import Action, Crumb, Empty
from portal.web.views import BulkActionView, FormView, ListView, PageView

TONES = {"open": "waiting", "applied": "ok", "cancelled": "neutral"}
REASON = gettext_lazy("如：某项指标理解不一致、补充了关键材料。理由记入办理记录，专家也会看到评分被退回。")


class OpenForm(BaseForm):
    panel = forms.ChoiceField(label=gettext_lazy("评审组"))
    reason = forms.CharField(
        label=gettext_lazy("复评原因"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4}), help_text=REASON
    )

    def __init__(self, *args: Any, panels: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panels = {str(panel.pk): panel for panel in panels}
        self.fields["panel"].choices = [(key, str(panel)) for key, panel in self.panels.items()]


class ReasonForm(BaseForm):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip


class RemarkingTable(Table):
    reason = LinkColumn(gettext_lazy("复评原因"), url="lifecycle:remarking.detail", kwargs={"pk": "pk"}, width="wide")
    state = Column(gettext_lazy("状态"), accessor="get_state_display", phone="fact")
    done = Column(gettext_lazy("已重新提交"), align="end", phone="fact")
    opened_by = Column(gettext_lazy("发起人"), phone="hide")
    opened_at = Column(gettext_lazy("发起时间"), sort="opened_at", phone="fact")

    class Meta:
        default_sort = "-opened_at"
        empty = Empty(
            gettext_lazy("还没有整组复评"),
            gettext_lazy("评分标准理解不一致等情况下，可以把一组申报件的评分一并退回，看清新旧名次后再决定是否采用。"),
            icon="refresh",
        )

    def render_done(self, row: Any, value: Any) -> str:
        return f"{row.done} / {row.total}"


class RemarkingList(StageMixin, ListView):
    table_class = RemarkingTable

    def get_queryset(self) -> Any:
        return queries.remarkings_of(self.stage)

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("打分"), reverse("lifecycle:review.marks", args=[self.stage.pk]))]

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "review.organise", self.stage):
            return []
        url = reverse("lifecycle:remarking.open", args=[self.stage.pk])
        return [Action(_("发起整组复评"), url, icon="refresh", kind="primary")]


class OpenRemarking(StageMixin, FormView):
    """A whole panel at once; single entries are chosen in the list of entries."""

    policy_action = "review.organise"
    form_class = OpenForm
    title, submit_label = gettext_lazy("发起整组复评"), gettext_lazy("退回全组评分")
    intro = gettext_lazy(
        "评审组在评申报件的已提交评分将一并退回专家重新评定，原评分留存。全部重新提交后，可对照新旧名次决定采用或恢复。"
        "只复评其中几件时，请在“申报件”中勾选。"
    )
    page_title = FormView.page_title
    has_object = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"panels": board.panels_of(self.stage)}

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("整组复评"), reverse("lifecycle:remarking.list", args=[self.stage.pk]))]

    def perform(self, form: Any) -> HttpResponse:
        panel = form.panels[form.cleaned_data["panel"]]
        found = open_remarking(
            actor=self.actor, stage=self.stage, reason=form.cleaned_data["reason"], now=self.now,
            entries=list(entries_of_panel(panel).values_list("pk", flat=True)),
        )  # fmt: skip
        return self.done(_("评分已退回专家。"), reverse("lifecycle:remarking.detail", args=[found.pk]))


class RemarkSelected(BulkActionView):
    """The entries ticked in the list, as one set."""

    policy_action = "review.organise"
    label = gettext_lazy("整组复评")
    form_class = ReasonForm

    def get_queryset(self) -> Any:
        rows = Entry.objects.filter(cycle__owner__path=self.actor.path).exclude(review_code="")
        return rows.select_related("cycle__owner", "organisation").prefetch_related("cycle__stages").order_by("code")

    def row_title(self, obj: Entry) -> str:
        return f"{obj.review_code} {obj.title}"

    @cached_property
    def stage(self) -> Any:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()][:1]
        entry = self.get_queryset().filter(pk__in=wanted).first()
        return next((s for s in entry.cycle.stages.all() if s.kind == "review"), None) if entry else None

    def back_url(self) -> str:
        if self.stage is None:
            return reverse("lifecycle:review.stages")
        return reverse("lifecycle:review.entries", args=[self.stage.pk])

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        try:
            found = open_remarking(
                actor=self.actor, stage=self.stage, entries=[o.pk for o in objects], now=self.now, **data
            )
        except DomainError as error:
            return self.fail(error.message, self.back_url())
        return self.done(_("评分已退回专家。"), reverse("lifecycle:remarking.detail", args=[found.pk]))


class RemarkingMixin:
    """About one set."""

    view_action = "review.marks"

    def get_queryset(self) -> Any:
        return queries.remarkings(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.stage

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "review.marks", obj.stage)

    @property
    def url(self) -> str:
        return reverse("lifecycle:remarking.detail", args=[self.object.pk])


class RemarkingDetail(RemarkingMixin, PageView):
    """Old → new ranks and what that does to the list; while it is open also who has still to mark."""

    policy_action = "review.marks"
    template_name = "lifecycle/remarking_detail.html"
    context_name = "remarking"

    def page_title(self) -> Any:
        return _("%s · 整组复评") % self.object.stage.cycle

    def page_crumbs(self) -> list[Crumb]:
        stage = self.object.stage
        return [
            Crumb(_("评审组织"), reverse("lifecycle:review.stages")),
            Crumb(_("打分"), reverse("lifecycle:review.marks", args=[stage.pk])),
            Crumb(_("整组复评"), reverse("lifecycle:remarking.list", args=[stage.pk])),
        ]

    def page_actions(self) -> list[Action]:
        row = self.object
        if not row.is_open or not may(self.actor, "review.organise", row.stage):
            return []
        actions = [
            Action(_("取消并恢复原评分"), reverse("lifecycle:remarking.cancel", args=[row.pk]), icon="arrow-back-up")
        ]
        if row.done == row.total:
            url = reverse("lifecycle:remarking.apply", args=[row.pk])
            actions.append(Action(_("采用新评分"), url, icon="check", kind="primary"))
        return actions

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.object
        lines = queries.effect_of(row) if row.is_open else row.effect
        joins = [x for x in lines if x["new"]["is_selected"] and not x["old"]["is_selected"] and x["new"]["total"]]
        leaves = [x for x in lines if x["old"]["is_selected"] and not x["new"]["is_selected"] and x["new"]["total"]]
        sheets = row.sheets.select_related("assignment__expert", "assignment__entry")
        waiting = sheets.filter(assignment__state=AssignmentState.OPEN) if row.is_open else []
        return self.render(lines=lines, joins=joins, leaves=leaves, waiting=waiting, tone=TONES[row.state])


class ApplyRemarking(RemarkingMixin, FormView):
    policy_action = "review.organise"
    form_class = ReasonForm
    title, submit_label = gettext_lazy("采用新评分"), gettext_lazy("采用新评分")
    intro = gettext_lazy("采用后，综合得分和名次按新评分计算；原评分作为上一版本留存。")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("整组复评"), self.url)]

    def perform(self, form: Any) -> HttpResponse:
        apply_remarking(actor=self.actor, remarking=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已采用新评分。"), self.url)


class CancelRemarking(RemarkingMixin, FormView):
    policy_action = "review.organise"
    form_class = ReasonForm
    title, submit_label = gettext_lazy("取消复评，恢复原评分"), gettext_lazy("恢复原评分")
    submit_kind = "danger"
    intro = gettext_lazy("所有评分恢复到复评之前；复评期间提交的评分作为版本留存，不计分。")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("整组复评"), self.url)]

    def perform(self, form: Any) -> HttpResponse:
        cancel_remarking(actor=self.actor, remarking=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已恢复原评分。"), self.url)

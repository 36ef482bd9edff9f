"""赛前培训: contests with what their competitors learn beforehand, and who did."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, training
from competitions.learning.domain import training as acts
from competitions.learning.enums import ResourceState
from competitions.learning.models import TrainingResource
from competitions.learning.tables import ContestFilters, ContestTable, TraineeFilters, TraineeTable, percent
from competitions.learning.views.base import TABS
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import ActionView, FormView, ListView, Tabbed

CHOICES = 300


def crumb() -> Crumb:
    return Crumb(_("赛前培训"), reverse("competitions:training.list"))


class TrainingList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "training.view"
    table_class = ContestTable
    filters_class = ContestFilters
    title = _("赛前培训")
    subtitle = _("以赛促训：主办工会为赛项指定培训，选手在比赛日以前结业的算赛前受训。")
    export_name = _("赛项赛前培训情况")
    saved_views = (SavedView(_("本单位主办"), "mine=on"), SavedView(_("还没有指定培训"), "unnamed=on"))

    def get_queryset(self) -> Any:
        return training.contests()


class OneContest:
    view_action = "training.view"
    context_name = "contest"

    def get_queryset(self) -> Any:
        return training.contests()

    def page_crumbs(self) -> list[Crumb]:
        return [crumb(), Crumb(self.object.name, page_of(self.object.pk))]

    def get_cancel_url(self) -> str:
        return page_of(self.object.pk)


def page_of(pk: int) -> str:
    return reverse("competitions:training.detail", kwargs={"pk": pk})


class TrainingDetail(ListView):
    """One contest: what is named, the figures, and the competitors the desk sees as a list."""

    policy_action = "training.view"
    table_class = TraineeTable
    filters_class = TraineeFilters
    template_name = "competitions/learning_training.html"
    export_name = _("选手赛前受训情况")

    @cached_property
    def object(self) -> Any:
        found = training.contests().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def policy_object(self) -> Any:
        return self.object

    def get_queryset(self) -> Any:
        return training.people(self.object)

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "training.name", row):
            url = reverse("competitions:training.name", kwargs={"pk": row.pk})
            actions.append(Action(_("指定培训"), url, icon="plus", kind="primary"))
        actions.append(Action(_("看赛项"), row.get_absolute_url(), kind="ghost"))
        return PageContext(
            title=row.name, subtitle=f"{cn_date(row.planned_on)} · {row.owner.name}", badge=row.badge,
            crumbs=[crumb()], actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        row, hours = self.object, training.hours(self.object)
        return {
            "contest": row,
            "named": list(training.named_for(row)),
            "may_name": bool(may(self.actor, "training.name", row)),
            "rate": percent(row.trained, row.field),
            "hours": f"{hours:.0f}" if hours is not None else "—",
        }


class TrainingName(OneContest, FormView):
    policy_action = "training.name"
    form_class = forms.TrainingForm
    title = _("指定赛前培训")
    submit_label = _("指定")

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = TrainingResource.objects.filter(state=ResourceState.PUBLISHED).order_by("field", "title")
        return {"choices": [(row.pk, f"{row.title}（{row.field}）") for row in rows[:CHOICES]]}

    def perform(self, form: Any) -> HttpResponse:
        row = TrainingResource.objects.get(pk=form.cleaned_data["resource"])
        acts.name_training(actor=self.actor, contest=self.object, resource=row, now=self.now)
        return self.done(_("已指定。"), page_of(self.object.pk))


class TrainingDrop(ActionView):
    policy_action = "training.name"
    view_action = "training.view"

    def get_queryset(self) -> Any:
        return training.trainings()

    def policy_object(self) -> Any:
        return self.object.contest

    def get_failure_url(self) -> str:
        return page_of(self.object.contest_id)

    def perform(self) -> HttpResponse:
        acts.drop_training(actor=self.actor, training=self.object, now=self.now)
        return self.done(_("已取消指定。"), page_of(self.object.contest_id))

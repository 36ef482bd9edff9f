"""The pool of experts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lifecycle.review.domain.experts import add_expert, change_expert, declare_conflict, withdraw_conflict
from portal.lifecycle.review.forms import ConflictForm, ExpertFactsForm, ExpertForm
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.tables import ExpertFilters, ExpertTable
from portal.web.navigation import url_of
from portal.web.ui import Action, Crumb, SavedView
from portal.web.views import ActionView, FormView, ListView


class ExpertList(ListView):
    policy_action = "review.experts"
    table_class = ExpertTable
    filters_class = ExpertFilters
    title = gettext_lazy("专家库")
    export_name = gettext_lazy("专家库")
    saved_views = (
        SavedView(gettext_lazy("在库"), "is_active=True"),
        SavedView(gettext_lazy("停用"), "is_active=False"),
    )

    def get_queryset(self) -> Any:
        return board.experts(actor=self.actor)

    def page_actions(self) -> list[Action]:
        add = Action(_("专家入库"), reverse("lifecycle:review.expert_add"), icon="user-plus", kind="primary")
        invite = url_of("accounts:invitation.create")
        asked = [Action(_("邀请新专家"), f"{invite}?role=expert", icon="mail")] if invite else []
        return [*asked, add]


class ExpertAdd(FormView):
    policy_action = "review.experts"
    form_class = ExpertForm
    title, submit_label = gettext_lazy("专家入库"), gettext_lazy("加入专家库")
    intro = gettext_lazy("从本会已有“评审专家”角色的人员中选择；名单里没有的人，请先邀请。")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("专家库"), reverse("lifecycle:review.experts"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "people": board.people_for_pool(actor=self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        profile = add_expert(actor=self.actor, now=self.now, **form.facts)
        return self.done(_("%(name)s已加入专家库，可以编入评审组。") % {"name": profile},
                         reverse("lifecycle:review.expert", args=[profile.pk]))  # fmt: skip


class ExpertEdit(FormView):
    """Facts of one expert, with what is declared."""

    policy_action = "review.experts"
    view_action = "review.experts"
    form_class = ExpertFactsForm
    template_name = "lifecycle/review_expert.html"
    context_name = "expert"

    def get_queryset(self) -> Any:
        return board.experts(actor=self.actor)

    def page_title(self) -> Any:
        return str(self.object)

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("专家库"), reverse("lifecycle:review.experts"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        expert = self.object
        return {
            "unit": expert.unit,
            "unit_name": expert.unit_name,
            "title": expert.title,
            "fields_text": "、".join(expert.fields),
            "max_load": expert.max_load,
            "is_active": expert.is_active,
        }

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "conflicts": board.conflicts_of(self.object),
            "conflict_form": ConflictForm(actor=self.actor, prefix="conflict"),
        }

    def perform(self, form: Any) -> HttpResponse:
        change_expert(actor=self.actor, expert=self.object, now=self.now, **form.facts)
        return self.done(_("专家信息已保存。"), reverse("lifecycle:review.expert", args=[self.object.pk]))


class ExpertConflict(FormView):
    """Records a conflict for an expert."""

    policy_action = "review.experts"
    view_action = "review.experts"
    form_class = ConflictForm
    title, submit_label = gettext_lazy("登记回避关系"), gettext_lazy("登记")

    def get_queryset(self) -> Any:
        return board.experts(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [
            Crumb(_("专家库"), reverse("lifecycle:review.experts")),
            Crumb(str(self.object), reverse("lifecycle:review.expert", args=[self.object.pk])),
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "prefix": "conflict"}

    def perform(self, form: Any) -> HttpResponse:
        declare_conflict(
            actor=self.actor, expert=self.object.user, owner=self.object.owner, now=self.now, **form.cleaned_data
        )
        return self.done(
            _("已登记，相关申报件不再分给这位专家。"), reverse("lifecycle:review.expert", args=[self.object.pk])
        )


class ExpertConflictWithdraw(ActionView):
    policy_action = "review.experts"
    view_action = "review.experts"

    def get_queryset(self) -> Any:
        return board.conflicts(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:review.experts")

    def perform(self) -> HttpResponse:
        withdraw_conflict(actor=self.actor, conflict=self.object, now=self.now)
        return self.done(_("已撤销这条回避关系。"), self.get_failure_url())

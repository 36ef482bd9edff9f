"""The pool of enterprises that are brought on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic import forms, queries
from competitions.nonpublic.domain import pool
from competitions.nonpublic.domain.pool import FACTS
from competitions.nonpublic.enums import TONE_OF_STAGE, Stage
from competitions.nonpublic.tables import PoolFilters, PoolTable
from competitions.nonpublic.views.base import FOLLOWING
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView, TimelineItem
from portal.web.views import DetailView, FormView, ListView, Tabbed


class PoolList(Tabbed, ListView):
    room_tabs = FOLLOWING
    policy_action = "cultivated.view"
    table_class = PoolTable
    filters_class = PoolFilters
    title = _("培育库")
    subtitle = _("发现、指导、推荐非公企业竞赛先进典型，条件成熟的申报十大示范单位。")
    export_name = _("非公竞赛培育库")
    saved_views = (SavedView(_("正在培育"), "living=on"), SavedView(_("条件成熟"), "stage=ready"))

    def get_queryset(self) -> Any:
        return queries.pool()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "cultivated.add"):
            return []
        return [Action(_("纳入培育"), reverse("competitions:cultivated.add"), icon="plus", kind="primary")]


class PoolAdd(FormView):
    policy_action = "cultivated.add"
    form_class = forms.CultivatedForm
    title = _("纳入培育")
    submit_label = _("纳入培育")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("培育库"), reverse("competitions:cultivated.list"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        return {"goal_year": local_date(self.now).year + 1}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = pool.add_to_pool(
            actor=self.actor, owner=owner, employer=form.cleaned_data["employer"], facts=form.facts, now=self.now
        )
        return self.done(_("已纳入培育库。做了什么请随时登记。"), row.get_absolute_url())


class OneCultivated:
    view_action = "cultivated.view"

    def get_queryset(self) -> Any:
        return queries.pool()

    def page_crumbs(self) -> list[Crumb]:
        crumbs = [Crumb(_("培育库"), reverse("competitions:cultivated.list"))]
        return [*crumbs, Crumb(self.object.employer.name, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class PoolDetail(OneCultivated, DetailView):
    policy_action = "cultivated.view"
    template_name = "competitions/cultivated_detail.html"
    context_name = "cultivated"

    def page(self) -> PageContext:
        row, here = self.object, {"pk": self.object.pk}
        possible = (
            ("step", _("登记进展"), "cultivated.step", "plus", "primary"),
            ("change", _("修改"), "cultivated.change", "edit", "secondary"),
        )
        actions = [
            Action(label, reverse(f"competitions:cultivated.{name}", kwargs=here), icon=icon, kind=kind)
            for name, label, policy, icon, kind in possible
            if may(self.actor, policy, row)
        ]
        crumbs = self.page_crumbs()[:1]
        return PageContext(
            title=row.employer.name, subtitle=row.owner.name, badge=row.badge, crumbs=crumbs, actions=actions
        )

    def context(self) -> dict[str, Any]:
        row = self.object
        employer = row.employer
        return {
            "facts": [
                Fact(_("入库年度"), row.year, unit=_("年")),
                Fact(_("目标申报年度"), row.goal_year, unit=_("年")),
                Fact(_("联系指导人"), row.coach),
                Fact(_("结对帮扶单位"), row.helper.name if row.helper else "—"),
                Fact(_("所属基层工会"), employer.organisation.name),
                Fact(_("规模"), employer.get_size_class_display()),
                Fact(_("竞赛亮点"), row.highlights, wide=True),
                Fact(_("培育措施"), row.plan or "—", wide=True),
            ],
            "steps": [step_item(step) for step in queries.steps(row)],
            "entries": list(queries.entries_of(row.employer_id)[:10]),
        }


def step_item(step: Any) -> TimelineItem:
    title = _("%(day)s　%(stage)s") % {"day": cn_date(step.on), "stage": step.get_stage_display()}
    return TimelineItem(
        None, title, actor=step.written_by or "", text=step.words, tone=TONE_OF_STAGE[Stage(step.stage)]
    )


class PoolChange(OneCultivated, FormView):
    policy_action = "cultivated.change"
    form_class = forms.CultivatedForm
    title = _("修改培育对象")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "is_new": False}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        pool.change_cultivated(actor=self.actor, cultivated=self.object, facts=form.facts, now=self.now)
        return self.done(_("已修改。"), self.object.get_absolute_url())


class StepAdd(OneCultivated, FormView):
    policy_action = "cultivated.step"
    form_class = forms.StepForm
    title = _("登记培育进展")
    submit_label = _("登记")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"cultivated": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"on": local_date(self.now), "stage": self.object.stage}

    def perform(self, form: Any) -> HttpResponse:
        pool.write_step(actor=self.actor, cultivated=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已登记。"), self.object.get_absolute_url())

"""Weak enterprises with who helps them and what was done."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic import forms, queries
from competitions.nonpublic.domain import weak
from competitions.nonpublic.domain.weak import FACTS
from competitions.nonpublic.models import SupportStep
from competitions.nonpublic.tables import SuggestedFilters, SuggestedTable, SupportTable, WeakFilters, WeakTable
from competitions.nonpublic.views.base import FOLLOWING
from portal.accounts.models import Employer, Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import DetailView, FormView, ListView, Tabbed


def list_crumb() -> Crumb:
    return Crumb(_("薄弱企业帮扶"), reverse("competitions:weak.list"))


class WeakList(Tabbed, ListView):
    room_tabs = FOLLOWING
    policy_action = "weak.view"
    table_class = WeakTable
    filters_class = WeakFilters
    title = _("薄弱企业帮扶")
    subtitle = _("竞赛基础薄弱的中小微企业，一家一个帮扶单位、一份计划，帮到开展起竞赛。")
    export_name = _("薄弱企业帮扶")
    saved_views = (SavedView(_("正在帮扶"), "active=on"), SavedView(_("有逾期"), "behind=on"))

    def get_queryset(self) -> Any:
        return queries.weak_units()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "weak.add"):
            return []
        return [
            Action(_("帮扶建议"), reverse("competitions:weak.suggested"), icon="bulb", kind="secondary"),
            Action(_("列入帮扶"), reverse("competitions:weak.add"), icon="plus", kind="primary"),
        ]


class SuggestedList(ListView):
    policy_action = "weak.add"
    table_class = SuggestedTable
    filters_class = SuggestedFilters
    title = _("帮扶建议")
    subtitle = _("今年和去年都没有备案竞赛、还没有列入帮扶的中小微非公企业；点名称列入帮扶。")
    export_name = _("薄弱企业帮扶建议")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_queryset(self) -> Any:
        return queries.suggested_weak(year=local_date(self.now).year)


class WeakAdd(FormView):
    policy_action = "weak.add"
    form_class = forms.WeakForm
    title = _("列入帮扶")
    submit_label = _("列入帮扶")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("employer", "")
        return {"employer": Employer.objects.filter(pk=asked).first()} if asked.isdigit() else {}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = weak.add_weak(
            actor=self.actor, owner=owner, employer=form.cleaned_data["employer"], facts=form.facts, now=self.now
        )
        return self.done(_("已列入帮扶。请安排帮扶措施。"), row.get_absolute_url())


class OneWeak:
    view_action = "weak.view"

    def get_queryset(self) -> Any:
        return queries.weak_units()

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.employer.name, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class WeakDetail(OneWeak, DetailView):
    policy_action = "weak.view"
    template_name = "competitions/weak_detail.html"
    context_name = "weak"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "weak.help", row):
            here = {"pk": row.pk}
            actions = [
                Action(label, reverse(f"competitions:weak.{name}", kwargs=here), icon=icon, kind=kind)
                for name, label, icon, kind in (
                    ("plan", _("安排措施"), "plus", "primary"),
                    ("end", _("结束帮扶"), "flag", "secondary"),
                    ("change", _("修改"), "edit", "secondary"),
                )
            ]
        crumbs = self.page_crumbs()[:1]
        return PageContext(
            title=row.employer.name, subtitle=row.owner.name, badge=row.badge, crumbs=crumbs, actions=actions
        )

    def context(self) -> dict[str, Any]:
        row = self.object
        facts = [
            Fact(_("帮扶单位"), row.helper_label),
            Fact(_("联系人"), row.contact),
            Fact(_("帮扶期限"), cn_date(row.due_on)),
            Fact(_("列入年度"), row.year, unit=_("年")),
            Fact(_("来源"), row.get_origin_display()),
            Fact(_("所属基层工会"), row.employer.organisation.name),
            Fact(_("规模"), row.employer.get_size_class_display()),
            Fact(_("帮扶计划"), row.plan, wide=True),
        ]
        if row.reason:
            facts.append(Fact(_("暂不具备条件的原因"), row.reason, wide=True))
        steps, may_help = list(queries.support_steps().filter(weak_unit=row)), may(self.actor, "weak.help", row)
        for step in steps:
            is_mine = may_help and step.done_on is None
            step.link = reverse("competitions:weak.done", kwargs={"pk": step.pk}) if is_mine else ""
        fitting = list(queries.guidance_for(row.employer)[:3])
        return {"facts": facts, "steps": SupportTable(steps), "fitting": fitting}


class WeakChange(OneWeak, FormView):
    policy_action = "weak.help"
    form_class = forms.WeakForm
    title = _("修改帮扶")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "is_new": False}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        weak.change_weak(actor=self.actor, weak_unit=self.object, facts=form.facts, now=self.now)
        return self.done(_("已修改。"), self.object.get_absolute_url())


class StepPlan(OneWeak, FormView):
    policy_action = "weak.help"
    form_class = forms.SupportForm
    title = _("安排帮扶措施")
    submit_label = _("安排")

    def perform(self, form: Any) -> HttpResponse:
        weak.plan_step(actor=self.actor, weak_unit=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已安排，到期前会出现在工作台。"), self.object.get_absolute_url())


class SupportEnd(OneWeak, FormView):
    policy_action = "weak.help"
    form_class = forms.SupportEndForm
    title = _("结束帮扶")
    submit_label = _("结束帮扶")
    confirm = _("结束后不能再安排措施；没有完成的措施不再提醒。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"filings": queries.filings_of(self.object.employer, since=self.object.year)}

    def perform(self, form: Any) -> HttpResponse:
        weak.end_support(actor=self.actor, weak_unit=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("帮扶已结束。"), self.object.get_absolute_url())


class StepDone(FormView):
    """Ticks one measure off."""

    policy_action = "weak.help"
    view_action = "weak.view"
    form_class = forms.SupportDoneForm
    title = _("登记完成情况")
    submit_label = _("登记完成")

    def get_queryset(self) -> Any:
        return queries.support_steps()

    def policy_object(self) -> Any:
        return self.object.weak_unit

    def page_crumbs(self) -> list[Crumb]:
        unit = self.object.weak_unit
        return [list_crumb(), Crumb(unit.employer.name, unit.get_absolute_url())]

    @property
    def intro(self) -> Any:
        step: SupportStep = self.object
        return _("措施：%(words)s（计划%(day)s完成）") % {"words": step.words, "day": cn_date(step.due_on)}

    def get_initial(self) -> dict[str, Any]:
        return {"done_on": local_date(self.now)}

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self, form: Any) -> HttpResponse:
        weak.finish_step(actor=self.actor, step=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已登记完成。"), self.object.get_absolute_url())

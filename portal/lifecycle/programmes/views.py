"""届次与日历, the cycle's page and what its owner's manager does there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.core.policies import may
from portal.lifecycle.blueprints.timeline import start_in_year
from portal.lifecycle.programmes import domain, queries
from portal.lifecycle.programmes.announcements import announcements
from portal.lifecycle.programmes.drawing import draw_cycle
from portal.lifecycle.programmes.forms import OpenCycleForm, ReasonForm, ReopenForm
from portal.lifecycle.programmes.models import Cycle, CycleStage, Programme
from portal.lifecycle.programmes.pages import cycle_facts, cycle_funnel, stage_lines, unknown_years
from portal.lifecycle.programmes.tables import CycleFilters, CycleTable, cycle_badge
from portal.web.ui import Action, Crumb, PageContext, Tab
from portal.web.views import ActionView, DetailView, FormView, HistoryView, ListView


def list_crumb() -> Crumb:
    return Crumb(_("届次与日历"), reverse("lifecycle:cycle.list"))


def section_tabs(current: str) -> list[Tab]:
    """列表 · 日历 · 项目与方案."""
    names = (("cycle.list", _("届次")), ("cycle.calendar", _("年历")), ("programme.list", _("项目与方案")))
    return [Tab(label, reverse(f"lifecycle:{name}"), name == current) for name, label in names]


class CycleList(ListView):
    policy_action = "cycle.view"
    table_class = CycleTable
    filters_class = CycleFilters
    title = _("届次与日历")
    export_name = _("届次")

    def get_queryset(self) -> Any:
        return queries.cycles_by_standing(actor=self.actor)

    def table_context(self) -> dict[str, Any]:
        return {"now": self.now}

    def page_tabs(self) -> list[Tab]:
        return section_tabs("cycle.list")

    def page_actions(self) -> list[Action]:
        url = reverse("lifecycle:cycle.create")
        return [Action(_("开设届次"), url, icon="plus", kind="primary", policy_action="cycle.create")]


class CycleDetail(DetailView):
    policy_action = "cycle.view"
    template_name = "lifecycle/cycle_detail.html"
    context_name = "cycle"

    def get_queryset(self) -> Any:
        return queries.cycles(actor=self.actor)

    def page(self) -> PageContext:
        cycle = self.object
        kwargs = {"pk": cycle.pk}
        amend = may(self.actor, "cycle.amend", cycle)
        actions = []
        if amend and cycle.status in queries.ALIVE:
            actions.append(Action(_("调整日期"), reverse("lifecycle:cycle.amend", kwargs=kwargs), icon="calendar-cog"))
            actions.append(Action(_("调整规则"), reverse("lifecycle:cycle.rules", kwargs=kwargs), icon="adjustments"))
            actions.append(Action(_("联合主办"), reverse("lifecycle:cycle.hosts", kwargs=kwargs), icon="users"))
        if may(self.actor, "cycle.create", cycle.programme):
            actions.append(Action(_("沿用开设下一届"), reverse("lifecycle:cycle.copy", kwargs=kwargs), icon="copy"))
        if may(self.actor, "cycle.run", cycle) and cycle.status in queries.ALIVE:
            cancel = reverse("lifecycle:cycle.cancel", kwargs=kwargs)
            actions.append(Action(_("取消届次"), cancel, icon="ban", kind="ghost"))
        return PageContext(
            title=str(cycle),
            badge=cycle_badge(cycle),
            subtitle=cycle.programme.title,
            crumbs=[list_crumb()],
            actions=actions,
            tabs=self.tabs(),
        )

    def tabs(self) -> list[Tab]:
        kwargs = {"pk": self.object.pk}
        return [
            Tab(_("概况"), reverse("lifecycle:cycle.detail", kwargs=kwargs), current=True),
            Tab(_("办理记录"), reverse("lifecycle:cycle.history", kwargs=kwargs)),
        ]

    def context(self) -> dict[str, Any]:
        cycle = self.object
        stages = list(cycle.stages.all())
        previous = queries.previous_blueprint(cycle.blueprint)
        return {
            "drawing": draw_cycle(stages, now=self.now),
            "lines": stage_lines(cycle, actor=self.actor, now=self.now),
            "facts": cycle_facts(cycle),
            "funnel": cycle_funnel(cycle, actor=self.actor),
            "unconfirmed": cycle.rules.unconfirmed,
            "previous": previous,
            "changes": queries.blueprint_changes(previous, cycle.blueprint) if previous else [],
            "unknown_years": unknown_years(stages),
            "announcements": announcements(actor=self.actor).filter(cycle=cycle)[:10],
        }


class CycleHistory(HistoryView):
    policy_action = "cycle.view"

    def get_queryset(self) -> Any:
        return queries.cycles(actor=self.actor)

    def page(self) -> PageContext:
        kwargs = {"pk": self.object.pk}
        detail = reverse("lifecycle:cycle.detail", kwargs=kwargs)
        tabs = [Tab(_("概况"), detail), Tab(_("办理记录"), self.request.path, current=True)]
        return PageContext(title=str(self.object), badge=cycle_badge(self.object), crumbs=[list_crumb()], tabs=tabs)


class CycleCreate(FormView):
    policy_action = "cycle.create"
    form_class = OpenCycleForm
    template_name = "lifecycle/cycle_create.html"
    title, submit_label = _("开设届次"), _("按方案日期直接开设")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def programmes(self) -> Any:
        return queries.programmes(actor=self.actor).filter(owner__path=self.actor.path, is_active=True)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"programmes": self.programmes()}

    def get_initial(self) -> dict[str, Any]:
        """A programme that was asked for brings its year and start day."""
        today = local_date(self.now)
        wanted = self.request.GET.get("programme", "")
        programme: Programme | None = self.programmes().filter(pk=wanted).first() if wanted.isdigit() else None
        if programme is None:
            return {"year": today.year, "start_date": today}
        newest = programme.blueprints.order_by("-version").first()
        year = max(today.year, (programme.latest_year or 0) + 1)
        start = start_in_year(newest.rules.programme, year) if newest else None
        return {"programme": programme, "year": year, "start_date": max(start, today) if start else today}

    def perform(self, form: Any) -> HttpResponse:
        """Straight from the plan – or first to the drawn timeline, where the dates are moved."""
        data = form.cleaned_data
        if "draw" in self.request.POST:
            query = urlencode({"year": data["year"], "start_date": data["start_date"].isoformat()})
            plan = reverse("lifecycle:cycle.plan", kwargs={"pk": data["programme"].pk})
            return self.redirect(f"{plan}?{query}")
        cycle = domain.open_cycle(actor=self.actor, now=self.now, **form.cleaned_data)
        message = _t("“%(cycle)s”已开设，各环节日期已排出，请核对。") % {"cycle": cycle}
        return self.done(message, cycle.get_absolute_url())


class CycleFormView(FormView):
    """A form about one cycle of the desk's own."""

    abstract = True
    context_name = "cycle"

    def get_queryset(self) -> Any:
        return queries.cycles(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(str(self.object), self.object.get_absolute_url())]


class CycleCancel(CycleFormView):
    policy_action = "cycle.run"
    form_class = ReasonForm
    title, submit_label, submit_kind = _("取消届次"), _("取消届次"), "danger"
    intro = _("取消后各环节全部停止，已有申报件保留可查，不能再办理，也不能恢复。")
    confirm = _("确定取消这个届次吗？取消后不能恢复。")

    def perform(self, form: Any) -> HttpResponse:
        domain.cancel_cycle(cycle=self.object, actor=self.actor, now=self.now, reason=form.cleaned_data["reason"])
        return self.done(_t("届次已取消，原因已记入办理记录。"), self.object.get_absolute_url())


class AnnouncementRead(ActionView):
    """知道了: the notice leaves the person's work list."""

    policy_action = "cycle.view"

    def get_queryset(self) -> Any:
        return announcements(actor=self.actor)

    def policy_object(self) -> Cycle:
        return self.object.cycle

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "cycle.view", obj.cycle)

    def get_failure_url(self) -> str:
        return self.object.cycle.get_absolute_url()

    def perform(self) -> HttpResponse:
        domain.mark_read(announcement=self.object, actor=self.actor, now=self.now)
        return self.done(_t("已记为看过，这条通知仍可在届次页面查到。"), self.get_failure_url())


class StageMixin:
    """Looks a stage up by its id; refusals and messages lead back to its cycle."""

    def get_queryset(self) -> Any:
        return CycleStage.objects.select_related("cycle__programme", "cycle__owner", "cycle__blueprint")

    def policy_object(self) -> Cycle:
        return self.object.cycle

    def may_see(self, obj: CycleStage) -> Any:
        return may(self.actor, "cycle.view", obj.cycle)

    def get_failure_url(self) -> str:
        return self.object.cycle.get_absolute_url()


class StageOpen(StageMixin, ActionView):
    policy_action = "cycle.run"

    def perform(self) -> HttpResponse:
        stage = domain.open_stage(stage=self.object, actor=self.actor, now=self.now)
        return self.done(_t("“%(stage)s”已开启。") % {"stage": stage.title}, self.get_failure_url())


class StageClose(StageMixin, ActionView):
    policy_action = "cycle.run"

    def perform(self) -> HttpResponse:
        stage = domain.close_stage(stage=self.object, actor=self.actor, now=self.now)
        return self.done(_t("“%(stage)s”已结束。") % {"stage": stage.title}, self.get_failure_url())


class StageReopen(StageMixin, FormView):
    policy_action = "cycle.run"
    form_class = ReopenForm
    title, submit_label = _("重新开启环节"), _("重新开启")
    context_name = "stage"

    def page_title(self) -> Any:
        return _t("重新开启“%(stage)s”") % {"stage": self.object.title}

    def page_crumbs(self) -> list[Crumb]:
        cycle = self.object.cycle
        return [list_crumb(), Crumb(str(cycle), cycle.get_absolute_url())]

    def perform(self, form: Any) -> HttpResponse:
        domain.reopen_stage(stage=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("环节已重新开启。"), self.get_failure_url())

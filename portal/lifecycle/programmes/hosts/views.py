"""联合主办: the owner's page of a cycle, and what a co-host finds of others' cycles."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.programmes import queries as cycles
from portal.lifecycle.programmes.forms import ReasonForm
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts import domain, queries
from portal.lifecycle.programmes.hosts.forms import HostForm
from portal.lifecycle.programmes.hosts.tables import HostTable, JointFilters, JointTable
from portal.lifecycle.programmes.hosts.tasks import tasks
from portal.lifecycle.programmes.tables import cycle_badge
from portal.lifecycle.programmes.views import CycleFormView, list_crumb
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, Tab
from portal.web.views import ActionView, DetailView, FormView, ListView

# --- the owner -----------------------------------------------------------------------------------------------------


def hosts_url(cycle: Any) -> str:
    return reverse("lifecycle:cycle.hosts", kwargs={"pk": cycle.pk})


class CycleHosts(DetailView):
    policy_action = "joint.hosts"
    view_action = "cycle.view"
    template_name = "lifecycle/hosts/cycle_hosts.html"
    context_name = "cycle"

    def get_queryset(self) -> Any:
        return cycles.cycles(actor=self.actor)

    def page(self) -> PageContext:
        cycle = self.object
        actions = []
        if self.is_alive and may(self.actor, "joint.manage", cycle):
            url = reverse("lifecycle:cycle.host_add", kwargs={"pk": cycle.pk})
            actions.append(Action(_("增加联合主办单位"), url, icon="plus", kind="primary"))
        return PageContext(
            title=_t("联合主办约定"),
            subtitle=str(cycle),
            badge=cycle_badge(cycle),
            crumbs=[list_crumb(), Crumb(str(cycle), cycle.get_absolute_url())],
            actions=actions,
        )

    @property
    def is_alive(self) -> bool:
        return self.object.status in cycles.ALIVE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = queries.hosts_of(self.object)
        table = HostTable(rows, actor=self.actor, request=request, context={"alive": self.is_alive})
        return self.render(table=table)


class HostAdd(CycleFormView):
    policy_action = "joint.manage"
    view_action = "cycle.view"
    form_class = HostForm
    title, submit_label = _("增加联合主办单位"), _("增加")
    confirm = _("约定的权利保存后立即生效，对方即可用自己的账号办理。确认保存吗？")

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("联合主办"), hosts_url(self.object))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"desks": queries.possible_desks(self.object)}

    def get_cancel_url(self) -> str:
        return hosts_url(self.object)

    def perform(self, form: Any) -> HttpResponse:
        host = domain.add_host(
            cycle=self.object,
            agreement=form.agreement(),
            actor=self.actor,
            now=self.now,
            reason=form.cleaned_data["reason"],
        )
        return self.done(_t("已增加联合主办单位“%s”。") % host.name, hosts_url(self.object))


class OfHost(FormView):
    """A form about one co-host of an own cycle."""

    abstract = True
    policy_action = "joint.manage"
    view_action = "joint.hosts"
    context_name = "host"

    def get_queryset(self) -> Any:
        return queries.hosting_records(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        cycle = self.object.cycle
        return [list_crumb(), Crumb(str(cycle), cycle.get_absolute_url()), Crumb(_("联合主办"), hosts_url(cycle))]

    def get_cancel_url(self) -> str:
        return hosts_url(self.object.cycle)


class HostEdit(OfHost):
    form_class = HostForm
    submit_label = _("保存约定")
    confirm = _("约定的权利保存后立即生效，并请对方重新确认。确认保存吗？")

    def page_title(self) -> Any:
        return _t("调整与“%s”的约定") % self.object.name

    def page_actions(self) -> list[Action]:
        url = reverse("lifecycle:cycle.host_end", kwargs={"pk": self.object.pk})
        return [Action(_("不再联合主办"), url, icon="ban", kind="ghost")]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"desks": queries.possible_desks(self.object.cycle)}

    def get_initial(self) -> dict[str, Any]:
        """A co-host without a desk whose name is known somewhere brings that desk as a proposal to confirm."""
        host = self.object
        desk = host.organisation or queries.possible_desks(host.cycle).filter(name=host.name).first()
        rights = [str(right) for right in host.rights]
        return {"name": host.name, "organisation": desk, "rights": rights, "is_awaited": host.is_awaited}

    def perform(self, form: Any) -> HttpResponse:
        host = domain.change_host(
            host=self.object,
            agreement=form.agreement(),
            actor=self.actor,
            now=self.now,
            reason=form.cleaned_data["reason"],
        )
        return self.done(_t("与“%s”的约定已调整。") % host.name, hosts_url(host.cycle))


class HostEnd(OfHost):
    form_class = ReasonForm
    submit_label, submit_kind = _("不再联合主办"), "danger"
    intro = _("对方立即看不到本届的申报件和名单；已经出具的意见和会签保留在办理记录中。")

    def page_title(self) -> Any:
        return _t("“%s”不再联合主办") % self.object.name

    def perform(self, form: Any) -> HttpResponse:
        host = domain.end_host(
            host=self.object, actor=self.actor, now=self.now, reason=form.cleaned_data["reason"]
        )  # fmt: skip
        return self.done(_t("“%s”已不再联合主办。") % host.name, hosts_url(host.cycle))


# --- the co-host ---------------------------------------------------------------------------------------------------


def joint_crumb() -> Crumb:
    return Crumb(_("联合主办"), reverse("lifecycle:joint.list"))


def joint_tabs(host: CycleHost, current: str) -> list[Tab]:
    """概况, and one tab for each thing that was agreed, with what waits there."""
    kwargs = {"pk": host.pk}
    tabs = [Tab(_("概况"), reverse("lifecycle:joint.detail", kwargs=kwargs), current == "detail")]
    for task in tasks():
        if task.is_open_to(host):
            count = getattr(host, f"waiting_{task.key}", 0) or None
            tabs.append(Tab(task.title, reverse(task.url_name, kwargs=kwargs), current == task.key, count))
    return tabs


class JointList(ListView):
    """Cycles of others that this desk hosts with them."""

    policy_action = "joint.view"
    table_class = JointTable
    filters_class = JointFilters
    title = _("联合主办")
    subtitle = _("其他单位主办、本单位联合主办的届次")
    export_name = _("联合主办的届次")

    def get_queryset(self) -> Any:
        return queries.hostings(actor=self.actor)


class JointDetail(DetailView):
    policy_action = "joint.view"
    template_name = "lifecycle/hosts/joint_detail.html"
    context_name = "host"

    def get_queryset(self) -> Any:
        return queries.hostings(actor=self.actor)

    def page(self) -> PageContext:
        host = self.object
        return PageContext(
            title=str(host.cycle),
            badge=cycle_badge(host.cycle),
            subtitle=host.cycle.owner.name,
            crumbs=[joint_crumb()],
            tabs=joint_tabs(host, "detail"),
            menu="lifecycle:joint.list",
        )

    def context(self) -> dict[str, Any]:
        host, cycle = self.object, self.object.cycle
        return {
            "facts": [
                Fact(_("主办工会"), cycle.owner.name),
                Fact(_("项目"), cycle.programme.title),
                Fact(_("成果起止"), f"{cn_date(cycle.period_start)}—{cn_date(cycle.period_end)}"),
                Fact(_("约定的权利"), host.rights_text),
            ],
            "stages": queries.stages_of(host),
            "waiting": [
                (task, count, reverse(task.url_name, kwargs={"pk": host.pk}))
                for task in tasks()
                if task.is_open_to(host) and (count := getattr(host, f"waiting_{task.key}", 0))
            ],
            "to_acknowledge": host.acknowledged_at is None and may(self.actor, "joint.acknowledge", host),
        }


class JointAcknowledge(ActionView):
    """已知悉: the agreement leaves the work list."""

    policy_action = "joint.acknowledge"

    def get_queryset(self) -> Any:
        return queries.hostings(actor=self.actor)

    def perform(self) -> HttpResponse:
        host = domain.acknowledge(host=self.object, actor=self.actor, now=self.now)
        return self.done(_t("已确认联合主办约定。"), host.get_absolute_url())


class OfHosting(ListView):
    """A list inside one hosting: looks the hosting up, shows its head and tabs. ``tab`` is the task's key."""

    abstract = True
    policy_action = "joint.view"
    tab = ""

    @cached_property
    def host(self) -> CycleHost:
        return hosting_or_404(self)

    def policy_object(self) -> CycleHost:
        return self.host

    def page(self) -> PageContext:
        page = super().page()
        page.title, page.badge = str(self.host.cycle), cycle_badge(self.host.cycle)
        page.crumbs, page.tabs = [joint_crumb()], joint_tabs(self.host, self.tab)
        page.menu = "lifecycle:joint.list"
        return page


def hosting_or_404(view: Any) -> CycleHost:
    """The hosting that the URL names, with the right that this tab needs."""
    found = queries.hostings(actor=view.actor).filter(pk=view.kwargs["pk"]).first()
    task = next((task for task in tasks() if task.key == view.tab), None)
    if found is None or (task is not None and not task.is_open_to(found)):
        raise Http404
    return found

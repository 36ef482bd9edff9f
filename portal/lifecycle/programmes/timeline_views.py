"""The drawn timeline: opening a cycle on it, moving the dates of one that exists, the check while bars are dragged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.lifecycle.blueprints.timeline import start_in_year
from portal.lifecycle.programmes import domain, queries
from portal.lifecycle.programmes.announcements import concerned_names
from portal.lifecycle.programmes.board import draw_board
from portal.lifecycle.programmes.copying import copy_parts
from portal.lifecycle.programmes.domain.cycles import newest_blueprint
from portal.lifecycle.programmes.forms import AmendForm, TimelineForm
from portal.lifecycle.programmes.models import Blueprint, Cycle
from portal.lifecycle.programmes.planning import check_slots, copied_slots, cycle_slots, planned_slots, with_dates
from portal.lifecycle.programmes.schedule import Slot
from portal.web.ui import Crumb
from portal.web.views import FormView


class Timeline(FormView):
    """A form of dates with its picture; ``check_url`` answers what is wrong while people move bars."""

    abstract = True
    template_name = "lifecycle/timeline_edit.html"
    narrow = False

    def slots(self) -> list[Slot]:
        raise NotImplementedError

    def check_url(self) -> str:
        raise NotImplementedError

    @cached_property
    def known_slots(self) -> list[Slot]:
        return self.slots()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"slots": self.known_slots}

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("届次与日历"), reverse("lifecycle:cycle.list"))]

    def drawn(self, form: Any) -> dict[str, Any]:
        """The picture and what is said about it, for the dates as they were sent (or as they are)."""
        slots = with_dates(self.known_slots, form.dates()) if form.is_bound else self.known_slots
        checked = check_slots(slots, now=self.now)
        return {"board": draw_board(slots, checked, form, now=self.now), "checked": checked}

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        form = context["form"]
        return super().render(status, template, **context, **self.drawn(form), check_url=self.check_url())


class TimelineCheck:
    """The same page's form, read and judged without saving anything; answers the lines beside the stages."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.is_valid()
        return self.render(template="lifecycle/_timeline_says.html", form=form)


class CyclePlan(Timeline):
    """Opening a cycle of a programme: the planned dates – or those of a copied cycle – drawn, to be moved."""

    policy_action = "cycle.create"
    view_action = "cycle.view"
    form_class = TimelineForm
    context_name = "programme"
    submit_label = _("按此日程开设届次")

    def get_queryset(self) -> Any:
        return queries.programmes(actor=self.actor).filter(is_active=True)

    def page_title(self) -> str:
        return _t("%(programme)s%(year)s年度：排日程") % {"programme": self.object, "year": self.year}

    @cached_property
    def blueprint(self) -> Blueprint:
        return newest_blueprint(self.object)

    @cached_property
    def source(self) -> Cycle | None:
        """The cycle that is copied, when the page was reached from it."""
        wanted = self.request.GET.get("source", "")
        cycles = queries.cycles(actor=self.actor).filter(programme=self.object)
        return cycles.filter(pk=wanted).first() if wanted.isdigit() else None

    @cached_property
    def year(self) -> int:
        text = self.request.GET.get("year", "")
        if text.isdigit() and 2021 <= int(text) <= 2099:
            return int(text)
        return max(local_date(self.now).year, (self.object.latest_year or 0) + 1)

    @cached_property
    def start(self) -> dt.date:
        try:
            return dt.date.fromisoformat(self.request.GET.get("start_date", ""))
        except ValueError:
            planned = start_in_year(self.blueprint.rules.programme, self.year)
            return planned or max(local_date(self.now), dt.date(self.year, 1, 1))

    def slots(self) -> list[Slot]:
        rules = self.blueprint.rules
        return copied_slots(self.source, rules, self.start) if self.source else planned_slots(rules, self.start)

    def address(self, name: str) -> str:
        query = QueryDict(mutable=True)
        query.update({"year": str(self.year), "start_date": self.start.isoformat()})
        if self.source:
            query["source"] = str(self.source.pk)
            query.setlist("parts", self.parts)
        return f"{reverse(f'lifecycle:{name}', kwargs={'pk': self.object.pk})}?{query.urlencode()}"

    @property
    def parts(self) -> list[str]:
        known = {part.key for part in copy_parts()}
        return [key for key in self.request.GET.getlist("parts") if key in known]

    def check_url(self) -> str:
        return self.address("cycle.plan_check")

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:cycle.create")

    def context(self) -> dict[str, Any]:
        titles = [part.title for part in copy_parts() if part.key in self.parts]
        return super().context() | {
            "action": self.address("cycle.plan"),
            "blueprint": self.blueprint,
            "source": self.source,
            "parts": titles,
        }

    def perform(self, form: Any) -> HttpResponse:
        facts = {"year": self.year, "start_date": self.start, "dates": form.dates()}
        if self.source:
            cycle = domain.copy_cycle(cycle=self.source, actor=self.actor, now=self.now, parts=self.parts, **facts)
        else:
            cycle = domain.open_cycle(programme=self.object, actor=self.actor, now=self.now, **facts)
        message = _t("“%(cycle)s”已开设，各环节按您排的日程进行。") % {"cycle": cycle}
        return self.done(message, cycle.get_absolute_url())


class CyclePlanCheck(TimelineCheck, CyclePlan):
    pass


class CycleAmend(Timeline):
    """Other dates for a planned or running cycle: finished stages stay, a reason is given, those concerned are told."""

    policy_action = "cycle.amend"
    form_class = AmendForm
    context_name = "cycle"
    title, submit_label = _("调整日期"), _("保存并通知")

    def get_queryset(self) -> Any:
        return queries.cycles(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(str(self.object), self.object.get_absolute_url())]

    def slots(self) -> list[Slot]:
        return cycle_slots(self.object)

    def get_initial(self) -> dict[str, Any]:
        return AmendForm.initial_of(self.object)

    def check_url(self) -> str:
        return reverse("lifecycle:cycle.amend_check", kwargs={"pk": self.object.pk})

    def context(self) -> dict[str, Any]:
        names, drafting, experts = concerned_names(self.object)
        return super().context() | {"concerned": names, "drafting": drafting, "experts": experts, "amending": True}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        domain.amend_cycle(
            cycle=self.object,
            actor=self.actor,
            now=self.now,
            reason=data["reason"],
            dates=form.dates(),
            is_public=data["is_public"],
            **{name: data[name] for name in domain.amending.AMENDABLE},
        )
        return self.done(_t("调整已生效，已通知有关工会、单位和专家。"), self.object.get_absolute_url())


class CycleAmendCheck(TimelineCheck, CycleAmend):
    pass

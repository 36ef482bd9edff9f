"""下级届次: what may be run, what runs, and the way up."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import UnionLevel
from portal.core.dates import local_date
from portal.core.policies import may
from portal.lifecycle.editions import queries
from portal.lifecycle.editions.domain.forwarding import forward_entry
from portal.lifecycle.editions.domain.opening import open_edition
from portal.lifecycle.editions.forms import ForwardForm, OpenEditionForm
from portal.lifecycle.editions.tables import EditionFilters, EditionTable, WinnerTable
from portal.lifecycle.programmes.tables import cycle_badge
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import DetailView, FormView, ListView, PageView


def list_crumb() -> Crumb:
    return Crumb(_("下级届次"), reverse("lifecycle:edition.list"))


class EditionList(ListView):
    policy_action = "edition.view"
    table_class = EditionTable
    filters_class = EditionFilters
    title = _("下级届次")
    export_name = _("下级届次")

    def get_queryset(self) -> Any:
        return queries.editions(actor=self.actor)

    def page_actions(self) -> list[Action]:
        url = reverse("lifecycle:edition.choose")
        if self.actor.level == UnionLevel.MUNICIPAL:  # nobody above has anything to offer
            return []
        return [Action(_("举办本级届次"), url, icon="plus", kind="primary", policy_action="edition.open")]


class EditionChoose(PageView):
    policy_action = "edition.open"
    template_name = "lifecycle/editions/choose.html"
    title = _("举办本级届次")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get(self, request: Any) -> HttpResponse:
        return self.render(offers=queries.offers(actor=self.actor))


class EditionOpen(FormView):
    policy_action = "edition.open"
    view_action = "cycle.view"
    form_class = OpenEditionForm
    title = _("举办本级届次")
    submit_label = _("开设本级届次")

    @property
    def has_object(self) -> bool:
        return False

    @cached_property
    def offer(self) -> queries.Offer:
        found = next((o for o in queries.offers(actor=self.actor) if o.programme.pk == self.kwargs["pk"]), None)
        if found is None:
            raise Http404
        return found

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.offer.programme.title)]

    @property
    def intro(self) -> Any:  # type: ignore[override]
        words = {"locked": self.offer.locked, "free": self.offer.free}
        return _("上级统一：%(locked)s。由本会决定：%(free)s。") % words

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"spec": self.offer.blueprint.rules.edition}

    def get_initial(self) -> dict[str, Any]:
        today = local_date(self.now)
        return {"year": today.year, "start_date": today}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        cycle = open_edition(
            programme=self.offer.programme,
            year=data["year"],
            start_date=data["start_date"],
            actor=self.actor,
            now=self.now,
            changes=form.changes,
        )
        message = _("“%s”已开设，各环节日期已排出，请核对。") % cycle
        return self.done(message, reverse("lifecycle:edition.detail", kwargs={"pk": cycle.pk}))


class EditionDetail(DetailView):
    policy_action = "edition.view"
    template_name = "lifecycle/editions/detail.html"
    context_name = "cycle"

    def get_queryset(self) -> Any:
        return queries.editions(actor=self.actor)

    def page(self) -> PageContext:
        cycle = self.object
        actions = [Action(_("届次和日程"), cycle.get_absolute_url(), icon="calendar-event")]
        return PageContext(title=str(cycle), badge=cycle_badge(cycle), crumbs=[list_crumb()], actions=actions)

    def context(self) -> dict[str, Any]:
        cycle = self.object
        winners = list(queries.winners(cycle))
        target = queries.target_cycle(cycle, now=self.now)
        spec = cycle.rules.edition
        return {
            "table": WinnerTable(winners, actor=self.actor),
            "target": target,
            "waiting": [w for w in winners if getattr(w, "forwarding", None) is None],
            "may_forward": may(self.actor, "edition.forward", cycle) and spec.forward,
            "facts": [
                Fact(_("举办工会"), cycle.owner.name),
                Fact(_("项目主办"), cycle.programme.owner.name),
                Fact(_("上级统一"), "、".join(str(part.label) for part in spec.locked)),
                Fact(_("本级决定"), "、".join(str(part.label) for part in spec.free)),
                Fact(_("申报件"), cycle.entry_count),
                Fact(_("已上报"), cycle.forwarded_count),
            ],
        }


class EditionForward(FormView):
    policy_action = "edition.forward"
    view_action = "entry.view"
    form_class = ForwardForm
    lookup_field = "code"
    submit_label = _("上报")
    intro = _("申报内容、附件和版本一并带入上级届次，不必重新填报；本级评选结果作为推荐意见。")

    def get_queryset(self) -> Any:
        return queries.edition_entries()

    def page_title(self) -> Any:
        return _("上报《%s》") % self.object.title

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(str(self.object.cycle), self.get_cancel_url())]

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:edition.detail", kwargs={"pk": self.object.cycle_id})

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"target": queries.target_cycle(self.object.cycle, now=self.now)}

    def perform(self, form: Any) -> HttpResponse:
        entry = forward_entry(origin=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        words = {"title": entry, "cycle": entry.cycle, "code": entry.code}
        return self.done(_("《%(title)s》已上报“%(cycle)s”，编号%(code)s。") % words, self.get_cancel_url())

"""A union checks entries: the queue, one decision, decisions in bulk."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.core.decisions import ALLOWED, refuse
from portal.core.errors import Invalid, Refused
from portal.core.policies import may
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.recommendation import domain, queries
from portal.lifecycle.recommendation.forms import BulkEndorseForm, DeclineForm, EndorseForm, ReturnForm
from portal.lifecycle.recommendation.rules import default_return_due, recommendation_stage
from portal.lifecycle.recommendation.tables import WaitingFilters, WaitingTable
from portal.web.ui import Crumb, Tab
from portal.web.views import BulkActionView, FormView, ListView
from portal.web.views.bulk import BulkRow


def nomination_tabs(current: str) -> list[Tab]:
    names = (("nomination.waiting", _("待审核")), ("nomination.list", _("推荐排序表")))
    return [Tab(label, reverse(f"lifecycle:{name}"), name == current) for name, label in names]


class WaitingList(ListView):
    policy_action = "entry.endorse"
    table_class = WaitingTable
    filters_class = WaitingFilters
    title = _("推荐审核")
    export_name = _("待审核申报件")

    def get_queryset(self) -> Any:
        return queries.waiting(actor=self.actor)

    def table_context(self) -> dict[str, Any]:
        return {"now": self.now}

    def page_tabs(self) -> list[Tab]:
        return nomination_tabs("nomination.waiting")


class DecisionView(FormView):
    """One decision on one entry that is at this union; afterwards on to the next one."""

    abstract = True
    lookup_field = "code"
    context_name = "entry"
    view_action = "entry.view"

    def get_queryset(self) -> Any:
        return Entry.objects.select_related(
            "cycle__programme", "cycle__blueprint", "cycle__owner", "organisation", "at_organisation", "track"
        )

    def page_crumbs(self) -> list[Crumb]:
        queue = Crumb(_("推荐审核"), reverse("lifecycle:nomination.waiting"))
        return [queue, Crumb(str(self.object), self.object.get_absolute_url())]

    def get_initial(self) -> dict[str, Any]:
        return {"expected_version": self.object.version}

    def decided(self, message: str, following: int | None) -> HttpResponse:
        """On to the next entry of the queue; back to the queue after the last."""
        entry = queries.waiting(actor=self.actor).filter(pk=following).first() if following else None
        if entry is None:
            return self.done(message, reverse("lifecycle:nomination.waiting"))
        return self.done(_t("%(done)s下一件：%(next)s。") % {"done": message, "next": entry}, entry.get_absolute_url())

    def following(self) -> int | None:
        return queries.neighbours(self.object, actor=self.actor).following


class Endorse(DecisionView):
    policy_action = "entry.endorse"
    form_class = EndorseForm
    title, submit_label = _("同意推荐"), _("确认推荐")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"cycle": self.object.cycle}

    def perform(self, form: Any) -> HttpResponse:
        following = self.following()
        try:
            entry = domain.endorse_entry(entry=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        except Refused as error:  # a guard: said above the form, what was typed stays
            if not may(self.actor, self.policy_action, self.object):
                raise
            raise Invalid(error.message) from error
        if entry.at_organisation is None:
            message = _t("“%(entry)s”已推荐，等待资格审查和评审。") % {"entry": entry}
        else:
            message = _t("“%(entry)s”已推荐至%(union)s。") % {"entry": entry, "union": entry.at_organisation}
        return self.decided(message, following)


class Return(DecisionView):
    policy_action = "entry.return"
    form_class = ReturnForm
    template_name = "lifecycle/nomination_return.html"
    title, submit_label, submit_kind = _("退回补正"), _("退回补正"), "danger"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"entry": self.object}

    def get_initial(self) -> dict[str, Any]:
        stage = recommendation_stage(self.object.cycle)
        due = local_date(default_return_due(stage, self.now)) if stage else None
        return super().get_initial() | {"due_on": due}

    def perform(self, form: Any) -> HttpResponse:
        data, following = form.cleaned_data, self.following()
        entry = domain.return_entry(
            entry=self.object,
            actor=self.actor,
            now=self.now,
            reason=data["reason"],
            due_on=data["due_on"],
            field_reasons=form.field_reasons(),
            expected_version=data.get("expected_version"),
        )
        message = _t("“%(entry)s”已退回%(unit)s补正。") % {"entry": entry, "unit": entry.organisation}
        return self.decided(message, following)


class Decline(DecisionView):
    policy_action = "entry.decline"
    form_class = DeclineForm
    title, submit_label, submit_kind = _("不予推荐"), _("不予推荐"), "danger"
    confirm = _("不予推荐后，这件申报在本届即告结束，不能恢复。确定吗？")

    def perform(self, form: Any) -> HttpResponse:
        following = self.following()
        entry = domain.decline_entry(entry=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.decided(_t("“%(entry)s”已作出不予推荐的决定，理由已告知填报单位。") % {"entry": entry}, following)


class BulkEndorse(BulkActionView):
    """Shows for every chosen entry whether it can be endorsed now, and why not."""

    policy_action = "entry.endorse"
    label = _("同意推荐")
    title = _("批量同意推荐")
    form_class = BulkEndorseForm

    def get_queryset(self) -> Any:
        # The guards read the answers and the rules; prefetched, equal rules come from the database once.
        return queries.waiting(actor=self.actor).defer(None).prefetch_related("cycle__blueprint")

    def back_url(self) -> str:
        return reverse("lifecycle:nomination.waiting")

    def row_title(self, obj: Entry) -> str:
        return f"{obj}（{obj.organisation}）"

    def preview(self) -> list[BulkRow]:
        return [BulkRow(row.object, row.title, self._decision(row.object)) for row in super().preview()]

    def _decision(self, entry: Entry) -> Any:
        refusals = preview(entry, "endorse", actor=self.actor, now=self.now, vetoes_checked=True)
        return refuse("refused", "；".join(d.message for d in refusals)) if refusals else ALLOWED

    def perform_one(self, obj: Entry, data: dict[str, Any]) -> None:
        domain.endorse_entry(entry=obj, actor=self.actor, now=self.now, **data)

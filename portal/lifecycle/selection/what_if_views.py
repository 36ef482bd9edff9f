"""The panel “如果…”: another rule tried on a copy; and the meter that follows the ticks while people decide a list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lifecycle.entries.models import Entry
from portal.lifecycle.selection import domain, queries
from portal.lifecycle.selection.forms import WhatIfForm
from portal.lifecycle.selection.freezing import share_of
from portal.lifecycle.selection.models import Selection
from portal.lifecycle.selection.outcomes import Share
from portal.lifecycle.selection.ratios import ratio_states, ratios_of
from portal.lifecycle.selection.snapshot import goes_by_places, has_marks, is_batch, quota_of
from portal.lifecycle.selection.views import RoundMixin
from portal.lifecycle.selection.what_if import WhatIf
from portal.web.ui import Crumb
from portal.web.views import FormView, PageView
from portal.web.views.bulk import MAX_ROWS

PRESETS = {"more": 2, "one_more": 1, "fewer": -2}


class WhatIfPage(RoundMixin, FormView):
    """Shows the rule as a form; POST tries the changed one and shows who would come in and go out."""

    form_class = WhatIfForm
    template_name = "lifecycle/round_what_if.html"
    submit_label = gettext_lazy("试算")
    has_object = False

    @cached_property
    def round(self) -> Any:
        found = super().round
        if not goes_by_places(found.snapshot) or not has_marks(found.snapshot):
            raise Http404
        return found

    def page_title(self) -> Any:
        return _("试算：规则改动后谁会入选")

    def url(self) -> str:
        return reverse("lifecycle:round.detail", args=[self.round.pk])

    def page_crumbs(self) -> list[Crumb]:
        title = _("%(cycle)s 第%(n)s轮评选") % {"cycle": self.round.stage.cycle, "n": self.round.number}
        return [Crumb(_("评选"), reverse("lifecycle:round.list")), Crumb(title, self.url())]

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """Every ratio of the selection: the binding ones with their frozen limits, the others without."""
        frozen = {share.code: share for share in quota_of(self.round.snapshot).shares}
        ratios = [r for r in self.round.stage.cycle.blueprint.rules.ratios if r.applies != "nomination"]
        found = [frozen.get(r.code) or replace(share_of(r), at_least=None, at_most=None) for r in ratios]
        return (*found, *(s for code, s in frozen.items() if code not in {r.code for r in ratios}))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rule": quota_of(self.round.snapshot), "shares": self.shares}

    def get_form(self) -> Any:
        """A button with a ready question fills in the form for the user."""
        preset = self.request.POST.get("preset", "")
        if not preset:
            return super().get_form()
        empty = WhatIfForm(**self.get_form_kwargs())
        data = {name: "" if f.initial is None else str(f.initial) for name, f in empty.fields.items()}
        if preset in PRESETS and data.get("places"):
            data["places"] = str(max(0, int(data["places"]) + PRESETS[preset]))
        for name in (preset, f"least_{preset}", f"most_{preset}"):
            if name in data:
                data[name] = ""
        return WhatIfForm(data=data, **self.get_form_kwargs())

    def context(self) -> dict[str, Any]:
        frozen = quota_of(self.round.snapshot)
        return super().context() | {
            "round": self.round,
            "cancel_url": self.url(),
            "frozen": frozen,
            "binding": [s for s in self.shares if s.at_least is not None or s.at_most is not None],
            "misses": queries.nearest_misses(self.round),
            "trials": queries.trials(self.round),
        }

    def perform(self, form: Any) -> HttpResponse:
        found = domain.simulate_round(actor=self.actor, round_=self.round, rule=form.wanted, now=self.now)
        return self.render(form=form, found=found, lines=self._lines(found), ratios=self._ratios(found))

    def _lines(self, found: WhatIf) -> dict[str, list[tuple[Any, Any]]]:
        """(entry, outcome) of those who come and go, in one query."""
        codes = [o.code for o in (*found.coming, *found.going)]
        rows = Entry.objects.filter(code__in=codes).select_related("organisation", "nominating").defer("answers")
        entries = {entry.code: entry for entry in rows}
        return {
            name: [(entries[o.code], o) for o in outcomes if o.code in entries]
            for name, outcomes in (("coming", found.coming), ("going", found.going))
        }

    def _ratios(self, found: WhatIf) -> list[Any]:
        groups = {e["code"]: e["groups"] for e in self.round.snapshot["entries"]}
        ratios = self.round.stage.cycle.blueprint.rules.ratios
        return ratio_states(ratios, [groups[o.code] for o in found.allocation.selected])


class RoundMeter(RoundMixin, PageView):
    """The meters as if the ticked lines were selected too. Reads only; a POST because many lines may be ticked."""

    template_name = fragment_name = "lifecycle/_round_meters.html"
    http_method_names = ("post", "options")
    has_object = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_batch(self.round.snapshot):
            raise Http404
        ticked = [pk for pk in request.POST.getlist("selected") if pk.isdigit()][:MAX_ROWS]
        entries = list(Selection.objects.filter(round=self.round, pk__in=ticked).values_list("entry_id", flat=True))
        return self.render(
            round=self.round,
            ticked=len(entries),
            meters=queries.meters(self.round, entries),
            ratios=ratios_of(self.round, entries),
        )

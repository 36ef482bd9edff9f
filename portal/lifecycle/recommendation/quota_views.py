"""推荐名额: the city allots places to nominating unions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Invalid
from portal.lifecycle.recommendation import domain, queries
from portal.lifecycle.recommendation.domain import Share
from portal.lifecycle.recommendation.domain.quotas import MAX_PLACES
from portal.lifecycle.recommendation.ledger import queries as ledger
from portal.lifecycle.recommendation.rules import recommendation_params
from portal.lifecycle.recommendation.tables import QuotaCycleTable
from portal.web.forms import BaseForm, dress
from portal.web.ui import Crumb
from portal.web.views import FormView, ListView


class QuotaList(ListView):
    policy_action = "cycle.quota"
    table_class = QuotaCycleTable
    title = _("名额分配")
    subtitle = _("把各届的推荐名额分给区、局（集团公司）工会；下达后对方在推荐排序表上看到。")

    def get_queryset(self) -> Any:
        return queries.quota_cycles(actor=self.actor)


class QuotaForm(BaseForm):
    """Two numbers for every nominating union."""

    def __init__(self, *args: Any, unions: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unions = unions
        for union in unions:
            for name, text in ((f"count_{union.pk}", _("正选")), (f"reserves_{union.pk}", _("递补"))):
                label = f"{union.name} {text}"
                self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=MAX_PLACES)
                dress(self.fields[name])

    def shares(self) -> dict[int, Share]:
        data = self.cleaned_data
        return {u.pk: Share(data[f"count_{u.pk}"], data[f"reserves_{u.pk}"]) for u in self.unions}


class QuotaEdit(FormView):
    """The editable table: members, rule's proposal, places, used, left. ``?total=`` shares a number by members."""

    policy_action = "cycle.quota"
    view_action = "cycle.view"
    form_class = QuotaForm
    template_name = "lifecycle/quota_edit.html"
    context_name = "cycle"
    submit_label = _("下达名额")
    narrow = False

    def get_queryset(self) -> Any:
        return queries.quota_cycles(actor=self.actor)

    def page_title(self) -> Any:
        return _t("%(cycle)s 推荐名额") % {"cycle": self.object}

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("名额分配"), reverse("lifecycle:quota.list"))]

    @cached_property
    def track(self) -> Any:
        code = self.request.GET.get("track", "")
        if not code:
            return None
        track = self.object.tracks.filter(code=code).first()
        if track is None:
            raise Http404
        return track

    @cached_property
    def unions(self) -> list[Any]:
        return list(queries.nominating_unions(self.object))

    @cached_property
    def allotted(self) -> dict[int, Any]:
        return ledger.holdings(self.object, self.track)

    @cached_property
    def proposal(self) -> tuple[dict[int, int], str]:
        """What the rule gives, or why the asked total cannot be shared."""
        text = self.request.GET.get("total", "").strip()
        try:
            total = int(text) if text.isdigit() and int(text) <= MAX_PLACES else None
            return domain.propose_quota(cycle=self.object, total=total), ""
        except Invalid as error:
            return domain.propose_quota(cycle=self.object), error.message

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"unions": self.unions}

    def get_initial(self) -> dict[str, Any]:
        """Allotted places; the proposal where there are none yet or a total was asked for."""
        proposal, _problem = self.proposal
        params = recommendation_params(self.object)
        reserve = params.reserve(params.allocation.level) if params else 0
        fresh = bool(self.request.GET.get("total"))
        initial = {}
        for union in self.unions:
            row = None if fresh else self.allotted.get(union.pk)
            old = self.allotted.get(union.pk)
            initial[f"count_{union.pk}"] = row.count if row else proposal.get(union.pk, 0)
            initial[f"reserves_{union.pk}"] = old.reserves if old else reserve
        return initial

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "problem": self.proposal[1],
            "total": self.request.GET.get("total", ""),
            "track": self.track,
            "params": recommendation_params(self.object),
            "allotted_total": sum(row.count for row in self.allotted.values()),
            "member_total": sum(union.member_count for union in self.unions),
        }

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        return super().render(status, template, rows=self.lines(context["form"]), **context)

    def lines(self, form: Any) -> list[dict[str, Any]]:
        """The table's rows: a union with its two fields, what the rule proposes and what is used."""
        counted = queries.used_by_union(self.object, self.track)
        booked = {pk: (held.used, held.reserves_used) for pk, held in self.allotted.items()}
        used = counted | booked
        return [
            {
                "union": union,
                "proposed": self.proposal[0].get(union.pk),
                "count": form[f"count_{union.pk}"],
                "reserves": form[f"reserves_{union.pk}"],
                "used": used.get(union.pk, (0, 0)),
                "allotted": self.allotted.get(union.pk),
            }
            for union in self.unions
        ]

    def perform(self, form: Any) -> HttpResponse:
        changed = domain.allocate_quota(
            cycle=self.object, shares=form.shares(), actor=self.actor, now=self.now, track=self.track
        )
        message = _t("已下达%(n)s家工会的推荐名额。") if changed else _t("名额没有变化。")
        return self.done(message % {"n": len(changed)} if changed else message, self.request.get_full_path())

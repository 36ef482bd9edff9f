"""Conflicts of a panel: what was found and declared, what people cleared or pinned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policies import may
from portal.lifecycle.review.conflict_models import RulingKind
from portal.lifecycle.review.domain.rulings import MAX_REASON, confirm_ruling, rule, withdraw_ruling
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.queries.conflicts import panel_case
from portal.lifecycle.review.queries.pairs import STATES, conflict_pairs, rulings
from portal.lifecycle.review.views.panels import ROWS, PanelPage
from portal.web.forms import BaseForm
from portal.web.ui import Crumb
from portal.web.views import ActionView, FormView


class RuleForm(BaseForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("认定"), widget=forms.RadioSelect,
        choices=[
            (RulingKind.CLEARED, gettext_lazy("解除：经核实不影响公正（须另一人复核后生效）")),
            (RulingKind.PINNED, gettext_lazy("固定：任何情况下都不分给该专家（立即生效）")),
        ],
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("写明核实情况，如：单位同名，经核对统一社会信用代码不是同一单位。"),
    )  # fmt: skip


class ConflictPairs(PanelPage):
    """For the organiser, and for those who supervise and confirm."""

    template_name = "lifecycle/review_conflict_pairs.html"

    def page_title(self) -> Any:
        return _("%(name)s · 回避情况") % {"name": self.object}

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(str(self.object), self.matrix_url)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        everything, wanted = conflict_pairs(self.case), request.GET.get("state", "")
        shown = [p for p in everything if not wanted or p.state == wanted]
        page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
        counts = [(key, label, sum(p.state == key for p in everything)) for key, label in STATES.items()]
        return self.render(
            pairs=page, counts=counts, wanted=wanted, total=len(everything),
            may_assign=may(self.actor, "review.assign", self.object),
            may_confirm=may(self.actor, "review.marks", self.object),
        )  # fmt: skip


class RulePair(FormView):
    """One expert and one entry."""

    policy_action = "review.assign"
    view_action = "review.marks"
    form_class = RuleForm
    title, submit_label = gettext_lazy("认定回避"), gettext_lazy("保存认定")

    def get_queryset(self) -> Any:
        return board.panels(actor=self.actor)

    @property
    def url(self) -> str:
        return reverse("lifecycle:ruling.list", args=[self.object.pk])

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("回避情况"), self.url)]

    @cached_property
    def pair(self) -> tuple[Any, Any, str]:
        """(entry, member, what stands against it); 404 for strangers."""
        case, entry, expert = panel_case(self.object), str(self.kwargs["entry"]), str(self.kwargs["expert"])
        if entry not in case.entries or expert not in case.members:
            raise Http404
        to_review = next(e for e in case.to_review if e.code == entry)
        person = next(e for e in case.experts if e.code == expert)
        return case.entries[entry], case.members[expert], case.reason(to_review, person)

    def context(self) -> dict[str, Any]:
        entry, member, why = self.pair
        text = _("%(expert)s 评审“%(entry)s”：%(why)s。") % {
            "expert": member.expert, "entry": entry, "why": why or _("没有发现须回避的情形"),
        }  # fmt: skip
        return super().context() | {"intro": text}

    def perform(self, form: Any) -> HttpResponse:
        entry, member, _why = self.pair
        found = rule(
            actor=self.actor, panel=self.object, entry=entry.pk, expert=member.expert_id, now=self.now,
            **form.cleaned_data,
        )  # fmt: skip
        text = _("已固定回避。") if found.counts else _("已提出解除，另一人复核后生效。")
        return self.done(text, self.url)


class RulingAction(ActionView):
    abstract = True
    policy_action = "review.assign"
    view_action = "review.marks"

    def get_queryset(self) -> Any:
        return rulings(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.entry.cycle

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "review.marks", obj.entry.cycle)

    def get_failure_url(self) -> str:
        """Back to the panel the click came from."""
        panel = board.panels(actor=self.actor).filter(
            stage__cycle=self.object.entry.cycle, members__expert=self.object.expert
        ).first()  # fmt: skip
        return reverse("lifecycle:ruling.list", args=[panel.pk]) if panel else reverse("lifecycle:review.stages")


class ConfirmRuling(RulingAction):
    policy_action = "review.marks"

    def perform(self) -> HttpResponse:
        confirm_ruling(actor=self.actor, ruling=self.object, now=self.now)
        return self.done(_("已复核，这位专家可以分到这份申报件。"), self.get_failure_url())


class WithdrawRuling(RulingAction):
    def perform(self) -> HttpResponse:
        url = self.get_failure_url()
        withdraw_ruling(actor=self.actor, ruling=self.object, now=self.now)
        return self.done(_("已撤销认定。"), url)

"""The desks above and beside: deciding, planning, co-hosts, changes after acceptance."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings import forms, queries
from competitions.filings.domain import cohosts, review
from competitions.filings.views.base import OfOneFiling, OfOnePart
from portal.web.views import ActionView, BulkActionView, FormView


class FilingAccept(OfOneFiling, FormView):
    policy_action = "filing.decide"
    form_class = forms.AcceptForm
    title = _("同意备案")
    submit_label = _("同意备案")

    def perform(self, form: Any) -> HttpResponse:
        row = review.accept_filing(actor=self.actor, filing=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已同意备案，各阶段报告的任务已生成。"), row.get_absolute_url())


class FilingsAccept(BulkActionView):
    """同意备案 for many at once: each is asked for itself, and those that cannot be accepted say why."""

    policy_action = "filing.decide"
    label = _("同意备案")
    form_class = forms.AcceptForm

    def get_queryset(self) -> Any:
        return queries.listed(queries.own(self.actor), now=self.now)

    def back_url(self) -> str:
        return f"{reverse('competitions:filing.list')}?review=on"

    def row_title(self, obj: Any) -> str:
        return f"{obj.title}（{obj.owner.name}）"

    def perform_one(self, obj: Any, data: dict[str, Any]) -> None:
        review.accept_filing(actor=self.actor, filing=obj, opinion=data.get("opinion", ""), now=self.now)


class FilingReturn(OfOneFiling, FormView):
    policy_action = "filing.decide"
    form_class = forms.ReturnForm
    title = _("退回补正")
    submit_label = _("退回补正")

    def perform(self, form: Any) -> HttpResponse:
        row = review.return_filing(actor=self.actor, filing=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，报备工会的工作台会提示补正期限。"), row.get_absolute_url())


class FilingPlan(OfOneFiling, ActionView):
    policy_action = "filing.plan"

    def perform(self) -> HttpResponse:
        row = review.plan_filing(actor=self.actor, filing=self.object, is_planned=True, now=self.now)
        return self.done(_("已纳入市级计划。"), row.get_absolute_url())


class FilingUnplan(OfOneFiling, ActionView):
    policy_action = "filing.plan"

    def perform(self) -> HttpResponse:
        row = review.plan_filing(actor=self.actor, filing=self.object, is_planned=False, now=self.now)
        return self.done(_("已移出市级计划。"), row.get_absolute_url())


class AmendmentNote(OfOnePart, ActionView):
    policy_action = "amendment.note"
    asks_filing = False
    view_action = "amendment.view"

    def get_queryset(self) -> Any:
        return queries.amendments()

    def perform(self) -> HttpResponse:
        row = review.note_amendment(actor=self.actor, amendment=self.object, now=self.now)
        return self.done(_("已登记知悉这项变更。"), row.filing.get_absolute_url())


class CoHostAdd(OfOneFiling, FormView):
    policy_action = "filing.cohost"
    form_class = forms.CoHostForm
    title = _("增加联合主办单位")
    submit_label = _("增加")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"desks": queries.possible_cohosts(self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        row = cohosts.add_cohost(actor=self.actor, filing=self.object, now=self.now, **form.cleaned_data)
        message = _("%s已列为联合主办单位，报备后可在自己的工作台查看并确认。") % row
        return self.done(
            message if row.organisation_id else _("%s已列为联合主办单位。") % row, self.object.get_absolute_url()
        )


class _OneCoHost(OfOnePart):
    def get_queryset(self) -> Any:
        return queries.cohosts()


class CoHostChange(_OneCoHost, FormView):
    policy_action = "filing.cohost"
    form_class = forms.SightForm
    title = _("调整联合主办约定")

    def get_initial(self) -> dict[str, Any]:
        return {"duty": self.object.duty, "sight": self.object.sight}

    def perform(self, form: Any) -> HttpResponse:
        row = cohosts.change_cohost(actor=self.actor, cohost=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("约定已调整。"), row.filing.get_absolute_url())


class CoHostEnd(_OneCoHost, ActionView):
    policy_action = "filing.cohost"

    def perform(self) -> HttpResponse:
        filing = cohosts.end_cohost(actor=self.actor, cohost=self.object, now=self.now)
        return self.done(_("已结束联合主办，对方不再能查看。"), filing.get_absolute_url())


class CoHostConfirm(_OneCoHost, ActionView):
    policy_action = "cohost.confirm"
    asks_filing = False
    view_action = "cohost.view"

    def perform(self) -> HttpResponse:
        row = cohosts.confirm_cohost(actor=self.actor, cohost=self.object, now=self.now)
        return self.done(_("已确认联合主办。"), row.filing.get_absolute_url())

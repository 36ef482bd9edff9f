"""名额账: all accounts of the desk, one account's postings, and what people may post."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.programmes.models import StageStatus
from portal.lifecycle.recommendation.ledger import domain, queries
from portal.lifecycle.recommendation.ledger.forms import MoveForm, ReasonForm, TransferForm
from portal.lifecycle.recommendation.ledger.tables import (
    AccountFilters,
    AccountTable,
    PostingFilters,
    PostingTable,
    account_title,
)
from portal.lifecycle.recommendation.rules import recommendation_stage
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import FormView, ListView


def crumbs(account: Any = None) -> list[Crumb]:
    found = [Crumb(_("名额账"), reverse("lifecycle:place.list"))]
    return [*found, Crumb(account_title(account), account.get_absolute_url())] if account else found


class AccountList(ListView):
    policy_action = "place.view"
    table_class = AccountTable
    filters_class = AccountFilters
    title = _("名额账")
    subtitle = _("每个名额从哪里来、用在哪里、还剩几个")
    export_name = _("名额账")

    def get_queryset(self) -> Any:
        return queries.accounts(actor=self.actor)


class AccountPage(ListView):
    """One union's book in one cycle: what it holds, and every posting with the balance after it."""

    policy_action = "place.view"
    table_class = PostingTable
    filters_class = PostingFilters
    template_name = "lifecycle/places/account.html"
    export_name = _("名额流水")

    @property
    def has_object(self) -> bool:
        return True

    @cached_property
    def account(self) -> Any:
        return self.object

    def get_queryset(self) -> Any:
        return queries.accounts(actor=self.actor)

    def rows(self, filters: Any) -> Any:
        return filters.apply(queries.statement(self.account))

    @cached_property
    def is_over(self) -> bool:
        stage = recommendation_stage(self.account.cycle)
        return stage is None or stage.status == StageStatus.CLOSED

    def table_context(self) -> dict[str, Any]:
        return {"account": self.account, "is_over": self.is_over}

    def page(self) -> PageContext:
        account, movable = self.account, []
        if not self.is_over and may(self.actor, "place.transfer", account):
            movable = [
                Action(
                    _("划转名额"), reverse("lifecycle:place.transfer", args=[account.pk]), "arrows-exchange", "primary"
                ),
                Action(_("退回上级"), reverse("lifecycle:place.give_back", args=[account.pk]), "arrow-back-up"),
            ]
        title = _t("%(union)s 名额账") % {"union": account_title(account)}
        return PageContext(title=title, subtitle=str(account.cycle), crumbs=crumbs(), actions=movable)

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        figures = {"account": self.account, "is_over": self.is_over, "differences": queries.differences(self.account)}
        return super().render(status, template, **figures, **context)


class MovePlaces(FormView):
    """What the two ways of moving places share; the account is the one that gives."""

    abstract = True
    policy_action = "place.transfer"
    context_name = "account"
    template_name = "lifecycle/places/move.html"

    def get_queryset(self) -> Any:
        return queries.accounts(actor=self.actor)

    def page(self) -> PageContext:
        return PageContext(title=self.title, subtitle=str(self.object.cycle), crumbs=crumbs(self.object), narrow=True)


class TransferPlaces(MovePlaces):
    form_class = TransferForm
    title = _("划转名额")
    submit_label = _("划转")
    confirm = _("划转后，对方即可使用这些名额；推荐结束前可以冲销。确定划转吗？")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"unions": queries.receivers(self.object, actor=self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        posting = domain.transfer_places(account=self.object, actor=self.actor, now=self.now, **form.facts())
        words = {"n": posting.amount, "union": posting.taker.organisation}
        return self.done(_t("已把%(n)s个名额划给“%(union)s”。") % words, self.object.get_absolute_url())


class GiveBackPlaces(MovePlaces):
    form_class = MoveForm
    title = _("退回名额")
    submit_label = _("退回")
    confirm = _("退回后，这些名额由上级支配。确定退回吗？")

    def perform(self, form: Any) -> HttpResponse:
        posting = domain.give_back_places(account=self.object, actor=self.actor, now=self.now, **form.facts())
        return self.done(_t("已退回%(n)s个名额。") % {"n": posting.amount}, self.object.get_absolute_url())


class ReversePosting(FormView):
    """冲销: the same amount the other way; the first posting stays."""

    policy_action = "place.reverse"
    view_action = "place.reverse"
    form_class = ReasonForm
    context_name = "posting"
    title = _("冲销流水")
    submit_label = _("冲销")
    submit_kind = "danger"
    confirm = _("冲销会反向记一笔，原来的流水保留。确定冲销吗？")

    def get_queryset(self) -> Any:
        return queries.postings(actor=self.actor)

    @cached_property
    def account(self) -> Any:
        return self.object.giver or self.object.taker

    def page(self) -> PageContext:
        posting = self.object
        words = {
            "what": posting.get_action_display(),
            "n": posting.amount,
            "from": posting.giver or self.account.cycle.owner,
            "to": posting.taker or self.account.cycle.owner,
        }
        subtitle = _t("%(what)s%(n)s个：%(from)s → %(to)s") % words
        return PageContext(title=self.title, subtitle=subtitle, crumbs=crumbs(self.account), narrow=True)

    def get_cancel_url(self) -> str:
        return self.account.get_absolute_url()

    def perform(self, form: Any) -> HttpResponse:
        domain.reverse_posting(posting=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("已冲销，名额已转回。"), self.account.get_absolute_url())

"""The co-host's lists and its countersignature; the owner's answer to a refusal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.programmes.hosts.views import OfHosting, joint_crumb
from portal.lifecycle.selection.countersigning import domain, queries
from portal.lifecycle.selection.countersigning.forms import AnswerForm, SignForm
from portal.lifecycle.selection.countersigning.models import Countersignature, SignVerdict
from portal.lifecycle.selection.countersigning.tables import (
    HostListFilters,
    HostListTable,
    HostRoundFilters,
    HostRoundTable,
)
from portal.lifecycle.selection.models import Outcome
from portal.lifecycle.selection.queries import outcome_counts
from portal.lifecycle.selection.tables import round_status
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import FormView, ListView


class JointRounds(OfHosting):
    """Lists of a joint cycle that this desk countersigns."""

    tab = "rounds"
    table_class = HostRoundTable
    filters_class = HostRoundFilters

    def get_queryset(self) -> Any:
        return queries.rounds_of_host(self.host, actor=self.actor)


class JointRoundMixin:
    """A page about one list."""

    @cached_property
    def round(self) -> Any:
        found = queries.rounds_for_host(actor=self.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def host(self) -> Any:
        host = queries.hosting_of_round(self.round, actor=self.actor)
        if host is None:
            raise Http404
        return host

    @cached_property
    def line(self) -> Any:
        return next(line for line in queries.signing_of(self.round).lines if line.host.pk == self.host.pk)

    def policy_object(self) -> Any:
        return self.round

    def page_title(self) -> Any:
        return _t("%(cycle)s 第%(n)s轮名单") % {"cycle": self.round.stage.cycle, "n": self.round.number}

    def page_crumbs(self) -> list[Crumb]:
        url = reverse("lifecycle:joint.rounds", kwargs={"pk": self.host.pk})
        return [joint_crumb(), Crumb(str(self.round.stage.cycle), url)]


class JointRound(JointRoundMixin, ListView):
    """The list with what was decided about every entry and why."""

    policy_action = "countersign.view"
    table_class = HostListTable
    filters_class = HostListFilters
    template_name = "lifecycle/countersigning/joint_round.html"
    export_name = _("评选名单")
    saved_views = (
        SavedView(_("入选"), f"outcome={Outcome.SELECTED}"),
        SavedView(_("递补"), f"outcome={Outcome.RESERVE}"),
        SavedView(_("未入选"), f"outcome={Outcome.NOT_SELECTED}"),
    )

    def get_queryset(self) -> Any:
        return queries.list_rows(self.round)

    def table_context(self) -> dict[str, Any]:
        return {"host": self.host}

    def page(self) -> PageContext:
        page = super().page()
        page.badge, page.menu = round_status(self.round.status), "lifecycle:joint.list"
        return page

    def page_actions(self) -> list[Action]:
        decision = may(self.actor, "countersign.sign", self.round)
        if not decision:
            return []
        label = _("改变会签意见") if self.line.signature else _("会签")
        kind = "secondary" if self.line.signature else "primary"
        return [
            Action(label, reverse("lifecycle:joint.sign", kwargs={"pk": self.round.pk}), icon="writing-sign", kind=kind)
        ]

    def context(self) -> dict[str, Any]:
        return {"round": self.round, "line": self.line, "counts": outcome_counts(self.round)}


class JointSign(JointRoundMixin, FormView):
    """同意 or 不同意, for exactly the list that was shown."""

    policy_action = "countersign.sign"
    view_action = "countersign.view"
    form_class = SignForm
    template_name = "lifecycle/countersigning/sign.html"
    submit_label = _("提交会签意见")
    confirm = _("会签意见提交后主办工会即可看到。确认提交吗？")

    def page_title(self) -> Any:
        return _t("会签：%s") % super().page_title()

    def page(self) -> PageContext:
        page = super().page()
        page.menu = "lifecycle:joint.list"
        return page

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("名单"), self.url())]

    def url(self) -> str:
        return reverse("lifecycle:joint.round", kwargs={"pk": self.round.pk})

    def get_cancel_url(self) -> str:
        return self.url()

    def get_initial(self) -> dict[str, Any]:
        return {"verdict": SignVerdict.AGREED, "seen": self.round.list_sha256}

    def context(self) -> dict[str, Any]:
        counts = outcome_counts(self.round)
        return super().context() | {"round": self.round, "line": self.line, "counts": counts}

    def perform(self, form: Any) -> HttpResponse:
        signature = domain.countersign(round_=self.round, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("会签意见已提交：%s。") % signature.get_verdict_display(), self.url())


class AnswerRefusal(FormView):
    """The owner explains why the list should stand."""

    policy_action = "countersign.answer"
    view_action = "round.view"
    form_class = AnswerForm
    template_name = "lifecycle/countersigning/answer.html"
    context_name = "signature"
    title, submit_label = _("答复会签意见"), _("答复并请其复议")

    def get_queryset(self) -> Any:
        return Countersignature.objects.select_related("round__stage__cycle__owner", "host", "signed_by")

    def may_see(self, obj: Countersignature) -> Any:
        return may(self.actor, "round.view", obj.round)

    def url(self) -> str:
        return reverse("lifecycle:round.detail", kwargs={"pk": self.object.round_id})

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("评选"), reverse("lifecycle:round.list")), Crumb(str(self.object.round), self.url())]

    def get_cancel_url(self) -> str:
        return self.url()

    def perform(self, form: Any) -> HttpResponse:
        signature = domain.answer_refusal(
            signature=self.object, actor=self.actor, now=self.now, answer=form.cleaned_data["answer"]
        )
        return self.done(_t("答复已送“%s”，请其复议。") % signature.host.name, self.url())

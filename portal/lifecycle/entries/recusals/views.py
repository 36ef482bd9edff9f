"""Pages of staff who keep away from an entry."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.recusals import domain, queries
from portal.lifecycle.entries.recusals.forms import EndForm, RecusalForm
from portal.lifecycle.entries.recusals.tables import OPEN, RecusalFilters, RecusalTable
from portal.web.ui import Crumb, SavedView
from portal.web.views import FormView, ListView


class RecusalList(ListView):
    policy_action = "recusal.view"
    table_class = RecusalTable
    filters_class = RecusalFilters
    title = gettext_lazy("经办回避")
    subtitle = gettext_lazy("回避人看不到、也不能办理所回避的申报件；涉及全部名单的事项由其他人员办理。")
    export_name = gettext_lazy("经办回避登记")
    saved_views = (SavedView(gettext_lazy("回避中"), f"state={OPEN}"),)

    def get_queryset(self) -> Any:
        return queries.recusals(actor=self.actor)


class RecusalRecord(FormView):
    """For oneself or for a colleague, from the entry's page."""

    policy_action = "recusal.record"
    form_class = RecusalForm
    lookup_field = "code"
    title, submit_label = gettext_lazy("登记经办回避"), gettext_lazy("登记回避")

    def get_queryset(self) -> Any:
        return Entry.objects.select_related("cycle__programme", "organisation")

    def page_title(self) -> Any:
        return _("登记经办回避：%s") % self.object

    def page_crumbs(self) -> list[Crumb]:
        return [
            Crumb(_("申报件"), reverse("lifecycle:entry.list")),
            Crumb(str(self.object), self.object.get_absolute_url()),
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"staff": queries.staff(actor=self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return {"user": self.actor.user}

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self, form: Any) -> HttpResponse:
        recusal = domain.record_recusal(entry=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        words = {"user": recusal.user, "deputy": recusal.deputy}
        own = recusal.user_id == self.actor.user_id
        back = reverse("lifecycle:worklist.home") if own else self.object.get_absolute_url()
        return self.done(_("已登记%(user)s回避，由%(deputy)s代为办理。") % words, back)


class RecusalEnd(FormView):
    policy_action = "recusal.end"
    form_class = EndForm
    title, submit_label = gettext_lazy("解除经办回避"), gettext_lazy("解除回避")

    def get_queryset(self) -> Any:
        return queries.recusals(actor=self.actor)

    def page_title(self) -> Any:
        return _("解除%s的经办回避") % self.object.user

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("经办回避"), reverse("lifecycle:recusal.list"))]

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:recusal.list")

    def perform(self, form: Any) -> HttpResponse:
        domain.end_recusal(recusal=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("已解除%s的回避。") % self.object.user, reverse("lifecycle:recusal.list"))

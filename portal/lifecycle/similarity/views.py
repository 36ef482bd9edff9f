"""The queue, and both sides of a pair with what they share marked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may, policy_for
from portal.lifecycle.similarity import queries
from portal.lifecycle.similarity.domain import decide_pair
from portal.lifecycle.similarity.forms import VerdictForm
from portal.lifecycle.similarity.models import Verdict
from portal.lifecycle.similarity.reading import whole_text
from portal.lifecycle.similarity.shingles import compare
from portal.lifecycle.similarity.tables import PairFilters, PairTable
from portal.web.ui import Crumb, PageContext
from portal.web.views import FormView, ListView


class PairList(ListView):
    policy_action = "similarity.view"
    table_class = PairTable
    filters_class = PairFilters
    title = _("查重核对")
    export_name = _("相似申报件")

    def get_queryset(self) -> Any:
        return queries.pairs(actor=self.actor)


class PairPage(FormView):
    """Read by those who may see the queue, decided by the organiser's staff."""

    policy_action = "similarity.view"
    form_class = VerdictForm
    template_name = "lifecycle/similarity/pair.html"
    context_name = "pair"
    submit_label = _("保存结论")
    narrow = False

    def get_queryset(self) -> Any:
        return queries.pairs(actor=self.actor)

    def check_policy(self) -> None:
        super().check_policy()
        if self.request.method == "POST":
            policy_for("similarity").require(self.actor, "decide", self.object)

    def page(self) -> PageContext:
        crumbs = [Crumb(_("查重核对"), reverse("lifecycle:similarity.list"))]
        title = _t("%(later)s 与 %(earlier)s") % {"later": self.object.later, "earlier": self.object.earlier}
        return PageContext(title=title, badge=self.object.badge, crumbs=crumbs)

    @cached_property
    def sides(self) -> list[dict[str, Any]]:
        entries = (self.object.later, self.object.earlier)
        texts = [whole_text(entry, _file_text(entry)) for entry in entries]
        pieces = compare(*texts)
        return [{"entry": entry, "pieces": marked} for entry, marked in zip(entries, pieces, strict=True)]

    def context(self) -> dict[str, Any]:
        writes = may(self.actor, "similarity.decide", self.object)
        return super().context() | {"sides": self.sides, "writes": writes}

    def get_initial(self) -> dict[str, Any]:
        pair = self.object
        return {} if pair.verdict == Verdict.OPEN else {"verdict": pair.verdict, "reason": pair.reason}

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:similarity.list")

    def perform(self, form: Any) -> HttpResponse:
        decide_pair(pair=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("结论已保存。"), reverse("lifecycle:similarity.list"))


def _file_text(entry: Any) -> str:
    made = getattr(entry, "fingerprint", None)
    return made.file_text if made else ""

"""A list that people decide: one line, or several with the same outcome and reason."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import Decision, refuse
from portal.core.policies import may
from portal.lifecycle.selection import domain, queries
from portal.lifecycle.selection.forms import LineForm, LinesForm
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection
from portal.lifecycle.selection.snapshot import is_batch
from portal.lifecycle.selection.views import DecideRound
from portal.web.ui import PageContext
from portal.web.views import BulkActionView
from portal.web.views.bulk import MAX_ROWS, BulkRow


class DecideLine(DecideRound):
    """What the meeting decided about one entry."""

    form_class = LineForm
    title, submit_label = gettext_lazy("议定评选结果"), gettext_lazy("保存结果")

    @cached_property
    def row(self) -> Selection:
        found = queries.selections(self.object).filter(entry_id=self.kwargs["entry"]).first()
        if found is None or not is_batch(self.object.snapshot):
            raise Http404
        return found

    def page(self) -> PageContext:
        page = super().page()
        below = [self.row.entry.code, self.row.entry.organisation.name, self.row.details.get("nominating_name", "")]
        page.title, page.subtitle = self.row.entry.title, " · ".join(part for part in below if part)
        return page

    def get_initial(self) -> dict[str, Any]:
        if self.row.outcome == Outcome.UNDECIDED:
            return {}
        order = self.row.order if self.row.outcome == Outcome.RESERVE else None
        return {"outcome": self.row.outcome, "order": order, "reason": self.row.reason}

    def context(self) -> dict[str, Any]:
        total = f"{self.row.total:.2f}" if self.row.total is not None else ""
        text = (
            _("评审总分 %(total)s，第 %(rank)s 名，供参考。") % {"total": total, "rank": self.row.rank} if total else ""
        )
        return super().context() | {"intro": text}

    def perform(self, form: Any) -> HttpResponse:
        domain.decide_lines(
            actor=self.actor, round_=self.object, codes=[self.row.entry.code], now=self.now, **form.cleaned_data
        )
        return self.done(_("已记录“%(title)s”的议定结果。") % {"title": self.row.entry.title}, self.url())


class DecideLines(BulkActionView):
    """The same outcome and reason for the chosen lines, as one unit."""

    policy_action = "round.approve"
    label = gettext_lazy("议定所选")
    form_class = LinesForm

    def get_queryset(self) -> Any:
        rows = Selection.objects.filter(round__stage__cycle__owner__path=self.actor.path)
        return rows.select_related("entry", "round__stage__cycle__owner").order_by("rank", "entry__code")

    def row_title(self, obj: Selection) -> str:
        return f"{obj.entry.code} {obj.entry.title}"

    def preview(self) -> list[BulkRow]:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()][:MAX_ROWS]
        rows = self.get_queryset().filter(pk__in=wanted)
        return [BulkRow(row, self.row_title(row), self.decision(row)) for row in rows]

    def decision(self, row: Selection) -> Decision:
        if row.round.status != RoundStatus.DRAFT or not is_batch(row.round.snapshot):
            return refuse("state", _("本轮不能再逐件议定。"))
        if row.details.get("cause") == "ineligible":
            return refuse("ineligible", row.reason)
        return may(self.actor, "round.approve", row.round)

    def back_url(self) -> str:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()][:1]
        row = self.get_queryset().filter(pk__in=wanted).first()
        return reverse("lifecycle:round.detail", args=[row.round_id]) if row else reverse("lifecycle:round.list")

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        """One decision about all of them; lines of several rounds are several decisions."""
        by_round: dict[int, list[Selection]] = {}
        for row in objects:
            by_round.setdefault(row.round_id, []).append(row)
        for rows in by_round.values():
            codes = [row.entry.code for row in rows]
            domain.decide_lines(actor=self.actor, round_=rows[0].round, codes=codes, now=self.now, **data)
        return self.done(self.message(len(objects)), self.back_url())

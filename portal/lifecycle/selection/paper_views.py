"""The meeting's paper of a round: as a page for the printer and as an official document."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.selection import queries
from portal.lifecycle.selection.paper import meeting_paper, paper_rows, references_of
from portal.lifecycle.selection.ratios import ratios_of
from portal.lifecycle.selection.snapshot import is_batch, is_budget
from portal.lifecycle.selection.views import PAPER_LIMIT, RoundMixin
from portal.web.ui import Crumb
from portal.web.views import FileDownloadView, PageView

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class RoundPaper(RoundMixin, PageView):
    """The meeting's paper."""

    layout = "print"
    template_name = "lifecycle/round_paper.html"
    has_object = False

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("返回评选"), reverse("lifecycle:round.detail", args=[self.round.pk]))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows, refs = paper_rows(self.round, PAPER_LIMIT), references_of(self.round, self.now)
        codes = [c["code"] for c in self.round.snapshot["rule"]["criteria"]]
        return self.render(
            round=self.round,
            rows=rows,
            criteria=self.round.snapshot["rule"]["criteria"],
            budget=is_budget(self.round.snapshot),
            batch=is_batch(self.round.snapshot),
            rule=self.round.snapshot["rule"],
            meters=queries.meters(self.round),
            ratios=ratios_of(self.round),
            counts=queries.outcome_counts(self.round),
            params=params_of(self.round.stage),
            visited=refs.visits is not None,
            voted=refs.votes is not None,
            lines=[
                (
                    row,
                    [row.details.get("criteria", {}).get(code) for code in codes],
                    (refs.visits or {}).get(row.entry_id, ""),
                    (refs.votes or {}).get(row.entry_id, 0),
                )
                for row in rows
            ],
        )


class RoundDocument(RoundMixin, FileDownloadView):
    """The same as a .docx."""

    has_object = False

    def get_file(self) -> tuple[Any, str, str]:
        return meeting_paper(self.round, now=self.now), f"{self.round.stage.cycle}评选情况.docx", DOCX

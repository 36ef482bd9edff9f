"""Consent at the desk: QR codes to hand out, and signed sheets to record."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competitions.rosters import forms, qr, queries
from competitions.rosters.domain import consent
from competitions.rosters.models import Participation
from competitions.rosters.views.base import OfOneRoster, OfRosterPart, url
from portal.core.dates import local_date
from portal.web.views import DetailView, FileDownloadView, FormView

A_SHEET = 300  # codes on one print


class Waiting:
    """Those of one roster who have not answered, of one team with ``?team=``."""

    @cached_property
    def team(self) -> Any:
        key = self.request.GET.get("team", "")
        return self.object.teams.filter(pk=key).first() if key.isdigit() else None

    @cached_property
    def people(self) -> list[Participation]:
        rows = queries.people().filter(queries.PENDING, roster=self.object)
        if self.team:
            rows = rows.filter(team=self.team)
        return list(rows.order_by("team__name", "worker__name", "pk")[:A_SHEET])


class ConsentSheet(Waiting, OfOneRoster, DetailView):
    """One card with a name and a code for everybody who has not answered: cut apart and hand out."""

    policy_action = "roster.consent"
    layout = "print"
    template_name = "competitions/roster_sheet.html"
    context_name = "roster"
    title = _("知情同意二维码")

    def context(self) -> dict[str, Any]:
        cards = [
            (row, qr.picture(self.request.build_absolute_uri(url("public.taking_part", token=row.token)), scale=3))
            for row in self.people
        ]
        return {"cards": cards, "team": self.team}


class ConsentRecord(Waiting, OfOneRoster, FormView):
    """书面同意: choose who signed, add the scan."""

    policy_action = "roster.consent"
    form_class = forms.BatchConsentForm
    title = _("登记书面同意")
    submit_label = _("登记")
    intro = _("职工已在印有告知书的表上亲笔签字的，可以在这里成批登记，扫描件作为凭据。请只勾选已签字的职工。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"people": self.people}

    def get_initial(self) -> dict[str, Any]:
        return {"signed_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        batch = consent.record_batch(
            actor=self.actor, roster=self.object, chosen=data["chosen"], signed_on=data["signed_on"], note=data["note"],
            upload=data["file"], team=self.team, now=self.now,
        )  # fmt: skip
        return self.done(_("已登记%d人的书面同意。") % batch.people, self.object.get_absolute_url())


class ConsentPaper(OfRosterPart, FileDownloadView):
    """The signed sheet, for the keepers of the roster."""

    policy_action = "roster.consent"

    def get_queryset(self) -> Any:
        return queries.consent_batches()

    def get_file(self) -> tuple[Any, str, str]:
        batch = self.object
        return batch.file.open("rb"), batch.name, batch.content_type


class ConsentForm(OfOneRoster, DetailView):
    """告知书 with lines to sign: the paper that is scanned afterwards."""

    policy_action = "roster.consent"
    layout = "print"
    template_name = "competitions/roster_paper.html"
    context_name = "roster"
    title = _("告知书和签字表")

    def context(self) -> dict[str, Any]:
        rows = queries.people().filter(queries.PENDING, roster=self.object)
        return {
            "sections": consent.words_for(self.object),
            "text_title": consent.read_text()["title"],
            "people": rows.order_by("team__name", "worker__name", "pk")[:A_SHEET],
        }

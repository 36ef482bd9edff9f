"""What the pages of the room share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings import queries
from competitions.filings.models import CompetitionFiling
from portal.core.context import Actor
from portal.core.policies import may
from portal.web.ui import Crumb, Tab

TABS = (
    ("filing.list", _("备案台账"), "filing.view"),
    ("filing.calendar", _("年历"), "filing.view"),
    ("filing.board", _("看板"), "filing.view"),
    ("filing.cohosted", _("联合主办"), "filing.view"),
    ("filingreport.list", _("报告"), "filingreport.view"),
    ("commendation.list", _("表彰建议"), "filingreport.view"),
    ("filingcatalogue.list", _("竞赛目录"), "filingcatalogue.view"),
)
WATCH_TABS = (
    ("checkdraw.list", _("随机抽查"), "filingcheck.draw"),
    ("filingcheck.list", _("抽查结果"), "filingcheck.view"),
    ("complaint.list", _("投诉"), "complaint.view"),
)


def tabs(actor: Actor, current: str, entries: Any = TABS) -> list[Tab]:
    """The pages of the room that this desk may open."""
    return [
        Tab(label, reverse(f"competitions:{name}"), name == current)
        for name, label, action in entries
        if may(actor, action)
    ]


def list_crumb() -> Crumb:
    return Crumb(_("竞赛备案"), reverse("competitions:filing.list"))


def filing_crumb(filing: CompetitionFiling) -> Crumb:
    return Crumb(filing.title, filing.get_absolute_url())


def url_of(name: str, row: Any) -> str:
    return reverse(f"competitions:{name}", kwargs={"pk": row.pk})


class OfOneFiling:
    """Views on the filing itself."""

    view_action = "filing.view"

    def get_queryset(self) -> QuerySet[CompetitionFiling]:
        return queries.filings()

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), filing_crumb(self.object)]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class OfOnePart:
    """Views on what belongs to a filing; the policy is asked about the filing where ``asks_filing``."""

    view_action = "filing.view"
    asks_filing = True

    def policy_object(self) -> Any:
        return self.object.filing if self.asks_filing else self.object

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), filing_crumb(self.object.filing)]

    def get_cancel_url(self) -> str:
        return self.object.filing.get_absolute_url()

    def get_failure_url(self) -> str:
        return self.object.filing.get_absolute_url()

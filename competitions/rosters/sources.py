"""What waits at a roster's desk: people to accept, consents to get, uploads to finish, competitions without a roster."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import OPEN_STATES
from competitions.filings.models import CompetitionFiling
from competitions.rosters import queries
from competitions.rosters.models import Roster, RosterImport
from portal.accounts.enums import ImportState
from portal.core.context import Actor
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _own(actor: Actor) -> QuerySet[Roster]:
    return queries.rosters().filter(organisation__path=actor.path, filing__state__in=OPEN_STATES)


def _people(roster: Roster, query: str) -> str:
    return f"{reverse('competitions:participation.list', kwargs={'pk': roster.pk})}?{query}"


def _to_accept(actor: Actor, now: dt.datetime) -> QuerySet[Roster]:
    return _own(actor).filter(applied__gt=0)


def _accept_item(roster: Roster, now: dt.datetime) -> WorkItem:
    note = _("%d人扫码登记，等待核对接收") % roster.applied
    return WorkItem(str(roster), _people(roster, "state=applied"), _("核对接收"), from_=roster.who, note=note)


def _to_ask(actor: Actor, now: dt.datetime) -> QuerySet[Roster]:
    return _own(actor).filter(pending__gt=0)


def _ask_item(roster: Roster, now: dt.datetime) -> WorkItem:
    note = _("%d人还没有同意，不计入统计") % roster.pending
    return WorkItem(
        str(roster),
        _people(roster, "state=active&consent=pending"),
        _("查看名单"),
        from_=roster.filing.owner.label,
        note=note,
    )


def _uploads(actor: Actor, now: dt.datetime) -> QuerySet[RosterImport]:
    states = (ImportState.CHECKED, ImportState.FAULTY)
    return queries.imports().filter(roster__organisation__path=actor.path, state__in=states).exclude(file="")


def _upload_item(batch: RosterImport, now: dt.datetime) -> WorkItem:
    faulty = batch.state == ImportState.FAULTY
    label = _("查看错误") if faulty else _("正式导入")
    note = _("%d行有误") % batch.errors if faulty else _("试导无误，还没有正式导入")
    return WorkItem(
        batch.file_name, batch.get_absolute_url(), label, from_=str(batch.roster), since=batch.uploaded_at, note=note
    )


def _without(actor: Actor, now: dt.datetime) -> QuerySet[CompetitionFiling]:
    """The desk's own competitions: those of others nobody is bound to join (坚持职工自愿)."""
    there = Roster.objects.filter(filing=OuterRef("pk"))
    rows = CompetitionFiling.objects.filter(owner__path=actor.path, state__in=OPEN_STATES)
    return rows.filter(~Exists(there)).select_related("owner")


def _without_item(filing: CompetitionFiling, now: dt.datetime) -> WorkItem:
    address = f"{reverse('competitions:roster.open')}?filing={filing.pk}"
    return WorkItem(
        filing.title, address, _("建立名单"), from_=filing.owner.label, note=_("竞赛已备案，还没有登记参赛职工")
    )


def _source(key: str, title: Any, action: str, rows: Any, item: Any, **more: Any) -> Source:
    return Source(key=key, title=title, policy_action=action, rows=rows, item=item, **more)


SEARCH = ("filing__title",)
register_source(
    _source(
        "roster.accept", _("待接收的参赛登记"), "roster.change", _to_accept, _accept_item, order=93, search=SEARCH,
        list_url="competitions:roster.list", list_query="mine=on&applied=on", icon="user-check",
    ),
    _source(
        "roster.consent", _("待本人同意的参赛人员"), "roster.consent", _to_ask, _ask_item, order=94, search=SEARCH,
        list_url="competitions:roster.list", list_query="mine=on&waiting=on", icon="signature",
    ),
    _source(
        "roster.import", _("待处理的名单导入"), "roster.import", _uploads, _upload_item, order=95,
        search=("file_name",), list_url="competitions:roster_import.list", icon="file-upload",
    ),
    _source(
        "roster.missing", _("还没有登记参赛职工的竞赛"), "roster.open", _without, _without_item, order=96,
        search=("title",), list_url="competitions:roster.list", list_query="mine=on", icon="users-plus",
    ),
)  # fmt: skip

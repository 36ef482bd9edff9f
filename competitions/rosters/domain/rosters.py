"""A roster is opened for a competition, gets its teams, and – for people without a unit – a door they come in by."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.filings.models import CompetitionFiling
from competitions.rosters import filed
from competitions.rosters.enums import RosterKind
from competitions.rosters.links import door_index
from competitions.rosters.models import Roster, RosterTeam
from portal.accounts.models import Employer, Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

TOKEN_BYTES = 24
LONGEST_DOOR = 180  # days


def lock_roster(roster: Roster | int) -> Roster:
    """The roster's row, locked and freshly read: taken first by every act on a roster."""
    return lock_row(Roster, roster if isinstance(roster, int) else roster.pk)


def require_open(filing: CompetitionFiling) -> None:
    """Raises Conflict when nobody can be entered (any more)."""
    if not filed.takes_people(filing):
        raise Conflict(_("“%s”现在不接受登记参赛人员。") % filing)


@transaction.atomic
def open_roster(
    *,
    actor: Actor,
    filing: CompetitionFiling,
    organisation: Organisation,
    kind: str,
    now: dt.datetime,
    employer: Employer | None = None,
    title: str = "",
    contact: str = "",
    contact_phone: str = "",
) -> Roster:
    """名单 of the acting organisation for ``filing``. Raises Invalid beside the field, Conflict for a second one."""
    policy_for("roster").require(actor, "open")
    title = title.strip() if kind == RosterKind.GROUP else ""
    if kind == RosterKind.GROUP and not title:
        message = _("请填写群体（平台、协会）名称。")
        raise Invalid(message, fields={"title": [message]})
    if kind == RosterKind.GROUP:
        employer = None
    if employer is not None and employer.organisation_id != organisation.pk:
        message = _("请选择本工会覆盖的单位。")
        raise Invalid(message, fields={"employer": [message]})
    require_open(filing)
    row = Roster(
        filing=filing, organisation=organisation, employer=employer, kind=kind, title=title, contact=contact.strip(),
        contact_phone=contact_phone.strip(), created_by=actor.user,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("这项竞赛的名单已经建立，请在参赛名单中打开。")) from error
    record("competitions.roster.opened", row, actor=actor, now=now, filing=filing.pk, kind=kind)
    return row


@transaction.atomic
def change_roster(*, actor: Actor, roster: Roster, contact: str, contact_phone: str, now: dt.datetime) -> Roster:
    """The person whom people on the roster may ask."""
    roster = lock_roster(roster)
    policy_for("roster").require(actor, "change", roster)
    before = roster.contact
    roster.contact, roster.contact_phone = contact.strip(), contact_phone.strip()
    roster.save(update_fields=["contact", "contact_phone", "updated_at"])
    changed = before != roster.contact
    record("competitions.roster.changed", roster, actor=actor, now=now, contact_changed=changed)
    return roster


@transaction.atomic
def save_team(
    *, actor: Actor, roster: Roster, name: str, kind: str, now: dt.datetime, team: RosterTeam | None = None
) -> RosterTeam:
    """Adds a team, or changes ``team``. Raises Invalid when the roster has one of that name."""
    roster = lock_roster(roster)
    policy_for("roster").require(actor, "change", roster)
    name = name.strip()
    same = RosterTeam.objects.filter(roster=roster, name=name)
    if same.exclude(pk=team.pk if team else None).exists():
        message = _("名单里已经有“%s”。") % name
        raise Invalid(message, fields={"name": [message]})
    row = lock_row(RosterTeam, team.pk) if team else RosterTeam(roster=roster)
    row.name, row.kind = name, kind
    row.save()
    action = "competitions.team.changed" if team else "competitions.team.added"
    record(action, row, actor=actor, now=now, name=name, kind=kind)
    return row


@transaction.atomic
def remove_team(*, actor: Actor, team: RosterTeam, now: dt.datetime) -> Roster:
    """Takes an empty team out of the roster; raises Conflict while somebody is in it."""
    roster = lock_roster(team.roster_id)
    policy_for("roster").require(actor, "change", roster)
    if team.people.exists():
        raise Conflict(_("“%s”里还有人员，请先把他们移到别的班组。") % team.name)
    record("competitions.team.removed", team, actor=actor, now=now, name=team.name)
    RosterTeam.objects.filter(pk=team.pk).delete()
    return roster


@transaction.atomic
def open_door(*, actor: Actor, roster: Roster, until: dt.date, now: dt.datetime) -> Roster:
    """A public page on which people enter themselves until ``until`` (included); opening again makes a new address."""
    roster = lock_roster(roster)
    policy_for("roster").require(actor, "door", roster)
    require_open(roster.filing)
    today = local_date(now)
    if not today <= until <= today + dt.timedelta(days=LONGEST_DOOR):
        message = _("截止日期须在今天之后、%d天以内。") % LONGEST_DOOR
        raise Invalid(message, fields={"until": [message]})
    roster.door_token = secrets.token_urlsafe(TOKEN_BYTES)
    roster.door_index, roster.door_until = door_index(roster.door_token), until
    roster.save(update_fields=["door_token", "door_index", "door_until", "updated_at"])
    record("competitions.roster.door_opened", roster, actor=actor, now=now, until=until)
    return roster


@transaction.atomic
def close_door(*, actor: Actor, roster: Roster, now: dt.datetime) -> Roster:
    """The public page is gone at once; who came in stays."""
    roster = lock_roster(roster)
    policy_for("roster").require(actor, "door", roster)
    roster.door_token, roster.door_index, roster.door_until = "", "", None
    roster.save(update_fields=["door_token", "door_index", "door_until", "updated_at"])
    record("competitions.roster.door_closed", roster, actor=actor, now=now)
    return roster

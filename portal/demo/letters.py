"""Letters of the demo: what went out, one that waits for the notice to run out, one that nobody has sent yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from portal.accounts.domain.invitations import Invitee, invite_by_letter
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.demo.federation import Federation
from portal.jobs import domain as jobs
from portal.jobs.models import JobState
from portal.lifecycle.letters.domain.drafting import draft_letters
from portal.lifecycle.letters.domain.sending import deliver_batch, send_batch
from portal.lifecycle.letters.models import LetterBatch
from portal.lifecycle.programmes.models import Cycle, CycleStatus

SENT = (
    ("five-small-top20", "call", 20),
    ("innovation-star", "review", 3),
    ("nonpublic-top10", "proposed", 1),
)
INVITED = (
    (0, Role.CHECKER, "郑文娟", "经济部部长"),
    (1, Role.MANAGER, "冯国强", "办公室主任"),
    (2, Role.CHECKER, "蒋雪梅", "干事"),
)
DRAFTED = (("nonpublic-top10", "declined"), ("five-small-top20", "reminder"))


def letters_of_the_year(federation: Federation) -> Iterator[str]:
    """Drafted, and sent where the time has come, by the city's manager; yields one line."""
    manager = federation.manager
    for code, event, days in SENT:
        at = federation.now - dt.timedelta(days=days)
        _send(draft_letters(cycle=_running(code), event=event, actor=manager, now=at), manager, at)
    for code, event in DRAFTED:
        draft_letters(cycle=_running(code), event=event, actor=manager, now=federation.now)
    below = Organisation.objects.filter(parent=federation.municipal, level=UnionLevel.DISTRICT, is_active=True)
    districts = list(below.order_by("path")[: len(INVITED)])
    for number, role, name, title in INVITED:
        invitee = Invitee(districts[number], role, name, title, email=f"invited{number + 1}@example.org")
        invite_by_letter(actor=manager, invitee=invitee, now=federation.now - dt.timedelta(days=number))
    yield "函件和邀请函"


def _running(code: str) -> Cycle:
    rows = Cycle.objects.filter(programme__code=code, status=CycleStatus.RUNNING, owner__parent=None)
    return rows.select_related("programme", "blueprint", "owner").order_by("-year").first()


def _send(batch: LetterBatch, manager: Actor, now: dt.datetime) -> None:
    """As the worker does it, but at once: nothing of the demo depends on a worker."""
    run = send_batch(batch=batch, actor=manager, now=now)
    claimed = jobs.claim(run.pk, now=now)
    counts = deliver_batch(batch=batch, actor=manager, now=now, report=lambda *_: None)
    message = f"已发送{counts['sent']}封。"
    jobs.finish(claimed, state=JobState.SUCCEEDED, message=message, result=counts, now=now)

"""Asking for and recording clearances; disqualifying."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_rows
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.policies import may, policy_for
from portal.lifecycle.clearance import queries
from portal.lifecycle.clearance.departments.replies import Paper, add_version
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import stage_of


@dataclass(frozen=True)
class Answer:
    """One opinion as it was given."""

    opinion: str
    note: str = ""


def request_clearances(*, entry: Entry) -> int:
    """Makes the rows that the rules ask for and that are not there yet; returns how many. Safe to repeat."""
    present = set(entry.clearances.values_list("key", flat=True))
    rows = [Clearance(entry=entry, key=k, title=t[:120]) for k, t in queries.demanded(entry) if k not in present]
    return len(Clearance.objects.bulk_create(rows, ignore_conflicts=True))


def record_opinions(*, entry: Entry, answers: Mapping[str, Answer], actor: Actor, now: dt.datetime) -> list[Clearance]:
    """Writes opinions by key, each change audited. What does not agree needs a note.

    When everything agrees and the review is open, the entry enters it at once (if the actor may run the cycle; otherwise
    beat does it). Raises Invalid beside the key, Conflict when the key is not asked for this entry.
    """
    policy_for("clearance").require(actor, "record", entry)
    errors = {f"note_{key}": ["请写明原因或保留意见的内容。"] for key, a in answers.items() if lacks_note(a)}
    if errors:
        raise Invalid("有的意见需要说明。", fields=errors)
    with transaction.atomic():
        rows = {row.key: row for row in lock_rows(queries.clearances_of(entry).filter(key__in=list(answers)))}
        if missing := sorted(set(answers) - set(rows)):
            raise Conflict(f"这件申报没有审查事项：{'、'.join(missing)}。")
        changed = [row for key, row in rows.items() if write_opinion(row, answers[key], actor, now)]
    enter_review(entry, actor, now)
    return changed


def lacks_note(answer: Answer) -> bool:
    """Whether what does not agree comes without its reason."""
    return answer.opinion in {Opinion.REFUSED, Opinion.RESERVED} and not answer.note.strip()


def write_opinion(
    row: Clearance, answer: Answer, actor: Actor, now: dt.datetime, *, paper: Paper | None = None
) -> bool:
    """The standing opinion of a locked row, audited; a department's also as a new version. False when nothing changes."""
    before = {"opinion": row.opinion, "note": row.note}
    after = {"opinion": Opinion(answer.opinion).value, "note": answer.note.strip()}
    if before == after:
        return False
    row.opinion, row.note = after["opinion"], after["note"]
    decided = row.opinion != Opinion.PENDING
    row.decided_by, row.decided_at = (actor.user, now) if decided else (None, None)
    row.save()
    record("lifecycle.clearance.recorded", row, actor=actor, before=before, after=after, now=now, title=row.title)
    add_version(row, paper=paper or Paper(), actor=actor, now=now)
    return True


def enter_review(entry: Entry, actor: Actor, now: dt.datetime) -> None:
    """Into the review at once, when nothing holds the entry up and the actor may; otherwise the stage's next look does."""
    stage = stage_of(entry.cycle, "review")
    ready = (
        entry.state == EntryState.RECOMMENDED
        and stage is not None
        and stage.is_open_at(now)
        and may(actor, "cycle.run", entry)
        and not queries.unsettled(entry).exists()
    )
    if ready:
        try:
            perform(entry, "begin_review", actor=actor, now=now)
        except DomainError:  # another guard; the stage's next look names it
            return


def disqualify_entry(
    *, entry: Entry, actor: Actor, now: dt.datetime, reason: str, expected_version: int | None = None
) -> Entry:
    """取消资格: with a reason; the place of the nominating union falls free. Raises what ``perform`` raises."""
    return perform(entry, "disqualify", actor=actor, now=now, reason=reason, expected_version=expected_version)

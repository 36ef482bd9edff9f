"""What a submission does to the entry besides its state."""

from __future__ import annotations

from django.db.models import Max

from portal.lifecycle.blueprints.conditions import visible_answers
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import effect
from portal.lifecycle.entries import queries, routes
from portal.lifecycle.entries.content import answers_of, fingerprint, stored_answers, write_keys
from portal.lifecycle.entries.models import Attachment, Entry, EntryVersion


@effect("submit")
def on_submit(act: Act) -> None:
    """Resolves the route anew (the tree may have changed), stands the entry before its first union, writes a version."""
    entry: Entry = act.entry
    hops = queries.route_of(entry.organisation, act.cycle)
    entry.route = routes.to_json(hops)
    entry.route_path = routes.route_path(hops, act.cycle.owner.path)
    entry.at_level = hops[0].level if hops else ""
    entry.at_organisation_id = hops[0].organisation if hops else None
    entry.submitted_at = act.now
    entry.return_due_at = None
    version = _write_version(act)
    act.facts |= {"version": version.number, "fingerprint": version.fingerprint, "route": [hop.name for hop in hops]}


def _write_version(act: Act) -> EntryVersion:
    entry: Entry = act.entry
    rules = act.cycle.rules
    answers = visible_answers(rules, answers_of(entry))
    write_keys(entry, rules, answers)
    files = list(
        Attachment.objects.filter(entry=entry, removed_at=None)
        .order_by("field", "pk")
        .values("id", "field", "name", "size", "sha256")
    )
    last = EntryVersion.objects.filter(entry=entry).aggregate(last=Max("number"))["last"] or 0
    return EntryVersion.objects.create(
        entry=entry,
        number=last + 1,
        title=entry.title,
        answers=stored_answers(rules, answers),
        attachments=files,
        fingerprint=fingerprint(title=entry.title, answers=answers, attachments=files),
        created_by=act.actor.user,
        created_at=act.now,
    )


@effect("withdraw")
def on_withdraw(act: Act) -> None:
    """Nobody holds a withdrawn entry any more, and it takes no place of its union."""
    entry: Entry = act.entry
    entry.at_level, entry.at_organisation, entry.due_at, entry.return_due_at = "", None, None, None
    entry.nominating, entry.nomination_rank, entry.is_reserve_nomination = None, None, False

"""The same subject elsewhere: found by keyed hashes over all units, whatever the desk may see."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.blueprints.vocabulary import SubjectKind
from portal.lifecycle.entries.content import answers_of, keys_of
from portal.lifecycle.entries.models import Entry, EntryKey

SCOPE = "the same person, unit or work may have entered elsewhere"
_KINDS = {SubjectKind.PERSON: EntryKey.PERSON, SubjectKind.UNIT: EntryKey.CREDIT_CODE}


def same_subject(entry: Entry, programmes: Iterable[str]) -> QuerySet[Entry] | None:
    """Entries of the programmes (by code, of the same root) about the same subject; None when it cannot be told.

    Persons are known by ID number, units by credit code; teams, projects and works – and a team that enters a programme
    for persons, which has no number – by title within their organisation.
    """
    rules = entry.cycle.rules
    kind = _KINDS.get(rules.programme.subject)
    values = [value for key, value in keys_of(rules, answers_of(entry)) if key == kind] if kind is not None else []
    if values:
        subject = Q(keys__kind=kind, keys__value__in=values)
    elif entry.title_key:
        subject = Q(organisation=entry.organisation_id, title_key=entry.title_key)
    else:
        return None
    root = path_prefixes(entry.cycle.owner.path)[0]
    with system_scope(SCOPE):
        return (
            Entry.objects.filter(subject, cycle__programme__code__in=list(programmes))
            .filter(cycle__owner__path__startswith=root)
            .exclude(pk=entry.pk)
            .select_related("cycle__programme", "organisation")
            .defer("answers", "route")
            .distinct()
            .order_by("pk")
        )

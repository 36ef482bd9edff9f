"""Entering: a new draft, saving what is typed, the copy of an earlier entry."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Employer, Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row
from portal.core.decisions import refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.core.text import normalise_title
from portal.lifecycle.blueprints.fields import blank_answers, subject_name
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.vocabulary import FieldType
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.content import (
    Answers,
    answers_of,
    clear_answers,
    section_base,
    stored_answers,
    write_keys,
)
from portal.lifecycle.entries.domain.consents import sync_consents
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, Track

TITLE_LENGTH = 200
TRACK = "track"  # code of the question that decides the track, where a programme asks it in the form
MAX_ANSWERS = 1_000_000  # characters of JSON; the longest paper form stays far below


class StaleDraft(Conflict):
    """The section was changed elsewhere since the page was opened. Both texts are kept: ``stored`` and ``typed``."""

    code = "stale"

    def __init__(self, *, stored: Answers, typed: Answers, base: str) -> None:
        super().__init__(_("这一部分在您打开之后已被修改，您填写的内容还没有保存。请对照两份内容后决定保存哪一份。"))
        self.stored, self.typed, self.base = stored, typed, base


@dataclass(frozen=True)
class Saved:
    """``base`` is the new fingerprint of the section: the page sends it with its next save."""

    entry: Entry
    saved_at: dt.datetime
    base: str
    changed: bool


def create_entry(
    *,
    actor: Actor,
    cycle: Cycle,
    now: dt.datetime,
    title: str = "",
    track: Track | None = None,
    employer: Employer | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Entry:
    """A new draft of the desk's organisation, filled with what the portal knows about the unit and the person.

    Raises Refused outside the application stage or at the unit's limit, Conflict when the organisation has an entry of
    the same (normalised) title in this cycle, Invalid when the track is missing.
    """
    policy_for("entry").require(actor, "create")
    rules = cycle.rules
    with transaction.atomic():
        organisation = Organisation.objects.get(pk=actor.at_desk.organisation_id)
        advisory_lock(f"entries:{cycle.pk}:{organisation.pk}")
        stage = queries.open_application(cycle, now)
        _check_unit_limit(cycle, organisation, stage.params.get("max_per_unit"))
        track = _checked_track(cycle, track or _answered_track(cycle, answers or {}))
        employer = employer or queries.only_employer(organisation)
        known = queries.prefill(organisation, employer, actor.user)
        content = blank_answers(rules, known) | dict(answers or {})
        if title.strip():
            content[rules.programme.subject_field] = title.strip()
        if track is not None and rules.has_field(TRACK):
            content[TRACK] = track.code
        _check_size(content)
        entry = Entry(
            code=next_code(cycle),
            cycle=cycle,
            track=track,
            organisation=organisation,
            employer=employer,
            created_by=actor.user,
            state_changed_at=now,
        )
        _write_content(entry, rules, content)
        refuse_same_title(entry)
        entry.save(force_insert=True)
        write_keys(entry, rules, content)
        record("lifecycle.entry.created", entry, actor=actor, now=now, cycle=cycle.pk, code=entry.code)
        return entry


def copy_entry(
    *,
    actor: Actor,
    source: Entry,
    cycle: Cycle,
    now: dt.datetime,
    track: Track | None = None,
    title: str = "",
) -> Entry:
    """从往届复制: a new draft in ``cycle`` with the answers of an earlier entry that the new form still asks for.

    ``title`` and ``track`` replace those of the source. Declarations, consents and files are given anew. Raises what ``create_entry`` raises.
    """
    policy_for("entry").require(actor, "submit", source)  # the own unit's entries only
    old = source.cycle.rules
    kinds = {spec.code: spec.type for spec in old.fields}
    before = clear_answers(old, source.answers)
    again = {FieldType.CONSENT, FieldType.VETOES}
    answers = {
        spec.code: before[spec.code]
        for spec in cycle.rules.fields
        if spec.code in before and kinds.get(spec.code) == spec.type and spec.type not in again
    }
    if track is None and source.track:
        track = Track.objects.filter(cycle=cycle, code=source.track.code).first()
    with transaction.atomic():
        entry = create_entry(
            actor=actor, cycle=cycle, now=now, track=track, employer=source.employer, answers=answers, title=title
        )
        record(
            "lifecycle.entry.saved",
            entry,
            actor=actor,
            now=now,
            section_title=_("从往届复制"),
            labels=[f"{source.code}《{source.title}》"],
        )
    return entry


def save_draft(
    *,
    actor: Actor,
    entry: Entry,
    section: str,
    answers: Mapping[str, Any],
    now: dt.datetime,
    base: str | None = None,
    expected_version: int | None = None,
) -> Saved:
    """Keeps what was typed in one section; incomplete and faulty answers are kept too, nothing is lost.

    ``answers`` are those of the section (``EntryForm.answers()`` of a draft); questions that are left out keep theirs.
    ``base`` (the section as the page knows it) or ``expected_version`` (the whole entry) make a stale page a StaleDraft.
    Saving the same again is no change. Raises Refused when the entry is locked, Invalid for questions the section lacks.
    """
    with transaction.atomic():
        locked = lock_row(Entry, entry.pk)
        policy_for("entry").require(actor, "edit", locked)
        rules = locked.cycle.rules
        _check_section(rules, section, answers)
        stored = answers_of(locked)
        current = section_base(rules, section, stored)
        content = stored | dict(answers)
        new_base = section_base(rules, section, content)
        if content == stored or new_base == current:
            return Saved(locked, now, current, changed=False)
        stale = base is not None and base != current
        stale = stale or (expected_version is not None and expected_version != locked.version)
        if stale:
            raise StaleDraft(stored=stored, typed=dict(answers), base=current)
        _check_size(content)
        changed = [code for code in answers if content.get(code) != stored.get(code)]
        _write_content(locked, rules, content)
        locked.version += 1
        locked.save(update_fields=["answers", "title", "title_key", "track", "version", "updated_at"])
        write_keys(locked, rules, content)
        sync_consents(locked, rules, stored, content, actor=actor, now=now)
        record(
            "lifecycle.entry.saved",
            locked,
            actor=actor,
            now=now,
            section_title=rules.section(section).title,
            labels=[rules.field(code).label for code in changed],
        )
        return Saved(locked, now, new_base, changed=True)


def change_track(*, actor: Actor, entry: Entry, track: Track, now: dt.datetime) -> Entry:
    """Moves an entry that may still be edited to another track of its cycle."""
    with transaction.atomic():
        locked = lock_row(Entry, entry.pk)
        policy_for("entry").require(actor, "edit", locked)
        before = locked.track_id
        locked.track = _checked_track(locked.cycle, track)
        if locked.cycle.rules.has_field(TRACK):
            locked.answers = locked.answers | {TRACK: locked.track.code}
        locked.version += 1
        locked.save(update_fields=["answers", "track", "version", "updated_at"])
        record(
            "lifecycle.entry.track_changed",
            locked,
            actor=actor,
            now=now,
            before={"track": before},
            after={"track": locked.track_id},
        )
        return locked


def refuse_same_title(entry: Entry) -> None:
    """Raises Conflict naming the entry of the same organisation and cycle with the same title."""
    same = queries.same_title(entry)
    if same is not None:
        raise Conflict(
            _("本单位本届已有同名申报《%(title)s》（%(code)s），请在原申报上继续填写，不要重复新建。")
            % {"title": same.title, "code": same.code},
            code="duplicate",
        )


def _write_content(entry: Entry, rules: Blueprint, content: Answers) -> None:
    entry.title = subject_name(rules, content)[:TITLE_LENGTH]
    entry.title_key = normalise_title(entry.title)[:TITLE_LENGTH]
    entry.answers = stored_answers(rules, content)
    answered = _answered_track(entry.cycle, content)
    if answered is not None:
        entry.track = answered


def _answered_track(cycle: Cycle, content: Mapping[str, Any]) -> Track | None:
    """A question with the code ``track`` decides the entry's track; None when it is not asked or not answered."""
    if not content.get(TRACK) or not cycle.rules.has_field(TRACK):
        return None
    return next((track for track in cycle.tracks.all() if track.code == content[TRACK]), None)


def _check_section(rules: Blueprint, section: str, answers: Mapping[str, Any]) -> None:
    own = {spec.code for spec in rules.section(section).fields if spec.is_answer}
    foreign = set(answers) - own
    if foreign:
        raise Invalid(
            _("“%(section)s”中没有这些栏目：%(codes)s") % {"section": section, "codes": "、".join(sorted(foreign))}
        )


def _check_size(answers: Answers) -> None:
    if len(json.dumps(answers, ensure_ascii=False)) > MAX_ANSWERS:
        raise Invalid(_("填写的内容过多，请删减或改为上传附件。"))


def _checked_track(cycle: Cycle, track: Track | None) -> Track | None:
    """The track, required where the cycle has any; a single one is taken without asking."""
    tracks = list(cycle.tracks.all())
    if track is not None and track in tracks:
        return track
    if len(tracks) == 1:
        return tracks[0]
    if tracks:
        raise Invalid(_("请选择申报类别。"), fields={"track": [_("请选择申报类别。")]})
    return None


def _check_unit_limit(cycle: Cycle, organisation: Organisation, limit: int | None) -> None:
    if limit is None:
        return
    number = queries.entries_of_unit(cycle, organisation)
    if number >= limit:
        raise Refused(
            refuse(
                "unit_limit",
                _("每个单位最多申报 %(limit)d 件，本单位已有 %(number)d 件。如需更换，请先撤回其中一件。")
                % {"limit": limit, "number": number},
            )
        )


def next_code(cycle: Cycle) -> str:
    """申报编号 ``2026-0012-00007``: year, cycle, running number. Numbers are given one at a time."""
    advisory_lock(f"entry-code:{cycle.pk}")
    prefix = f"{cycle.year}-{cycle.pk:04d}-"
    last = queries.last_code(cycle, prefix)
    found = re.fullmatch(re.escape(prefix) + r"(\d+)", last)
    return f"{prefix}{int(found[1]) + 1 if found else 1:05d}"

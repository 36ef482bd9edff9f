"""A case on its way: written, handed to the union above, returned or published; holders reminded to share."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.exchange import tags
from competitions.exchange.enums import CaseState
from competitions.exchange.models import CaseFile, CaseNotice, CaseSubscription, ExchangeCase, ShareReminder
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.entries.models import Entry
from portal.web.uploads import checked_upload

FACTS = ("title", "kind", "saving", "subject", "model_name", "honour", "field", "practice", "effect", "hint", "tags")
PAPERS = ("jpg", "jpeg", "png", "pdf", "docx", "mp4")
MAX_MB, MAX_FILES = 50, 12


@transaction.atomic
def draft_case(*, actor: Actor, owner: Organisation, facts: dict[str, Any], now: dt.datetime) -> ExchangeCase:
    """A draft of ``owner``; the union above checks it, the federation's own cases are checked by itself."""
    policy_for("case").require(actor, "add")
    facts = facts | {"tags": _tags(facts.get("tags", ()))}
    row = ExchangeCase.objects.create(owner=owner, checked_at=owner.parent or owner, created_by=actor.user, **facts)
    record("competitions.case.drafted", row, actor=actor, now=now, subject=row.subject)
    return row


@transaction.atomic
def change_case(*, actor: Actor, case: ExchangeCase, facts: dict[str, Any], now: dt.datetime) -> ExchangeCase:
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "change", row)
    facts = facts | {"tags": _tags(facts.get("tags", ()))}
    before = {name: getattr(row, name) for name in FACTS if getattr(row, name) != facts[name]}
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    after = {name: facts[name] for name in before}
    record("competitions.case.changed", row, actor=actor, now=now, before=before, after=after)
    return row


@transaction.atomic
def add_file(*, actor: Actor, case: ExchangeCase, upload: Any, now: dt.datetime) -> CaseFile:
    """A picture, paper or film, checked by its content. Raises Invalid for other kinds and beyond ``MAX_FILES``."""
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "change", row)
    if CaseFile.objects.filter(case=row).count() >= MAX_FILES:
        message = _("最多上传%d个文件。") % MAX_FILES
        raise Invalid(message, fields={"file": [message]})
    file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="file")
    kept = CaseFile(
        case=row, name=checked.name, size=checked.size, content_type=checked.content_type, sha256=checked.sha256,
        uploaded_at=now,
    )  # fmt: skip
    kept.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
    kept.save()
    record("competitions.case.file_added", row, actor=actor, now=now, sha256=kept.sha256)
    return kept


@transaction.atomic
def remove_file(*, actor: Actor, file: CaseFile, now: dt.datetime) -> None:
    row = lock_row(ExchangeCase, file.case_id)
    policy_for("case").require(actor, "change", row)
    record("competitions.case.file_removed", row, actor=actor, now=now, sha256=file.sha256)
    CaseFile.objects.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: file.file.delete(save=False))


@transaction.atomic
def submit_case(*, actor: Actor, case: ExchangeCase, now: dt.datetime) -> ExchangeCase:
    """To the union above; reminders to share that wait for this union are answered by it."""
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "change", row)
    row.state, row.submitted_at, row.reason = CaseState.SUBMITTED, now, ""
    row.save()
    ShareReminder.objects.filter(organisation=row.owner_id, done_at=None).update(done_at=now)
    record("competitions.case.submitted", row, actor=actor, now=now, to=row.checked_at.name)
    return row


@transaction.atomic
def publish_case(*, actor: Actor, case: ExchangeCase, now: dt.datetime) -> ExchangeCase:
    """Every union of the federation reads it from now on; those that subscribed to its kind find it in their work list."""
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "check", row)
    row.state, row.published_at, row.shown_path = CaseState.PUBLISHED, now, path_prefixes(row.owner.path)[0]
    row.save()
    told = _tell_subscribers(row, now)
    record("competitions.case.published", row, actor=actor, now=now, told=told)
    return row


def _tell_subscribers(case: ExchangeCase, now: dt.datetime) -> int:
    """One notice for each union of the federation that subscribed to the kind, but its writer; once for a case."""
    with system_scope("who subscribed is told, wherever they stand in the federation"):
        rows = CaseSubscription.objects.filter(kind=case.kind, organisation__path__startswith=case.shown_path)
        unions = list(rows.exclude(organisation=case.owner_id).values_list("organisation_id", flat=True))
        CaseNotice.objects.bulk_create(
            [CaseNotice(case=case, organisation_id=union, at=now) for union in unions], ignore_conflicts=True
        )
    return len(unions)


@transaction.atomic
def show_case(*, actor: Actor, case: ExchangeCase, public: bool, now: dt.datetime) -> ExchangeCase:
    """Before everybody on the public site, or back among unions."""
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "show", row)
    row.is_public = public
    row.save()
    record("competitions.case.shown" if public else "competitions.case.hidden", row, actor=actor, now=now)
    return row


@transaction.atomic
def return_case(*, actor: Actor, case: ExchangeCase, reason: str, now: dt.datetime) -> ExchangeCase:
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "check", row)
    row.state, row.reason = CaseState.RETURNED, _reason(reason)
    row.save()
    record("competitions.case.returned", row, actor=actor, now=now, reason=row.reason)
    return row


@transaction.atomic
def withdraw_case(*, actor: Actor, case: ExchangeCase, reason: str, now: dt.datetime) -> ExchangeCase:
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "withdraw", row)
    row.state, row.shown_path, row.is_public, row.reason = CaseState.WITHDRAWN, "", False, _reason(reason)
    row.save()
    record("competitions.case.withdrawn", row, actor=actor, now=now, reason=row.reason)
    return row


def _tags(words: Iterable[str]) -> list[str]:
    """Cleaned. Raises Invalid beside ``tags`` for more or longer ones than a case may have."""
    found = tags.cleaned(words)
    message = ""
    if len(found) > tags.MOST:
        message = _("最多%d个标签。") % tags.MOST
    elif long := [tag for tag in found if len(tag) > tags.LONGEST]:
        message = _("标签“%(tag)s”太长，最多%(n)d个字。") % {"tag": long[0], "n": tags.LONGEST}
    if message:
        raise Invalid(message, fields={"tags": [message]})
    return found


def _reason(words: str) -> str:
    if not words.strip():
        message = _("请填写原因。")
        raise Invalid(message, fields={"reason": [message]})
    return words.strip()


@transaction.atomic
def remind_holders(
    *, actor: Actor, entries: Iterable[Entry], words: str, due_on: dt.date, now: dt.datetime
) -> tuple[int, int]:
    """Asks the unions of honoured entries to share. (reminded, passed over because they are reminded already)."""
    policy_for("case").require(actor, "remind")
    if due_on <= local_date(now):
        message = _("日期应在今天以后。")
        raise Invalid(message, fields={"due_on": [message]})
    sender = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    entries = sorted(entries, key=lambda entry: entry.pk)
    waiting = set(
        ShareReminder.objects.filter(entry__in=[e.pk for e in entries], done_at=None).values_list("entry_id", flat=True)
    )
    made = 0
    for entry in entries:
        if entry.pk in waiting:
            continue
        try:
            with transaction.atomic():
                row = ShareReminder.objects.create(
                    entry=entry, organisation=entry.organisation, sent_from=sender, sent_by=actor.user, sent_at=now,
                    due_on=due_on, words=words.strip(),
                )  # fmt: skip
        except IntegrityError:  # competitions_share_reminder_open: somebody else was first
            waiting.add(entry.pk)
            continue
        record("competitions.sharing.reminded", row, actor=actor, now=now, entry=entry.code)
        made += 1
    return made, len(waiting)

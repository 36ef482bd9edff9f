"""Files of an entry: in after a check by content, out without a trace in earlier versions lost."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.decisions import refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec
from portal.lifecycle.blueprints.vocabulary import FieldType
from portal.lifecycle.engine.states import EDITABLE_STATES
from portal.lifecycle.entries.models import Attachment, Entry
from portal.web.uploads import CheckedFile, checked_upload


def add_attachment(*, actor: Actor, entry: Entry, field: str, upload: Any, now: dt.datetime) -> Attachment:
    """Stores one uploaded file in the place ``field`` of the form.

    Type, size and content are checked (``files.check_file``), then the number of files the place takes. While the own
    union checks the entry it may add the sealed papers only. Raises Invalid with the message beside ``field``,
    Conflict when the same file is there already, Refused when the entry is locked.
    """
    spec = _spec(entry.cycle.rules, field)
    policy_for("entry").require(actor, "attach", entry)
    file, checked = checked_upload(upload, accept=spec.accept, max_mb=spec.max_mb or 0, field=spec.code)
    with transaction.atomic():
        locked = lock_row(Entry, entry.pk)
        policy_for("entry").require(actor, "attach", locked)
        _check_place(locked, spec, checked)
        attachment = Attachment(
            entry=locked,
            field=field,
            name=checked.name,
            size=checked.size,
            content_type=checked.content_type,
            sha256=checked.sha256,
            uploaded_by=actor.user,
            uploaded_at=now,
        )
        # The stored name says nothing: names of people and units do not belong into a file system.
        attachment.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        attachment.save()
        _touch(locked)
        record(
            "lifecycle.attachment.added",
            locked,
            actor=actor,
            now=now,
            attachment=attachment.pk,
            field=field,
            label=spec.label,
            name=checked.name,
            size=checked.size,
            sha256=checked.sha256,
        )
        return attachment


def remove_attachment(*, actor: Actor, attachment: Attachment, now: dt.datetime) -> Attachment:
    """Takes a file out of the entry; versions that hold it keep it. Removing it twice changes nothing."""
    with transaction.atomic():
        entry = lock_row(Entry, attachment.entry_id)
        policy_for("entry").require(actor, "attach", entry)
        current = Attachment.objects.get(pk=attachment.pk)
        if current.removed_at is not None:
            return current
        rules = entry.cycle.rules
        if entry.state not in EDITABLE_STATES and not is_sealed_paper(rules, current.field):
            raise Refused(_only_sealed())
        current.removed_at = now
        current.save(update_fields=["removed_at"])
        _touch(entry)
        label = rules.field(current.field).label if rules.has_field(current.field) else current.field
        record(
            "lifecycle.attachment.removed",
            entry,
            actor=actor,
            now=now,
            attachment=current.pk,
            field=current.field,
            label=label,
            name=current.name,
            sha256=current.sha256,
        )
        return current


def is_sealed_paper(rules: Blueprint, field: str) -> bool:
    """Whether a scan of a generated, sealed paper belongs there (申报表、承诺书 …)."""
    return any(document.upload_field == field for document in rules.documents)


def _spec(rules: Blueprint, field: str) -> FieldSpec:
    if not rules.has_field(field) or rules.field(field).type != FieldType.ATTACHMENT:
        raise Invalid(_("申报表中没有这个附件栏目。"))
    return rules.field(field)


def _check_place(entry: Entry, spec: FieldSpec, checked: CheckedFile) -> None:
    if entry.state not in EDITABLE_STATES and not is_sealed_paper(entry.cycle.rules, spec.code):
        raise Refused(_only_sealed())
    there = list(Attachment.objects.filter(entry=entry, field=spec.code, removed_at=None))
    if any(row.sha256 == checked.sha256 for row in there):
        message = _("“%s”已经上传过，不必重复上传。") % checked.name
        raise Conflict(message, code="duplicate", fields={spec.code: [message]})
    limit = spec.max_files or 1
    if len(there) >= limit:
        message = _("“%(label)s”最多 %(limit)d 个文件，请先移除一个再上传“%(name)s”。") % {
            "label": spec.label,
            "limit": limit,
            "name": checked.name,
        }
        raise Invalid(message, fields={spec.code: [message]})


def _touch(entry: Entry) -> None:
    entry.version += 1
    entry.save(update_fields=["version", "updated_at"])


def _only_sealed() -> Any:
    return refuse("locked", _("申报件已上报，审核期间只能补传盖章件。"))

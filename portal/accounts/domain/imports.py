"""Bringing a workbook in: upload, dry run, application. The long parts are jobs (see ``portal.accounts.imports.run``)."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import ImportKind, ImportState
from portal.accounts.imports.reading import check_content
from portal.accounts.models import ImportBatch, Organisation
from portal.accounts.policies import MemberPolicy, OrganisationPolicy
from portal.accounts.signals import work_requested
from portal.core.db import lock_row
from portal.core.errors import Conflict
from portal.core.text import safe_file_name

if TYPE_CHECKING:
    from portal.core.context import Actor

policy, member_policy = OrganisationPolicy(), MemberPolicy()
CHECK_JOB, APPLY_JOB = "accounts.check_import", "accounts.apply_import"
KEEP = dt.timedelta(days=7)
OVER = (ImportState.APPLIED, ImportState.CANCELLED)


def _require(actor: Actor, kind: str, organisation: Organisation) -> None:
    policy.require(actor, "import", organisation)
    if kind == ImportKind.STAFF:
        member_policy.require(actor, "invite", organisation)


def upload_import(
    *, actor: Actor, kind: str, organisation: Organisation, file_name: str, content: bytes, now: dt.datetime
) -> ImportBatch:
    """Keeps the file and starts the dry run. Raises Invalid when it is no usable workbook, Refused."""
    _require(actor, kind, organisation)
    check_content(content)
    name = safe_file_name(file_name)
    with transaction.atomic():
        batch = ImportBatch(
            kind=kind,
            organisation=organisation,
            file_name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=actor.user,
            uploaded_at=now,
        )
        batch.file.save("upload.xlsx", ContentFile(content), save=False)
        batch.save()
        _start(batch, CHECK_JOB, actor, _("试导：%(name)s") % {"name": name})
    return batch


def _start(batch: ImportBatch, job: str, actor: Actor, title: str, **params: Any) -> None:
    """Asks whoever runs background work; nobody listening is a broken installation."""
    answers = work_requested.send(
        ImportBatch, name=job, key=str(batch.pk), params={"batch_id": batch.pk, **params}, title=title, actor=actor
    )
    ((_receiver, run),) = answers
    batch.job_id = run.pk
    batch.save(update_fields=["job_id"])


def apply_import(*, actor: Actor, batch: ImportBatch, base_url: str, now: dt.datetime) -> ImportBatch:
    """Starts the application of a checked batch. Raises Conflict when it is not (or no longer) ready, Refused."""
    _require(actor, batch.kind, batch.organisation)
    with transaction.atomic():
        batch = lock_row(ImportBatch, batch.pk)
        if batch.state != ImportState.CHECKED:
            raise Conflict(
                _("只有试导无误、尚未导入的文件可以正式导入；现在的状态是“%(s)s”。") % {"s": batch.get_state_display()}
            )
        batch.state = ImportState.APPLYING
        batch.save(update_fields=["state"])
        title = _("导入：%(name)s") % {"name": batch.file_name}
        _start(batch, APPLY_JOB, actor, title, base_url=base_url)
    return batch


def cancel_import(*, actor: Actor, batch: ImportBatch, now: dt.datetime) -> ImportBatch:
    """Gives the file up and deletes it. Raises Conflict while it is being applied and afterwards."""
    _require(actor, batch.kind, batch.organisation)
    with transaction.atomic():
        batch = lock_row(ImportBatch, batch.pk)
        if batch.state in {ImportState.APPLYING, *OVER}:
            raise Conflict(_("这份文件的状态是“%(s)s”，不能放弃。") % {"s": batch.get_state_display()})
        batch.state = ImportState.CANCELLED
        batch.save(update_fields=["state"])
        transaction.on_commit(lambda: _delete_file(batch))
    return batch


def delete_old_files(*, now: dt.datetime) -> int:
    """Uploaded files hold personal data: they go a week after the upload. Runs in the system's scope; how many went."""
    rows = list(ImportBatch.objects.filter(uploaded_at__lte=now - KEEP).exclude(file="")[:500])
    for batch in rows:
        _delete_file(batch)
    return len(rows)


def _delete_file(batch: ImportBatch) -> None:
    batch.file.delete(save=False)
    ImportBatch.objects.filter(pk=batch.pk).update(file="")

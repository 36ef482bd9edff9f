"""Deleting a worker's file: asked for with a reason, decided by another person; what went is counted, never named.

The row stays without anything of the person: contracts and results of others point at it.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.growth.enums import LIVING, PurgeState
from competitions.growth.erasing import erase_all
from competitions.growth.models import FilePurge, Mentorship, WorkerFile
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

ERASED = "已删除"


@transaction.atomic
def ask_purge(*, actor: Actor, file: WorkerFile, basis: str, reason: str, now: dt.datetime) -> FilePurge:
    """Nothing is deleted yet. Raises Invalid without a reason, Conflict while a contract runs or when it is asked already."""
    row = lock_row(WorkerFile, file.pk)
    policy_for("growth").require(actor, "purge", row)
    if not reason.strip():
        message = _("请写明删除的原因。")
        raise Invalid(message, fields={"reason": [message]})
    _no_contract(row)
    try:
        with transaction.atomic():
            found = FilePurge.objects.create(
                file=row, organisation=row.organisation, basis=basis, reason=reason.strip(), asked_by=actor.user,
                asked_at=now,
            )  # fmt: skip
    except IntegrityError as error:  # competitions_file_purge_open
        raise Conflict(_("已经有一份待复核的删除申请。")) from error
    record("competitions.growth.purge_asked", row, actor=actor, now=now, basis=basis)
    return found


def _no_contract(file: WorkerFile) -> None:
    running = Mentorship.objects.filter(state__in=LIVING)
    if running.filter(mentor=file).exists() or running.filter(apprentice=file).exists():
        raise Conflict(_("这名职工还有未结束的师徒合同，请先终止或考核，再删除档案。"))


@transaction.atomic
def decide_purge(*, actor: Actor, purge: FilePurge, agree: bool, verdict: str, now: dt.datetime) -> FilePurge:
    """A second person agrees – then everything of the person goes at once – or not, with the reason. Raises Invalid, Conflict."""
    row = lock_row(FilePurge, purge.pk)
    policy_for("growth").require(actor, "decide", row)
    if not agree and not verdict.strip():
        message = _("不同意请说明原因。")
        raise Invalid(message, fields={"verdict": [message]})
    file = lock_row(WorkerFile, row.file_id)
    if agree:
        _no_contract(file)
        row.counts = erase_all(file)
        file.name, file.id_number, file.id_index = ERASED, "", f"purged:{file.pk}"
        file.sex = file.trade = file.level = file.level_certificate = ""
        file.joined_on, file.purged_at = None, now
        file.save()
    row.state = PurgeState.DONE if agree else PurgeState.REFUSED
    row.decided_by, row.decided_at, row.verdict = actor.user, now, verdict.strip()
    row.save()
    action = "competitions.growth.purged" if agree else "competitions.growth.purge_refused"
    record(action, file, actor=actor, now=now, basis=row.basis, reason=row.reason, counts=row.counts)
    return row

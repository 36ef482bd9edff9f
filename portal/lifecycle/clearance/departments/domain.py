"""Asking for letters in bulk, and writing them."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.queries.calendar import last_day
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.jobs import domain as jobs
from portal.jobs.models import JobRun
from portal.lifecycle.blueprints.validate_stages import MAX_REPLY_DAYS
from portal.lifecycle.blueprints.vocabulary import OpinionForm
from portal.lifecycle.clearance.departments import queries
from portal.lifecycle.clearance.departments.papers import answer_sheets, inquiry_letter
from portal.lifecycle.programmes.models import Cycle

JOB = "lifecycle.inquiry_letters"


def request_letters(*, cycle: Cycle, reminder: bool, working_days: int, actor: Actor, now: dt.datetime) -> JobRun:
    """Starts the job that writes a letter to every department that has not answered; asked twice within a minute it is
    the same run. ``working_days`` is the time to answer, counted from today. Raises Refused, or Invalid beside the field.
    """
    policy_for("clearance").require(actor, "letters", cycle)
    if not 1 <= working_days <= MAX_REPLY_DAYS:
        text = _("请填写1至%d个工作日。") % MAX_REPLY_DAYS
        raise Invalid(text, fields={"working_days": [text]})
    if not queries.cycles_with_letters(actor=actor).filter(pk=cycle.pk).exists():
        text = _("这一届没有等待部门回复的对象，无需发函。")
        raise Invalid(text, fields={"cycle": [text]})
    answer_by, _unknown = last_day(local_date(now), working_days)
    with transaction.atomic():
        run = jobs.start(
            JOB,
            key=f"{actor.at_desk.membership_id}:{cycle.pk}:{int(reminder)}:{working_days}:{now:%Y%m%d%H%M}",
            actor=actor,
            params={
                "cycle_id": cycle.pk,
                "reminder": reminder,
                "day": local_date(now).isoformat(),
                "answer_by": answer_by.isoformat(),
            },
            title=(_("催复函：%s") if reminder else _("征求意见函：%s")) % cycle,
            now=now,
        )
        record(
            "lifecycle.clearance.letters",
            cycle,
            actor=actor,
            now=now,
            reminder=reminder,
            answer_by=answer_by.isoformat(),
        )
    return run


def write_letters(
    *, progress: jobs.Progress, cycle_id: int, reminder: bool, day: dt.date, answer_by: dt.date, now: dt.datetime
) -> tuple[str, dict]:
    """One folder per department: the letter with its list, and (unless it reminds) the sheets to be filled in."""
    cycle = Cycle.objects.select_related("programme", "owner").get(pk=cycle_id)
    found = queries.open_requests(cycle)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letters.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for done, (department, requests) in enumerate(found.items()):
                progress.report(done, len(found), department)
                letter = inquiry_letter(cycle, department, requests, day=day, answer_by=answer_by, reminder=reminder)
                base = department.replace("/", "-")
                archive.writestr(f"{base}/{_('催复函') if reminder else _('征求意见函')}.docx", letter.getvalue())
                for form in () if reminder else OpinionForm:
                    if chosen := [request for request in requests if request.form == form]:
                        archive.writestr(f"{base}/{form.label}.docx", answer_sheets(cycle, form, chosen).getvalue())
        name = (_("催复函（%s）.zip") if reminder else _("征求意见函（%s）.zip")) % cycle
        progress.keep_file(name=name.replace("/", "-"), content=path, content_type="application/zip", now=now)
    progress.report(len(found), len(found), _("已完成"))
    count = sum(len(requests) for requests in found.values())
    return _("%(letters)d个部门，%(count)d项") % {"letters": len(found), "count": count}, {
        department: len(requests) for department, requests in found.items()
    }

"""Asking for a workbook and writing it."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import format_cn, local_date
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.jobs import domain as jobs
from portal.jobs.models import JobRun
from portal.reports.registry import sheets
from portal.web.exports import write_sheet

FIRST_YEAR = 2021


def request_yearly_report(*, year: int, actor: Actor, now: dt.datetime) -> JobRun:
    """Starts the job for the desk's own scope; asked twice within a minute it is the same run."""
    policy_for("report").require(actor, "report.export")
    if not FIRST_YEAR <= year <= local_date(now).year + 1:
        raise Invalid(_("请选择年度。"), fields={"year": [_("请选择年度。")]})
    with transaction.atomic():
        run = jobs.start(
            "reports.yearly",
            key=f"{actor.at_desk.membership_id}:{year}:{now:%Y%m%d%H%M}",
            actor=actor,
            params={"year": year},
            title=_("%d年度统计报表") % year,
            now=now,
        )
        record("reports.yearly.requested", run, actor=actor, now=now, year=year)
    return run


def write_yearly_report(*, progress: jobs.Progress, year: int, now: dt.datetime) -> tuple[str, dict]:
    """Streams every sheet into one workbook (memory stays flat) and keeps it for the desk that asked."""
    book = Workbook(write_only=True)
    all_sheets = sheets()
    desk = progress.actor.desk
    scope = desk.organisation_name if desk else _("全部")
    facts = [
        [_("报表"), _("%d年度劳动和技能竞赛统计报表") % year],
        [_("范围"), scope],
        [_("生成时间"), format_cn(now)],
        *([_("口径：%s") % sheet.title, sheet.note] for sheet in all_sheets),
    ]
    write_sheet(book, _("说明"), [_("项目"), _("内容")], facts)
    counts = {}
    for done, sheet in enumerate(all_sheets):
        progress.report(done, len(all_sheets), _("正在写入“%s”") % sheet.title)
        counts[sheet.key] = write_sheet(book, sheet.title, sheet.heads, sheet.rows(progress.actor, year))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        book.save(path)
        progress.keep_file(
            name=_("%(year)d年度统计报表（%(scope)s）.xlsx") % {"year": year, "scope": scope},
            content=path,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            now=now,
        )
    progress.report(len(all_sheets), len(all_sheets), _("已完成"))
    return _("报表已生成，共%d张表。") % (len(all_sheets) + 1), {"rows": counts}

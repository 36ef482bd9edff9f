"""The notice as an official paper (.docx), from the same frozen lines as the public page."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.core.dates import format_cn, local_date
from portal.lifecycle.notice.models import Notice, NoticeItem, NoticeKind
from portal.lifecycle.selection.bundle.models import ResultBundle
from portal.reports.official import OfficialPaper


def notice_docx(notice: Notice, items: Sequence[NoticeItem], bundle: ResultBundle | None = None) -> io.BytesIO:
    """公示: title, text, period, contact, list, issuer and date; the fingerprint of the list as small print."""
    paper = OfficialPaper()
    paper.number(notice.document_number)
    paper.title(notice.title)
    paper.paragraphs(notice.body)
    if notice.kind != NoticeKind.DECISION:  # a decision takes no objections
        paper.paragraphs(_period(notice))
        paper.paragraphs(_("异议受理：%s") % notice.contact)
    paper.heading(str(notice.list_heading))
    paper.table(
        [_("序号"), _("名称"), _("单位"), _("推荐单位")],
        [
            [i.position, i.shown["title"], i.shown["unit"], i.shown["nominating"] or "—"]
            for i in items
            if not i.removed_reason
        ],
        [14, 62, 46, 34],
    )
    paper.signature(notice.organisation.name, local_date(notice.published_at or notice.created_at))
    if notice.sha256:
        paper.note(
            _("公示编号：%(code)s　名单指纹（SHA-256）：%(hash)s") % {"code": notice.code, "hash": notice.sha256}
        )
    if bundle is not None:
        paper.note(_("成绩包指纹（SHA-256）：%s") % bundle.sha256)
    return paper.save()


def _period(notice: Notice) -> str:
    if not notice.published_at or not notice.closes_at:
        return _("公示时间：自发布次日起%d个工作日。") % notice.working_days
    return _("公示时间：%(start)s至%(end)s（%(days)d个工作日）。") % {
        "start": format_cn(local_date(notice.published_at)),
        "end": format_cn(local_date(notice.closes_at)),
        "days": notice.working_days,
    }

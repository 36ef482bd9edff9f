"""征求意见函 with its list, the reminder, and the sheets on which a department answers, as .docx (GB/T 9704, domain.md 0.5)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.core.dates import format_cn
from portal.lifecycle.blueprints.vocabulary import OpinionForm
from portal.lifecycle.clearance.departments.queries import Request
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.reports.official import OfficialPaper

COLUMNS = (14, 50, 42, 30, 20)


def inquiry_letter(
    cycle: Cycle, department: str, requests: Sequence[Request], *, day: dt.date, answer_by: dt.date, reminder: bool
) -> io.BytesIO:
    """One letter to one department: what is asked, until when, and the annexed list to be answered line by line."""
    paper = OfficialPaper()
    paper.number(_("〔%d〕　　号") % day.year)  # the office that sends it gives the number
    subject = str(cycle)
    title = _("关于催复“%s”推荐对象意见的函") if reminder else _("关于征求“%s”推荐对象意见的函")
    paper.title(title % subject)
    paper.addressee(f"{department}：")
    facts = {"subject": subject, "count": len(requests), "day": format_cn(answer_by)}
    if reminder:
        paper.paragraphs(
            _("我会此前就“%(subject)s”推荐对象函请贵单位提出意见，附件所列%(count)d个对象尚未收到回复。") % facts
        )
        paper.paragraphs(_("请于%(day)s前将意见书面函复我会，并加盖公章。") % facts)
    else:
        paper.paragraphs(
            _("“%(subject)s”申报推荐工作正在进行。按照有关规定，现就附件所列%(count)d个推荐对象征求贵单位意见。")
            % facts
        )
        paper.paragraphs(
            _(
                "请根据职责核实有无违法违纪违规、受到处罚处分或者其他不宜推荐的情形，逐一填写“同意”或者“不同意”；"
                "不同意的请写明原因。请于%(day)s前将附件和意见表加盖公章后函复我会。"
            )
            % facts
        )
    paper.paragraphs(_("名单尚未公布，请注意保密。"))
    paper.paragraphs(_("附件：征求意见对象名单"))
    paper.signature(cycle.owner.name, day)
    paper.document.add_page_break()
    paper.heading(_("附件：征求意见对象名单"))
    rows = [
        [number, request.entry.title or request.entry.code, unit_of(request.entry), nominating_of(request.entry), ""]
        for number, request in enumerate(requests, start=1)
    ]
    paper.table([_("序号"), _("推荐对象"), _("所在单位"), _("推荐单位"), _("意见")], rows, COLUMNS)
    return paper.save()


def answer_sheets(cycle: Cycle, form: OpinionForm, requests: Sequence[Request]) -> io.BytesIO:
    """The sheets of one form for one department, one candidate a page."""
    paper = OfficialPaper()
    for number, request in enumerate(requests):
        if number:
            paper.document.add_page_break()
        paper.title(str(form.label))
        paper.table([_("事项"), _("内容")], _lines(cycle, form, request), [46, 110])
    return paper.save()


def _lines(cycle: Cycle, form: OpinionForm, request: Request) -> list[list[str]]:
    entry = request.entry
    lines = [
        [_("评选项目"), str(cycle)],
        [_("申报编号"), entry.code],
        [_("推荐对象"), entry.title or entry.code],
        [_("所在单位"), unit_of(entry)],
    ]
    if form in (OpinionForm.ENTERPRISE, OpinionForm.ENTERPRISE_LEADER) and entry.employer:
        lines.append([_("统一社会信用代码"), entry.employer.credit_code or "—"])
    seal = _("□ 同意    □ 不同意\n原因：\n\n\n（盖章）        年   月   日")
    return [*lines, [_("推荐单位"), nominating_of(entry)], [_("%s意见") % request.department, seal]]


def unit_of(entry: Entry) -> str:
    return entry.employer.name if entry.employer else entry.organisation.name


def nominating_of(entry: Entry) -> str:
    return entry.nominating.name if entry.nominating else "—"

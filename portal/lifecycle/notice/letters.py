"""Papers of the docket (.docx): letter of acceptance, letter with the ruling, closing report of a notice. None names an objector
to anybody else: letters address “异议人” by case number only, so that the paper can lie on a desk.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.core.dates import format_cn, local_date
from portal.lifecycle.notice.models import Category, Notice, Objection, Ruling
from portal.reports.official import OfficialPaper

MAX_WORDS = 60


def acceptance_letter(objection: Objection) -> io.BytesIO:
    """异议受理告知书: what was received when, and until when it will be answered."""
    paper, notice = OfficialPaper(), objection.notice
    paper.number(objection.code)
    paper.title(_("异议受理告知书"))
    paper.addressee(_("异议人（受理编号%s）：") % objection.code)
    paper.paragraphs(
        _("您于%(day)s对“%(notice)s”提出的异议（%(category)s）收悉，异议对象为%(entry)s。经审核，现予受理。")
        % {
            "day": format_cn(local_date(objection.received_at)),
            "notice": notice.title,
            "category": objection.get_category_display(),
            "entry": _("“%s”") % objection.entry if objection.entry else _("整份名单"),
        }
    )
    paper.paragraphs(
        _("我们将调查核实，于%s前书面答复。您可凭提交时取得的查询码，在“异议查询”页面查看办理结果。")
        % format_cn(local_date(objection.due_at))
    )
    paper.paragraphs(_("异议办结前，所涉对象暂缓命名。您的身份信息依法保密，不向被反映单位和推荐单位透露。"))
    paper.signature(notice.organisation.name, local_date(objection.accepted_at or objection.received_at))
    return paper.save()


def ruling_letter(objection: Objection) -> io.BytesIO:
    """异议答复意见书: the ruling and its reasons, for the objector."""
    paper, notice = OfficialPaper(), objection.notice
    paper.number(objection.code)
    paper.title(_("异议答复意见书"))
    paper.addressee(_("异议人（受理编号%s）：") % objection.code)
    paper.paragraphs(
        _("您于%(day)s对“%(notice)s”提出的异议，我们于%(accepted)s受理。经调查核实，现答复如下：")
        % {
            "day": format_cn(local_date(objection.received_at)),
            "notice": notice.title,
            "accepted": format_cn(local_date(objection.accepted_at or objection.received_at)),
        }
    )
    paper.heading(_("一、结论"))
    paper.paragraphs(f"{Ruling(objection.ruling).label}。")
    paper.heading(_("二、核实情况和依据"))
    paper.paragraphs(objection.ruling_text)
    paper.signature(notice.organisation.name, local_date(objection.ruled_at))
    return paper.save()


def closing_report(notice: Notice, objections: Sequence[Objection]) -> io.BytesIO:
    """异议处理情况报告: counts and one line per case, for the meeting that decides on the conferral."""
    paper = OfficialPaper()
    paper.title(_("关于“%s”异议处理情况的报告") % notice.title)
    open_ = [o for o in objections if o.is_open]
    rulings = Counter(o.ruling for o in objections if not o.is_open)
    late = sum(1 for o in objections if o.ruled_at and o.ruled_at > o.due_at)
    if notice.published_at and notice.closes_at:
        paper.paragraphs(
            _("公示自%(start)s至%(end)s，共%(days)d个工作日。")
            % {
                "start": format_cn(local_date(notice.published_at)),
                "end": format_cn(local_date(notice.closes_at)),
                "days": notice.working_days,
            }
        )
    if not objections:
        paper.paragraphs(_("公示期间没有收到异议。"))
    else:
        paper.paragraphs(
            _(
                "公示期间共收到异议%(all)d件，其中实名%(named)d件、匿名%(anonymous)d件；已办结%(done)d件，未办结%(open)d件，超期答复%(late)d件。"
            )
            % {
                "all": len(objections),
                "named": sum(o.is_named for o in objections),
                "anonymous": sum(not o.is_named for o in objections),
                "done": len(objections) - len(open_),
                "open": len(open_),
                "late": late,
            }
        )
        words = [f"{Ruling(key).label}{count}件" for key, count in sorted(rulings.items())]
        if words:
            paper.paragraphs(_("办结情况：%s。") % "、".join(words))
        categories = Counter(o.category for o in objections)
        listed = "、".join(f"{Category(key).label}{count}件" for key, count in sorted(categories.items()))
        paper.paragraphs(_("按类别：%s。") % listed)
        _table(paper, objections)
    conclusion = (
        _("尚有%d件未办结，依照规定，所涉对象暂缓命名。") % len(open_)
        if open_
        else _("全部异议均已办结，不影响其余对象依程序命名。")
    )
    paper.paragraphs(conclusion)
    day = max((o.ruled_at for o in objections if o.ruled_at), default=notice.closes_at or notice.created_at)
    paper.signature(notice.organisation.name, local_date(day))
    return paper.save()


def _table(paper: OfficialPaper, objections: Sequence[Objection]) -> None:
    paper.heading(_("异议台账"))
    paper.table(
        [_("受理编号"), _("异议对象"), _("类别"), _("收到"), _("结论"), _("答复意见")],
        [
            [
                o.code,
                o.entry.title if o.entry else _("整份名单"),
                o.get_category_display(),
                f"{local_date(o.received_at):%m-%d}",
                o.get_ruling_display() or _("办理中"),
                o.ruling_text[:MAX_WORDS] or "—",
            ]
            for o in objections
        ],
        [30, 32, 26, 14, 20, 34],
    )

"""年度报告 as .docx in the layout of official papers: what the studio did in a year, its marks, its money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innovations.studios import queries
from innovations.studios.enums import GrowthKind
from innovations.studios.index import total_of
from innovations.studios.models import Activity, Growth, MoneyLine, Result, Topic, YearCheck
from portal.core.dates import format_cn, local_date
from portal.reports.official import OfficialPaper

if TYPE_CHECKING:
    import datetime as dt
    import io

NOTHING = "（本年度没有登记。）"


def year_report(check: YearCheck, *, now: dt.datetime) -> io.BytesIO:
    """The paper of one check, from the records as they stand; marks of the union once it has concluded."""
    studio, year = check.studio, check.year
    paper = OfficialPaper()
    paper.title(f"{studio.name}{year}年度工作报告")
    paper.paragraphs(
        f"{studio.name}是{studio.employer.name}的{studio.get_kind_display()}（{studio.level_label}），"
        f"{format_cn(studio.founded_on)}成立，领衔人{studio.leader}，专业方向为{studio.direction}，"
        f"现有成员{queries.members(studio).filter(left_on=None).count()}人。"
    )
    paper.heading("一、年度工作总结")
    paper.paragraphs(check.summary or NOTHING)
    paper.heading("二、课题和成果")
    _topics(paper, check)
    paper.heading("三、人才培养和推广共享")
    _people(paper, check)
    paper.heading("四、经费")
    _money(paper, check)
    paper.heading("五、年度考核")
    _marks(paper, check)
    if check.plan:
        paper.heading("六、下一年计划")
        paper.paragraphs(check.plan)
    paper.signature(studio.employer.name, local_date(check.filed_at or now))
    return paper.save()


def _table(paper: OfficialPaper, heads: list[str], rows: list[list[Any]], widths: list[int]) -> None:
    if rows:
        paper.table(heads, rows, widths)
    else:
        paper.paragraphs(NOTHING)


def _topics(paper: OfficialPaper, check: YearCheck) -> None:
    topics = Topic.objects.filter(studio=check.studio).filter(queries.of_year(check.year))
    rows = [[t.title, t.head, t.approval_number, str(t.get_status_display()), f"{t.benefit:,.2f}"] for t in topics]
    _table(paper, ["课题", "负责人", "立项文号", "状态", "年效益（元）"], rows, [52, 22, 32, 22, 28])
    results = Result.objects.filter(studio=check.studio, on__year=check.year)
    rows = [[r.title, str(r.get_kind_display()), r.number or "—", r.applied_in, f"{r.benefit:,.2f}"] for r in results]
    _table(paper, ["成果", "类别", "编号", "应用单位", "年效益（元）"], rows, [46, 26, 26, 30, 28])


def _people(paper: OfficialPaper, check: YearCheck) -> None:
    held = Activity.objects.filter(studio=check.studio, on__year=check.year).order_by("on")
    rows = [[format_cn(a.on), a.title, str(a.get_kind_display()), a.sessions, a.people] for a in held]
    _table(paper, ["日期", "主题", "形式", "场次", "人次"], rows, [34, 60, 30, 16, 16])
    growth = Growth.objects.filter(studio=check.studio, on__year=check.year).order_by("on")
    rows = [
        [g.name, str(g.get_kind_display()), g.trade,
         f"{g.before} → {g.after}" if g.kind == GrowthKind.PROMOTION else f"师傅{g.mentor}", format_cn(g.on)]
        for g in growth
    ]  # fmt: skip
    _table(paper, ["姓名", "类别", "工种、专业", "情况", "日期"], rows, [24, 20, 36, 42, 34])


def _money(paper: OfficialPaper, check: YearCheck) -> None:
    lines = MoneyLine.objects.filter(studio=check.studio, on__year=check.year, reverses=None, reversal=None)
    income = sum(line.amount for line in lines if line.is_income)
    spent = sum(line.amount for line in lines if not line.is_income)
    balance = queries.balance_of(check.studio)["balance"]
    paper.paragraphs(
        f"本年度收入{income:,.2f}元，支出{spent:,.2f}元（已冲销的不计）；账面余额{balance:,.2f}元，每笔附凭证。"
    )


def _marks(paper: OfficialPaper, check: YearCheck) -> None:
    if not check.own_marks:
        paper.paragraphs("尚未报送自评。")
        return
    rows = [
        [c["title"], c["max"], check.own_marks.get(c["code"], "—"), check.marks.get(c["code"], "—")]
        for c in check.criteria
    ]
    rows.append(["合计", check.full, total_of(check.own_marks), "—" if check.total is None else check.total])
    paper.table(["指标", "满分", "自评", "考核"], rows, [66, 30, 30, 30])
    if check.opinion:
        paper.paragraphs(f"考核意见：{check.opinion}")
    if check.grade:
        paper.paragraphs(f"考核等级：{check.grade}（{check.owner.name}）。")

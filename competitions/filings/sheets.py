"""Sheets of the yearly report: the competitions of the year, their money by union, and the forms and tags they carry."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from competitions.filings import money, queries
from competitions.filings.enums import COUNTED, FundSource
from competitions.filings.models import BudgetLine, CommitteeMember, FilingReport
from portal.accounts.models import CodeList
from portal.accounts.queries import codes
from portal.reports.registry import Sheet


def _counted(actor: Any, year: int) -> Any:
    return queries.own(actor).filter(year=year, state__in=COUNTED)


def filing_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per competition of the year that was accepted."""
    rows = queries.listed(_counted(actor, year), now=timezone.now()).order_by("number")
    found = FilingReport.objects.filter(filing__in=rows.values("pk"), kind="summary", state="accepted")
    summaries = {r.filing_id: r for r in found}
    for filing in rows.iterator(chunk_size=500):
        summary = summaries.get(filing.pk)
        yield [
            filing.number,
            filing.title,
            filing.owner.name,
            filing.kind.name,
            filing.campaign.name if filing.campaign else "",
            str(filing.get_layer_display()),
            str(filing.get_area_display()),
            codes.industry_label(filing.industry),
            codes.label_of(CodeList.DISTRICT, filing.district_code),
            filing.tag_names,
            str(filing.get_state_display()),
            filing.starts_on,
            filing.ends_on,
            filing.expected_people,
            summary.people if summary else None,
            summary.times if summary else None,
            filing.budget_total,
            filing.budget_union,
            "是" if filing.in_city_plan_at else "否",
        ]


def funds_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per hosting union: budgets by source and the leverage of the union's money."""
    rows = _counted(actor, year)
    lines = BudgetLine.objects.filter(filing__in=rows.order_by().values("pk")).order_by()
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for name, path, source, total in lines.values_list("filing__owner__name", "filing__owner__path", "source").annotate(
        n=Sum("amount")
    ):
        sums.setdefault((path, name), {})[source] = total
    members = CommitteeMember.objects.filter(filing__in=rows.order_by().values("pk")).order_by()
    shares = {
        path: (part, whole)
        for path, part, whole in members.values_list("filing__owner__path").annotate(
            part=Count("pk", filter=Q(is_administrative=True)), whole=Count("pk")
        )
    }
    counts = rows.order_by().values_list("owner__path", "owner__name").annotate(n=Count("pk"))
    for path, name, number in sorted(counts):
        funds = money.Funds(**{s: sums.get((path, name), {}).get(s, money.ZERO) for s in FundSource.values})
        part, whole = shares.get(path, (0, 0))
        yield [
            name, number, funds.union, funds.administrative, funds.enterprise, funds.other, funds.total, funds.leverage,
            whole, part, money.share(part, whole),
        ]  # fmt: skip


def form_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per form and tag of the catalogue, with how many competitions of the year carry it."""
    rows = _counted(actor, year).order_by()
    kinds = dict(rows.values_list("kind").annotate(n=Count("pk")))
    campaigns = dict(rows.values_list("campaign").annotate(n=Count("pk")))
    tagged = queries.Tagging.objects.filter(filing__in=rows.values("pk")).order_by()
    tags = dict(tagged.values_list("item").annotate(n=Count("pk")))
    for item in queries.catalogue(actor).order_by("group", "position"):
        count = kinds.get(item.pk, 0) + campaigns.get(item.pk, 0) + tags.get(item.pk, 0)
        is_new = "是" if item.is_new_form and item.first_year and item.first_year <= year else ""
        yield [str(item.get_group_display()), item.name, is_new, item.first_year, count]


FILINGS = Sheet(
    "filings",
    "竞赛备案",
    ("备案号", "竞赛名称", "主办工会", "竞赛形式", "竞赛活动", "层面", "双城", "行业门类", "所在区", "标签", "状态", "开始", "结束",
     "预计人数", "参赛职工", "参赛人次", "经费预算（元）", "其中工会经费", "市级计划"),
    filing_rows,
    "本年度已备案的竞赛；参赛职工和人次取已审核的年终总结。",
    40,
)  # fmt: skip
FUNDS = Sheet(
    "filing_funds",
    "竞赛经费",
    ("主办工会", "竞赛数", "工会经费（元）", "行政拨款（元）", "企业投入（元）", "其他（元）", "合计（元）", "撬动效应", "委员会成员",
     "其中行政领导", "行政领导占比"),
    funds_rows,
    "按预算；撬动效应＝（行政＋企业＋其他）÷工会经费，没有工会经费的空着。",
    41,
)  # fmt: skip
FORMS = Sheet(
    "filing_forms",
    "竞赛形式和标签",
    ("类别", "名称", "新形式", "启用年度", "本年度竞赛数"),
    form_rows,
    "一项竞赛可以有多个标签，各标签之和大于竞赛总数。",
    42,
)

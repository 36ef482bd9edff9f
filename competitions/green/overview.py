"""What pages show: the contest at a glance, a group's ranking with its curve, a subject's months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.green import queries
from competitions.green.comparison import Standing, last_month, next_month, rules
from competitions.green.domain.dictionary import formula_words
from competitions.green.enums import CheckState, SubjectLevel, SuggestionState
from competitions.green.models import BenchmarkGroup, BenchmarkSubject, GreenFile, MonthlyReading, SavingSuggestion
from competitions.green.models.subjects import month_words
from portal.core.context import Actor
from portal.core.policies import may
from portal.web.ui import Badge, Chart, Fact, Series, Tab

TABS = (
    ("green.overview", _("一览")),
    ("green.groups", _("对标组")),
    ("green.subjects", _("参赛主体")),
    ("green.readings", _("能耗月报")),
    ("green.suggestions", _("节能建议")),
    ("green.proposals", _("即时授予")),
    ("green.dictionary", _("指标与系数")),
)
CURVE_MONTHS = 18
SPANS = (("year", "本年至今", 0), ("quarter", "近三个月", 3), ("half", "近六个月", 6), ("twelve", "近十二个月", 12))


def tabs(current: str) -> list[Tab]:
    """The pages of the room, on top of each of them."""
    return [Tab(_(label), reverse(f"competitions:{name}"), name == current) for name, label in TABS]


def plain(number: Any) -> str:
    """``1234.500000`` → ``1,234.5``; nothing for nothing."""
    return "" if number is None else f"{number.normalize():,f}"


def window(span: str, now: dt.datetime) -> tuple[dt.date, dt.date]:
    """First and last month of a span; the year so far, in January the year before."""
    end = last_month(now)
    length = next((n for key, _label, n in SPANS if key == span), 0)
    return (next_month(end, 1 - length) if length else end.replace(month=1)), end


@dataclass(frozen=True)
class Line:
    """A standing as the desk may read it: with the name where it sees the subject."""

    standing: Standing
    name: str
    unit: str
    url: str

    @property
    def missing(self) -> int:
        return self.standing.expected - self.standing.months

    @property
    def remark(self) -> Badge | None:
        if self.standing.rank:
            return Badge(_("缺%d个月") % self.missing, "waiting") if self.missing else None
        return Badge(_("缺%d个月") % self.missing if self.missing else _("不作比较"), "neutral")


def lines(group: BenchmarkGroup, level: str, start: dt.date, end: dt.date) -> list[Line]:
    """The ranking of the whole group; who is outside the desk's scope has no name (two queries)."""
    own = {s.pk: s for s in BenchmarkSubject.objects.filter(group=group, level=level).select_related("organisation")}
    found = []
    for standing in queries.ranking(group, level, start=start, end=end):
        row = own.get(standing.pk)
        if row is None:
            found.append(Line(standing, _("同组其他主体"), "", ""))
        else:
            found.append(Line(standing, row.name, row.organisation.label, row.get_absolute_url()))
    return found


def ranking_page(group: BenchmarkGroup, level: str, span: str, now: dt.datetime) -> dict[str, Any]:
    start, end = window(span, now)
    shown = lines(group, level, start, end)
    return {
        "lines": shown,
        "level": SubjectLevel(level),
        "is_ranked": any(line.standing.rank for line in shown),
        "minimum": rules().minimum_subjects,
        "coverage": rules().least_coverage,
        "period": _("%(a)s至%(b)s") % {"a": month_words(start), "b": month_words(end)},
        "levels": [
            Tab(choice.label, f"?level={choice.value}&span={span}", choice.value == level) for choice in SubjectLevel
        ],
        "spans": [Tab(_(label), f"?level={level}&span={key}", key == span) for key, label, _n in SPANS],
        "chart": group_curve(group, level, end),
        "facts": group_facts(group),
        "print_url": reverse("competitions:green.print", kwargs={"pk": group.pk}) + f"?level={level}&span={span}",
    }


def group_facts(group: BenchmarkGroup) -> list[Fact]:
    return [
        Fact(_("产品或工序"), group.product),
        Fact(_("对标指标"), f"{group.indicator}，{group.indicator.get_direction_display()}"),
        Fact(_("标杆值"), plain(group.benchmark), unit=group.indicator.unit),
        Fact(_("标杆来源"), f"{group.get_benchmark_kind_display()}，{group.basis}"),
        Fact(_("改善幅度"), _("与上一年同月比较") if group.is_seasonal else _("与本主体基准值比较")),
        Fact(_("联合主办"), group.cohost.name if group.cohost else ""),
        Fact(_("公式"), formula_words(group.indicator), wide=True),
        Fact(_("统计边界"), group.boundary, wide=True),
    ]


def group_curve(group: BenchmarkGroup, level: str, end: dt.date) -> Chart | None:
    """Best and mean of the group against the benchmark; months with too few subjects are left out."""
    points = {
        month: (best, mean) for month, best, mean in queries.curve(group, level, next_month(end, 1 - CURVE_MONTHS), end)
    }
    if not points:
        return None
    months = _run(min(points), max(points))
    return Chart(
        "line",
        _("月度指标与标杆值"),
        [f"{m:%Y-%m}" for m in months],
        [
            Series(_("同组最好"), [points[m][0] if m in points else None for m in months], tone="ok"),
            Series(_("同组平均"), [points[m][1] if m in points else None for m in months], tone="primary"),
            Series(_("标杆值"), [group.benchmark for _m in months], tone="info"),
        ],
        unit=group.indicator.unit,
        definition=_("只取已核定的月报；当月不足%d个主体的不显示。") % rules().minimum_subjects,
        label_heading=_("月份"),
        from_zero=False,
    )


def _run(first: dt.date, last: dt.date) -> list[dt.date]:
    months = [first]
    while months[-1] < last:
        months.append(next_month(months[-1]))
    return months


def subject_page(subject: BenchmarkSubject, *, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """One subject: a fixed number of queries however long it takes part."""
    rows = list(queries.readings().filter(subject=subject, is_last=True).order_by("month"))
    counting = {
        r.month: r for r in MonthlyReading.objects.filter(subject=subject, state=CheckState.ACCEPTED).order_by("month")
    }
    newest = {r.month: r for r in rows}
    end = min(last_month(now), subject.last_month or last_month(now))
    months = _run(subject.first_month, end) if subject.first_month <= end else []
    baselines = list(queries.baselines().filter(subject=subject))
    return {
        "months": [
            (month, month_words(month), newest.get(month), counting.get(month)) for month in reversed(months[-24:])
        ],
        "owed": queries.owed_months(subject, now),
        "baselines": baselines,
        "files": list(queries.files().filter(baseline__in=[b.pk for b in baselines])),
        "chart": _subject_curve(subject, months[-CURVE_MONTHS:], counting, baselines),
        "facts": subject_facts(subject),
        "suggestions": list(queries.suggestions().filter(subject=subject)[:8]),
        "saved": sum((r.saved_tce for r in counting.values() if r.saved_tce is not None), Decimal(0)),
        "may_report": bool(may(actor, "green.report", subject)),
        "may_decide": bool(may(actor, "green.decide")),
    }


def _subject_curve(subject: Any, months: list[dt.date], counting: dict, baselines: list) -> Chart | None:
    if not counting or not months:
        return None
    base = next((b.value for b in baselines if b.state == CheckState.ACCEPTED), None)
    series = [
        Series(_("本主体"), [counting[m].value if m in counting else None for m in months], tone="primary"),
        Series(_("标杆值"), [subject.group.benchmark for _m in months], tone="info"),
    ]
    if base is not None and not subject.group.is_seasonal:
        series.append(Series(_("本主体基准值"), [base for _m in months], tone="neutral"))
    return Chart(
        "line", _("月度指标与标杆值"), [f"{m:%Y-%m}" for m in months], series, unit=subject.group.indicator.unit,
        definition=_("只取已核定的月报，缺报的月份留空。"), label_heading=_("月份"), from_zero=False,
    )  # fmt: skip


def subject_facts(subject: BenchmarkSubject) -> list[Fact]:
    indicator = subject.group.indicator
    return [
        Fact(_("对标组"), subject.group.name),
        Fact(_("填报单位"), subject.organisation.name),
        Fact(_("对标指标"), indicator),
        Fact(_("标杆值"), plain(subject.group.benchmark), unit=indicator.unit),
        Fact(_("参赛职工"), subject.people, unit=_("人")),
        Fact(_("负责人"), subject.leader),
        Fact(_("参赛月份"), _("自%s") % month_words(subject.first_month)),
        Fact(_("最后填报月份"), month_words(subject.last_month) if subject.last_month else ""),
    ]


def reading_facts(row: MonthlyReading) -> list[Fact]:
    """The inputs as they were metered, the value, and under which versions it was calculated."""
    inputs = [Fact(e["label"], plain(Decimal(row.inputs[e["code"]])), unit=e["unit"]) for e in row.indicator.inputs]
    return [
        *inputs,
        Fact(row.indicator.name, plain(row.value), unit=row.indicator.unit),
        Fact(_("节能量"), plain(row.saved_tce), unit=_("吨标准煤") if row.saved_tce is not None else ""),
        Fact(
            _("公式"),
            _("%(f)s（第%(v)d版）") % {"f": formula_words(row.indicator), "v": row.indicator.version},
            wide=True,
        ),
        Fact(_("系数"), row.coefficients, wide=True),
        Fact(_("说明"), row.note, wide=True),
        Fact(_("报送"), row.submitted_by or ""),
        Fact(_("报送时间"), row.submitted_at),
        Fact(_("核对"), row.decided_by or ""),
        Fact(_("核对时间"), row.decided_at or ""),
    ]


def suggestion_facts(row: SavingSuggestion) -> tuple[list[Fact], list[Fact], list[Fact]]:
    """What it is, the estimate, the verified saving."""
    what = [
        Fact(_("编号"), row.number),
        Fact(_("节能类别"), row.get_kind_display()),
        Fact(_("建议人"), f"{row.proposer}（{row.get_proposer_kind_display()}）"),
        Fact(_("单位"), row.organisation.name),
        Fact(_("参赛主体"), row.subject or ""),
        Fact(_("投资"), plain(row.investment), unit=_("元") if row.investment else ""),
        Fact(_("基准期与数据"), row.baseline, wide=True),
        Fact(_("措施"), row.measures, wide=True),
    ]
    return what, _saving(row, "estimated", row.coefficients), _saving(row, "verified", row.verified_coefficients)


def _saving(row: SavingSuggestion, kind: str, table: Any) -> list[Fact]:
    units = (("tce", _("节能量"), _("吨标准煤/年")), ("co2", _("减碳"), _("吨二氧化碳/年")), ("kwh", _("节电"), _("千瓦时/年")),
             ("other", _("其他能源"), _("吨标准煤/年")), ("yuan", _("经济效益"), _("元/年")))  # fmt: skip
    figures = [(label, getattr(row, f"{kind}_{name}"), unit) for name, label, unit in units]
    facts = [Fact(label, plain(value), unit=unit if value is not None else "") for label, value, unit in figures]
    if kind == "verified":
        facts += [Fact(_("核实单位"), row.verifier), Fact(_("实施完成"), row.done_on or "")]
    return [*facts, Fact(_("系数"), table or "")]


def home(*, now: dt.datetime) -> dict[str, Any]:
    """双碳竞赛一览: the year's totals, savings by month, groups, the best suggestions. A fixed number of queries."""
    year = last_month(now).year
    totals, by_month = queries.totals(year), queries.savings_by_month(year)
    before = queries.totals(year - 1)
    best = queries.suggestions().filter(year=year, state=SuggestionState.VERIFIED).order_by("-verified_tce", "-pk")
    chart = Chart(
        "bar", _("各月节能量"), [month_words(m) for m in by_month], [Series(_("节能量"), [round(tce, 2) for tce in by_month.values()], tone="ok")],
        unit="tce", definition=_("（基准值－当月值）×当月产量，按当月系数折标准煤；季节性工序与上一年同月比较。"), label_heading=_("月份"),
    )  # fmt: skip
    return {
        "year": year,
        "totals": totals,
        "tce": totals["benchmark_tce"],
        "co2": totals["benchmark_co2"],
        "before": _("%(year)d年 %(n)s") % {"year": year - 1, "n": f"{before['benchmark_tce']:,.1f}"},
        "coverage": totals["reporting"] / totals["subjects"] if totals["subjects"] else None,
        "covered": _("%(n)d / %(all)d 个主体有已核月报") % {"n": totals["reporting"], "all": totals["subjects"]},
        "chart": chart if by_month else None,
        "groups": queries.by_group(year),
        "best": list(best[:6]),
    }


def file_url(file: GreenFile) -> str:
    return reverse("competitions:green.file", kwargs={"pk": file.pk})

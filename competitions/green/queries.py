"""The green contest in the active scope. Comparison looks at whole groups: figures of all, names only of what the desk sees."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear, Least

from competitions.green.comparison import Member, Rules, Standing, last_month, next_month, rules
from competitions.green.enums import CheckState, Direction, SubjectLevel, SuggestionState
from competitions.green.models import (
    AwardProposal,
    Baseline,
    BenchmarkGroup,
    BenchmarkSubject,
    CoefficientTable,
    GreenFile,
    Indicator,
    MonthlyReading,
    SavingSuggestion,
)

RANKING = Path(__file__).with_name("ranking.sql").read_text(encoding="utf-8")
COUNTS = (CheckState.SUBMITTED, CheckState.ACCEPTED)  # what has been handed in and not sent back


def groups() -> QuerySet[BenchmarkGroup]:
    """With the number of subjects that the desk sees."""
    return BenchmarkGroup.objects.select_related("owner", "indicator", "cohost").annotate(
        members=_count(BenchmarkSubject.objects.filter(group=OuterRef("pk")), "group")
    )


def _count(rows: QuerySet, key: str, what: str = "pk") -> Coalesce:
    counted = rows.order_by().values(key).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def subjects(*, now: dt.datetime) -> QuerySet[BenchmarkSubject]:
    """With the last accepted value, whether there is a baseline, and ``owed``: months that are over without any
    value (one that was returned is asked for by itself).
    """
    readings = MonthlyReading.objects.filter(subject=OuterRef("pk"))
    accepted = readings.filter(state=CheckState.ACCEPTED).order_by("-month")
    rows = BenchmarkSubject.objects.select_related("organisation", "group__indicator", "group__owner").annotate(
        latest=Subquery(accepted.values("value")[:1]),
        latest_month=Subquery(accepted.values("month")[:1]),
        has_baseline=Exists(Baseline.objects.filter(subject=OuterRef("pk"), state=CheckState.ACCEPTED)),
        handed_in=_count(readings, "subject", "month"),
        waiting=_count(readings.filter(state=CheckState.SUBMITTED), "subject"),
    )
    until = Least(Coalesce(F("last_month"), Value(last_month(now))), Value(last_month(now)))
    due = (ExtractYear(until) - ExtractYear("first_month")) * 12 + ExtractMonth(until) - ExtractMonth("first_month") + 1
    rows = rows.annotate(due_months=ExpressionWrapper(due, output_field=IntegerField()))
    return rows.annotate(owed=ExpressionWrapper(F("due_months") - F("handed_in"), output_field=IntegerField()))


def owed_months(subject: BenchmarkSubject, now: dt.datetime) -> list[dt.date]:
    """Months that are over and have neither a waiting nor an accepted value, oldest first."""
    there = set(MonthlyReading.objects.filter(subject=subject, state__in=COUNTS).values_list("month", flat=True))
    month, found = subject.first_month, []
    until = min(last_month(now), subject.last_month or last_month(now))
    while month <= until:
        if month not in there:
            found.append(month)
        month = next_month(month)
    return found


def readings() -> QuerySet[MonthlyReading]:
    """All versions; ``is_last`` marks the newest of its month."""
    later = MonthlyReading.objects.filter(
        subject=OuterRef("subject"), month=OuterRef("month"), version__gt=OuterRef("version")
    )
    rows = MonthlyReading.objects.select_related(
        "subject__organisation", "subject__group", "indicator", "coefficients", "submitted_by", "decided_by"
    )
    return rows.annotate(is_last=~Exists(later))


def baselines() -> QuerySet[Baseline]:
    return Baseline.objects.select_related(
        "subject__organisation", "subject__group__indicator", "submitted_by", "decided_by"
    )


def suggestions() -> QuerySet[SavingSuggestion]:
    return SavingSuggestion.objects.select_related(
        "organisation", "subject__group", "coefficients", "verified_coefficients", "entered_by", "decided_by"
    ).annotate(
        proposed=_count(AwardProposal.objects.filter(suggestion=OuterRef("pk"), withdrawn_at=None), "suggestion")
    )


def proposals() -> QuerySet[AwardProposal]:
    return AwardProposal.objects.select_related("organisation", "suggestion", "entry", "proposed_by")


def files() -> QuerySet[GreenFile]:
    return GreenFile.objects.select_related("organisation")


def indicators() -> QuerySet[Indicator]:
    """``is_last``: the newest version of its code."""
    later = Indicator.objects.filter(owner=OuterRef("owner"), code=OuterRef("code"), version__gt=OuterRef("version"))
    return Indicator.objects.select_related("owner").annotate(is_last=~Exists(later))


def coefficient_tables() -> QuerySet[CoefficientTable]:
    return CoefficientTable.objects.select_related("owner")


def ranking(
    group: BenchmarkGroup, level: str, *, start: dt.date, end: dt.date, by: Rules | None = None
) -> list[Standing]:
    """Standings of one level of a group that the desk sees, best first, in one statement over *all* its subjects.

    The rows hold figures and keys only: a desk names those it finds in its own scope.
    """
    by = by or rules()
    with connection.cursor() as cursor:
        cursor.execute(
            RANKING,
            {
                "group": group.pk, "level": level, "start": start, "end": end, "benchmark": group.benchmark,
                "sign": 1 if group.indicator.direction == Direction.LOWER else -1, "seasonal": group.is_seasonal,
                "least": by.least_coverage, "gap_points": by.gap_points, "minimum": by.minimum_subjects,
                "improvement_points": by.improvement_points,
            },
        )  # fmt: skip
        return [Standing(*row) for row in cursor.fetchall()]


def members(group: BenchmarkGroup, level: str) -> list[Member]:
    """What ``comparison.compare`` takes, of the subjects in the active scope."""
    rows = BenchmarkSubject.objects.filter(group=group, level=level)
    values = MonthlyReading.objects.filter(subject__in=rows, state=CheckState.ACCEPTED)
    months: dict[int, dict] = {}
    for pk, month, value, weight in values.values_list("subject", "month", "value", "weight"):
        months.setdefault(pk, {})[month] = (value, weight)
    fixed = dict(Baseline.objects.filter(subject__in=rows, state=CheckState.ACCEPTED).values_list("subject", "value"))
    return [Member(s.pk, s.first_month, s.last_month, fixed.get(s.pk), months.get(s.pk, {})) for s in rows]


def totals(year: int) -> dict[str, Any]:
    """The year in the scope: savings of accepted months against baselines, verified suggestions, who reports."""
    here = MonthlyReading.objects.filter(state=CheckState.ACCEPTED, month__year=year)
    found = here.aggregate(
        benchmark_tce=Sum("saved_tce"), benchmark_co2=Sum("saved_co2"), reporting=Count("subject", distinct=True),
        units=Count("subject__organisation", distinct=True), months=Count("pk"),
    )  # fmt: skip
    verified = SavingSuggestion.objects.filter(year=year, state=SuggestionState.VERIFIED)
    found |= verified.aggregate(
        suggestion_tce=Sum("verified_tce"), suggestion_co2=Sum("verified_co2"), yuan=Sum("verified_yuan"),
        kwh=Sum("verified_kwh"), verified=Count("pk"),
    )  # fmt: skip
    found["suggestions"] = SavingSuggestion.objects.filter(year=year).count()
    found["subjects"] = (
        BenchmarkSubject.objects.filter(first_month__year__lte=year)
        .filter(Q(last_month=None) | Q(last_month__year__gte=year))
        .count()
    )
    for key in ("benchmark_tce", "benchmark_co2", "suggestion_tce", "suggestion_co2", "yuan", "kwh"):
        found[key] = found[key] or Decimal(0)
    return found


def savings_by_month(year: int) -> dict[dt.date, Decimal]:
    rows = MonthlyReading.objects.filter(state=CheckState.ACCEPTED, month__year=year, saved_tce__isnull=False)
    return dict(rows.values("month").annotate(n=Sum("saved_tce")).order_by("month").values_list("month", "n"))


def by_group(year: int) -> list[dict[str, Any]]:
    """Group and level with subjects, reporting subjects and savings of the year, for the sheet and the overview."""
    subjects_by = {
        (r["group"], r["level"]): r["n"]
        for r in BenchmarkSubject.objects.values("group", "level").order_by().annotate(n=Count("pk"))
    }
    values = MonthlyReading.objects.filter(state=CheckState.ACCEPTED, month__year=year).order_by()
    found = {
        (r["subject__group"], r["subject__level"]): r
        for r in values.values("subject__group", "subject__level").annotate(
            reporting=Count("subject", distinct=True), months=Count("pk"), tce=Sum("saved_tce"), co2=Sum("saved_co2")
        )
    }
    return [
        {
            "group": group, "level": SubjectLevel(level), "subjects": subjects_by[group.pk, level],
            "reporting": 0, "months": 0, "tce": None, "co2": None,
        } | found.get((group.pk, level), {})
        for group in groups()
        for level in SubjectLevel.values
        if (group.pk, level) in subjects_by
    ]  # fmt: skip


def curve(group: BenchmarkGroup, level: str, start: dt.date, end: dt.date) -> list[tuple[dt.date, Decimal, Decimal]]:
    """Month, best value and mean value of all subjects of the group: no names, so of the whole group."""
    best = "min" if group.indicator.direction == Direction.LOWER else "max"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.month, {best}(r.value), round(sum(r.value * r.weight) / sum(r.weight), 4)"  # noqa: S608 -- two words
            " FROM competitions_monthlyreading r JOIN competitions_benchmarksubject s ON s.id = r.subject_id"
            " WHERE s.group_id = %s AND s.level = %s AND r.state = 'accepted' AND r.month BETWEEN %s AND %s"
            " GROUP BY r.month HAVING count(*) >= %s ORDER BY r.month",
            [group.pk, level, start, end, rules().minimum_subjects],
        )
        return cursor.fetchall()

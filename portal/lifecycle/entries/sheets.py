"""Sheets of the yearly report: cycles, entries by union and by state, participation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from portal.accounts.enums import OwnershipClass, SizeClass
from portal.core.dates import local_date
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries import flags
from portal.lifecycle.entries.display import knows_outcome, shown_state, state_label
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, CycleStatus
from portal.reports.registry import Sheet, register_sheet

SUBMITTED = Q(submitted_at__isnull=False)
PUBLISHED = f"{flags.PREFIX}{flags.OUTCOME_PUBLIC}"


def cycle_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per cycle of the year that the desk can see; counts are within the desk's own scope."""
    counted = (
        Entry.objects.filter(cycle__year=year)
        .values("cycle")
        .annotate(
            submitted=Count("pk", filter=SUBMITTED),
            recommended=Count("pk", filter=Q(nominating__isnull=False)),
            conferred=Count("pk", filter=Q(state=EntryState.CONFERRED)),
        )
    )
    counts = {row["cycle"]: row for row in counted}
    cycles = Cycle.objects.filter(year=year).select_related("programme", "owner").prefetch_related("stages")
    for cycle in cycles.order_by("programme__pillar", "programme__code"):
        own, stages = counts.get(cycle.pk, {}), list(cycle.stages.all())
        yield [
            cycle.programme.title,
            cycle.label,
            cycle.owner.name,
            str(CycleStatus(cycle.status).label),
            local_date(stages[0].opens_at) if stages else None,
            local_date(stages[-1].closes_at) if stages else None,
            own.get("submitted", 0),
            own.get("recommended", 0),
            own.get("conferred", 0),
        ]


def union_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per cycle, nominating union (before the nomination: who holds it) and state as this desk may know it."""
    rows = (
        flags.annotate(Entry.objects.filter(SUBMITTED, cycle__year=year))
        .annotate(union=Coalesce("nominating__name", "at_organisation__name", "organisation__name"))
        .values("cycle__programme__title", "cycle__label", "cycle__owner__path", "union", "state", PUBLISHED)
        .annotate(count=Count("pk"))
        .order_by("cycle__programme__title", "cycle__label", "union", "state")
    )
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        knows = bool(actor.system) or row["cycle__owner__path"] == actor.path or row[PUBLISHED]
        label = state_label(shown_state(row["state"], knows=knows))
        counts[row["cycle__programme__title"], row["cycle__label"], row["union"], label] += row["count"]
    for key, count in counts.items():
        yield [*key, count]


def entry_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """The list behind the numbers: one line per submitted entry, no personal data, no outcome before it is public."""
    rows = (
        flags.annotate(Entry.objects.filter(SUBMITTED, cycle__year=year))
        .select_related("cycle__programme", "cycle__owner", "track", "organisation", "employer", "nominating")
        .defer("answers")
        .order_by("cycle", "pk")
    )
    for entry in rows.iterator(chunk_size=2000):
        knows = knows_outcome(entry, actor)
        yield [
            entry.code,
            entry.cycle.programme.title,
            entry.cycle.label,
            entry.track.title if entry.track else "",
            entry.title,
            entry.employer.name if entry.employer else entry.organisation.name,
            entry.nominating.name if entry.nominating else "",
            state_label(shown_state(entry.state, knows=knows)),
            local_date(entry.submitted_at),
            entry.final_rank if knows else None,
        ]


def participation_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """参与情况 by ownership and size class: distinct employers and unions that submitted, and submissions (件次)."""
    rows = (
        Entry.objects.filter(SUBMITTED, cycle__year=year)
        .values("employer__ownership", "employer__size_class")
        .annotate(
            employers=Count("employer", distinct=True),
            unions=Count("organisation", distinct=True),
            entries=Count("pk"),
        )
        .order_by("employer__ownership", "employer__size_class")
    )
    for row in rows:
        ownership, size = row["employer__ownership"], row["employer__size_class"]
        yield [
            str(OwnershipClass(ownership).label) if ownership else "未登记单位",
            str(SizeClass(size).label) if size else "—",
            row["employers"],
            row["unions"],
            row["entries"],
        ]


register_sheet(
    Sheet(
        "cycles",
        "项目与届次",
        ("项目", "届次", "主办工会", "状态", "开始", "结束", "上报件数", "推荐件数", "命名件数"),
        cycle_rows,
        "本年度各届次；件数为本工作台范围内曾上报、经末级推荐、已命名的申报件数。",
        10,
    )
)
register_sheet(
    Sheet(
        "unions",
        "按工会和状态统计",
        ("项目", "届次", "工会", "状态", "件数"),
        union_rows,
        "工会为推荐工会；尚未推荐的，为当前处理的工会。草稿不计；评选结果公布前，主办工会以外均列为评审中。",
        20,
    )
)
register_sheet(
    Sheet(
        "entries",
        "申报件明细",
        ("编号", "项目", "届次", "类别", "名称", "单位", "推荐工会", "状态", "上报日期", "名次"),
        entry_rows,
        "曾上报的申报件逐件列出，不含个人信息。",
        30,
    )
)
register_sheet(
    Sheet(
        "participation",
        "参与情况",
        ("所有制", "规模", "参与单位数", "参与工会数", "上报件次"),
        participation_rows,
        "参与单位数、参与工会数去重；件次为全部上报件，不作百分比。",
        60,
    )
)

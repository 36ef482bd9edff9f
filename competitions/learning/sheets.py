"""Sheets of the yearly report: what can be learned from, and who finished it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competitions.learning import queries, training
from competitions.learning.enums import ResourceState
from portal.reports.registry import Sheet


def resource_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per resource published up to the end of the year and not withdrawn."""
    rows = queries.resources().filter(state=ResourceState.PUBLISHED, published_at__year__lte=year)
    for row in rows.order_by("owner__path", "pk").iterator(chunk_size=500):
        yield [
            row.title, str(row.get_kind_display()), row.field, row.owner.name, row.rights_holder,
            str(row.get_licence_display()), row.rights_until, "是" if row.is_free else "否",
            str(row.get_reach_display()), row.unions, row.learners,
        ]  # fmt: skip


def completion_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per union next below the desk, and all of them together."""
    rows = queries.of_year(year)
    lines = queries.figures_by_union(rows, actor.path)
    for line in lines:
        yield _line(line["union"].name if line["union"] else "", line)
    if lines:
        yield _line("合计", queries.figures(rows))


def training_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per contest of the year: its field, what was named, who learned in time."""
    for row in training.contests().filter(year=year).order_by("planned_on", "pk"):
        share = queries.share(row.trained, row.field)
        yield [row.name, row.owner.name, row.planned_on, row.named, row.field, row.trained, share]


def _line(name: str, found: dict[str, Any]) -> list[Any]:
    return [name, found["times"], found["people"], found["hours"] or 0, queries.share(found["times"], found["all"])]


RESOURCES = Sheet(
    "learning_resources",
    "培训资源",
    ("名称", "类型", "工种或领域", "提供单位", "版权所有人", "使用权利", "授权截止", "免费", "开放范围", "使用单位", "结业职工"),
    resource_rows,
    "截至年末在架的资源；使用单位、结业职工按登记的结业记录计算，一人一项资源只计一次。",
    65,
)  # fmt: skip
COMPLETIONS = Sheet(
    "learning_completions",
    "职工培训",
    ("工会", "结业人次", "结业人数", "学时", "结业率"),
    completion_rows,
    "日期在本年度的记录；人数按证件号码去重，合计行在全部工会范围内去重，所以不等于各行之和；结业率＝结业人次÷登记的学习人次。",
    66,
)
TRAINING = Sheet(
    "learning_contests",
    "赛前培训",
    ("赛项", "主办工会", "比赛日期", "指定培训", "参赛选手", "赛前受训", "受训比例"),
    training_rows,
    "受训＝在比赛日以前学完任何一项指定培训的选手，按身份证号与结业记录比对；选手为报名和资格通过的人数。",
    66,
)

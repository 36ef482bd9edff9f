"""The months of a term, the marks of the assessment, the rates. Pure; no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

DUE_DAY = 5  # of the month after
PASS = 60
SHORTEST_DAYS, LONGEST_DAYS = 28, 3 * 366
CRITERIA = (
    ("goals", "培养目标完成情况", 40),
    ("skill", "实际操作技能", 30),
    ("theory", "专业理论和安全知识", 15),
    ("conduct", "劳动纪律和职业道德", 15),
)  # sums to 100
GRADES = ((90, "优秀"), (80, "良好"), (PASS, "合格"))


def next_month(day: dt.date) -> dt.date:
    """First day of the month after ``day``'s."""
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_of_term(starts_on: dt.date, ends_on: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First day of every calendar month the term touches, each with the day its record is due."""
    found, month = [], starts_on.replace(day=1)
    while month <= ends_on:
        following = next_month(month)
        found.append((month, following.replace(day=DUE_DAY)))
        month = following
    return found


def mark_problems(marks: Mapping[str, int | None]) -> dict[str, str]:
    """Why marks do not fit their criteria, by criterion; empty when all do."""
    wrong = {}
    for key, _title, most in CRITERIA:
        value = marks.get(key)
        if value is None:
            wrong[key] = "请打分。"
        elif not 0 <= value <= most:
            wrong[key] = f"请打0至{most}分。"
    return wrong


def total_of(marks: Mapping[str, int]) -> int:
    return sum(marks[key] for key, _title, _most in CRITERIA)


def grade_of(total: int) -> str:
    """优秀 from 90, 良好 from 80, 合格 from 60, otherwise 不合格."""
    return next((word for least, word in GRADES if total >= least), "不合格")


def completion_rate(completed: int, failed: int, terminated: int) -> str:
    """Completed ÷ all that ended, in per cent with one digit; “—” while none has ended."""
    ended = completed + failed + terminated
    return f"{completed * 100 / ended:.1f}%" if ended else "—"

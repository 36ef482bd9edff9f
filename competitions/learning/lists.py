"""Two short workbooks read at once: questions of a quiz, and the course catalogue of a national platform."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.learning.enums import NATIONAL, Platform, Theme
from competitions.learning.workbook import MOST_HOURS, read_decimal
from portal.accounts.imports.reading import read
from portal.accounts.imports.sheets import Column, Row, Sheet
from portal.core.errors import Invalid

SHOWN = 10  # faults named at once; the rest after these are mended


class _Kind(models.TextChoices):
    QUESTIONS = "questions", _("测验题")
    COURSES = "courses", _("平台课程目录")


def _themes() -> dict[str, Any]:
    return {str(label): value for value, label in Theme.choices}


def _platforms() -> dict[str, Any]:
    return {str(Platform(value).label): value for value in NATIONAL}


QUESTIONS = Sheet(
    _Kind.QUESTIONS,
    (
        Column("text", "题目", True, 300, width=50, example="空压机房最常见的能源浪费是哪一项？"),
        *(
            Column(letter, f"选项{letter}", letter in "AB", 200, width=24, example="管网泄漏" if letter == "A" else "照明常亮" if letter == "B" else "")
            for letter in "ABCDEF"
        ),
        Column("right", "正确选项", True, 6, _("填字母，多选连写，如 ABD。"), width=12, example="A"),
        Column("explanation", "解析", False, 300, width=40),
    ),
    _("一行一题；题目相同的不能重复。"),
)  # fmt: skip
COURSES = Sheet(
    _Kind.COURSES,
    (
        Column("title", "课程名称", True, 80, _("与平台上的名称一致，结业记录自动归到该课程。"), width=34, example="电工安全操作规程"),
        Column("platform", "学习平台", True, options=_platforms, width=36),
        Column("link", "课程链接", True, 300, _("以 https:// 开头。"), width=44, example="https://example.org/course/1"),
        Column("theme", "主题", True, options=_themes, width=14),
        Column("field", "工种或领域", True, 60, width=18, example="电工"),
        Column("audience", "适合人群", True, 120, width=24, example="一线电工"),
        Column("hours", "学时", True, 8, width=8, example="4"),
        Column("summary", "内容简介", True, 300, width=50),
        Column("rights_holder", "版权所有人", True, 120, width=24, example="平台名称或课程单位"),
    ),
    _("按“课程名称”识别：本单位已有同名资源的跳过，不改动。"),
)  # fmt: skip


def _rows(content: bytes, sheet: Sheet) -> list[Row]:
    """The rows of a sound file. Raises Invalid (field ``file``) naming the first faults by row."""
    reading = read(content, sheet)
    if reading.problems:
        lines = [f"第{p.row}行{p.column}：{p.message}" if p.row else str(p.message) for p in reading.problems[:SHOWN]]
        raise faulty(lines, len(reading.problems))
    if not reading.rows:
        raise faulty(["文件里没有内容，请从模板的第二行填起。"], 1)
    return reading.rows


def faulty(lines: list[str], count: int) -> Invalid:
    if count > len(lines):
        lines = [*lines, f"另有{count - len(lines)}处错误。"]
    return Invalid(lines[0], fields={"file": lines})


def read_questions(content: bytes) -> list[dict[str, Any]]:
    """Facts as ``quizzes.add_questions`` takes them."""
    found = []
    for row in _rows(content, QUESTIONS):
        options = [row[letter] for letter in "ABCDEF"]
        given = [option for option in options if option]
        if options[: len(given)] != given:
            raise faulty([f"第{row.number}行：选项应从A起连续填写，中间不能空。"], 1)
        facts = {"options": "\n".join(given), "right": row["right"], "explanation": row["explanation"] or ""}
        found.append({"text": row["text"], "row": row.number} | facts)
    return found


def read_courses(content: bytes) -> list[dict[str, Any]]:
    """Facts as ``resources.load_catalogue`` takes them."""
    found, wrong = [], []
    for row in _rows(content, COURSES):
        facts = {column.key: row[column.key] for column in COURSES.columns}
        try:
            facts["hours"] = read_decimal(row["hours"], MOST_HOURS) or Decimal(0)
        except ValueError as error:
            wrong.append(f"第{row.number}行学时：{error}")
        found.append(facts)
    if wrong:
        raise faulty(wrong[:SHOWN], len(wrong))
    return found

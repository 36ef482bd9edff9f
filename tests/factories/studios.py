"""Studios with their checks and money, as they stand in the register."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from innovations.studios.enums import LEVEL_OF_UNION, StudioStatus
from innovations.studios.index import index
from innovations.studios.models import MoneyLine, Studio, YearCheck
from portal.accounts.models import Employer, Organisation
from portal.core.dates import local_date

_numbers = itertools.count(1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def paper(name: str = "证明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def make_studio(employer: Employer, *, named_by: Organisation | None = None, **facts: object) -> Studio:
    """Named two years ago, to be confirmed again next year, when ``named_by`` is given."""
    known: dict[str, object] = {
        "name": f"周师傅创新工作室{next(_numbers)}", "kind": "craft", "direction": "焊接工艺", "leader": "周师傅",
        "founded_on": dt.date(2020, 5, 1),
    }  # fmt: skip
    if named_by is not None:
        known |= {
            "named_by": named_by, "level": LEVEL_OF_UNION[named_by.level], "named_on": dt.date(2024, 5, 1),
            "naming_number": "津工〔2024〕8号", "reconfirm_on": dt.date(2027, 5, 1), "status": StudioStatus.RUNNING,
        }  # fmt: skip
    return Studio.objects.create(organisation=employer.organisation, employer=employer, **(known | facts))


def make_check(studio: Studio, owner: Organisation, year: int, **facts: object) -> YearCheck:
    rule = index()
    known = {"due_on": dt.date(year, 12, 20), "version": rule.version, "pass_mark": rule.pass_mark,
             "criteria": [c.plain() for c in rule.criteria], "grades": [list(g) for g in rule.grades]}  # fmt: skip
    return YearCheck.objects.create(studio=studio, owner=owner, year=year, **(known | facts))


def make_line(
    studio: Studio, now: dt.datetime, kind: str = "grant", amount: str = "5000", **facts: object
) -> MoneyLine:
    known = {"on": local_date(now), "words": "补助", "voucher": f"记{next(_numbers)}", "entered_at": now}
    return MoneyLine.objects.create(studio=studio, kind=kind, amount=Decimal(amount), **(known | facts))


def marks(value: object = None, **changes: object) -> dict[str, Decimal]:
    """Full marks, or ``value`` for each criterion where its maximum allows; then ``changes``."""
    found = {c.code: Decimal(c.max if value is None else min(c.max, int(str(value)))) for c in index().criteria}
    return found | {code: Decimal(str(mark)) for code, mark in changes.items()}

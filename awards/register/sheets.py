"""Sheet of the yearly report: honours conferred in the year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from awards.register.models import HonourRecord, HonourStatus
from portal.reports.registry import Sheet


def rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per honour whose date of conferral lies in the year, also the revoked ones."""
    found = HonourRecord.objects.filter(conferred_on__year=year).order_by("conferred_on", "certificate_number")
    for honour in found.iterator(chunk_size=2000):
        yield [
            honour.certificate_number,
            honour.honour,
            honour.cycle_label,
            honour.recipient,
            honour.unit_name,
            honour.nominating_name,
            honour.document_number,
            honour.conferred_on,
            str(HonourStatus(honour.status).label),
        ]


HONOURS = Sheet(
    "honours",
    "荣誉登记",
    ("证书编号", "荣誉", "届次", "获得者", "单位", "推荐工会", "发文字号", "命名日期", "状态"),
    rows,
    "命名日期在本年度的荣誉，含已撤销的。",
    50,
)

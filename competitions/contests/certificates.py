"""名次证书 as PDF: one page each, with a code that opens the public register."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
from django.utils.translation import gettext as _

from portal.core.dates import format_cn, local_date
from portal.reports.typesetting import compile_pdf

if TYPE_CHECKING:
    from competitions.contests.models import Contest, ContestResult

TEMPLATE = Path(__file__).with_name("certificate.typ")


def rank_certificates(contest: Contest, results: Iterable[ContestResult], address: Callable[[str], str]) -> bytes:
    """PDF, A4 across, full names. ``address`` gives the public page that answers for a certificate's number."""
    payload = {
        "host": contest.owner.name,
        "contest": contest.name,
        "klass": str(contest.get_klass_display()),
        "trade": contest.trade.name,
        "group": str(contest.get_group_display()),
        "year": contest.year,
        "date": format_cn(local_date(contest.confirmed_at)),
        "certificates": [_one(row, address(row.certificate_number)) for row in results],
    }
    return compile_pdf(TEMPLATE, payload)


def _one(row: ContestResult, address: str) -> dict[str, Any]:
    return {
        "name": row.competitor.name,
        "unit": row.shown_unit,
        "rank": _("第%d名") % row.rank,
        "medal": str(row.get_medal_display()),
        "total": str(row.total),
        "number": row.certificate_number,
        "qr": _qr(address),
    }


def _qr(text: str) -> str:
    stream = io.BytesIO()
    segno.make(text, error="m", micro=False).save(stream, kind="svg", border=0)
    return stream.getvalue().decode()

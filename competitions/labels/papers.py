"""证书 and 评价海报 as PDF, and the words for a plate."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import segno
from django.utils.translation import gettext as _

from competitions.labels.enums import Dimension
from competitions.labels.kinds import kinds
from portal.core.dates import format_cn
from portal.reports.typesetting import compile_pdf

if TYPE_CHECKING:
    from competitions.labels.models import RatingPoint, TeamLabel

FOLDER = Path(__file__).with_name("typst")


def plate_words(label: TeamLabel) -> str:
    """What the plate says: the label, who gave it, when."""
    return "\n".join([label.title, label.given_by.name, _("%d年%d月") % (label.given_on.year, label.given_on.month)])


def certificate(label: TeamLabel) -> bytes:
    """PDF, A4 across. Text is data, never markup."""
    until = _("有效期至%s") % format_cn(label.valid_until) if label.valid_until else ""
    payload = {
        "giver": label.given_by.name,
        "unit": label.team.unit_name,
        "team": label.team.name,
        "title": label.title,
        "wording": kinds()[label.kind].wording if label.kind in kinds() else "",
        "number": label.basis_number,
        "date": format_cn(label.given_on),
        "until": until,
    }
    return compile_pdf(FOLDER / "certificate.typ", payload)


def poster(point: RatingPoint, address: str) -> bytes:
    """PDF, A4 upright: the code of one window."""
    stream = io.BytesIO()
    segno.make(address, error="q", micro=False).save(stream, kind="svg", border=0)  # q: posters get scratched
    payload = {
        "unit": point.team.unit_name,
        "team": point.team.name,
        "service": point.service,
        "dimensions": [str(label) for label in Dimension.labels],
        "qr": stream.getvalue().decode(),
        "owner": point.team.organisation.name,
    }
    return compile_pdf(FOLDER / "poster.typ", payload)

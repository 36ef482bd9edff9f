"""What the room prints, as PDF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from competitions.growth.calculations import CRITERIA, grade_of
from portal.core.dates import format_cn, local_date
from portal.reports.typesetting import compile_pdf

if TYPE_CHECKING:
    from competitions.growth.models import Mentorship, WorkerFile

FOLDER = Path(__file__).with_name("typst")


def _party(file: WorkerFile) -> dict[str, str]:
    return {"name": file.name, "number": file.masked_id, "level": str(file.get_level_display()), "trade": file.trade}


def mentorship_pdf(row: Mentorship) -> bytes:
    """The contract with room for signatures; the end, once it has ended. Numbers are masked."""
    payload: dict[str, Any] = {
        "unit": row.organisation.name,
        "number": f"{row.starts_on:%Y}-{row.pk:05d}",
        "mentor": _party(row.mentor),
        "apprentice": _party(row.apprentice),
        "trade": row.trade,
        "starts": format_cn(row.starts_on),
        "ends": format_cn(row.ends_on),
        "goals": row.goals,
        "plan": row.plan,
        "allowance": f"每月{row.allowance}元" if row.allowance else "无",
        "signed": [format_cn(day) if day else "" for day in (row.mentor_signed_on, row.apprentice_signed_on)],
        "state": str(row.get_state_display()),
        "assessment": _assessment(row),
    }
    return compile_pdf(FOLDER / "contract.typ", payload)


def _assessment(row: Mentorship) -> dict[str, Any] | None:
    if row.total is None:
        return None
    return {
        "lines": [[title, str(most), str(row.marks[key])] for key, title, most in CRITERIA],
        "total": str(row.total),
        "grade": grade_of(row.total),
        "opinion": row.opinion,
        "date": format_cn(row.ended_on),
    }


def worker_pdf(file: WorkerFile, sections: list[dict[str, Any]], *, printed_on: dt.datetime) -> bytes:
    """The worker's page on paper; sections without lines are named at the end."""
    payload: dict[str, Any] = {
        "name": file.name,
        "unit": file.organisation.name,
        "number": file.masked_id,
        "sex": str(file.get_sex_display()),
        "trade": file.trade or "—",
        "level": str(file.get_level_display()),
        "certificate": file.level_certificate or "—",
        "joined": format_cn(file.joined_on) if file.joined_on else "—",
        "printed": format_cn(local_date(printed_on)),
        "sections": [
            {
                "title": str(part["section"].title),
                "heads": [str(head) for head in part["section"].heads],
                "lines": [[str(cell) for cell in line] for line in part["lines"]],
            }
            for part in sections
            if part["lines"]
        ],
        "empty": "、".join(str(part["section"].title) for part in sections if not part["lines"]),
    }
    return compile_pdf(FOLDER / "worker.typ", payload)

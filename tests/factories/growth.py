"""Workers' files, mentoring contracts and drills, as they stand in the register."""

from __future__ import annotations

import datetime as dt
import itertools

from competitions.growth.calculations import months_of_term
from competitions.growth.models import Drill, MentorMonth, Mentorship, WorkerFile
from portal.accounts.models import Organisation
from portal.core.crypto import blind_index
from portal.core.scoping import path_prefixes

_numbers = itertools.count(1)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(birth: str = "19900101") -> str:
    """A sound number of nobody: the area is not assigned."""
    body = f"120199{birth}{next(_numbers):03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def make_file(organisation: Organisation, name: str, number: str = "", **facts: object) -> WorkerFile:
    number = number or id_number()
    return WorkerFile.objects.create(
        organisation=organisation, root_path=path_prefixes(organisation.path)[0], name=name, id_number=number,
        id_index=blind_index(f"person:citizen:{number}"), **facts,
    )  # fmt: skip


def make_mentorship(mentor: WorkerFile, apprentice: WorkerFile, *, starts_on: dt.date, **facts: object) -> Mentorship:
    """A draft; with ``signed_at`` a running contract with its months."""
    signed = facts.get("signed_at")
    more = {"state": "active", "mentor_signed_on": starts_on, "apprentice_signed_on": starts_on} if signed else {}
    row = Mentorship.objects.create(
        organisation=mentor.organisation, mentor=mentor, apprentice=apprentice, starts_on=starts_on,
        **({"ends_on": starts_on + dt.timedelta(days=180), "trade": "焊工", "goals": "独立作业", "plan": "每月一项"} | more | facts),
    )  # fmt: skip
    if signed:
        months = months_of_term(row.starts_on, row.ends_on)
        MentorMonth.objects.bulk_create(MentorMonth(mentorship=row, month=m, due_on=d) for m, d in months)
    return row


def make_drill(organisation: Organisation, **facts: object) -> Drill:
    day = facts.pop("day", dt.date(2026, 5, 20))
    return Drill.objects.create(
        organisation=organisation, starts_on=day, ends_on=day,
        **({"kind": "drill", "level": "enterprise", "title": f"焊工练兵{next(_numbers)}", "trade": "焊工",
            "people": 30, "summary": "平板对接"} | facts),
    )  # fmt: skip

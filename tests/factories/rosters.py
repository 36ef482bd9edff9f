"""Rosters and made-up people; ID numbers of the area 120199, which was never assigned."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from competitions.filings.enums import CatalogueGroup, FilingState
from competitions.filings.models import CatalogueItem, CompetitionFiling
from competitions.rosters.domain import people, rosters
from competitions.rosters.domain.consent import current_text
from competitions.rosters.enums import Answer, ConsentState, Means, RosterKind
from competitions.rosters.models import Consent, Participation, Roster
from competitions.rosters.persons import Person, read_person
from competitions.rosters.workbook import SHEET
from portal.accounts.imports.template import DATA
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.identifiers import citizen_id_check_digit

NOW = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)


def id_number(n: int, *, born: str = "19900101", woman: bool = False) -> str:
    """The n-th number of that day of birth: up to 500 men and 500 women a day, the rest on days after."""
    day = dt.date.fromisoformat(born) + dt.timedelta(days=n // 500)
    body = f"120199{day:%Y%m%d}{(n % 500) * 2 + (0 if woman else 1):03d}"
    return body + citizen_id_check_digit(body)


def person(n: int, name: str = "", *, woman: bool = False) -> Person:
    letters = "甲乙丙丁戊己庚辛壬癸"
    default = "示" + "".join(letters[int(ch)] for ch in f"{n:04d}")
    return read_person("citizen", name or default, id_number(n, woman=woman), today=NOW.date())


def make_filing(
    owner: Organisation, title: str = "焊接岗位竞赛", *, year: int = 2026, state: str = FilingState.RUNNING
) -> CompetitionFiling:
    root = Organisation.objects.get(path=owner.path.split("/")[0] + "/")
    kind, _new = CatalogueItem.objects.get_or_create(
        owner=root, group=CatalogueGroup.KIND, code="skill", defaults={"name": "技能竞赛"}
    )
    last = CompetitionFiling.objects.order_by("-pk").first()
    return CompetitionFiling.objects.create(
        owner=owner, title=title, year=year, kind=kind, state=state, number=f"{year}-T{last.pk + 1 if last else 1:05d}",
        filed_path=owner.path, starts_on=dt.date(year, 3, 1), ends_on=dt.date(year, 10, 31),
    )  # fmt: skip


def make_roster(actor: Actor, filing: CompetitionFiling, *, now: dt.datetime = NOW, **more: Any) -> Roster:
    organisation = Organisation.objects.get(pk=actor.desk.organisation_id)
    more = {"kind": RosterKind.UNIT} | more
    return rosters.open_roster(actor=actor, filing=filing, organisation=organisation, contact="王联系", now=now, **more)


def enter(
    actor: Actor, roster: Roster, who: Person, *, agreed: bool = False, now: dt.datetime = NOW, **facts: Any
) -> Participation:
    row = people.register_person(actor=actor, roster=roster, person=who, facts=people.Facts(**facts), now=now)
    return give_consent(row, now=now) if agreed else row


def give_consent(row: Participation, *, now: dt.datetime = NOW) -> Participation:
    """As if the person had agreed by the own link."""
    text = current_text(actor=Actor(), now=now)
    Consent.objects.create(participation=row, text=text, answer=Answer.GIVEN, means=Means.LINK, at=now)
    Participation.objects.filter(pk=row.pk).update(consent=ConsentState.GIVEN)
    row.consent = ConsentState.GIVEN
    return row


def workbook(rows: Iterable[dict[str, Any]]) -> bytes:
    """A filled-in template: each row by the keys of the sheet's columns."""
    book = Workbook()
    sheet = book.active
    sheet.title = DATA
    sheet.append(SHEET.labels)
    for row in rows:
        sheet.append([row.get(column.key) for column in SHEET.columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line(n: int, **more: Any) -> dict[str, Any]:
    who = person(n)
    return {"name": who.name, "id_number": who.id_number, "team": "一班", "trade": "焊工", "is_frontline": "是"} | more


def scan(words: str = "签字表") -> SimpleUploadedFile:
    content = b"%PDF-1.4\n" + words.encode() + b"\n%%EOF\n"
    return SimpleUploadedFile("签字表.pdf", content, content_type="application/pdf")

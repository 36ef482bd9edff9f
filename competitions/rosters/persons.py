"""Reading a person's document: its kind, its check digit, the age, and what it says. Pure; no database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from competitions.rosters.enums import IdKind, Sex
from portal.core.identifiers import citizen_id_problem, parse_citizen_id

YOUNGEST = 16  # 劳动法第十五条
OLDEST = 80  # nobody older is entered by mistake more often than in truth
OTHER_DOCUMENT = re.compile(r"[A-Z0-9]{5,20}")
NAME = re.compile(r"[^\W\d_][^\d<>@#]{0,58}[^\W\d_]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is: name, and a document that was checked."""

    name: str
    id_kind: str
    id_number: str
    sex: str = ""

    @property
    def key(self) -> str:
        """What is fingerprinted: the same number on another kind of document is somebody else."""
        return f"person:{self.id_kind}:{self.id_number}"

    @property
    def last_four(self) -> str:
        return self.id_number[-4:]


def clean_number(raw: str) -> str:
    """Without blanks, in capitals, full-width characters made narrow."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return re.sub(r"[\s\u3000-]", "", str(raw or "").translate(wide)).upper()


def name_problem(raw: str) -> str:
    """Why ``raw`` is no person's name, or ``""``."""
    name = (raw or "").strip()
    if not name:
        return "请填写姓名。"
    return "" if NAME.fullmatch(name) else "姓名应为2至60个字，不能含数字和符号，请核对。"


def number_problem(kind: str, raw: str, *, today: dt.date, allow_unassigned_area: bool = False) -> str:
    """Why ``raw`` is no document number of somebody who may take part, or ``""``. Never repeats the number."""
    number = clean_number(raw)
    if kind != IdKind.CITIZEN:
        return "" if OTHER_DOCUMENT.fullmatch(number) else "证件号码应为5至20位字母和数字，请核对。"
    if problem := citizen_id_problem(number, today=today, allow_unassigned_area=allow_unassigned_area):
        return problem
    age = parse_citizen_id(number, today=today, allow_unassigned_area=True).age_on(today)
    if age < YOUNGEST:
        return f"按证件号码计算不满{YOUNGEST}周岁，不能参赛，请核对。"
    return f"按证件号码计算超过{OLDEST}周岁，请核对。" if age > OLDEST else ""


def read_person(kind: str, name: str, number: str, *, today: dt.date, sex: str = "") -> Person:
    """The person behind values that passed both checks; the sex is what a citizen's number says."""
    number = clean_number(number)
    if kind == IdKind.CITIZEN:
        sex = parse_citizen_id(number, today=today, allow_unassigned_area=True).sex
    return Person(name.strip(), kind, number, sex if sex in Sex.values else "")

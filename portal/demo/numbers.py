"""Numbers that pass their checks and belong to nobody: ID numbers of the never assigned area 120199."""

from __future__ import annotations

import datetime as dt
import random

from portal.core.identifiers import (
    citizen_id_check_digit,
    credit_code_check_digit,
    organisation_code_check_digit,
    patent_check_digit,
)


def citizen_id(rng: random.Random) -> str:
    born = dt.date(1976, 1, 1) + dt.timedelta(days=rng.randrange(10500) * 8300 // 10500)  # nobody near retirement
    first = f"120199{born:%Y%m%d}{rng.randrange(1, 1000):03d}"
    return first + citizen_id_check_digit(first)


def credit_code(serial: int, first: str = "91") -> str:
    organisation = f"MD{serial % 1_000_000:06d}"
    body = first + "120199" + organisation + organisation_code_check_digit(organisation)
    return body + credit_code_check_digit(body)


def patent(rng: random.Random) -> str:
    twelve = f"20242{rng.randrange(10_000_000):07d}"
    return f"ZL{twelve}.{patent_check_digit(twelve)}"


def mobile(rng: random.Random) -> str:
    return f"199{rng.randrange(100_000_000):08d}"

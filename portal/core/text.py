"""Text helpers without a database: masking, spreadsheet safety, comparison forms, file names. Standard library only.

Masking follows domain.md 15.1: it happens on the server, and the date of birth inside an identity number is never shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

STAR = "*"


# --- masking -------------------------------------------------------------------------------------------------------


def mask_name(name: str) -> str:
    """``张*``, ``张*丰``, ``欧**娜``: first and last character stay from three characters on; one character becomes ``*``."""
    text = (name or "").strip()
    if len(text) <= 1:
        return STAR * len(text)
    if len(text) == 2:
        return text[0] + STAR
    return text[0] + STAR * (len(text) - 2) + text[-1]


def mask_phone(phone: str) -> str:
    """``138****1234`` for a mobile number, ``022-****6789`` for a landline; fewer than 11 digits without area code: last 4, fewer than 8: stars."""
    text = (phone or "").strip()
    digits = re.sub(r"\D", "", text)
    if len(digits) < 8:
        return STAR * len(text)
    area = re.match(r"(0\d{2,3})-", text)
    if area:
        return f"{area[1]}-{STAR * 4}{digits[-4:]}"
    head = digits[:3] if len(digits) >= 11 else ""
    return head + STAR * (len(digits) - len(head) - 4) + digits[-4:]


def mask_id_number(number: str) -> str:
    """First 3 and last 4 of an 18-character citizen number, so that the date of birth (7th to 14th) never shows.

    In the old 15-digit number the date ends at the 12th place: there only the last 3 stay. Other documents
    (passports, permits): first 1 and last 2. Four characters or fewer: only stars.
    """
    text = (number or "").strip()
    if len(text) == 18:
        head, tail = 3, 4
    elif len(text) == 15:
        head, tail = 3, 3
    elif len(text) > 4:
        head, tail = 1, 2
    else:
        return STAR * len(text)
    return text[:head] + STAR * (len(text) - head - tail) + text[-tail:]


def mask_email(address: str) -> str:
    """``z***@example.cn``: the first letter and the domain; the number of stars says nothing about the length."""
    local, at, domain = (address or "").strip().rpartition("@")
    if not at:
        return STAR * 3 if domain else ""
    return f"{local[:1]}***@{domain}"


def mask_bank(account: str) -> str:
    """First 4 and last 4 of a bank account from 12 digits on, otherwise only the last 2."""
    text = re.sub(r"\s", "", account or "")
    if len(text) >= 12:
        return text[:4] + STAR * (len(text) - 8) + text[-4:]
    if len(text) > 4:
        return STAR * (len(text) - 2) + text[-2:]
    return STAR * len(text)


# --- spreadsheets --------------------------------------------------------------------------------------------------

# A cell of a worksheet holds at most 32,767 characters (ECMA-376).
CELL_LIMIT = 32_767
# Characters that make a spreadsheet read text as a formula (OWASP “CSV injection”); the full-width forms count too,
# because Chinese and Japanese editions fold them.
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
# Control characters that XML 1.0 cannot hold; a workbook that contains one needs “repair”.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def spreadsheet_clean(value: object) -> str:
    """Text that a worksheet can hold: characters that XML forbids are dropped, the length is cut to 32,767.

    For cells that are explicitly typed as text; it does not touch a leading ``=``.
    """
    text = "" if value is None else str(value)
    return _ILLEGAL.sub("", text)[:CELL_LIMIT]


def is_formula_like(value: object) -> bool:
    """Would a spreadsheet take this text for a formula?"""
    text = spreadsheet_clean(value)
    return text[:1] in FORMULA_STARTS if text else False


def spreadsheet_text(value: object) -> str:
    """Text that stays text in CSV and in untyped cells: formula-like text gets a leading apostrophe."""
    text = spreadsheet_clean(value)
    return f"'{text}"[:CELL_LIMIT] if is_formula_like(text) else text


# --- comparison forms ----------------------------------------------------------------------------------------------


def normalise_search(text: str) -> str:
    """The form in which texts are searched: NFKC (full-width → half-width), case folded, single spaces."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text or "").casefold())
    return " ".join(folded.split())


def normalise_title(text: str) -> str:
    """The form in which titles are compared: like search, and only letters and digits of any script remain.

    Two entries with the same form are suspected duplicates: ``《“五小”成果》（一）`` equals ``五小成果(一)``.
    """
    return "".join(ch for ch in normalise_search(text) if ch.isalnum())


def title_similarity(one: str, other: str) -> int:
    """Likeness of two titles in whole percent (0 to 100, rounded down): Dice coefficient of their character pairs.

    100 exactly when the comparison forms hold the same pairs; empty titles resemble nothing, not even each other.
    """
    a, b = normalise_title(one), normalise_title(other)
    if not a or not b:
        return 0
    if a == b:
        return 100
    pairs_a, pairs_b = _pairs(a), _pairs(b)
    shared = (pairs_a & pairs_b).total()
    return 200 * shared // (pairs_a.total() + pairs_b.total())


def _pairs(text: str) -> Counter[str]:
    """Neighbouring characters with an edge mark at both ends, so that one-character titles have pairs too."""
    framed = f"\x02{text}\x03"
    return Counter(framed[i : i + 2] for i in range(len(framed) - 1))


# --- file names ----------------------------------------------------------------------------------------------------

_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+')
# Device names of Windows, which no file may have whatever its extension.
_RESERVED_NAMES = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def safe_file_name(name: str, *, default: str = "文件", max_bytes: int = 200) -> str:
    """A file name that Windows, Linux and a zip archive accept; the extension survives the cut to ``max_bytes`` of UTF-8.

    Path separators, wild cards, control characters and the marks that reverse the reading direction become ``_``;
    leading and trailing dots and spaces go. ``max_bytes`` must leave room for the extension (at least 16).
    """
    text = _FORBIDDEN_IN_NAMES.sub("_", unicodedata.normalize("NFC", name or "")).strip(" .\u3000")
    text = text.encode("utf-8", "ignore").decode()
    found = _EXTENSION.search(text)
    extension = found[0] if found else ""
    stem = text[: len(text) - len(extension)].strip(" .") or default
    room = max_bytes - len(extension) - 1
    stem = stem[:room]
    while len(stem.encode()) > room:
        stem = stem[:-1]
    stem = stem.rstrip(" .") or "_"
    return f"_{stem}{extension}" if _RESERVED_NAMES.match(stem + extension) else stem + extension

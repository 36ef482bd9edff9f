"""标签 of a case: free words that people agree on by using them. Pure; no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST, LONGEST = 6, 12  # tags of a case, characters of a tag
OFFERED = 12  # the most used ones are offered to whoever writes
USUAL = ("技能竞赛", "安全生产", "节能降碳", "班组建设", "合理化建议", "师徒带教", "民营企业", "产业链竞赛")
BETWEEN = re.compile(r"[、，,；;＃#\s]+")


def split(words: str) -> list[str]:
    """What somebody typed into one line, with any of the usual separators (“安全，班组 #节能”)."""
    return cleaned(BETWEEN.split(words))


def cleaned(tags: Iterable[str]) -> list[str]:
    """Full-width letters made plain, without blanks and repeats; the order stays, the first spelling wins."""
    found: dict[str, str] = {}
    for tag in tags:
        word = BETWEEN.sub("", unicodedata.normalize("NFKC", tag))
        if word:
            found.setdefault(word.casefold(), word)
    return list(found.values())


def offered(used: Iterable[str]) -> list[str]:
    """What is offered: the tags used most, filled up with usual ones while the library is young."""
    return cleaned([*used, *USUAL])[:OFFERED]

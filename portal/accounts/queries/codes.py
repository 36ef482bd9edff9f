"""Reading the code lists; they change once in years, so they are kept in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from portal.accounts.models import Code, CodeList

if TYPE_CHECKING:
    from django.db.models import QuerySet

KEEP_SECONDS = 3600
Entry = tuple[str, str, bool, dict[str, Any]]


def cache_key(name: str) -> str:
    return f"codes:{name}"


def entries(name: str) -> list[Entry]:
    """All codes of a list in its order: code, label, whether it may still be chosen, facts."""
    found = cache.get(cache_key(name))
    if found is None:
        found = list(Code.objects.filter(list=name).values_list("code", "label", "is_current", "facts"))
        cache.set(cache_key(name), found, KEEP_SECONDS)
    return found


def choices(name: str) -> list[tuple[str, str]]:
    """Codes that may be chosen now, with their labels."""
    return [(code, label) for code, label, current, _facts in entries(name) if current]


def label_of(name: str, code: str) -> str:
    """Words of a code, also of a withdrawn one; the code itself when it is unknown, nothing for nothing."""
    return next((label for value, label, _current, _facts in entries(name) if value == code), code)


def codes_by_label(name: str) -> dict[str, str]:
    """Label → code of what may be chosen (workbooks state words)."""
    return {label: code for code, label in choices(name)}


def code_list(name: str) -> QuerySet[Code]:
    """Rows for the page that shows a list."""
    return Code.objects.filter(list=name)


def industry_label(industry: str) -> str:
    """``C34`` → ``制造业（34）``: the section in words and the digits as they are."""
    if not industry:
        return ""
    section = label_of(CodeList.INDUSTRY, industry[0])
    return f"{section}（{industry[1:]}）" if industry[1:] else section


def division_fits(section: str, digits: str) -> bool:
    """Whether the first two digits are a division (大类) of the section, as GB/T 4754 says."""
    for code, _label, _current, facts in entries(CodeList.INDUSTRY):
        if code == section:
            first, _dash, last = str(facts.get("divisions", "")).partition("-")
            return first <= digits[:2] <= (last or first)
    return False

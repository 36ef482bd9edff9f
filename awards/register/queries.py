"""Reading the register; public pages run in the public scope."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from awards.register.models import HonourRecord

if TYPE_CHECKING:
    from django.db.models import QuerySet

_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "(": "〔", ")": "〕", "（": "〔", "）": "〕", "【": "〔", "】": "〕"})


def honours() -> QuerySet[HonourRecord]:
    """The register as far as the active scope shows it, newest first."""
    return HonourRecord.objects.select_related("issuer").order_by("-conferred_on", "certificate_number")


def normalise_number(text: str) -> str:
    """As people type it: other brackets, spaces and full-width figures all find ``津工创〔2026〕0007``."""
    text = unicodedata.normalize("NFKC", text.replace("〔", "[").replace("〕", "]"))
    return unicodedata.normalize("NFKC", re.sub(r"\s+", "", text).upper()).translate(_BRACKETS)


def honour_by_number(text: str) -> HonourRecord | None:
    """The record of a certificate number, also when it was revoked; None when there is no such number."""
    number = normalise_number(text)
    return honours().filter(certificate_number__iexact=number).first() if number else None


def years_of_register() -> list[int]:
    """Years with honours in scope, newest first."""
    return list(HonourRecord.objects.order_by("-year").values_list("year", flat=True).distinct())


def names_of_register() -> list[str]:
    """Names of honours in scope."""
    return list(HonourRecord.objects.order_by("honour").values_list("honour", flat=True).distinct())

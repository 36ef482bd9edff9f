"""Values of the code lists that questions refer to."""

from __future__ import annotations

import time

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import SizeClass
from portal.accounts.models import Code
from portal.lifecycle.blueprints.vocabulary import CodeList

KEEP_SECONDS = 60
"""A form asks for a dozen lists; they are read once a minute and process."""

Option = tuple[str, str, bool]
"""Code, label, whether it may still be chosen."""

FIXED: dict[str, list[Option]] = {
    # GB/T 2261.1
    CodeList.SEX: [("1", _("男"), True), ("2", _("女"), True)],
    CodeList.SIZE_CLASS: [(value, label, True) for value, label in SizeClass.choices],
}


_kept: dict[str, list[Option]] = {}
_kept_until = [0.0]


def _tables() -> dict[str, list[Option]]:
    if not _kept or time.monotonic() > _kept_until[0]:
        tables: dict[str, list[Option]] = {}
        for name, code, label, current in Code.objects.values_list("list", "code", "label", "is_current"):
            tables.setdefault(name, []).append((code, label, current))
        _kept.clear()
        _kept.update(tables)
        _kept_until[0] = time.monotonic() + KEEP_SECONDS
    return _kept


def forget_codes() -> None:
    """To be called after the code lists were changed, so that this process sees it at once."""
    _kept.clear()


def code_choices(code_list: str) -> list[tuple[str, str]]:
    """Current codes with their labels, in the order of the list."""
    options = FIXED.get(code_list) or _tables().get(code_list, [])
    return [(code, label) for code, label, current in options if current]


def code_label(code_list: str, code: str) -> str:
    """Words of a code, also of a withdrawn one; the code itself when it is unknown."""
    options = FIXED.get(code_list) or _tables().get(code_list, [])
    return next((str(label) for value, label, _current in options if value == code), code)

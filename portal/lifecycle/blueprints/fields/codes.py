"""Values of the code lists that questions refer to."""

from __future__ import annotations

from contextvars import ContextVar

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import SizeClass
from portal.accounts.queries import codes
from portal.core.context import current_request_id
from portal.lifecycle.blueprints.vocabulary import CodeList

Option = tuple[str, str, bool]
"""Code, label, whether it may still be chosen."""

FIXED: dict[str, list[Option]] = {
    # GB/T 2261.1
    CodeList.SEX: [("1", _("男"), True), ("2", _("女"), True)],
    CodeList.SIZE_CLASS: [(value, label, True) for value, label in SizeClass.choices],
}

_held: ContextVar[tuple[str, dict[str, list[Option]]] | None] = ContextVar("code_lists", default=None)


def _options(name: str) -> list[Option]:
    """The list, read once a request: a record page asks for it with every cell."""
    if name in FIXED:
        return FIXED[name]
    request = current_request_id()
    held = _held.get()
    if held is None or held[0] != request or not request:
        held = (request, {})
        _held.set(held)
    if name not in held[1]:
        held[1][name] = [(code, label, current) for code, label, current, _facts in codes.entries(name)]
    return held[1][name]


def code_choices(code_list: str) -> list[tuple[str, str]]:
    """Current codes with their labels, in the order of the list."""
    return [(code, label) for code, label, current in _options(code_list) if current]


def code_label(code_list: str, code: str) -> str:
    """Words of a code, also of a withdrawn one; the code itself when it is unknown."""
    return next((str(label) for value, label, _current in _options(code_list) if value == code), code)

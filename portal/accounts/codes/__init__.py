"""The code lists that the portal ships with; ``manage.py load_codes`` writes them into the database.

Lists that others may extend (a municipal root's own special zones) live in the database; what the standards fix lives here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.accounts.codes.districts import DISTRICTS
from portal.accounts.codes.economic_types import ECONOMIC_TYPES
from portal.accounts.codes.ethnic_groups import ETHNIC_GROUPS
from portal.accounts.codes.industries import INDUSTRIES
from portal.accounts.codes.persons import EDUCATION, POLITICAL_STATUS, SKILL_LEVELS
from portal.accounts.models.codes import CodeList


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One entry of a list; ``facts`` is what programs need to know about it (ownership class, manufacturing …)."""

    code: str
    label: str
    facts: dict[str, Any] = field(default_factory=dict)


def _rows(table: Any) -> tuple[CodeRow, ...]:
    return tuple(CodeRow(*row) for row in table)


SHIPPED: dict[str, tuple[CodeRow, ...]] = {
    CodeList.DISTRICT: _rows(DISTRICTS),
    CodeList.ECONOMIC_TYPE: _rows(
        (code, label, {"ownership": own} if own else {}) for code, label, own in ECONOMIC_TYPES
    ),
    CodeList.INDUSTRY: _rows((code, label, {"divisions": span}) for code, label, span in INDUSTRIES),
    CodeList.ETHNIC_GROUP: _rows((code, label, {"letters": letters}) for code, letters, label in ETHNIC_GROUPS),
    CodeList.EDUCATION: _rows(EDUCATION),
    CodeList.POLITICAL_STATUS: _rows(POLITICAL_STATUS),
    CodeList.SKILL_LEVEL: _rows(SKILL_LEVELS),
}

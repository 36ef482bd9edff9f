"""Rules of the innovation programmes that one question alone cannot say. A programme file names them in ``guards``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import Guard
from portal.lifecycle.entries.content import answers_of

SOURCES = ("amount_requested", "own_funds", "match_funds", "other_funds")
GRASSROOTS_CAP = Decimal(30000)
"""Most that a “草根” project of a team may ask for, in yuan (innovation-subsidy.toml, tracks; DEFAULT)."""


def yuan(value: Any) -> Decimal:
    """An amount as it is stored; nothing stored counts as 0."""
    return Decimal(str(value or 0))


def subsidy_budget(act: Act, params: dict[str, Any]) -> Decision:
    """Items = total = sources, the grant is spent in full, own funds at least one to one (domain.md 4 Budget checks)."""
    faults = budget_faults(answers_of(act.entry))
    return refuse("budget", _("预算没有平衡：%s。") % "；".join(faults)) if faults else ALLOWED


def budget_faults(answers: Mapping[str, Any]) -> list[str]:
    """What does not add up, in words; amounts are yuan with two decimals."""
    total, asked, own = (yuan(answers.get(code)) for code in ("total_budget", "amount_requested", "own_funds"))
    rows = answers.get("budget") or []
    items = sum((yuan(row.get("amount")) for row in rows), Decimal(0))
    granted = sum((yuan(row.get("from_grant")) for row in rows), Decimal(0))
    sources = sum((yuan(answers.get(code)) for code in SOURCES), Decimal(0))
    words = {"total": total, "items": items, "sources": sources, "asked": asked, "granted": granted, "own": own}
    rules = (
        (items == total, _("分科目预算合计 %(items)s 元，应等于项目总预算 %(total)s 元")),
        (sources == total, _("资金来源合计 %(sources)s 元，应等于项目总预算 %(total)s 元")),
        (granted == asked, _("各科目“其中用补助”合计 %(granted)s 元，应等于申请补助 %(asked)s 元")),
        (own >= asked, _("单位自筹 %(own)s 元，不应少于申请补助 %(asked)s 元")),
        (
            answers.get("track") != "grassroots" or asked <= GRASSROOTS_CAP,
            _("班组“草根”创新申请补助不超过 30000 元"),
        ),
    )
    return [text % words for holds, text in rules if not holds]


GUARDS = (Guard("innovations.subsidy_budget", gettext_lazy("补助预算平衡、自筹达到一比一"), "submit", subsidy_budget),)

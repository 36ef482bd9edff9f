"""Writes of the selection room: rounds, tie settlements, approval, promotion. Import from here."""

from portal.lifecycle.selection.domain.approval import approve_round, promote_reserve, reject_round
from portal.lifecycle.selection.domain.rounds import produce_round, start_round
from portal.lifecycle.selection.domain.settling import decide_lines, settle_tie

__all__ = [
    "approve_round",
    "decide_lines",
    "produce_round",
    "promote_reserve",
    "reject_round",
    "settle_tie",
    "start_round",
]

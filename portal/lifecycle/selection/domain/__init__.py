"""Writes of the selection room: rounds, tie settlements, approval, promotion, trials. Import from here."""

from portal.lifecycle.selection.domain.approval import approve_round, promote_reserve, reject_round
from portal.lifecycle.selection.domain.rounds import produce_round, start_round
from portal.lifecycle.selection.domain.settling import decide_lines, settle_tie
from portal.lifecycle.selection.domain.simulating import simulate_round

__all__ = [
    "approve_round",
    "decide_lines",
    "produce_round",
    "promote_reserve",
    "reject_round",
    "settle_tie",
    "simulate_round",
    "start_round",
]

"""Answers that belong together: what the guards of the programmes compare (guards.py of the pillars) must agree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

HARMLESS = ("deaths", "serious", "minor_injuries", "new_diseases")
PARTS = {
    "entered": "workers",
    "frontline": "workers",
    "migrant": "workers",
    "women": "workers",
    "participants": "employees",
    "teams_entered": "teams",
}
"""Numbers of people that are a part of another number of people."""
ASKED = Decimal(30000)
"""What a subsidy project asks for, in yuan: within the least cap of all its tracks."""


def agree(answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers with sums, records and votes that a union would really hand in."""
    for code in HARMLESS:
        if code in answers:
            answers[code] = 0
    if answers.get("key_dust") and not answers.get("has_contract"):
        answers["key_dust"] = False
    if {"vote_present", "vote_agree"} <= answers.keys():
        present = int(answers["vote_present"])
        answers["vote_agree"] = present - present // 10
    for part, whole in PARTS.items():
        values = answers.get(part), answers.get(whole)
        if all(type(value) is int for value in values):  # a yes or no is no number
            answers[part] = min(values)
    if {"total_budget", "amount_requested", "own_funds"} <= answers.keys():
        _balance(answers)
    return answers


def _balance(answers: dict[str, Any]) -> None:
    """Own funds one to one, the union below half of it; the first item takes the whole grant."""
    shares = {"amount_requested": ASKED, "own_funds": ASKED, "match_funds": ASKED / 2, "other_funds": Decimal(0)}
    total = sum(shares.values(), Decimal(0))
    answers.update({code: f"{amount:.2f}" for code, amount in shares.items()} | {"total_budget": f"{total:.2f}"})
    first, *others = answers["budget"]
    first.update(amount=f"{total:.2f}", from_grant=f"{ASKED:.2f}")
    for row in others:
        row.update(amount="0.00", from_grant="0.00")

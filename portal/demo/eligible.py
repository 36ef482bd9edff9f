"""Answers to the questions that decide whether somebody may enter at all: what is told is told, and long past."""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping
from typing import Any

from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec

LONG_AGO = "2013-06-18"
"""Past every period of the programmes but those that never end, also for the first year that the demo tells."""
TOLD = 9
"""One in so many had such an event once."""


def eligible(spec: FieldSpec, rules: Blueprint, answers: Mapping[str, Any], rng: random.Random) -> Any:
    """The answer to a question after an event that bars, its day, or the post; None for every other question."""
    days = {veto.event_field: rules.field(veto.event_field) for veto in rules.vetoes if veto.event_field}
    if spec.code in days:
        return LONG_AGO
    if spec.code in {day.visible_when.field for day in days.values() if day.visible_when}:
        subject = f"{answers.get(rules.programme.subject_field, '')}{spec.code}"
        return zlib.crc32(subject.encode()) % TOLD == 0
    if spec.code == rules.limits.post_field:
        return rng.choice([one.value for one in spec.choices if one.value not in rules.limits.barred_posts])
    return None

"""How well the comparison does on texts of which people have said what is a copy (``labelled.toml``). Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from portal.lifecycle.similarity.shingles import found_by_bands, likeness

LABELLED = Path(__file__).with_name("labelled.toml")
FLAGS = (20, 30, 40, 50)


@dataclass(frozen=True)
class Labelled:
    """Two texts and what people say of them; ``percent`` as the portal would find it (0 when never compared)."""

    one: str
    other: str
    is_copy: bool
    percent: int


@dataclass(frozen=True)
class Quality:
    """At one percentage: of the pairs shown, how many are copies; of the copies, how many are shown."""

    flag: int
    shown: int
    right: int
    copies: int

    @property
    def precision(self) -> float:
        return self.right / self.shown if self.shown else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.copies if self.copies else 1.0


def labelled_pairs(path: Path = LABELLED) -> list[Labelled]:
    """Every pair of the labelled texts; copies of the same text are copies of each other too."""
    texts = tomllib.loads(path.read_text(encoding="utf-8"))["texts"]
    family = {row["code"]: row.get("same_as", row["code"]) for row in texts}
    return [
        Labelled(one["code"], other["code"], family[one["code"]] == family[other["code"]], _percent(one["text"], other["text"]))
        for one, other in combinations(texts, 2)
    ]  # fmt: skip


def _percent(one: str, other: str) -> int:
    return likeness(one, other) if found_by_bands(one, other) else 0


def quality(pairs: Sequence[Labelled], flag: int) -> Quality:
    """Precision and recall when pairs from ``flag`` percent on are shown to people."""
    shown = [pair for pair in pairs if pair.percent >= flag]
    right = sum(pair.is_copy for pair in shown)
    return Quality(flag, len(shown), right, sum(pair.is_copy for pair in pairs))

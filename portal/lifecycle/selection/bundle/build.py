"""From a round to its public bundle: everything that decides, no names. Pure: no ORM.

Experts, nominating unions and employers become codes of this bundle; of an exclusion only the fact is told, of what people
settled only the order. Entries keep their own codes, so that every unit finds itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FORMAT = "result-bundle-2"  # 1 knew shares of the whole list only
HERE = Path(__file__).parent
PLAIN_IMPORT = (
    "from portal.lifecycle.selection.plain import TooHard, recheck  # in the served file: the text of plain.py\n"
)
ENTRY_KEYS = ("code", "eligible", "track", "submitted", "groups", "asked")


class Pseudonyms:
    """The same name gets the same code; the order of codes says nothing about the order of names."""

    def __init__(self, prefix: str, secret: str, names: Iterable[str]) -> None:
        mixed = sorted({n for n in names if n}, key=lambda n: hashlib.sha256(f"{secret}:{n}".encode()).hexdigest())
        width = max(2, len(str(len(mixed))))
        self.codes = {name: f"{prefix}{number:0{width}d}" for number, name in enumerate(mixed, start=1)}

    def __getitem__(self, name: str) -> str:
        return self.codes[name] if name else ""


def build(
    snapshot: Mapping[str, Any],
    *,
    number: int,
    sha256: str,
    settlements: Sequence[Mapping[str, Any]],
    outcome: Sequence[Mapping[str, Any]],
    seals: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The bundle of a round: frozen data, settlements, result and revealed seals (``expert`` of a seal is the snapshot's)."""
    entries = snapshot["entries"]
    everybody = {e for people in snapshot["assignments"].values() for e in people}
    everybody |= {e for people in snapshot["recused"].values() for e in people} | {s["expert"] for s in seals}
    experts = Pseudonyms("Z", sha256, everybody)
    unions = Pseudonyms("T", sha256, (e["nominating"] for e in entries))
    employers = Pseudonyms("D", sha256, (e.get("employer", "") for e in entries))
    return {
        "format": FORMAT,
        "cycle": {"title": snapshot["cycle"]["title"], "blueprint": snapshot["cycle"]["blueprint"]},
        "round": {"number": number, "snapshot": sha256},
        "rule": snapshot["rule"],
        "entries": [
            {key: e[key] for key in ENTRY_KEYS if key in e}
            | {"nominating": unions[e["nominating"]], "employer": employers[e.get("employer", "")]}
            for e in entries
        ],
        "experts": {code: sorted(experts[e] for e in people) for code, people in snapshot["assignments"].items()},
        "recused": {code: sorted(experts[e] for e in people) for code, people in snapshot["recused"].items()},
        "marks": {
            code: sorted([experts[e], criterion, value] for e, criterion, value in rows)
            for code, rows in snapshot["marks"].items()
        },
        "settlements": [{key: s[key] for key in ("codes", "outcome", "order") if key in s} for s in settlements],
        "outcome": list(outcome),
        "seals": [dict(seal) | {"expert": experts[seal["expert"]]} for seal in seals],
    }


def verifier_source() -> str:
    """The stand-alone verifier as it is served: one file, the search under quotas in it."""
    text = (HERE / "verify_result.py").read_text(encoding="utf-8")
    plain = (HERE.parent / "plain.py").read_text(encoding="utf-8")
    if PLAIN_IMPORT not in text:
        raise RuntimeError("verify_result.py has lost the line that plain.py is put for")
    return text.replace(
        PLAIN_IMPORT, f"# --- selection under several quotas: plain.py, as it is used by the portal ---\n\n{plain}\n"
    )

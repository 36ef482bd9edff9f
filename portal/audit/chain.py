"""The arithmetic of the evidence chain. Pure: the same facts and key give the same code for ever.

A link holds the digest of one event and a keyed code (HMAC-SHA-256) over the chain's name, its number in the chain, the
code of the link before, the event's id and digest. Who changes, removes or swaps anything would have to compute every later
code anew, and cannot without the key. Reader paths are no facts: they follow the tree (``domain.follow_move``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

FORMAT = "audit-chain-1"
FACTS = (
    "id", "at", "actor_id", "actor_label", "desk_label", "action", "object_type", "object_id", "object_title",
    "before", "after", "data", "request_id", "client",
)  # fmt: skip
GENESIS = "0" * 64


class UnknownKeyError(ValueError):
    """A link was made with a key that is not among the settings any more."""


def chain_of(owner_path: str, route_path: str) -> str:
    """The root of the organisation path (``0000001/``); empty for events that belong to no federation."""
    first = (owner_path or route_path).split("/", 1)[0]
    return f"{first}/" if first else ""


def canonical(value: Any) -> str:
    """One text per content: sorted keys, no spaces, instants in UTC."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_text)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no canonical form")


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the event's facts (exactly ``FACTS``)."""
    return hashlib.sha256(canonical({name: facts[name] for name in FACTS}).encode()).hexdigest()


def key_id(key: str) -> str:
    """Names a key without telling it."""
    return hashlib.sha256(f"{FORMAT}:{key}".encode()).hexdigest()[:8]


def key_named(keys: Sequence[str], name: str) -> str:
    for key in keys:
        if key_id(key) == name:
            return key
    raise UnknownKeyError(name)


def link_code(key: str, *, chain: str, sequence: int, previous: str, event_id: int, digest: str) -> str:
    """The code of a link; ``previous`` of the first one is ``GENESIS``."""
    return _code(key, "link", chain, sequence, previous, event_id, digest)


def head_code(key: str, *, chain: str, sequence: int, last: str) -> str:
    """Says where the chain ends, so that a removed end is missed."""
    return _code(key, "head", chain, sequence, last)


def root_hash(*, chain: str, day: dt.date, sequence: int, last: str, previous: str) -> str:
    """The root of a day, for printing and keeping elsewhere: no key is needed to recompute it."""
    return hashlib.sha256(
        canonical([FORMAT, "root", chain, day.isoformat(), sequence, last, previous]).encode()
    ).hexdigest()


def _code(key: str, *parts: Any) -> str:
    return hmac.new(key.encode(), canonical([FORMAT, *parts]).encode(), hashlib.sha256).hexdigest()

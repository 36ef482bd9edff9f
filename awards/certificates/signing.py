"""The signed text in the QR code: what a certificate says, checked by public key alone. Pure apart from the key ring given.

A token is ``<payload>.<signature>``, both base64 for addresses; the payload is a JSON list of texts:
format, key id, number, version, date, honour, recipient, unit, issuer.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from enum import StrEnum

from awards.certificates.keys import KeyRing, decode, encode

FORMAT = "C1"
MOST = 80  # characters of a name in the QR code; the register has the rest


@dataclass(frozen=True, slots=True)
class Claims:
    """What the certificate says."""

    number: str
    version: int
    date: str
    honour: str
    recipient: str
    unit: str
    issuer: str


class Signature(StrEnum):
    GENUINE = "genuine"
    WRONG = "wrong"
    UNKNOWN_KEY = "unknown_key"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Reading:
    """A token that was read; ``claims`` is None only when it is malformed, ``raw_signature`` is what stood after the dot."""

    signature: Signature
    key: str = ""
    claims: Claims | None = None
    raw_signature: str = ""


def sign(claims: Claims, ring: KeyRing) -> str:
    """The token for these claims, signed with the ring's current key."""
    parts = [part[:MOST] if isinstance(part, str) else part for part in astuple(claims)]
    payload = json.dumps([FORMAT, ring.current, *parts], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{encode(payload)}.{encode(ring.sign(payload))}"


def read(token: str, ring: KeyRing) -> Reading:
    """Checks the signature; asks nobody but the key ring. Never raises."""
    first, _dot, second = token.partition(".")
    try:
        payload, signature = decode(first), decode(second)
        form, key, *parts = json.loads(payload)
        number, version, *words = parts
        claims = Claims(number, version, *words)
        well_formed = form == FORMAT and type(version) is int and all(isinstance(p, str) for p in (key, number, *words))
    except (ValueError, TypeError):
        return Reading(Signature.MALFORMED, raw_signature=second)
    if not well_formed:
        return Reading(Signature.MALFORMED, raw_signature=second)
    if key not in ring.public:
        return Reading(Signature.UNKNOWN_KEY, key, claims, second)
    genuine = ring.verifies(key, payload, signature)
    return Reading(Signature.GENUINE if genuine else Signature.WRONG, key, claims, second)

"""Keys that sign certificates: one signs, all that ever signed stay known, so that old certificates can be checked for ever.

From the environment (``CERTIFICATE_SIGNING_KEY``, ``CERTIFICATE_PUBLIC_KEYS``); without them, in development and the demo, from a
file in the data directory that is made on first use.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def encode(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Reverse of ``encode``; ValueError for anything else."""
    data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if encode(data) != text:
        raise ValueError("not canonical base64")
    return data


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """``seed`` is the private key (32 bytes); ``public`` all public keys by id, the signing one among them."""

    seed: bytes
    public: dict[str, bytes]

    @property
    def current(self) -> str:
        return key_id(public_of(self.seed))

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def verifies(self, name: str, message: bytes, signature: bytes) -> bool:
        """Raises KeyError for a key this ring does not know."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public[name]).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def public_of(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def new_seed() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def ring_of(seed: bytes, older: list[str]) -> KeyRing:
    """The ring of a signing key and older public keys (base64)."""
    public = {key_id(key): key for key in map(decode, older)}
    mine = public_of(seed)
    return KeyRing(seed, public | {key_id(mine): mine})


def key_ring() -> KeyRing:
    """The keys in use. Raises ImproperlyConfigured when production has none."""
    if settings.CERTIFICATE_SIGNING_KEY:
        return ring_of(decode(settings.CERTIFICATE_SIGNING_KEY), settings.CERTIFICATE_PUBLIC_KEYS)
    if not settings.CERTIFICATE_KEY_FILE:
        raise ImproperlyConfigured("The environment variable CERTIFICATE_SIGNING_KEY must be set.")
    path = Path(settings.CERTIFICATE_KEY_FILE)
    if not path.exists():
        write_file(path, new_seed(), [])
    kept = json.loads(path.read_text(encoding="utf-8"))
    return ring_of(decode(kept["signing"]), kept["public"])


def rotate_file(path: Path) -> KeyRing:
    """A new signing key in the file of development; the one before stays known."""
    ring = key_ring()
    seed = new_seed()
    write_file(path, seed, [encode(key) for key in ring.public.values()])
    return key_ring()


def write_file(path: Path, seed: bytes, older: list[str]) -> None:
    """Readable for the owner only; never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({"signing": encode(seed), "public": older}), encoding="utf-8")
    draft.replace(path)

"""Personal data at rest: encrypted fields and a keyed index for equality search.

Keys come from ``FIELD_ENCRYPTION_KEYS`` (newest first, so that keys can be rotated).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

PREFIX = "enc1:"


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def _box() -> MultiFernet:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(text: str) -> str:
    """Authenticated encryption; the result starts with ``enc1:``. Empty stays empty."""
    return PREFIX + _box().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Reverse of ``encrypt``. Raises ValueError when the token was altered or no key fits."""
    if not token:
        return ""
    if not token.startswith(PREFIX):
        raise ValueError("not an encrypted value")
    try:
        return _box().decrypt(token.removeprefix(PREFIX).encode()).decode()
    except InvalidToken as error:
        raise ValueError("the value cannot be decrypted with the present keys") from error


def is_encrypted(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(PREFIX)


def blind_index(text: str) -> str:
    """Keyed hash for equality search and unique constraints on encrypted values (oldest key: stable on rotation)."""
    if not text:
        return ""
    return hmac.new(settings.FIELD_ENCRYPTION_KEYS[-1].encode(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and plain in Python; cannot be searched (use a blind index)."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else encrypt(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError("an encrypted field cannot be searched; use its blind index")
        return super().get_lookup(lookup_name)

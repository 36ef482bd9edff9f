"""What the database keeps of the secret part of a link: enough to find the row, nothing to guess the link from. Pure."""

from __future__ import annotations

from portal.core.crypto import blind_index


def link_index(token: str) -> str:
    """Of the link to one person's own page."""
    return blind_index(f"roster-link:{token}")


def door_index(token: str) -> str:
    """Of the link by which people enter a roster themselves."""
    return blind_index(f"roster-door:{token}")

"""API tokens."""

from knox.auth import TokenAuthentication


class DeskTokenAuthentication(TokenAuthentication):
    """A token belongs to a person."""

"""All that the room registers when the pillar starts."""

from competitions.contests import audit, policies  # noqa: F401

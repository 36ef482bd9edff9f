"""All that the room registers when the pillar starts."""

from competitions.contests import audit, marking_register, navigation, policies, sources  # noqa: F401

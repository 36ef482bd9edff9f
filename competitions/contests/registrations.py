"""All that the room registers when the pillar starts."""

from competitions.contests import audit, jobs, navigation, policies, sources  # noqa: F401

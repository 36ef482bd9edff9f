"""All that the room registers when the pillar starts."""

from competitions.rosters import audit, jobs, navigation, policies, sources  # noqa: F401

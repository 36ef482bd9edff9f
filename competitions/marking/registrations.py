"""All that the room registers when the pillar starts."""

from competitions.marking import audit, jobs, navigation, policies, register, sources  # noqa: F401

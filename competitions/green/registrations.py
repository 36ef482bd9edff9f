"""What this room registers when the portal starts."""

from competitions.green import audit, navigation, policies, sources  # noqa: F401

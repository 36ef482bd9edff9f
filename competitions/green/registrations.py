"""What this room registers when the portal starts."""

from competitions.green import audit, policies  # noqa: F401

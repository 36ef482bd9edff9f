"""What the room registers when the application starts."""

from competitions.filings import audit, policies, supervision_policies

__all__ = ["audit", "policies", "supervision_policies"]

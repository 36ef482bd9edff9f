"""What the room registers when the application starts."""

from competitions.filings import audit, jobs, navigation, policies, sources, supervision_policies

__all__ = ["audit", "jobs", "navigation", "policies", "sources", "supervision_policies"]

"""Writes of the room, by subject."""

from portal.lifecycle.recommendation.domain.decisions import decline_entry, endorse_entry, return_entry
from portal.lifecycle.recommendation.domain.quotas import Share, allocate_quota, propose_quota
from portal.lifecycle.recommendation.domain.ranking import SheetResult, endorse_sheet, save_ranking

__all__ = [
    "Share",
    "SheetResult",
    "allocate_quota",
    "decline_entry",
    "endorse_entry",
    "endorse_sheet",
    "propose_quota",
    "return_entry",
    "save_ranking",
]

"""Gathers the rooms' models: one Django app, many rooms."""

from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.clearance.opinions.models import HostOpinion
from portal.lifecycle.conferral.models import Conferral, ConferralItem, NumberSequence, Withdrawal
from portal.lifecycle.editions.models import Forwarding
from portal.lifecycle.entries.models import Attachment, ConsentRecord, Entry, EntryKey, EntryVersion
from portal.lifecycle.letters.models import Delivery, DigestRule, Letter, LetterBatch
from portal.lifecycle.notice.models import Notice, NoticeItem, Objection, ObjectionFile
from portal.lifecycle.programmes.announcement_models import (
    AnnouncementReading,
    AnnouncementRecipient,
    CycleAnnouncement,
)
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStage, Programme, QuotaAllocation, Track
from portal.lifecycle.recommendation.models import Recommendation
from portal.lifecycle.review.checklist.models import ItemMark, SelfMark
from portal.lifecycle.review.imported.models import ContestResult, ResultBatch
from portal.lifecycle.review.models import Assignment, DeclaredConflict, ExpertProfile, Panel, PanelMember, Score
from portal.lifecycle.review.presentation.models import PresentationDraw, PresentationSlot
from portal.lifecycle.review.seal_models import SheetSeal
from portal.lifecycle.review.visits.models import Visit, VisitPhoto
from portal.lifecycle.review.vote.models import Ballot, VoteCandidate, VoteWindow
from portal.lifecycle.selection.bundle.models import ResultBundle
from portal.lifecycle.selection.countersigning.models import Countersignature
from portal.lifecycle.selection.models import Selection, SelectionRound
from portal.lifecycle.showcase.models import ShowcaseItem
from portal.lifecycle.workshop.models import BlueprintDraft

__all__ = [
    "AnnouncementReading",
    "AnnouncementRecipient",
    "Assignment",
    "Attachment",
    "Ballot",
    "Blueprint",
    "BlueprintDraft",
    "Clearance",
    "Conferral",
    "ConferralItem",
    "ConsentRecord",
    "ContestResult",
    "Countersignature",
    "Cycle",
    "CycleAnnouncement",
    "CycleHost",
    "CycleStage",
    "DeclaredConflict",
    "Delivery",
    "DigestRule",
    "Entry",
    "EntryKey",
    "EntryVersion",
    "ExpertProfile",
    "Forwarding",
    "HostOpinion",
    "ItemMark",
    "Letter",
    "LetterBatch",
    "Notice",
    "NoticeItem",
    "NumberSequence",
    "Objection",
    "ObjectionFile",
    "Panel",
    "PanelMember",
    "PresentationDraw",
    "PresentationSlot",
    "Programme",
    "QuotaAllocation",
    "Recommendation",
    "ResultBatch",
    "ResultBundle",
    "Score",
    "Selection",
    "SelectionRound",
    "SelfMark",
    "SheetSeal",
    "ShowcaseItem",
    "Track",
    "Visit",
    "VisitPhoto",
    "VoteCandidate",
    "VoteWindow",
    "Withdrawal",
]

"""Gathers the rooms' models: one Django app, many rooms."""

from portal.lifecycle.clearance.departments.models import (
    ClearanceWaiver,
    DepartmentLetter,
    DepartmentReply,
    LetterLine,
)
from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.clearance.opinions.models import HostOpinion
from portal.lifecycle.conferral.models import Conferral, ConferralItem, NumberSequence, Withdrawal
from portal.lifecycle.editions.models import Forwarding
from portal.lifecycle.entries.models import Attachment, ConsentRecord, Entry, EntryKey, EntryVersion
from portal.lifecycle.entries.recusals.models import Recusal
from portal.lifecycle.letters.invitations.models import InvitationLetter
from portal.lifecycle.letters.models import Delivery, DigestRule, Letter, LetterBatch
from portal.lifecycle.notice.models import Notice, NoticeItem, Objection, ObjectionFile
from portal.lifecycle.programmes.announcement_models import (
    AnnouncementReading,
    AnnouncementRecipient,
    CycleAnnouncement,
)
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStage, Programme, QuotaAllocation, Track
from portal.lifecycle.programmes.place_models import PlacePosting
from portal.lifecycle.recommendation.models import Recommendation
from portal.lifecycle.review.checklist.models import ItemMark, SelfMark
from portal.lifecycle.review.codes.models import CodeApproval, CodedBatch, CodedMark, CodeTable
from portal.lifecycle.review.conflict_models import ConflictRuling
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.imported.models import ContestResult, ResultBatch
from portal.lifecycle.review.meeting.models import AgendaItem, BallotRound, Meeting, MeetingMember, Seat, Turnout
from portal.lifecycle.review.models import Assignment, DeclaredConflict, ExpertProfile, Panel, PanelMember, Score
from portal.lifecycle.review.presentation.models import PresentationDraw, PresentationSlot
from portal.lifecycle.review.remarking.models import RemarkedSheet, Remarking
from portal.lifecycle.review.seal_models import SheetSeal
from portal.lifecycle.review.visits.models import Visit, VisitPhoto
from portal.lifecycle.review.vote.models import Ballot, VoteCandidate, VoteWindow
from portal.lifecycle.selection.bundle.models import ResultBundle
from portal.lifecycle.selection.countersigning.models import Countersignature
from portal.lifecycle.selection.models import Selection, SelectionRound
from portal.lifecycle.showcase.models import ShowcaseItem
from portal.lifecycle.similarity.models import Fingerprint, SimilarPair
from portal.lifecycle.workshop.models import BlueprintDraft

__all__ = [
    "AgendaItem",
    "AnnouncementReading",
    "AnnouncementRecipient",
    "Assignment",
    "Attachment",
    "Ballot",
    "BallotRound",
    "Blueprint",
    "BlueprintDraft",
    "Clearance",
    "ClearanceWaiver",
    "CodeApproval",
    "CodeTable",
    "CodedBatch",
    "CodedMark",
    "Conferral",
    "ConferralItem",
    "ConflictRuling",
    "ConsentRecord",
    "ContestResult",
    "Countersignature",
    "Cycle",
    "CycleAnnouncement",
    "CycleHost",
    "CycleStage",
    "DeclaredConflict",
    "Delivery",
    "DepartmentLetter",
    "DepartmentReply",
    "DigestRule",
    "Discussion",
    "Entry",
    "EntryKey",
    "EntryVersion",
    "ExpertProfile",
    "Fingerprint",
    "Forwarding",
    "HostOpinion",
    "InvitationLetter",
    "ItemMark",
    "Letter",
    "LetterBatch",
    "LetterLine",
    "Meeting",
    "MeetingMember",
    "Notice",
    "NoticeItem",
    "NumberSequence",
    "Objection",
    "ObjectionFile",
    "Panel",
    "PanelMember",
    "PlacePosting",
    "PresentationDraw",
    "PresentationSlot",
    "Programme",
    "QuotaAllocation",
    "Recommendation",
    "Recusal",
    "RemarkedSheet",
    "Remarking",
    "ResultBatch",
    "ResultBundle",
    "Score",
    "Seat",
    "Selection",
    "SelectionRound",
    "SelfMark",
    "SheetSeal",
    "ShowcaseItem",
    "SimilarPair",
    "Track",
    "Turnout",
    "Visit",
    "VisitPhoto",
    "VoteCandidate",
    "VoteWindow",
    "Withdrawal",
]

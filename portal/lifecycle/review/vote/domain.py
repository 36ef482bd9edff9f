"""Opening a vote and casting a ballot. A ballot is one act: it cannot be changed, and it names nobody."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import PUBLIC, request_context
from portal.core.crypto import blind_index
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.fields import display_rows
from portal.lifecycle.blueprints.vocabulary import Viewer, VoteAudience
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.vote.models import Ballot, VoteCandidate, VoteWindow
from portal.lifecycle.review.vote.queries import forget_staff_windows

if TYPE_CHECKING:
    from portal.core.context import Actor

FACTS_MAX = 4
FACT_LENGTH = 200
HOUR = dt.timedelta(hours=1)


def open_vote(*, actor: Actor, stage: CycleStage, now: dt.datetime) -> VoteWindow:
    """Opens the vote for the days the blueprint says, over all entries under review; only public answers are shown.

    Raises Conflict when it has been opened before, the stage is not open or there is nothing to vote on.
    """
    with transaction.atomic():
        locked = lock_row(CycleStage, stage.pk)
        policy_for("vote").require(actor, "vote.open", locked)
        params = params_of(locked).vote
        if params is None:
            raise Conflict(_("本届评审没有投票。"))
        if not locked.is_open_at(now):
            raise Conflict(_("评审环节没有开放，不能开始投票。"))
        if VoteWindow.objects.filter(stage=locked).exists():
            raise Conflict(_("投票已经开启过，不能重复开启。"))
        entries = Entry.objects.filter(cycle_id=locked.cycle_id, state=EntryState.IN_REVIEW)
        entries = list(entries.select_related("organisation", "cycle__blueprint").order_by("code"))
        if not entries:
            raise Conflict(_("还没有进入评审的申报件，不能开始投票。"))
        window = VoteWindow.objects.create(
            stage=locked, token=secrets.token_urlsafe(12), title=str(locked.cycle), help=params.help,
            audience=params.audience, votes_per_person=params.votes_per_person, address_cap=params.address_cap,
            opens_at=now, closes_at=now + dt.timedelta(days=params.days), opened_by=actor.user,
        )  # fmt: skip
        VoteCandidate.objects.bulk_create(
            VoteCandidate(
                window=window, entry=entry, position=position, title=entry.title,
                unit=entry.organisation.name, facts=_public_facts(entry),
            )
            for position, entry in enumerate(entries, 1)
        )  # fmt: skip
        transaction.on_commit(forget_staff_windows)
        record(
            "lifecycle.vote.opened", window, actor=actor, now=now, closes_at=str(window.closes_at),
            candidates=len(entries), audience=str(window.audience),
        )  # fmt: skip
        return window


def cast_ballot(
    *, actor: Actor, window: VoteWindow, candidates: Sequence[int], voter: str, address: str, now: dt.datetime
) -> Ballot:
    """Counts one ballot of ``voter`` (for staff: the signed-in person; else the token of their signed cookie).

    ``voter`` and ``address`` are kept as keyed hashes only, with a key of this vote: nobody can be followed from one
    vote to another. Raises Invalid for no or too many choices, Conflict when the window is not open, when this voter
    has voted before (two requests at once: the constraint lets one through) or when too many votes came from one
    network address within the hour.
    """
    chosen = list(dict.fromkeys(candidates))
    if not window.is_open_at(now):
        raise Conflict(_("投票尚未开始或已经结束。"), code="closed")
    if not chosen:
        raise Invalid(_("请先选择要投票的项目。"))
    if len(chosen) > window.votes_per_person:
        raise Invalid(_("每人最多投 %d 票，请减少选择。") % window.votes_per_person)
    if window.audience == VoteAudience.STAFF:
        policy_for("vote").require(actor, "vote.cast", window)
        voter = f"user:{actor.user_id}"
    if not voter:
        raise Invalid(_("请在同一浏览器中打开投票页面后再投票，并允许使用 Cookie。"))
    address_key = blind_index(f"vote:{window.pk}:address:{address}")
    with transaction.atomic(), system_scope("ballots are counted for voters who may not read them"):
        advisory_lock(f"ballot:{address_key}")
        known = list(VoteCandidate.objects.filter(window=window, pk__in=chosen))
        if len(known) != len(chosen):
            raise Invalid(_("选票内容已变化，请刷新页面后重新选择。"))
        recent = Ballot.objects.filter(window=window, address_key=address_key, cast_at__gt=now - HOUR)
        if window.audience == VoteAudience.PUBLIC and recent.count() >= window.address_cap:
            raise Conflict(_("同一网络近一小时内投票过多，请稍后再试。"), code="address")
        try:
            with transaction.atomic():
                ballot = Ballot.objects.create(
                    window=window, voter_key=blind_index(f"vote:{window.pk}:voter:{voter}"),
                    address_key=address_key, cast_at=now,
                )  # fmt: skip
        except IntegrityError:
            raise Conflict(_("您已经投过票，每人只能投一次。"), code="voted") from None
        ballot.candidates.set(known)
        with request_context():  # the log says that a ballot was cast, never by whom or from where
            record("lifecycle.vote.cast", window, actor=PUBLIC, now=now, votes=len(known))
        return ballot


def has_voted(window: VoteWindow, voter: str) -> bool:
    """Whether this voter's ballot has been counted."""
    with system_scope("whether a voter has voted"):
        return Ballot.objects.filter(window=window, voter_key=blind_index(f"vote:{window.pk}:voter:{voter}")).exists()


def _public_facts(entry: Entry) -> list[dict[str, str]]:
    """A few short public answers, as everybody may read them."""
    rules, found = entry.cycle.blueprint.rules, []
    for section in rules.sections:
        for row in display_rows(rules, section, entry.answers, Viewer.PUBLIC, {}):
            short = row.kind not in {"files", "table", "statement", "long"} and not row.is_empty
            if short and row.value != entry.title:
                found.append({"label": str(row.label), "text": str(row.value)[:FACT_LENGTH]})
    return found[:FACTS_MAX]

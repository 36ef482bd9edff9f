"""名额账 as a state machine: whatever people do in whatever order, the sum stays and no place is used twice."""

from __future__ import annotations

import contextlib
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.core.errors import Conflict, Invalid, Refused
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.domain import close_stage, reopen_stage
from portal.lifecycle.programmes.models import QuotaAllocation
from portal.lifecycle.programmes.place_models import PlaceAction, PlacePosting, Purse
from portal.lifecycle.recommendation.domain import Share, allocate_quota, endorse_entry
from portal.lifecycle.recommendation.ledger import queries
from portal.lifecycle.recommendation.ledger.domain import give_back_places, reverse_posting, transfer_places
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db
AMOUNTS = st.integers(1, 4)
FAIR = (Refused, Invalid, Conflict)  # no place left, the stage is over, reversed already: the answer people get


def ledger(tree):
    class Ledger(RuleBasedStateMachine):
        """One cycle, a district and the zone below it; every rule is what one desk does."""

        def __init__(self):
            super().__init__()
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            params = {"recommendation": {"notice_working_days": {}}}
            self.cycle = make_cycle(tree, "small-work", params=params)
            self.stage = self.cycle.stages.get(kind="recommendation")
            self.open = True
            self.endorsed = []

        def teardown(self):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

        def account(self, organisation):
            return QuotaAllocation.objects.filter(cycle=self.cycle, organisation=organisation).first()

        @contextlib.contextmanager
        def tried(self):
            """A refusal leaves everything as it was."""
            before = self.books()
            try:
                with transaction.atomic():
                    yield
            except FAIR:
                assert self.books() == before

        def books(self):
            rows = QuotaAllocation.objects.filter(cycle=self.cycle).order_by("pk")
            figures = ("pk", "count", "used", "lapsed", "reserves", "reserves_used", "reserves_lapsed")
            return list(rows.values_list(*figures)), PlacePosting.objects.count()

        @initialize(count=AMOUNTS, reserves=st.integers(0, 2))
        def first_grant(self, count, reserves):
            self.grant(count, reserves)

        @rule(count=st.integers(0, 6), reserves=st.integers(0, 2))
        def grant(self, count, reserves):
            share = {tree.district.pk: Share(count, reserves)}
            with self.tried():
                allocate_quota(cycle=self.cycle, shares=share, actor=tree.manager, now=timezone.now())

        @rule(amount=AMOUNTS, reserve=st.booleans())
        def hand_down(self, amount, reserve):
            with self.tried():
                transfer_places(
                    account=self.account(tree.district),
                    organisation=tree.zone,
                    amount=amount,
                    reason="划转",
                    is_reserve=reserve,
                    actor=tree.district_checker,
                    now=timezone.now(),
                )

        @rule(amount=AMOUNTS, low=st.booleans(), reserve=st.booleans())
        def give_back(self, amount, low, reserve):
            union, actor = (tree.zone, tree.zone_checker) if low else (tree.district, tree.district_checker)
            if (account := self.account(union)) is None:
                return
            with self.tried():
                give_back_places(
                    account=account, amount=amount, reason="退回", is_reserve=reserve, actor=actor, now=timezone.now()
                )

        @rule(which=st.integers(0, 30), actor=st.sampled_from(["manager", "district_checker", "zone_checker"]))
        def reverse(self, which, actor):
            rows = list(PlacePosting.objects.order_by("pk"))
            if rows:
                with self.tried():
                    posting = rows[which % len(rows)]
                    reverse_posting(posting=posting, reason="误划", actor=getattr(tree, actor), now=timezone.now())

        @precondition(lambda self: self.open)
        @rule(low=st.booleans())
        def endorse(self, low):
            level, actor = ("subdistrict", tree.zone_checker) if low else ("district", tree.district_checker)
            account = self.account(tree.zone if low else tree.district)
            with self.tried():
                entry = make_entry(self.cycle, tree.filer, EntryState.SUBMITTED, at_level=level)
                self.endorsed.append(endorse_entry(entry=entry, actor=actor, now=timezone.now(), vetoes_checked=True))
                if account is not None and account.free:
                    assert self.holds()[entry.pk] == 1

        def holds(self):
            """Places in use by entry: used minus released."""
            found = Counter()
            for posting in PlacePosting.objects.exclude(entry=None):
                found[posting.entry_id] += {PlaceAction.USE: 1, PlaceAction.RELEASE: -1}.get(posting.action, 0)
            return found

        @precondition(lambda self: self.open and self.endorsed)
        @rule(which=st.integers(0, 30))
        def endorse_above(self, which):
            entry = self.endorsed[which % len(self.endorsed)]
            with self.tried():
                endorse_entry(entry=entry, actor=tree.district_checker, now=timezone.now(), vetoes_checked=True)

        @precondition(lambda self: self.endorsed)
        @rule(which=st.integers(0, 30))
        def disqualify(self, which):
            entry = self.endorsed.pop(which % len(self.endorsed))
            entry.refresh_from_db()
            perform(entry, "disqualify", actor=tree.manager, now=timezone.now(), reason="材料不实")

        @precondition(lambda self: self.open)
        @rule()
        def close(self):
            close_stage(stage=self.stage, actor=tree.manager, now=timezone.now())
            self.open = False

        @precondition(lambda self: not self.open)
        @rule()
        def reopen(self):
            now = timezone.now()
            ends = now + timezone.timedelta(days=2)
            reopen_stage(stage=self.stage, actor=tree.manager, now=now, closes_at=ends, reason="系统故障")
            self.open = True

        @invariant()
        def the_books_are_right(self):
            assert queries.differences(self.cycle) == []

        @invariant()
        def no_balance_is_below_zero(self):
            for row in QuotaAllocation.objects.filter(cycle=self.cycle):
                figures = (row.free, row.used, row.lapsed, row.reserves_free, row.reserves_used, row.reserves_lapsed)
                assert min(figures) >= 0

        @invariant()
        def what_the_organiser_gave_is_what_the_unions_hold(self):
            """Nothing appears or disappears below: only postings with the organiser change the sum."""
            given = Counter()
            for posting in PlacePosting.objects.all():
                given[posting.is_reserve] += posting.amount * (posting.giver_purse == Purse.ISSUED)
                given[posting.is_reserve] -= posting.amount * (posting.taker_purse == Purse.ISSUED)
            rows = list(QuotaAllocation.objects.filter(cycle=self.cycle))
            assert given[False] == sum(row.count for row in rows)
            assert given[True] == sum(row.reserves for row in rows)

        @invariant()
        def no_place_is_used_twice(self):
            """A nominated entry holds at most one place, everybody else none; the accounts count exactly these.

            None: it comes from a union without places, and no union above with places has endorsed it yet.
            """
            held = self.holds()
            assert set(held.values()) <= {0, 1}
            assert {key for key, places in held.items() if places} <= {entry.pk for entry in self.endorsed}
            rows = QuotaAllocation.objects.filter(cycle=self.cycle)
            assert sum(held.values()) == sum(row.used + row.reserves_used for row in rows)

    return Ledger


def test_the_books_add_up_whatever_happens_in_whatever_order(tianjin, all_rows):
    small = settings(max_examples=15, stateful_step_count=18, deadline=None, derandomize=True)
    run_state_machine_as_test(ledger(tianjin), settings=small)

"""More of the federation of tests/urls/world.py: objects for the addresses of tests/urls/table_review.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.accounts.enums import Role
from portal.core.context import Actor
from portal.lifecycle.entries.recusals.models import Recusal
from portal.lifecycle.review.conflict_models import ConflictRuling
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.meeting.models import AgendaItem, BallotRound, Meeting, MeetingMember, Seat
from portal.lifecycle.review.remarking.models import Remarking
from tests.factories.entries import make_cycle
from tests.factories.people import Tree, make_actor
from tests.factories.programmes import small_definition
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, review_stage
from tests.urls.world_more import same


class ReviewWorld:
    """``World`` takes this step after its own."""

    tree: Tree
    year: int
    actors: dict[str, Actor | None]
    now: dt.datetime
    keys: dict[str, dict[str, Any]]

    def _review_rooms(self) -> None:
        """A panel whose chair is the expert of the tree, with everything people may decide about it."""
        tree, now, manager = self.tree, self.now, self.tree.manager
        definition = small_definition(programme={"code": "matrix-meeting"}, stages={"review": {"meeting": {}}})
        cycle = make_cycle(tree, definition, year=self.year - 16, stage="review")
        panel = make_panel(cycle, [tree.expert, other := make_expert(tree)])
        entry, spare = (make_entry_in_review(cycle, tree.group_filer) for _ in range(2))
        (sheet,) = assign(panel, entry, tree.expert)
        stage = review_stage(cycle)
        discussion = Discussion.objects.create(
            entry=entry, stage=stage, reason="相差悬殊", raised_by=manager.user, raised_at=now
        )
        remarking = Remarking.objects.create(stage=stage, reason="口径不一致", opened_by=manager.user, opened_at=now)
        ruling = ConflictRuling.objects.create(
            owner=tree.municipal, expert=other.user, entry=entry, kind="cleared", reason="同名", ruled_by=other.user,
            ruled_at=now,
        )  # fmt: skip
        second = make_actor(tree.municipal, Role.CHECKER, "代办人")
        recusal = Recusal.objects.create(
            entry=spare, organisation=tree.municipal, user=make_actor(tree.municipal, Role.CHECKER, "回避人").user,
            deputy=second.user, reason="近亲属", recorded_by=manager.user, recorded_at=now,
        )  # fmt: skip
        rules = {"quorum": "two_thirds", "majority": "two_thirds", "starts_at": now, "called_by": manager.user}
        meeting = Meeting.objects.create(panel=panel, title="评审会", state="under_way", **rules)
        closed = Meeting.objects.create(panel=panel, title="上次评审会", state="closed", closed_at=now, **rules)
        member = MeetingMember.objects.create(meeting=meeting, user=tree.expert.user, is_present=True)
        item = AgendaItem.objects.create(meeting=meeting, entry=spare, position=1, label="一号", state="current")
        Seat.objects.create(item=item, member=member)
        ballot = BallotRound.objects.create(item=item, number=1, entitled=1, opened_at=now)
        self.keys |= {
            **same({"pk": stage.pk}, "review.balance", "remarking.list", "remarking.open"),
            **same({"pk": stage.pk}, "meeting.list", "meeting.call"),
            "discussion.raise": {"pk": spare.pk},
            "discussion.settle": {"pk": discussion.pk},
            "discussion.chair": {"pk": sheet.pk},
            "remarking.": {"pk": remarking.pk},
            "remarking.selected": {},
            "recusal.list": {},
            "recusal.record": {"code": entry.code},
            "recusal.end": {"pk": recusal.pk},
            "ruling.": {"pk": ruling.pk},
            "ruling.list": {"pk": panel.pk},
            "ruling.rule": {"pk": panel.pk, "entry": spare.pk, "expert": other.user.pk},
            "meeting.": {"pk": meeting.pk},
            "meeting.own": {},
            "meeting.minutes": {"pk": closed.pk},
            **same({"pk": item.pk}, "meeting.take_up", "meeting.put_off", "meeting.ballot_open"),
            "meeting.ballot_close": {"pk": ballot.pk},
        }

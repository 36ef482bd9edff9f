"""The public board: shown, frozen for the last hour, revealed, taken down. Written to a file, from totals alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.marking import board, published, queries
from competitions.marking.domain.totals import recompute
from competitions.marking.enums import BoardState
from competitions.marking.models import Marking
from portal.audit.domain import record
from portal.core.context import Actor, system_actor
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.jobs.domain import start

JOB = "competitions.refresh_board"
WORDS = {
    BoardState.LIVE: "实时榜单，只计已复核的小项，以最终公布的成绩为准。",
    BoardState.FROZEN: "榜单已封存，显示封存前的名次；最终成绩待揭晓。",
    BoardState.REVEALED: "最终榜单，以成绩公示为准。",
}
FROM = {
    "show": (BoardState.HIDDEN,),
    "freeze": (BoardState.LIVE,),
    "reveal": (BoardState.LIVE, BoardState.FROZEN),
    "hide": (BoardState.LIVE, BoardState.FROZEN, BoardState.REVEALED),
}
TO = {
    "show": BoardState.LIVE, "freeze": BoardState.FROZEN, "reveal": BoardState.REVEALED, "hide": BoardState.HIDDEN,
}  # fmt: skip
ACTION = {
    "show": "competitions.board.shown",
    "freeze": "competitions.board.frozen",
    "reveal": "competitions.board.revealed",
    "hide": "competitions.board.hidden",
}


def refresh_later(marking: Marking, *, now: dt.datetime) -> None:
    """Totals and board follow in a job; called inside the transaction that changed what they are made of."""
    start(
        JOB, key=f"{marking.pk}:{now.timestamp():.3f}", actor=system_actor("board"), params={"marking": marking.pk},
        now=now,
    )  # fmt: skip


@transaction.atomic
def turn_board(
    *, actor: Actor, marking: Marking, step: str, now: dt.datetime, freezes_at: dt.datetime | None = None
) -> Marking:
    """``step``: show (with the moment of freezing, if any), freeze, reveal, hide. The file follows in a job.

    Raises Conflict when the board is not where the step begins, Invalid for a moment of freezing in the past or before
    the marking has begun.
    """
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "board", marking)
    if marking.board_state not in FROM[step]:
        raise Conflict(_("榜单现在是“%s”，不能这样办理。") % marking.get_board_state_display())
    if step == "show":
        if marking.started_at is None:
            raise Invalid(_("开始评分之后才能公开榜单。"))
        if freezes_at is not None and freezes_at <= now:
            message = _("封存时间须晚于现在。")
            raise Invalid(message, fields={"freezes_at": [message]})
        marking.freezes_at = freezes_at
    marking.board_state = TO[step]
    marking.save(update_fields=["board_state", "freezes_at"])
    record(ACTION[step], marking, actor=actor, now=now, freezes_at=freezes_at)
    refresh_later(marking, now=now)
    return marking


@transaction.atomic
def publish(marking: Marking, *, now: dt.datetime) -> str:
    """Totals anew, and the file of the board as its state wants it; freezes a live board whose hour has come.

    Called by jobs, in the system's scope. A frozen board keeps its lines whatever is confirmed meanwhile. Returns what
    was done, in words.
    """
    advisory_lock("competitions:boards")  # files and the table of unions are written by one at a time
    marking = lock_row(Marking, marking.pk)
    recompute(marking, now=now)
    if marking.board_state == BoardState.LIVE and marking.freezes_at and marking.freezes_at <= now:
        marking.board_state = BoardState.FROZEN
        record(
            "competitions.board.frozen", marking, actor=system_actor("board"), now=now, freezes_at=marking.freezes_at
        )
    if marking.board_state == BoardState.HIDDEN:
        published.remove(marking.pk)
    else:
        published.write(marking.pk, _payload(marking, now))
        marking.published_at = now
    marking.save(update_fields=["board_state", "published_at"])
    _gather(now)
    return str(marking.get_board_state_display())


def _payload(marking: Marking, now: dt.datetime) -> dict[str, Any]:
    before = published.read(marking.pk)
    kept = before.data if before else None
    frozen = marking.board_state == BoardState.FROZEN
    if frozen and kept is None:  # the file was lost, or nothing was published before: a frozen board tells nothing new
        kept = {"lines": [], "state": "", "updated_at": now.isoformat(), "parts": 0, "parts_done": 0}
    done, parts = queries.progress(marking)
    lines = kept["lines"] if frozen else board.ranked(queries.standings(marking))
    same = kept is not None and kept["lines"] == lines and kept["state"] == marking.board_state
    return {
        "id": marking.pk,
        "title": marking.title,
        "host": marking.owner.name,
        "state": marking.board_state,
        "state_label": str(marking.get_board_state_display()),
        "words": WORDS[marking.board_state],
        "freezes_at": marking.freezes_at.isoformat() if marking.freezes_at else "",
        # A file that says the same stays the same: readers keep what they have.
        "updated_at": kept["updated_at"] if same or frozen else now.isoformat(),
        "parts": kept["parts"] if frozen else parts,
        "parts_done": kept["parts_done"] if frozen else done,
        "lines": lines,
    }


def _gather(now: dt.datetime) -> None:
    boards = published.all_boards()
    heads = [{key: b[key] for key in ("id", "title", "host", "state", "state_label", "updated_at", "parts", "parts_done")}
             | {"people": len(b["lines"])} for b in boards]  # fmt: skip
    published.write(published.INDEX, {"boards": heads})
    published.write(published.UNIONS, {"unions": board.unions(boards), "boards": len(boards)})

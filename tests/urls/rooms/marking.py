"""现场评分."""

from __future__ import annotations

from typing import Any

from competitions.marking.domain import boards
from competitions.marking.enums import BoardState
from competitions.marking.models import Marking
from tests.factories.marked import Marked

# The expert of the columns is no judge of the contest: for experts the scope shows nothing else.
TABLE = """
competitions:marking.list                  GET  L xoooo ooooo o
competitions:marking.open                  GET  L xoooo xooxx o
competitions:marking.open                  POST L xoooo xooxx o
competitions:marking.template              GET  L xoooo xooxx o
competitions:marking.benches_template      GET  L xoooo xooxx o
competitions:marking.detail                GET  L ..... .oooo .
competitions:marking.scheme                GET  L ..... .oooo .
competitions:marking.load                  GET  L ..... .ooxx .
competitions:marking.load                  POST L ..... .ooxx .
competitions:marking.drop                  POST L ..... .ooxx .
competitions:marking.replace               GET  L ..... .ooxx .
competitions:marking.replace               POST L ..... .ooxx .
competitions:marking.export                GET  L ..... .oooo .
competitions:marking.judges                GET  L ..... .ooxx .
competitions:marking.judges                POST L ..... .ooxx .
competitions:marking.seats                 GET  L ..... .ooxx .
competitions:marking.seats                 POST L ..... .ooxx .
competitions:marking.start                 POST L ..... .ooxx .
competitions:marking.benches               POST L ..... .ooxx .
competitions:marking.absent                GET  L ..... .ooxx .
competitions:marking.absent                POST L ..... .ooxx .
competitions:marking.benches_load          GET  L ..... .ooxx .
competitions:marking.benches_load          POST L ..... .ooxx .
competitions:marking.close                 POST L ..... .ooxx .
competitions:marking.totals                GET  L ..... .oooo .
competitions:marking.board_show            GET  L ..... .ooxx .
competitions:marking.board_show            POST L ..... .ooxx .
competitions:marking.board_turn            POST L ..... .ooxx .
competitions:marking.worker                GET  o ooooo ooooo o
competitions:marking.help                  GET  L xoooo ooooo o
competitions:marking.sheet                 GET  L ..... .oooo .
competitions:marking.marks                 GET  L ..... .oooo .
competitions:marking.marks                 POST L ..... .oooo .
competitions:marking.confirm               POST L ..... .ooxx .
competitions:marking.lock                  POST L ..... .xxxx .
competitions:marking.reopen                GET  L ..... .xxxx .
competitions:marking.reopen                POST L ..... .xxxx .
competitions:marking.history               GET  L ..... .oooo .
competitions:marking.print                 GET  L ..... .oooo .
competitions:marking.paper                 GET  L ..... .ooxx .
competitions:marking.type                  GET  L ..... .ooxx .
competitions:marking.type                  POST L ..... .ooxx .
competitions:board.index                   GET  o ooooo ooooo o
competitions:board.unions                  GET  o ooooo ooooo o
competitions:board.page                    GET  o ooooo ooooo o
competitions:board.wall                    GET  o ooooo ooooo o
competitions:board.data                    GET  o ooooo ooooo o
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    """A contest that is being marked, its board shown."""
    marked = Marked(world.tree, world.now)
    row = marked.marking
    Marking.objects.filter(pk=row.pk).update(board_state=BoardState.LIVE)
    boards.publish(row, now=world.now)
    part = {"pk": marked.part("A2").pk}
    of_part = ("sheet", "marks", "confirm", "lock", "reopen", "history", "print", "paper")
    return {
        "marking": {"pk": row.pk},
        **{f"board.{name}": {"pk": row.pk} for name in ("page", "wall", "data")},
        "board.unions": {},
        "board.index": {},
        "marking.export": {"pk": marked.part("A2").scheme_id},
        "marking.board_turn": {"pk": row.pk, "step": "freeze"},
        "marking.type": part | {"aspect": marked.aspect("A2.01").pk, "seat": 1},
        **{f"marking.{name}": {} for name in ("list", "open", "template", "benches_template", "worker", "help")},
        **{f"marking.{name}": part for name in of_part},
    }

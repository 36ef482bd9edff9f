"""重点工程: choosing a project, 催报 and 催办; the other pages stand in table_more.py."""

from __future__ import annotations

from typing import Any

TABLE = """
competitions:project.pick                  GET  L ooooo xoooo o
competitions:project.choose                GET  L xxxoo xooxx o
competitions:project.choose                POST L xxxoo xooxx o
competitions:period.remind                 POST L xxxoo xooxx o
competitions:ticket.remind                 POST L xxxoo xooxx o
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    return {
        "project.pick": {},
        "project.choose": {"what": "ticket"},
        "period.remind": {},
        "ticket.remind": {},
    }

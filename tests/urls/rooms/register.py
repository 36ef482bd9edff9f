"""补登早年荣誉."""

from __future__ import annotations

from typing import Any

TABLE = """
awards:honour.enter                        GET  L xxxoo xooxx o
awards:honour.enter                        POST L xxxoo xooxx o
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    return {"honour.enter": {}}

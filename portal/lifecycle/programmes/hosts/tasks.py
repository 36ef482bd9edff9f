"""What a co-host does in a cycle: later rooms register their part, the joint pages show it as tabs with what waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.lifecycle.programmes.host_models import CycleHost

if TYPE_CHECKING:
    from portal.core.context import Actor


@dataclass(frozen=True)
class HostTask:
    """``url_name`` takes the hosting as ``pk``; ``right`` is the column of ``CycleHost`` that allows it; ``waiting`` gives
    an expression, on hostings, for how much waits for the desk (None: nothing ever waits).
    """

    key: str
    title: Any
    url_name: str
    right: str
    waiting: Callable[[Actor], Any] | None = None
    waiting_text: Any = ""

    def is_open_to(self, host: CycleHost) -> bool:
        return bool(getattr(host, self.right))


_tasks: dict[str, HostTask] = {}


def register_task(task: HostTask) -> None:
    if task.key in _tasks:
        raise ValueError(f"host task {task.key} is registered twice")
    _tasks[task.key] = task


def tasks() -> list[HostTask]:
    """In the order of the rooms."""
    return list(_tasks.values())

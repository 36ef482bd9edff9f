"""What a worker's page is made of. Rooms add what they know of a person; this room asks nobody by name.

``competitions/growing.py`` – which gathers, like ``competitions/models.py`` – registers the sections of the other rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.core.policies import may

if TYPE_CHECKING:
    from competitions.growth.models import WorkerFile
    from portal.core.context import Actor


@dataclass(frozen=True)
class Section:
    """``rows(file)`` gives lines of ``heads`` about the person of the file, newest first, at most ``LINES``.

    A person is recognised by ``file.root_path`` and ``file.id_index``; ``policy_action`` decides who sees the section.
    """

    key: str
    title: Any
    heads: Sequence[Any]
    rows: Callable[[WorkerFile], Iterable[Sequence[Any]]]
    policy_action: str
    icon: str = "list"
    order: int = 50


LINES = 100
_sections: dict[str, Section] = {}


def register_section(*sections: Section) -> None:
    """Raises ValueError when a key is taken."""
    for section in sections:
        if section.key in _sections:
            raise ValueError(f"section {section.key} of a worker's page is registered twice")
        _sections[section.key] = section


def sections_of(actor: Actor, file: WorkerFile) -> list[dict[str, Any]]:
    """The sections the desk may see, each with its ``lines``; one query a section or so, however many lines."""
    ordered = sorted(_sections.values(), key=lambda s: (s.order, s.key))
    return [
        {"section": section, "lines": [list(line) for line in section.rows(file)][:LINES]}
        for section in ordered
        if may(actor, section.policy_action)
    ]

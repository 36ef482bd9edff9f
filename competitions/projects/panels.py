"""On an entry's page: the key project that the entry speaks of, found by its project code (项目代码)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from competitions.projects import queries
from competitions.projects.display import gap_words, light_badge
from portal.lifecycle.engine.registry import Panel

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry

QUESTION = "project_code"  # the question by which entry forms of projects name theirs


def project_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    """The project of the register, if the desk sees it; programmes that do not ask for a code cost no query."""
    code = str((entry.answers or {}).get(QUESTION) or "").strip()
    if not code:
        return {"project": None}
    project = queries.projects(now=timezone.now()).filter(approval_code=code).first()
    if project is None:
        return {"project": None}
    return {"project": project, "light": light_badge(project.light), "gap": gap_words(project.gap)}


PROJECT = Panel("competitions.project", "project.view", "competitions/_entry_panel.html", project_context)

"""Work of the demo that takes longer than a page may."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from portal.core.scoping import system_scope
from portal.demo.others import mark_for_others, recommend_for_others
from portal.jobs.domain import Progress
from portal.jobs.registry import job
from portal.lifecycle.programmes.models import Cycle

OTHERS = "demo.others"


@job(OTHERS, title="演示：其他单位办理")
def others(progress: Progress, cycle: int, part: str) -> tuple[str, dict[str, int]]:
    """``part`` is ``recommend`` or ``mark``."""
    if not settings.DEMO:
        raise RuntimeError("only in the demo")
    with system_scope("the demo's cycle"):
        chosen = Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=cycle)
    if part == "mark":
        done = sum(mark_for_others(cycle=chosen, now=timezone.now()).values())
        return f"其他专家已提交{done}份评分表。", {"sheets": done}
    steps = recommend_for_others(cycle=chosen, now=timezone.now())
    return f"其他工会已公示、排序、上报，共{steps}件次。", {"steps": steps}

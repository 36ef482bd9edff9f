"""Background work of the selection room; thin."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs.registry import job
from portal.lifecycle.selection.domain.rounds import produce_round
from portal.lifecycle.selection.models import RoundStatus
from portal.lifecycle.selection.queries import JOB


@job(JOB, title=_("产生评选结果"))
def produce_selection_round(run: Any, stage_id: int, number: int = 1) -> tuple[str, dict[str, Any]]:
    """Without ``number`` (beat, when the stage opens) only the first round is produced; people ask for later ones."""
    run.report(0, 1, str(_("冻结评分和规则，计算名次，用第二套算法核对")))
    round_ = produce_round(actor=run.actor, stage_id=stage_id, number=number, job_id=run.run_id, now=timezone.now())
    run.report(1, 1, str(_("已写入评选结果")))
    if round_.status == RoundStatus.BLOCKED:
        message = f"第{round_.number}轮：两套算法有{len(round_.differences)}处不一致，已锁定，不能审定。"
    elif round_.needs_decision:
        message = f"第{round_.number}轮已产生，有{len(round_.needs_decision)}组并列须议定。"
    else:
        message = f"第{round_.number}轮已产生，待审定。"
    return message, {"round": round_.pk}

"""Basic conditions of the safety programmes. A programme file names them in ``guards``; questions have these codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import Guard
from portal.lifecycle.entries.content import answers_of

HARM = {
    "deaths": gettext_lazy("死亡"),
    "serious": gettext_lazy("重伤"),
    "minor_injuries": gettext_lazy("轻伤"),
    "new_diseases": gettext_lazy("新发职业病"),
}
"""Questions whose answer must be 0, as far as a form asks them (domain.md 9: basic conditions of rubric A)."""


def dust_contract(act: Act, params: dict[str, Any]) -> Decision:
    """A key dust enterprise without 劳动安全卫生专项集体合同 cannot enter (plan 四（三）; 职业病防治法 art. 40)."""
    answers = answers_of(act.entry)
    if answers.get("key_dust") and not answers.get("has_contract"):
        return refuse("contract", _("重点涉尘企业须先签订《劳动安全卫生专项集体合同》，再提交申报。"))
    return ALLOWED


def clean_record(act: Act, params: dict[str, Any]) -> Decision:
    """Nobody was killed or seriously hurt in the year; for a safe team nobody was hurt or fell ill at all."""
    answers = answers_of(act.entry)
    found = [
        _("%(word)s %(count)s 人") % {"word": word, "count": answers[code]}
        for code, word in HARM.items()
        if answers.get(code)
    ]
    if found:
        return refuse("record", _("竞赛年度内有%s，不符合申报的基本条件。") % "、".join(found))
    return ALLOWED


GUARDS = (
    Guard("safety.dust_contract", gettext_lazy("重点涉尘企业已签订专项集体合同"), "submit", dust_contract),
    Guard("safety.clean_record", gettext_lazy("竞赛年度内无伤亡和新发职业病"), "submit", clean_record),
)

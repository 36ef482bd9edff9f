"""Procedure of the awards: what the workers decided must carry the nomination. Named by programme files in ``guards``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import Guard
from portal.lifecycle.entries.content import answers_of


def workers_majority(act: Act, params: dict[str, Any]) -> Decision:
    """More than half of those who voted agreed; nobody voted twice (domain.md 10: nominated after hearing the workers)."""
    answers = answers_of(act.entry)
    present, agreed = int(answers.get("vote_present") or 0), int(answers.get("vote_agree") or 0)
    if agreed > present:
        return refuse(
            "vote", _("同意票 %(yes)d 张，多于参加票决的 %(all)d 人，请核对。") % {"yes": agreed, "all": present}
        )
    if agreed * 2 <= present:
        return refuse("vote", _("同意票没有超过参加票决人数的半数，不能申报。"))
    return ALLOWED


GUARDS = (Guard("awards.workers_majority", gettext_lazy("职工票决过半数同意"), "submit", workers_majority),)

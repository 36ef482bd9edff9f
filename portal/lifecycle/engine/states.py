"""The closed states of an entry and the facts about each. Nothing else in the code base lists states."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryState(TextChoices):
    """申报件状态. The longer list people see is derived by ``display_status``; stages are configured, states are not."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已上报")
    RETURNED = "returned", _("退回补正")
    RECOMMENDED = "recommended", _("已推荐")
    IN_REVIEW = "in_review", _("评审中")
    REVIEWED = "reviewed", _("已评审")
    SELECTED = "selected", _("拟入选")
    RESERVE = "reserve", _("递补")
    NOT_SELECTED = "not_selected", _("未入选")
    IN_NOTICE = "in_notice", _("公示中")
    CONFIRMED = "confirmed", _("公示无异议")
    CONFERRED = "conferred", _("已命名")
    DECLINED = "declined", _("未予推荐")
    WITHDRAWN = "withdrawn", _("已撤回")
    DISQUALIFIED = "disqualified", _("取消资格")
    REVOKED = "revoked", _("已撤销")


@dataclass(frozen=True, slots=True)
class StateFacts:
    """``phase`` groups states for funnels; ``tone`` picks the badge (neutral, info, waiting, ok, stopped, honour)."""

    phase: str
    is_open: bool
    is_final: bool
    editable_by_applicant: bool
    visible_to_public: bool
    tone: str
    # What the applicant is told while the outcome is not public yet (pretalx' pending states).
    applicant_sees: EntryState | None = None


S = EntryState
STATE_FACTS: dict[EntryState, StateFacts] = {
    S.DRAFT: StateFacts("drafting", True, False, True, False, "neutral"),
    S.SUBMITTED: StateFacts("recommendation", True, False, False, False, "info"),
    S.RETURNED: StateFacts("drafting", True, False, True, False, "waiting"),
    S.RECOMMENDED: StateFacts("review", True, False, False, False, "info"),
    S.IN_REVIEW: StateFacts("review", True, False, False, False, "info"),
    S.REVIEWED: StateFacts("selection", True, False, False, False, "info", applicant_sees=S.IN_REVIEW),
    S.SELECTED: StateFacts("selection", True, False, False, False, "ok", applicant_sees=S.IN_REVIEW),
    S.RESERVE: StateFacts("selection", True, False, False, False, "waiting", applicant_sees=S.IN_REVIEW),
    S.NOT_SELECTED: StateFacts("closed", False, True, False, False, "neutral", applicant_sees=S.IN_REVIEW),
    S.IN_NOTICE: StateFacts("notice", True, False, False, True, "waiting"),
    S.CONFIRMED: StateFacts("notice", True, False, False, True, "ok"),
    S.CONFERRED: StateFacts("conferred", False, False, False, True, "honour"),
    S.DECLINED: StateFacts("closed", False, True, False, False, "stopped"),
    S.WITHDRAWN: StateFacts("closed", False, True, False, False, "neutral"),
    S.DISQUALIFIED: StateFacts("closed", False, True, False, False, "stopped"),
    S.REVOKED: StateFacts("closed", False, True, False, True, "stopped"),
}

PHASES: dict[str, str] = {
    "drafting": _("填报"),
    "recommendation": _("推荐"),
    "review": _("评审"),
    "selection": _("评选"),
    "notice": _("公示"),
    "conferred": _("命名"),
    "closed": _("已结束"),
}


def facts(state: str) -> StateFacts:
    return STATE_FACTS[EntryState(state)]


def states_where(**wanted: object) -> list[str]:
    """``states_where(is_open=True, phase="review")`` → values for ``state__in``."""
    return [s.value for s, f in STATE_FACTS.items() if all(getattr(f, k) == v for k, v in wanted.items())]


OPEN_STATES = states_where(is_open=True)
EDITABLE_STATES = states_where(editable_by_applicant=True)

"""Words of the sub-plans: where a scheme stands, and how a task does."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SchemeStatus(TextChoices):
    """实施方案的状态."""

    DRAFT = "draft", _("待报送")
    SUBMITTED = "submitted", _("待市总审核")
    RETURNED = "returned", _("退回修改")
    ACCEPTED = "accepted", _("已通过")


class Light(TextChoices):
    """进度灯: always shown with its word, never by colour alone."""

    DONE = "done", _("已完成")
    ON_TRACK = "on_track", _("正常")
    SLOW = "slow", _("偏慢")
    BEHIND = "behind", _("滞后")
    LATE = "late", _("逾期未报")
    WAITING = "waiting", _("未开始")


TONE_OF_LIGHT: dict[str, str] = {
    Light.DONE: "ok",
    Light.ON_TRACK: "ok",
    Light.SLOW: "waiting",
    Light.BEHIND: "stopped",
    Light.LATE: "stopped",
    Light.WAITING: "neutral",
}
ICON_OF_LIGHT: dict[str, str] = {
    Light.DONE: "circle-check",
    Light.ON_TRACK: "check",
    Light.SLOW: "clock",
    Light.BEHIND: "alert-triangle",
    Light.LATE: "alert-circle",
    Light.WAITING: "minus",
}
TONE_OF_STATUS: dict[str, str] = {
    SchemeStatus.DRAFT: "neutral",
    SchemeStatus.SUBMITTED: "waiting",
    SchemeStatus.RETURNED: "stopped",
    SchemeStatus.ACCEPTED: "ok",
}
EDITABLE = frozenset({SchemeStatus.DRAFT, SchemeStatus.RETURNED})
QUARTERS = (1, 2, 3, 4)

"""Words of the room 难题揭榜: kinds of problems, who may read a challenge, the ways both go."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProblemKind(TextChoices):
    """难题类别. “卡脖子” technology (row 65) is a technical problem with its own name."""

    CORE = "core", _("“卡脖子”技术")
    TECHNOLOGY = "technology", _("技术工艺")
    QUALITY = "quality", _("质量")
    COST = "cost", _("成本和能耗")
    SAFETY = "safety", _("安全")
    MANAGEMENT = "management", _("管理")
    EQUIPMENT = "equipment", _("设备和自动化")
    OTHER = "other", _("其他")


class ProblemState(TextChoices):
    """难题办理."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待遴选")
    RETURNED = "returned", _("退回补充")
    PICKED = "picked", _("已入选")
    PASSED_OVER = "passed_over", _("暂不入选")
    SOLVED = "solved", _("已解决")
    WITHDRAWN = "withdrawn", _("已撤回")


class Audience(TextChoices):
    """张榜范围. A secret problem is only for the unions that are asked."""

    PUBLIC = "public", _("面向社会公开")
    UNIONS = "unions", _("全市各级工会")
    INVITED = "invited", _("仅限定向邀请的工会")


class ChallengeState(TextChoices):
    OPEN = "open", _("正在揭榜")
    RUNNING = "running", _("攻关中")
    CLOSED = "closed", _("已结榜")
    STOPPED = "stopped", _("已撤榜")


class ClaimState(TextChoices):
    SUBMITTED = "submitted", _("待确认")
    ACCEPTED = "accepted", _("攻关中")
    DELIVERED = "delivered", _("待验收")
    PASSED = "passed", _("验收通过")
    DECLINED = "declined", _("未选中")
    WITHDRAWN = "withdrawn", _("已撤回")
    ENDED = "ended", _("终止攻关")


EDITABLE = (ProblemState.DRAFT, ProblemState.RETURNED)
DROPPED = (ProblemState.WITHDRAWN, ProblemState.PASSED_OVER)
LIVE = (ChallengeState.OPEN, ChallengeState.RUNNING)
WORKING = (ClaimState.ACCEPTED, ClaimState.DELIVERED)  # a challenge is not closed while a claimer is at work
PROBLEM_TONES = {
    ProblemState.DRAFT: "neutral",
    ProblemState.SUBMITTED: "waiting",
    ProblemState.RETURNED: "waiting",
    ProblemState.PICKED: "primary",
    ProblemState.PASSED_OVER: "stopped",
    ProblemState.SOLVED: "ok",
    ProblemState.WITHDRAWN: "stopped",
}
CHALLENGE_TONES = {
    ChallengeState.OPEN: "primary",
    ChallengeState.RUNNING: "info",
    ChallengeState.CLOSED: "ok",
    ChallengeState.STOPPED: "stopped",
}
CLAIM_TONES = {
    ClaimState.SUBMITTED: "waiting",
    ClaimState.ACCEPTED: "info",
    ClaimState.DELIVERED: "waiting",
    ClaimState.PASSED: "ok",
    ClaimState.DECLINED: "stopped",
    ClaimState.WITHDRAWN: "stopped",
    ClaimState.ENDED: "stopped",
}

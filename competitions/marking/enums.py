"""Words of marking: how an aspect is marked, where a sub-criterion stands, what the public board shows."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AspectKind(TextChoices):
    """WorldSkills' two methods (domain.md 2.4)."""

    MEASUREMENT = "measurement", _("测量")
    JUDGEMENT = "judgement", _("评判")


class RuleKind(TextChoices):
    """How a measured value becomes a mark."""

    ALL = "all", _("全有或全无")
    BANDS = "bands", _("允差分档")
    LINEAR = "linear", _("线性折算")
    DEDUCT = "deduct", _("逐处扣分")


class SchemeState(TextChoices):
    DRAFT = "draft", _("草稿")
    FROZEN = "frozen", _("已启用")
    REPLACED = "replaced", _("已被替换")


class PartState(TextChoices):
    """Where the marking of one sub-criterion stands."""

    OPEN = "open", _("评分中")
    CONFIRMED = "confirmed", _("已复核")
    LOCKED = "locked", _("已锁定")


class BoardState(TextChoices):
    HIDDEN = "hidden", _("未公开")
    LIVE = "live", _("实时榜单")
    FROZEN = "frozen", _("榜单封存")
    REVEALED = "revealed", _("最终榜单")


class MarkSource(TextChoices):
    """Where a mark came from."""

    SCREEN = "screen", _("平板评分")
    PAPER = "paper", _("纸质评分表")


TONE_OF_PART: dict[str, str] = {PartState.OPEN: "waiting", PartState.CONFIRMED: "info", PartState.LOCKED: "ok"}
TONE_OF_SCHEME: dict[str, str] = {
    SchemeState.DRAFT: "neutral",
    SchemeState.FROZEN: "ok",
    SchemeState.REPLACED: "neutral",
}
TONE_OF_BOARD: dict[str, str] = {
    BoardState.HIDDEN: "neutral",
    BoardState.LIVE: "ok",
    BoardState.FROZEN: "waiting",
    BoardState.REVEALED: "info",
}

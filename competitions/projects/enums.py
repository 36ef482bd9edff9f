"""Words of the key projects: what a project is, where its reports and problems stand, how it does."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProjectLevel(TextChoices):
    NATIONAL = "national", _("国家重点")
    MUNICIPAL = "municipal", _("市重点")
    DISTRICT = "district", _("区重点")


class ProjectKind(TextChoices):
    """工程类别 (domain.md 7)."""

    RAILWAY = "railway", _("铁路")
    METRO = "metro", _("轨道交通")
    PORT = "port", _("港口")
    ENERGY = "energy", _("能源")
    EXHIBITION = "exhibition", _("会展")
    MUNICIPAL = "municipal", _("市政")
    WATER = "water", _("水务")
    INDUSTRY = "industry", _("工业")
    LIVELIHOOD = "livelihood", _("民生")


class ProjectStatus(TextChoices):
    PLANNED = "planned", _("拟建")
    BUILDING = "building", _("在建")
    PAUSED = "paused", _("停工")
    FINISHED = "finished", _("完工")


class Cadence(TextChoices):
    MONTHLY = "monthly", _("按月")
    QUARTERLY = "quarterly", _("按季")


class PeriodState(TextChoices):
    WAITING = "waiting", _("待报送")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回补充")
    ACCEPTED = "accepted", _("已审核")


class Light(TextChoices):
    """进度灯: always shown with its word, never by colour alone."""

    GREEN = "green", _("正常")
    YELLOW = "yellow", _("偏慢")
    RED = "red", _("滞后")
    WAITING = "waiting", _("待首次报送")
    NO_PLAN = "no_plan", _("未报方案")
    PAUSED = "paused", _("停工")
    DONE = "done", _("已完工")


class TicketState(TextChoices):
    """问题单: in work, solved with proof and to be confirmed, closed."""

    OPEN = "open", _("办理中")
    SOLVED = "solved", _("待确认")
    CLOSED = "closed", _("已办结")


class TicketCategory(TextChoices):
    PROGRESS = "progress", _("进度")
    FUNDS = "funds", _("资金")
    LAND = "land", _("用地")
    QUALITY = "quality", _("质量")
    SAFETY = "safety", _("安全")
    WAGES = "wages", _("农民工工资")
    LIVING = "living", _("生活保障")


class Duty(TextChoices):
    """Why a union is at the project, besides the one that manages it and the one that reports."""

    BUILDER = "builder", _("参建单位工会")
    DISTRICT = "district", _("所在地工会")


class FilePurpose(TextChoices):
    PLAN = "plan", _("竞赛方案")
    REPORT = "report", _("进展佐证")
    VISIT = "visit", _("现场照片")
    PROOF = "proof", _("办结证明")
    CARE = "care", _("慰问凭证")
    SUMMARY = "summary", _("竞赛总结")


class FundSource(TextChoices):
    """慰问资金来源: money of the union needs an approval number."""

    UNION = "union", _("工会经费")
    EMPLOYER = "employer", _("单位行政")
    DONATED = "donated", _("社会捐赠")


TONE_OF_LIGHT: dict[str, str] = {
    Light.GREEN: "ok",
    Light.YELLOW: "waiting",
    Light.RED: "stopped",
    Light.WAITING: "neutral",
    Light.NO_PLAN: "waiting",
    Light.PAUSED: "neutral",
    Light.DONE: "info",
}
ICON_OF_LIGHT: dict[str, str] = {
    Light.GREEN: "circle-check",
    Light.YELLOW: "clock",
    Light.RED: "alert-triangle",
    Light.WAITING: "minus",
    Light.NO_PLAN: "file-alert",
    Light.PAUSED: "player-pause",
    Light.DONE: "flag",
}
TONE_OF_PERIOD: dict[str, str] = {
    PeriodState.WAITING: "neutral",
    PeriodState.SUBMITTED: "waiting",
    PeriodState.RETURNED: "stopped",
    PeriodState.ACCEPTED: "ok",
}
TONE_OF_TICKET: dict[str, str] = {
    TicketState.OPEN: "waiting",
    TicketState.SOLVED: "info",
    TicketState.CLOSED: "ok",
}

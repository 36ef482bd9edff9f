"""Words of filed competitions: where a filing stands, who carries it, what is reported and checked."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FilingState(TextChoices):
    """备案状态: closed; ``steps.STEPS`` says how one becomes another."""

    DRAFT = "draft", _("草稿")
    FILED = "filed", _("待审核")
    RETURNED = "returned", _("退回补正")
    ACCEPTED = "accepted", _("已备案")
    RUNNING = "running", _("进行中")
    SUMMARISED = "summarised", _("已总结")
    ARCHIVED = "archived", _("已归档")
    WITHDRAWN = "withdrawn", _("已撤回")


class Layer(TextChoices):
    """四个层面."""

    REGION = "region", _("区域")
    ZONE = "zone", _("功能区（乡镇街）")
    ASSOCIATION = "association", _("企业联合会（行业协会）")
    ENTERPRISE = "enterprise", _("规模企业")


class Area(TextChoices):
    """津城、滨城双城格局."""

    JINCHENG = "jincheng", _("津城")
    BINCHENG = "bincheng", _("滨城")
    BOTH = "both", _("双城联动")


class Library(TextChoices):
    """引领性劳动竞赛: in whose library of leading projects."""

    NONE = "none", _("未列入")
    CITY = "city", _("市级项目库")
    NATIONAL = "national", _("全国项目库")


class CatalogueGroup(TextChoices):
    """What the federation keeps lists of, each of which grows."""

    KIND = "kind", _("竞赛形式")
    CAMPAIGN = "campaign", _("竞赛活动")
    STRATEGY = "strategy", _("战略任务")
    FOCUS = "focus", _("重点领域")
    CHAIN = "chain", _("产业链")


TAG_GROUPS = (CatalogueGroup.STRATEGY, CatalogueGroup.FOCUS, CatalogueGroup.CHAIN)


class Seat(TextChoices):
    """竞赛委员会里的职责."""

    CHAIR = "chair", _("主任")
    VICE = "vice", _("副主任")
    MEMBER = "member", _("委员")
    OFFICE = "office", _("办公室主任")


class FundSource(TextChoices):
    UNION = "union", _("工会经费")
    ADMINISTRATIVE = "administrative", _("行政拨款")
    ENTERPRISE = "enterprise", _("企业投入")
    OTHER = "other", _("其他")


class Sight(TextChoices):
    """What the host shows a co-host; the scheme itself goes without saying."""

    BUDGET = "budget", _("经费")
    REPORTS = "reports", _("报告和总结")


class FilePurpose(TextChoices):
    BASIS = "basis", _("依据文件")
    COMMITTEE = "committee", _("组织机构文件")
    SCHEME = "scheme", _("竞赛方案")
    REPORT = "report", _("报告附件")
    CHECK = "check", _("抽查照片")


class ReportKind(TextChoices):
    STAGE = "stage", _("阶段报告")
    MIDTERM = "midterm", _("年中检查")
    SUMMARY = "summary", _("年终总结")


class ReportState(TextChoices):
    WAITING = "waiting", _("待报送")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回补充")
    ACCEPTED = "accepted", _("已审核")


class Subject(TextChoices):
    """表彰建议的对象."""

    COLLECTIVE = "collective", _("集体")
    INDIVIDUAL = "individual", _("个人")


class CheckResult(TextChoices):
    WAITING = "waiting", _("待检查")
    PASSED = "passed", _("符合要求")
    PROBLEM = "problem", _("发现问题")


class ComplaintKind(TextChoices):
    FAIRNESS = "fairness", _("评判不公")
    FRAUD = "fraud", _("弄虚作假")
    FORCED = "forced", _("强迫参赛、变相摊派")
    FEES = "fees", _("违规收费")
    FUNDS = "funds", _("经费使用")
    SAFETY = "safety", _("安全隐患")
    OTHER = "other", _("其他")


class ComplaintOutcome(TextChoices):
    UPHELD = "upheld", _("属实，已处理")
    PARTLY = "partly", _("部分属实，已处理")
    DISMISSED = "dismissed", _("不属实")


TONE_OF_STATE: dict[str, str] = {
    FilingState.DRAFT: "neutral",
    FilingState.FILED: "waiting",
    FilingState.RETURNED: "stopped",
    FilingState.ACCEPTED: "info",
    FilingState.RUNNING: "ok",
    FilingState.SUMMARISED: "info",
    FilingState.ARCHIVED: "neutral",
    FilingState.WITHDRAWN: "neutral",
}
TONE_OF_REPORT: dict[str, str] = {
    ReportState.WAITING: "neutral",
    ReportState.SUBMITTED: "waiting",
    ReportState.RETURNED: "stopped",
    ReportState.ACCEPTED: "ok",
}
TONE_OF_RESULT: dict[str, str] = {
    CheckResult.WAITING: "waiting",
    CheckResult.PASSED: "ok",
    CheckResult.PROBLEM: "stopped",
}
# What counts as a competition of the year: filed with the level above and not withdrawn.
COUNTED = (FilingState.ACCEPTED, FilingState.RUNNING, FilingState.SUMMARISED, FilingState.ARCHIVED)
# Teams and workers may register, reports are owed.
OPEN_STATES = (FilingState.ACCEPTED, FilingState.RUNNING)

"""Words of the green contest: who is compared, how values, suggestions and proposals stand."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    LOWER = "lower", _("越低越好")
    HIGHER = "higher", _("越高越好")


class SubjectLevel(TextChoices):
    """参赛主体: compared only with the same level of the same group."""

    ENTERPRISE = "enterprise", _("企业")
    TEAM = "team", _("班组")
    POST = "post", _("岗位")


class BenchmarkKind(TextChoices):
    """标杆来源 (domain.md 8)."""

    ADVANCED = "advanced", _("国家限额标准先进值")
    ACCESS = "access", _("国家限额标准准入值")
    INDUSTRY = "industry", _("行业标杆值")
    OWN_BEST = "own_best", _("历史最好水平")
    PEER = "peer", _("同工序最好水平")


class CheckState(TextChoices):
    """A value handed in: one version waits, is returned, counts, or was replaced by a later one."""

    SUBMITTED = "submitted", _("待核")
    RETURNED = "returned", _("退回")
    ACCEPTED = "accepted", _("已核")
    REPLACED = "replaced", _("已被更正")


class SavingKind(TextChoices):
    POWER = "power", _("节电")
    COAL = "coal", _("节煤")
    OIL = "oil", _("节油")
    GAS = "gas", _("节气")
    WATER = "water", _("节水")
    EMISSION = "emission", _("减排")
    RECYCLE = "recycle", _("循环利用")


class Proposer(TextChoices):
    TEAM = "team", _("班组")
    PERSON = "person", _("个人")


class SuggestionState(TextChoices):
    PROPOSED = "proposed", _("已提出")
    CLAIMED = "claimed", _("已实施待核")
    RETURNED = "returned", _("退回补充")
    VERIFIED = "verified", _("已核定")
    DECLINED = "declined", _("未采纳")


class FilePurpose(TextChoices):
    READING = "reading", _("能耗凭证")
    BASELINE = "baseline", _("基准期凭证")
    SAVING = "saving", _("节能量核实证明")


TONE_OF_CHECK: dict[str, str] = {
    CheckState.SUBMITTED: "waiting",
    CheckState.RETURNED: "stopped",
    CheckState.ACCEPTED: "ok",
    CheckState.REPLACED: "neutral",
}
TONE_OF_SUGGESTION: dict[str, str] = {
    SuggestionState.PROPOSED: "neutral",
    SuggestionState.CLAIMED: "waiting",
    SuggestionState.RETURNED: "stopped",
    SuggestionState.VERIFIED: "ok",
    SuggestionState.DECLINED: "neutral",
}

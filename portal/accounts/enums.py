"""Levels, kinds and roles. Meaning lives here and in the facts below, never in labels."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnionLevel(TextChoices):
    """层级: what a blueprint's route names. Depth of the tree is free; a level may be absent on a branch."""

    MUNICIPAL = "municipal", _("市总工会")
    DISTRICT = "district", _("区总工会、局·集团公司工会")
    SUBDISTRICT = "subdistrict", _("功能区、街道、乡镇工会")
    GRASSROOTS = "grassroots", _("基层工会")
    TEAM = "team", _("分工会、班组")


class OrganisationKind(TextChoices):
    """组织类型 (domain.md 0.2)."""

    MUNICIPAL = "municipal", _("市级总工会")
    DISTRICT = "district", _("区总工会")
    BUREAU = "bureau", _("局工会")
    GROUP = "group", _("集团公司工会")
    INDUSTRY = "industry", _("产业（行业）工会")
    DIRECT = "direct", _("直属单位工会")
    DEPARTMENT = "department", _("联合主办部门")
    ZONE = "zone", _("功能区总工会")
    STREET = "street", _("街道总工会")
    TOWNSHIP = "township", _("乡镇总工会")
    BUILDING = "building", _("楼宇工会")
    GRASSROOTS = "grassroots", _("单独基层工会")
    JOINT = "joint", _("联合基层工会")
    SECTION = "section", _("分工会、车间工会")
    TEAM = "team", _("班组（工会小组）")


LEVEL_OF_KIND: dict[str, UnionLevel] = {
    OrganisationKind.MUNICIPAL: UnionLevel.MUNICIPAL,
    OrganisationKind.DEPARTMENT: UnionLevel.MUNICIPAL,
    OrganisationKind.DISTRICT: UnionLevel.DISTRICT,
    OrganisationKind.BUREAU: UnionLevel.DISTRICT,
    OrganisationKind.GROUP: UnionLevel.DISTRICT,
    OrganisationKind.INDUSTRY: UnionLevel.DISTRICT,
    OrganisationKind.DIRECT: UnionLevel.DISTRICT,
    OrganisationKind.ZONE: UnionLevel.SUBDISTRICT,
    OrganisationKind.STREET: UnionLevel.SUBDISTRICT,
    OrganisationKind.TOWNSHIP: UnionLevel.SUBDISTRICT,
    OrganisationKind.BUILDING: UnionLevel.SUBDISTRICT,
    OrganisationKind.GRASSROOTS: UnionLevel.GRASSROOTS,
    OrganisationKind.JOINT: UnionLevel.GRASSROOTS,
    OrganisationKind.SECTION: UnionLevel.TEAM,
    OrganisationKind.TEAM: UnionLevel.TEAM,
}

UNIT_LEVELS = frozenset({UnionLevel.GRASSROOTS, UnionLevel.TEAM})


class Role(TextChoices):
    """角色: what a member of staff does at one organisation; one person may hold several (切换工作台)."""

    FILER = "filer", _("填报")
    CHECKER = "checker", _("审核")
    MANAGER = "manager", _("管理")
    EXPERT = "expert", _("评审专家")
    SUPERVISOR = "supervisor", _("监督")
    AUDITOR = "auditor", _("审计")


class OwnershipClass(TextChoices):
    """公 / 非公: decides eligibility for non-public programmes and the ratio groups (domain.md 0.7, 1)."""

    PUBLIC = "public", _("公有制")
    NON_PUBLIC = "non_public", _("非公有制")
    INSTITUTION = "institution", _("机关事业单位")
    OTHER = "other", _("其他组织")


class SizeClass(TextChoices):
    """企业规模 (工信部联企业〔2011〕300号, 2017 statistics version)."""

    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")
    NOT_APPLICABLE = "none", _("不划型")


class EmergingKind(TextChoices):
    """三新组织 and 八大群体用工单位 (plan 三.1, 四.4a): one per employer, the first that fits, so that shares may be added up."""

    ECONOMY = "new_economy", _("新经济组织")
    SOCIETY = "new_society", _("新社会组织")
    EMPLOYMENT = "new_employment", _("新就业群体用工单位")
    EIGHT = "eight_groups", _("八大群体用工单位")


THREE_NEW = (EmergingKind.ECONOMY, EmergingKind.SOCIETY, EmergingKind.EMPLOYMENT)  # 三新组织


class SignInOutcome(TextChoices):
    SUCCEEDED = "succeeded", _("登录成功")
    FAILED = "failed", _("用户名或密码不符")
    WRONG_CODE = "wrong_code", _("动态口令不正确")
    LOCKED = "locked", _("多次失败，已锁定")
    SIGNED_OUT = "signed_out", _("退出登录")


# The three administrators of GB/T 22239 (system, security, audit) are kept apart: these pairs exclude each other at
# one organisation.
EXCLUSIVE_ROLES = frozenset({frozenset({Role.MANAGER, Role.AUDITOR}), frozenset({Role.MANAGER, Role.SUPERVISOR})})

ROLES_AT_LEVEL: dict[str, tuple[Role, ...]] = {
    UnionLevel.MUNICIPAL: (Role.CHECKER, Role.MANAGER, Role.EXPERT, Role.SUPERVISOR, Role.AUDITOR),
    UnionLevel.DISTRICT: (Role.CHECKER, Role.MANAGER, Role.EXPERT, Role.SUPERVISOR, Role.AUDITOR),
    UnionLevel.SUBDISTRICT: (Role.CHECKER, Role.MANAGER),
    UnionLevel.GRASSROOTS: (Role.FILER, Role.CHECKER, Role.MANAGER),
    UnionLevel.TEAM: (Role.FILER, Role.CHECKER),
}

LEVEL_ORDER: tuple[UnionLevel, ...] = tuple(UnionLevel)  # from the top down
# Levels that may stand below their own kind: 街道 → 楼宇, 公司 → 分公司, 车间 → 班组.
NESTING_LEVELS = frozenset({UnionLevel.SUBDISTRICT, UnionLevel.GRASSROOTS, UnionLevel.TEAM})


def may_stand_below(kind: str, parent_kind: str) -> bool:
    """Whether an organisation of ``kind`` may have a parent of ``parent_kind`` (domain.md 0.2; depth is free)."""
    if kind == OrganisationKind.MUNICIPAL or parent_kind in {OrganisationKind.DEPARTMENT, OrganisationKind.TEAM}:
        return False
    if kind == OrganisationKind.DEPARTMENT:
        return parent_kind == OrganisationKind.MUNICIPAL
    level, above = LEVEL_OF_KIND[kind], LEVEL_OF_KIND[parent_kind]
    if level == above:
        return level in NESTING_LEVELS
    return LEVEL_ORDER.index(level) > LEVEL_ORDER.index(above)


class ImportKind(TextChoices):
    ORGANISATIONS = "organisations", _("工会组织")
    EMPLOYERS = "employers", _("用人单位")
    STAFF = "staff", _("人员与角色")


class ImportState(TextChoices):
    CHECKING = "checking", _("试导中")
    FAULTY = "faulty", _("有错误")
    CHECKED = "checked", _("可以导入")
    APPLYING = "applying", _("导入中")
    APPLIED = "applied", _("已导入")
    CANCELLED = "cancelled", _("已放弃")

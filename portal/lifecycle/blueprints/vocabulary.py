"""The closed vocabularies of a blueprint. Values are what TOML and JSON hold; labels are what people read."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CadenceKind(TextChoices):
    ANNUAL = "annual", _("每年一届")
    EVERY_YEARS = "every_years", _("每数年一届")
    ROLLING = "rolling", _("常年受理")
    ON_DEMAND = "on_demand", _("即时授予")


class SubjectKind(TextChoices):
    PERSON = "person", _("个人")
    TEAM = "team", _("班组（团队）")
    UNIT = "unit", _("单位")
    PROJECT = "project", _("工程项目")
    WORK = "work", _("成果（作品）")


class StageKind(TextChoices):
    """In the order of time; a blueprint leaves out what it does not need, and never changes the order."""

    APPLICATION = "application", _("申报")
    RECOMMENDATION = "recommendation", _("逐级推荐")
    CLEARANCE = "clearance", _("资格审查与联审")
    REVIEW = "review", _("专家评审")
    SELECTION = "selection", _("评选")
    NOTICE = "notice", _("全市公示")
    CONFERRAL = "conferral", _("命名")
    SHOWCASE = "showcase", _("成果展示")


STAGE_ORDER: tuple[str, ...] = tuple(StageKind.values)


class HonourClass(TextChoices):
    COMMENDATION = "commendation", _("评比达标表彰项目")
    NAMING = "naming", _("命名、选树")
    RANK_AWARD = "rank_award", _("竞赛名次奖励")


class HonourKind(TextChoices):
    """What a conferral gives: an honour, or money for a project (domain.md 4)."""

    HONOUR = "honour", _("荣誉")
    GRANT = "grant", _("补助")


class HonourForm(TextChoices):
    CERTIFICATE = "certificate", _("证书")
    ELECTRONIC_CERTIFICATE = "electronic_certificate", _("电子证书")
    PLAQUE = "plaque", _("奖牌")
    MEDAL = "medal", _("奖章")
    BANNER = "banner", _("锦旗")


class RouteLevel(TextChoices):
    """Stations of a nomination, lowest first. How many of them exist for one unit is the tree's business."""

    TEAM = "team", _("班组")
    GRASSROOTS = "grassroots", _("基层工会")
    SUBDISTRICT = "subdistrict", _("街镇、功能区工会")
    DISTRICT = "district", _("区总工会、局（集团公司）工会")
    MUNICIPAL = "municipal", _("市总工会")


ROUTE_ORDER: tuple[str, ...] = tuple(RouteLevel.values)


class AllocationRule(TextChoices):
    NONE = "none", _("不限名额")
    FIXED = "fixed", _("每家固定名额")
    BY_MEMBERS = "by_members", _("按会员人数分配")
    MANUAL = "manual", _("逐家下达")


class ReviewMethod(TextChoices):
    RUBRIC_PANEL = "rubric_panel", _("专家按评分表评审")
    IMPORTED_MARKS = "imported_marks", _("导入竞赛成绩")
    CHECKLIST = "checklist", _("考核表打分")
    VOTE = "vote", _("投票")
    NONE = "none", _("不评分")


MARKING_METHODS = frozenset({ReviewMethod.RUBRIC_PANEL, ReviewMethod.IMPORTED_MARKS, ReviewMethod.CHECKLIST})
"""Methods that end in a total mark; a ranking needs one of them."""

SHEET_METHODS = frozenset({ReviewMethod.RUBRIC_PANEL, ReviewMethod.CHECKLIST})
"""Methods in which experts are assigned and each hands in a sheet."""


class ItemMode(TextChoices):
    """How a checklist's item is marked."""

    ADD = "add", _("得分")
    DEDUCT = "deduct", _("扣分")


class VoteAudience(TextChoices):
    PUBLIC = "public", _("公众")
    STAFF = "staff", _("登录的工会干部")


class BalanceRule(TextChoices):
    """What balanced marks are for. Only exact figures can be recomputed by everybody, so no ranking goes by z-scores."""

    INFORMATION = "information", _("供参考")
    ZSCORE = "zscore", _("按标准分排序")


class MajorityRule(TextChoices):
    """Shares that meetings go by; fractions, because no decimal is two thirds."""

    MORE_THAN_HALF = "more_than_half", _("过半数")
    TWO_THIRDS = "two_thirds", _("三分之二以上")
    FOUR_FIFTHS = "four_fifths", _("五分之四以上")
    ALL = "all", _("全体")


class SelectionRule(TextChoices):
    PLACES = "places", _("按名额择优")
    PLACES_PER_TRACK = "places_per_track", _("按类别名额择优")
    THRESHOLD = "threshold", _("达到分数线")
    BATCH = "batch", _("会议研究确定一批")
    BUDGET = "budget", _("在预算内择优")


class TieBreak(TextChoices):
    CORE_CRITERION = "core_criterion", _("核心指标得分高者在先")
    UNTRIMMED_MEDIAN = "untrimmed_median", _("全部专家评分中位数高者在先")
    SUBMITTED_FIRST = "submitted_first", _("先提交者在先")
    PANEL_VOTE = "panel_vote", _("由评审组表决")


class ConflictRule(TextChoices):
    SAME_UNIT = "same_unit", _("同一单位")
    SAME_NOMINATING = "same_nominating", _("同一推荐单位")
    DECLARED = "declared", _("专家自行申报")


class FieldType(TextChoices):
    TEXT = "text", _("单行文字")
    LONG_TEXT = "long_text", _("多行文字")
    INTEGER = "integer", _("整数")
    DECIMAL = "decimal", _("小数")
    MONEY = "money", _("金额")
    PERCENT = "percent", _("百分比")
    DATE = "date", _("日期")
    MONTH = "month", _("年月")
    CHOICE = "choice", _("单选")
    MULTI_CHOICE = "multi_choice", _("多选")
    CODE = "code", _("代码表单选")
    BOOLEAN = "boolean", _("是否")
    PERSON_ID_NUMBER = "person_id_number", _("身份证号")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("电子邮箱")
    CREDIT_CODE = "credit_code", _("统一社会信用代码")
    ORGANISATION = "organisation", _("工会组织名称")
    EMPLOYER = "employer", _("单位名称")
    TABLE = "table", _("明细表")
    ATTACHMENT = "attachment", _("附件")
    CONSENT = "consent", _("同意书")
    STATEMENT = "statement", _("说明文字")
    VETOES = "vetoes", _("否决情形声明")


PERSONAL_TYPES = frozenset({FieldType.PERSON_ID_NUMBER, FieldType.PHONE})
"""Sensitive personal data (domain.md 15.1): encrypted at rest, masked on every page, never public."""

NOT_ANSWERED_TYPES = frozenset({FieldType.ATTACHMENT, FieldType.STATEMENT})
COLUMN_TYPES = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.INTEGER,
        FieldType.DECIMAL,
        FieldType.MONEY,
        FieldType.PERCENT,
        FieldType.DATE,
        FieldType.MONTH,
        FieldType.CHOICE,
        FieldType.CODE,
        FieldType.BOOLEAN,
        FieldType.PERSON_ID_NUMBER,
        FieldType.PHONE,
        FieldType.CREDIT_CODE,
    },
)
NUMBER_TYPES = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT})
TEXT_TYPES = frozenset(
    {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.ORGANISATION, FieldType.EMPLOYER, FieldType.EMAIL},
)


class CodeList(TextChoices):
    """National code sets that answers refer to; the values themselves come from ``codelists``."""

    SEX = "sex", _("性别")
    ETHNIC_GROUP = "ethnic_group", _("民族")
    EDUCATION = "education", _("学历")
    POLITICAL_STATUS = "political_status", _("政治面貌")
    SKILL_LEVEL = "skill_level", _("职业技能等级")
    DISTRICT = "district", _("行政区")
    ECONOMIC_TYPE = "economic_type", _("经济类型")
    INDUSTRY = "industry", _("行业门类")
    SIZE_CLASS = "size_class", _("规模划型")


class RowRuleKind(TextChoices):
    SUM = "sum", _("合计等于")
    UNIQUE = "unique", _("不得重复")
    AT_LEAST_ONE = "at_least_one", _("至少一行为是")
    FIRST_IS_MAX = "first_is_max", _("第一行不低于其他行")


class DocumentKind(TextChoices):
    APPLICATION_FORM = "application_form", _("申报表")
    LETTER = "letter", _("文书")
    SUMMARY = "summary", _("汇总表")


class Width(TextChoices):
    NARROW = "narrow", _("窄")
    HALF = "half", _("半宽")
    FULL = "full", _("整行")


class RatioAction(TextChoices):
    WARN = "warn", _("提示")
    BLOCK = "block", _("必须满足")


class RatioScope(TextChoices):
    NOMINATION = "nomination", _("推荐时")
    SELECTION = "selection", _("评选时")
    BOTH = "both", _("推荐和评选时")


class OpinionForm(TextChoices):
    """Which sheet goes to the outside departments (domain.md 0.5)."""

    ENTERPRISE = "enterprise", _("企业征求意见表")
    ENTERPRISE_LEADER = "enterprise_leader", _("企业负责人征求意见表")
    CADRE = "cadre", _("机关事业单位干部征求意见表")
    WORKER = "worker", _("一线职工、农民征求意见表")


class Viewer(TextChoices):
    """Who reads answers; decides masking, blind review and publication."""

    APPLICANT = "applicant", _("申报人")
    STAFF = "staff", _("工会干部")
    EXPERT = "expert", _("评审专家")
    PUBLIC = "public", _("公众")
    DOCUMENT = "document", _("盖章文书")


PREFILL_KEYS = frozenset(
    {
        "organisation.name",
        "organisation.district",
        "employer.name",
        "employer.credit_code",
        "employer.economic_type",
        "employer.industry",
        "employer.size_class",
        "employer.above_scale",
        "employer.address",
        "applicant.name",
        "applicant.phone",
    },
)

ATTACHMENT_KINDS = frozenset({"pdf", "jpg", "jpeg", "png", "docx", "xlsx", "mp4"})
"""What may be uploaded at all; a field narrows it. The check itself reads the content, not the name."""

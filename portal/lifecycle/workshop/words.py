"""What the pages say about single keys: help in plain Chinese, which control, what may be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints import labels
from portal.lifecycle.blueprints.fields.codes import code_choices
from portal.lifecycle.blueprints.letters import LetterSpec
from portal.lifecycle.blueprints.review_blocks import CodesParams, MeetingParams
from portal.lifecycle.blueprints.schema import (
    FieldSpec,
    HonourInfo,
    Limits,
    ProgrammeInfo,
    Ratio,
    Texts,
    Track,
    Veto,
)
from portal.lifecycle.blueprints.stages import Allocation, Criterion, Stage
from portal.lifecycle.blueprints.vocabulary import (
    ATTACHMENT_KINDS,
    NOT_ANSWERED_TYPES,
    PREFILL_KEYS,
    TEXT_TYPES,
    CodeList,
    FieldType,
)
from portal.lifecycle.engine.registry import registry
from portal.lifecycle.programmes.models import Programme
from portal.lifecycle.workshop.pieces import Place, value_at

Options = list[tuple[str, str]]
Data = Mapping[str, Any]

OUTLINE_TITLES: Mapping[str, Any] = {
    "programme": _("基本信息"),
    "honour": _("荣誉"),
    "texts": _("文字说明"),
    "sections": _("表单"),
    "tracks": _("类别"),
    "ratios": _("结构比例"),
    "vetoes": _("否决情形"),
    "limits": _("申报限制"),
    "documents": _("文书"),
    "stages": _("环节"),
    "checks": _("查重"),
    "hosts": _("联合主办"),
    "letters": _("函件"),
    "edition": _("下级承办"),
}
OUTLINE_ICONS: Mapping[str, str] = {
    "programme": "info-circle",
    "honour": "award",
    "texts": "align-left",
    "sections": "forms",
    "tracks": "category",
    "ratios": "percentage",
    "vetoes": "ban",
    "limits": "user-x",
    "documents": "file-text",
    "stages": "route",
    "checks": "copy-check",
    "edition": "sitemap",
    "hosts": "building-community",
    "letters": "mail",
}
# As people meet them; what the schema adds later follows at the end.
OUTLINE_ORDER = (
    "programme",
    "honour",
    "texts",
    "sections",
    "tracks",
    "ratios",
    "vetoes",
    "limits",
    "documents",
    "stages",
    "checks",
)

LONG = frozenset(
    {
        "basis",
        "body",
        "call",
        "certificate_text",
        "consent",
        "decision_intro",
        "description",
        "eligibility",
        "guide",
        "help",
        "legal_basis",
        "note",
        "notice_intro",
        "summary",
        "text",
    }
)
TALL = frozenset({"call", "eligibility", "guide", "consent", "body", "notice_intro", "decision_intro"})

HELPS: Mapping[tuple[type | None, str], Any] = {
    (ProgrammeInfo, "code"): _("用于网址和接口，小写字母、数字和连字符；发布后不能改。"),
    (ProgrammeInfo, "subject_field"): _("申报件在各个清单里显示的名称，取自表单的这个字段。"),
    (ProgrammeInfo, "cycle_start"): _("每届自动开设的日子，形如 03-01。"),
    (ProgrammeInfo, "every_years"): _("只有“每数年一届”的项目填写。"),
    (ProgrammeInfo, "basis"): _("依据的文件和条款。"),
    (ProgrammeInfo, "summary"): _("一两句话，显示在项目页和征集页上。"),
    (ProgrammeInfo, "profile"): _("需要另外汇总、关联的数据；一般不选。"),
    (LetterSpec, "body"): _("花括号里的词按收件人填入，如 {收件人}、{届次}；写错的词会指出来。"),
    (HonourInfo, "repeat_years"): _("获得后几年内不得再次申报；0 表示不限。"),
    (HonourInfo, "counter"): _("即时授予等不限批次的荣誉：写同一个词的项目合并计数，显示当年已授予数。"),
    (HonourInfo, "yearly_places"): _("合并计数后，一个自然年最多授予几个；0 表示不限。"),
    (HonourInfo, "trigger_fields"): _("表单中写明触发竞赛、任务的字段，第一个有内容的写入荣誉登记。"),
    (HonourInfo, "class"): _("命名、选树的项目不得出现“表彰”“奖金”字样。"),
    (HonourInfo, "legal_basis"): _("评比达标表彰项目须写明目录依据。"),
    (FieldSpec, "code"): _("系统内部使用；改动后，引用它的条件和清单会一并更新。"),
    (FieldSpec, "help"): _("显示在字段名称下面，告诉填报人怎么填。"),
    (FieldSpec, "unit"): _("显示在输入框后面，如“人”“万元”。"),
    (FieldSpec, "required_when"): _("满足条件时才必填；始终必填请勾选“必填”。"),
    (FieldSpec, "visible_when"): _("满足条件时才显示；只能指向排在前面的字段。"),
    (FieldSpec, "pattern"): _("给系统管理员用的格式表达式；一般不填。"),
    (FieldSpec, "public"): _("勾选后才可以出现在公示、公告和展示页上。"),
    (FieldSpec, "blind"): _("匿名评审时不给专家看。"),
    (FieldSpec, "publish_as"): _("公示时用的名称；不填则用字段名称。"),
    (FieldSpec, "prefill"): _("从平台已有的信息带入，填报人可以修改。"),
    (FieldSpec, "text"): _("显示给填报人看的条款或说明。"),
    (FieldSpec, "template"): _("填报人先下载这份文书，盖章后上传。"),
    (Track, "places"): _("按类别名额择优时填写。"),
    (Track, "honour"): _("各类别授予的名称不同时填写，登记、证书和荣誉查询都用它；不填则用本项目的荣誉名称。"),
    (Ratio, "when"): _("满足这个条件的申报件算入比例。"),
    (Ratio, "base"): _(
        "只在满足这个条件的申报件中计算比例，如“只算个人”；不填则占全部名单。名单中没有这类对象时不作要求。"
    ),
    (Ratio, "base_title"): _("用在“不低于……的35%”里，如“个人”“机关事业单位人员”。"),
    (Ratio, "enforce"): _("“提示”只显示；“必须满足”的，推荐时不符合不得上报，评选时按规则选出符合全部比例的名单。"),
    (Ratio, "definition"): _("哪些人或单位算入，印在比例旁边，如“在生产、服务一线岗位的职工，以岗位类别为准”。"),
    (Ratio, "at_least"): _("百分比，0 到 100。"),
    (Ratio, "at_most"): _("百分比，0 到 100。"),
    (Veto, "bar_years"): _("从事发起几年内不得申报；0 表示仅本届。"),
    (Veto, "event_field"): _("表单中填写最近一次发生日期的栏目；环节勾选“否决期限”后自动核查。"),
    (Limits, "higher"): _("已获这些项目荣誉的，不再申报本项目。"),
    (Limits, "higher_years"): _("99 表示一直有效。"),
    (Limits, "one_path"): _("同一对象一年内，本项目和这些项目只能申报其中一个。"),
    (Limits, "retire_men"): _("周岁；0 表示不核查。"),
    (Limits, "retire_women"): _("周岁；0 表示不核查。"),
    (Limits, "post_field"): _("表单中选择职务的栏目。"),
    (Limits, "retire_margin"): _("申报时距退休至少几年。"),
    (Limits, "barred_posts"): _("选择这些职务的不能申报。"),
    (Criterion, "floor_ratio"): _("平均分低于满分的这个比例时不能入选，如 0.6；不填表示不限。"),
    (Criterion, "core"): _("同分时先比核心指标。"),
    (Criterion, "step"): _("满分应为步长的整数倍。"),
    (Criterion, "group"): _("同名的评分项排在一个小标题下。"),
    (Stage, "working_days"): _("计划用几个工作日；申报环节按申报天数。"),
    (Stage, "guards"): _("进入下一步前自动核查的规则。"),
    (Stage, "title"): _("不填则用环节的通用名称。"),
    (Stage, "number_pattern"): _("如 津工创〔{year}〕{serial:04d}，{serial} 自动编号。"),
    (Stage, "document_pattern"): _("如 津工发〔{year}〕{serial}号。"),
    (Stage, "certificate_text"): _("可以写 {title}、{organisation}、{honour} 等，生成时自动替换。"),
    (Stage, "comment_below"): _("得分低于满分的这个比例时须写评语，如 0.6。"),
    (Stage, "trim_from"): _("评分的专家达到这个人数时，去掉最高、最低分。"),
    (Stage, "outlier_points"): _("与中位数相差超过这个分数时提醒复核。"),
    (Stage, "balance"): _("平衡分（标准分）只供参考，名次始终按总分和同分规则。"),
    (Stage, "meeting"): _("评委在各自屏幕上看当前议题并无记名投票；须回避的评委看不到。"),
    (MeetingParams, "quorum"): _("投票人数占应投票人数（不含回避的评委）。"),
    (MeetingParams, "majority"): _("同意票占实投票数；弃权也算投了票。"),
    (MeetingParams, "rounds"): _("一项议题最多投几轮，1 到 3；人数不足的一轮不算。"),
    (Stage, "codes"): _("裁判只见码、不见人：抽签的人保管密码表，按码录入、复核，两人解密。"),
    (CodesParams, "layers"): _("1 一次加密，2 二次加密；二次加密由另一人抽签。"),
    (CodesParams, "names"): _("每行一个，加密几次写几个，如“抽签号”“赛位号”；不写用“一次码、工位码”。"),
    (Stage, "shown_fields"): _("只能选标为“可公开”的字段。"),
    (Stage, "optional_levels"): _("有的单位没有这一级时跳过。"),
    (Stage, "caps"): _("每一级最多推荐几件；不填表示不限。"),
    (Stage, "notice_working_days"): _("推荐前在本级公示几个工作日（不少于 5）；不填表示不公示。"),
    (Stage, "handling_working_days"): _("每一级办理的期限。"),
    (Stage, "reply_working_days"): _("征求意见函写明的答复期限，自发函之日起算；制作函件时还可以改。"),
    (Allocation, "special"): _("个别工会的名额，每行一家，写“组织代码 = 名额”。"),
    (Texts, "consent"): _("所有同意书字段共用；个别字段可以另写。"),
    (None, "seal"): _("由谁盖章，如“基层工会”。"),
    (None, "body"): _("每行一段。可以写 {organisation}、{title}、{cycle}、{date} 或字段代码，生成时自动替换。"),
    (None, "signers"): _("每行一人，如“主要负责人”。"),
}
# Where the common word would be read wrongly on this page.
LABELS: Mapping[tuple[type | None, str], Any] = {
    (None, "name"): _("单位名称"),
    (None, "show_marks_after"): _("提交后可看其他专家的评分（不署名）"),
    (None, "source"): _("依据"),
    (FieldSpec, "blind"): _("匿名评审时隐去"),
    (FieldSpec, "unit"): _("计量单位"),
    (FieldSpec, "rows"): _("输入框高度（行）"),
    (FieldSpec, "minimum"): _("最小值"),
    (Stage, "title"): _("环节名称"),
    (Criterion, "help"): _("评分说明"),
    (Stage, "places"): _("名额"),
}
NOT_COMPARED = NOT_ANSWERED_TYPES | {FieldType.CONSENT, FieldType.VETOES}
DATES = frozenset({FieldType.DATE, FieldType.MONTH})


def help_of(cls: type, name: str) -> Any:
    return HELPS.get((cls, name)) or HELPS.get((None, name), "")


def label_of(name: str, cls: type | None = None) -> str:
    return str(LABELS.get((cls, name)) or LABELS.get((None, name)) or labels.key_in_words(name))


ADDED: Mapping[str, Any] = {
    "bands": _("增加档次"),
    "checks": _("增加审查事项"),
    "choices": _("增加选项"),
    "columns": _("增加一列"),
    "documents": _("增加文书"),
    "fields": _("增加字段"),
    "hosts": _("增加联合主办单位"),
    "items": _("增加一项"),
    "letters": _("增加一种函件"),
    "opinions": _("增加征求意见的部门"),
    "ratios": _("增加结构比例"),
    "row_rules": _("增加行间规则"),
    "rubric": _("增加评分项"),
    "sections": _("增加一部分"),
    "tracks": _("增加类别"),
    "vetoes": _("增加否决情形"),
}


ABOUT: Mapping[str, Any] = {
    "tracks": _("分类别评比时，每类写一行；不分类就空着。"),
    "ratios": _("对名单结构有要求时填写，如一线职工不少于几成；没有要求就空着。"),
    "vetoes": _("有其中一种情形就不能申报；填报人逐条确认没有。"),
    "documents": _("申报表、承诺书、汇总表等：平台按填报内容生成，下载后盖章上传。"),
    "hosts": _("与其他部门联合开展时每个部门写一行；约定的事项在开设届次后还可以调整。"),
    "letters": _("办理中要发出的函件，如给有关部门的征求意见函；不发函就空着。"),
    "sections": _("申报表从上到下的各个部分；按住左边的圆点拖动可以调整先后。"),
}


def about(path: str) -> Any:
    """One line on what a list is for; only lists that are a page of their own have it."""
    return ABOUT.get(path, "")


def add_label(name: str) -> Any:
    """Words of the button that adds to a list."""
    return ADDED.get(name) or _("增加一行")


def questions(definition: Data) -> Iterator[Data]:
    """All questions of the form in their order."""
    for section in definition.get("sections", ()):
        yield from section.get("fields", ())


def siblings(definition: Data, place: Place) -> list[Data]:
    """Questions that a condition on this page may refer to: those of the form, or the columns of the table."""
    head, bracket, _rest = place.path.rpartition(".columns[")
    if bracket:
        return list(value_at(definition, f"{head}.columns") or ())
    return list(questions(definition))


def _pairs(rows: Any) -> Options:
    return [(row.get("code", ""), f"{row.get('label') or row.get('title')}") for row in rows]


def _of_types(definition: Data, types: Any) -> Options:
    return _pairs(row for row in questions(definition) if row.get("type") in types)


def _with_columns(definition: Data) -> Options:
    found: Options = []
    for row in questions(definition):
        if row.get("type") in NOT_COMPARED:
            continue
        found.append((row["code"], row.get("label", "")))
        for column in row.get("columns", ()):
            found.append((f"{row['code']}.{column['code']}", f"{row.get('label', '')} · {column.get('label', '')}"))
    return found


def one_of(definition: Data, place: Place, name: str) -> Options | None:
    """What a text key may be, when that is a closed list; None for free text."""
    make = _ONE.get(name)
    return None if make is None else make(definition, place)


_ONE: Mapping[str, Callable[[Data, Place], Options]] = {
    "pillar": lambda _d, _p: [(code, str(pillar.title)) for code, pillar in registry.pillars.items()],
    "profile": lambda _d, _p: [(code, code) for code in registry.profiles],
    "prefill": lambda _d, _p: [(code, str(PREFILL_NAMES.get(code, code))) for code in sorted(PREFILL_KEYS)],
    "template": lambda d, _p: _pairs(d.get("documents", ())),
    "subject_field": lambda d, _p: _of_types(d, TEXT_TYPES),
    "amount_field": lambda d, _p: _of_types(d, {FieldType.MONEY}),
    "event_field": lambda d, _p: _of_types(d, {FieldType.DATE}),
    "post_field": lambda d, _p: _of_types(d, {FieldType.CHOICE, FieldType.MULTI_CHOICE}),
    "upload_field": lambda d, _p: _of_types(d, {FieldType.ATTACHMENT}),
    "not_before": lambda d, p: _pairs(row for row in siblings(d, p) if row.get("type") in DATES),
    "column": lambda _d, p: _pairs(p.data.get("columns", ())),
}
PREFILL_NAMES: Mapping[str, Any] = {
    "applicant.name": _("填报人姓名"),
    "applicant.phone": _("填报人电话"),
    "employer.above_scale": _("单位是否规模以上"),
    "employer.address": _("单位地址"),
    "employer.credit_code": _("单位统一社会信用代码"),
    "employer.economic_type": _("单位经济类型"),
    "employer.industry": _("单位所属行业"),
    "employer.name": _("单位名称"),
    "employer.size_class": _("单位规模划型"),
    "organisation.district": _("工会所在区"),
    "organisation.name": _("工会名称"),
}


def some_of(definition: Data, name: str) -> Options | None:
    """What a list of words may hold, when that is a closed list; None for free lines."""
    make = _SOME.get(name)
    return None if make is None else make(definition)


def _other_programmes(definition: Data) -> Options:
    """Programmes that the desk may see, beside the one that is being written, and those that the draft names already."""
    own = (definition.get("programme") or {}).get("code", "")
    rows = Programme.objects.exclude(code=own).order_by("pillar", "title").values_list("code", "title")
    limits = definition.get("limits") or {}
    named = [code for name in ("higher", "one_path") for code in limits.get(name) or ()]
    return list(({code: code for code in named} | dict(rows)).items())  # used by several unions, a code is named once


_SOME: Mapping[str, Callable[[Data], Options]] = {
    "accept": lambda _d: [(kind, kind.upper()) for kind in sorted(ATTACHMENT_KINDS)],
    "guards": lambda _d: [(guard.key, str(guard.label)) for guard in registry.guards.values()],
    "similarity_fields": _with_columns,
    "unique_fields": _with_columns,
    "shown_fields": lambda d: _pairs(row for row in questions(d) if row.get("public")),
    "columns": lambda d: _pairs(row for row in questions(d) if row.get("type") not in NOT_ANSWERED_TYPES),
    "higher": _other_programmes,
    "one_path": _other_programmes,
}


def values_of(question: Data) -> Options:
    """The answers that a condition may ask for."""
    if question.get("choices"):
        return [(row.get("value", ""), row.get("label", "")) for row in question["choices"]]
    if question.get("code_list") in CodeList.values:
        return [(str(value), str(label)) for value, label in code_choices(question["code_list"]) if value]
    return []

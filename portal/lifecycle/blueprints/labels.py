"""Chinese words for the keys of a definition: used where values await confirmation and where versions are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints import vocabulary as words
from portal.lifecycle.blueprints.editions import EditionPart, HostRight
from portal.lifecycle.blueprints.structure import join

KEYS: Mapping[str, Any] = {
    "allowed": _("允许下级工会举办"),
    "barred_posts": _("不参评的职务"),
    "edition": _("下级届次"),
    "event_field": _("发生日期字段"),
    "forward": _("入选项目向上推荐"),
    "free": _("由下级决定的部分"),
    "higher": _("更高荣誉的项目"),
    "higher_years": _("更高荣誉限制年数"),
    "hosts": _("联合主办单位"),
    "letters": _("函件文字"),
    "event": _("告知事项"),
    "heading": _("标题"),
    "levels": _("可举办的层级"),
    "limits": _("申报限制"),
    "locked": _("由上级锁定的部分"),
    "one_path": _("每年只报其一的项目"),
    "post_field": _("职务字段"),
    "retire_margin": _("距退休年数"),
    "retire_men": _("退休年龄（男）"),
    "retire_women": _("退休年龄（女）"),
    "rights": _("权限"),
    "balance": _("平衡分的用途"),
    "majority": _("通过要求"),
    "meeting": _("评审会"),
    "quorum": _("到会人数要求"),
    "rounds": _("最多投票轮次"),
    "address_cap": _("同一网络地址每小时票数上限"),
    "bonus": _("加分部分"),
    "bonus_cap": _("加分上限"),
    "checklist": _("考核表"),
    "codes": _("抽签加密"),
    "evidence": _("须附证明"),
    "items": _("内容"),
    "layers": _("加密次数"),
    "names": _("各次码的名称"),
    "min_share": _("最低得分比例"),
    "minimum_visitors": _("考察人数下限"),
    "minutes": _("展示分钟数"),
    "mode": _("计分方式"),
    "photos_min": _("照片张数下限"),
    "points": _("分值"),
    "presentation": _("现场展示"),
    "questions_minutes": _("答问分钟数"),
    "self_mark": _("申报单位自评"),
    "self_minimum": _("自评最低分"),
    "veto": _("一票否决"),
    "visit": _("实地考察"),
    "vote": _("投票"),
    "votes_per_person": _("每人票数"),
    "accept": _("可上传格式"),
    "allocation": _("名额分配"),
    "anonymous_objections": _("接受匿名异议"),
    "applies": _("核查环节"),
    "approval_body": _("决定机构"),
    "amount_cap": _("单项补助上限（元）"),
    "amount_field": _("申请金额字段"),
    "approval": _("批准"),
    "at_least": _("不低于"),
    "at_most": _("不高于"),
    "audience": _("由谁出具"),
    "awaited": _("须等其意见方可继续"),
    "bands": _("评分档次"),
    "bar_years": _("限制年数"),
    "basis": _("依据"),
    "blind": _("匿名评审"),
    "body": _("正文"),
    "budget": _("预算（元）"),
    "cadence": _("周期"),
    "call": _("征集说明"),
    "cap_per_employer": _("每个用人单位入选上限"),
    "cap_per_nominating": _("每个推荐单位入选上限"),
    "caps": _("各级推荐名额上限"),
    "cash_allowed": _("可发奖金"),
    "certificate_text": _("证书文字"),
    "checks": _("审查事项"),
    "choices": _("选项"),
    "class": _("荣誉类别"),
    "closes_at": _("截止时刻"),
    "code": _("代码"),
    "code_list": _("代码表"),
    "column": _("列"),
    "columns": _("列"),
    "comment_below": _("须写评语的得分比例"),
    "comment_max": _("评语字数"),
    "conflicts": _("回避规则"),
    "consent": _("同意公开的条款"),
    "contact": _("联系方式"),
    "core": _("核心指标"),
    "counter": _("全年合并计数"),
    "cycle_start": _("启动日期"),
    "base": _("占谁的比例"),
    "base_title": _("占谁的比例（名称）"),
    "days": _("申报天数"),
    "decimals": _("小数位数"),
    "decision_intro": _("命名决定引言"),
    "definition": _("口径"),
    "department": _("部门"),
    "description": _("档次说明"),
    "document": _("文号"),
    "document_pattern": _("决定文号格式"),
    "documents": _("文书"),
    "eligibility": _("申报条件"),
    "enforce": _("不达标时"),
    "equals": _("等于"),
    "every_years": _("间隔年数"),
    "experts_per_entry": _("每件评审专家数"),
    "field": _("字段"),
    "fields": _("字段"),
    "filled": _("已填写"),
    "first_year": _("首届年份"),
    "floor_ratio": _("最低得分比例"),
    "form": _("征求意见表"),
    "forms": _("颁发形式"),
    "grace_minutes": _("截止宽限分钟数"),
    "group": _("评分部分"),
    "guards": _("附加条件"),
    "guide": _("填报说明"),
    "handling_working_days": _("各级办理工作日"),
    "help": _("说明"),
    "honour": _("荣誉"),
    "in": _("属于"),
    "is_true": _("为是"),
    "issuer": _("颁发机构"),
    "kind": _("种类"),
    "label": _("名称"),
    "legal_basis": _("设立依据"),
    "level": _("层级"),
    "max_choices": _("最多选几项"),
    "max_files": _("最多文件数"),
    "max_length": _("最多字数"),
    "max_mb": _("单个文件上限（MB）"),
    "max_per_person": _("每人申报上限"),
    "max_per_unit": _("每单位申报上限"),
    "max_rows": _("最多行数"),
    "max_score": _("满分"),
    "maximum": _("最大值"),
    "members_per_place": _("每名额对应会员数"),
    "message": _("提示文字"),
    "method": _("评审方式"),
    "min_length": _("最少字数"),
    "min_rows": _("最少行数"),
    "min_score": _("入选最低分"),
    "minimum": _("最小值"),
    "months": _("展示月数"),
    "not_before": _("不得早于"),
    "not_future": _("不得晚于当天"),
    "notice_intro": _("公示引言"),
    "notice_working_days": _("各级公示工作日"),
    "number_pattern": _("证书编号格式"),
    "objection_ruling_working_days": _("异议答复工作日"),
    "opinion_max": _("推荐意见字数"),
    "opinions": _("征求意见"),
    "optional_levels": _("可省略的层级"),
    "outlier_points": _("离群提醒分差"),
    "pattern": _("格式"),
    "pattern_message": _("格式提示"),
    "pillar": _("板块"),
    "placeholder": _("示例"),
    "places": _("名额"),
    "prefill": _("自动带入"),
    "profile": _("扩展资料"),
    "programme": _("项目"),
    "public": _("可公开"),
    "publish_as": _("公开名称"),
    "ranked": _("排序推荐"),
    "ratios": _("结构比例"),
    "repeat_years": _("重复申报限制年数"),
    "reply_working_days": _("部门答复工作日"),
    "required": _("必填"),
    "required_when": _("必填条件"),
    "requires_consent": _("须经同意"),
    "reserves": _("递补名额"),
    "return_days": _("补正天数"),
    "route": _("推荐路径"),
    "row_rules": _("行间规则"),
    "rows": _("显示行数"),
    "rubric": _("评分表"),
    "rule": _("规则"),
    "schema": _("格式版本"),
    "seal": _("盖章"),
    "sections": _("表单分区"),
    "short_title": _("简称"),
    "shown_fields": _("公开字段"),
    "signers": _("签名"),
    "similarity_fields": _("查重字段"),
    "similarity_flag": _("查重提示线（%）"),
    "special": _("单列名额"),
    "stages": _("环节"),
    "step": _("打分步长"),
    "subject": _("对象"),
    "subject_field": _("申报件名称取自"),
    "summary": _("简介"),
    "team_max": _("团队人数上限"),
    "template": _("模板"),
    "text": _("文字"),
    "texts": _("文字说明"),
    "ties": _("同分处理"),
    "title": _("名称"),
    "total": _("合计"),
    "tracks": _("类别"),
    "trigger_fields": _("授予缘由字段"),
    "trim_each": _("每端去掉个数"),
    "trim_from": _("去高低分起始人数"),
    "type": _("类型"),
    "unique_fields": _("不得重复的字段"),
    "unit": _("单位"),
    "upload_field": _("上传到"),
    "validity_years": _("有效年数"),
    "value": _("值"),
    "vetoes": _("否决情形"),
    "visible_when": _("显示条件"),
    "weight": _("权重"),
    "when": _("适用条件"),
    "width": _("宽度"),
    "wording": _("用语"),
    "working_days": _("工作日"),
    "yearly_places": _("全年名额"),
}

_KEYS_BELOW: Mapping[tuple[str, str], Any] = {
    ("checklist", "sections"): _("考核部分"),
    ("sections", "items"): _("考核项"),
    ("visit", "items"): _("考察内容"),
    ("vote", "audience"): _("由谁投票"),
    ("vote", "days"): _("投票天数"),
}
"""Keys that mean something else below a certain other key."""

_ENUMS_BY_KEY: Mapping[str, Any] = {
    "cadence": words.CadenceKind,
    "subject": words.SubjectKind,
    "class": words.HonourClass,
    "forms": words.HonourForm,
    "route": words.RouteLevel,
    "optional_levels": words.RouteLevel,
    "level": words.RouteLevel,
    "audience": words.RouteLevel,
    "method": words.ReviewMethod,
    "mode": words.ItemMode,
    "ties": words.TieBreak,
    "conflicts": words.ConflictRule,
    "type": words.FieldType,
    "code_list": words.CodeList,
    "enforce": words.RatioAction,
    "applies": words.RatioScope,
    "form": words.OpinionForm,
    "width": words.Width,
    "locked": EditionPart,
    "free": EditionPart,
    "levels": words.RouteLevel,
    "rights": HostRight,
}
_BY_CONTEXT: Mapping[str, Any] = {
    "stages": words.StageKind,
    "documents": words.DocumentKind,
    "row_rules": words.RowRuleKind,
    "honour": words.HonourKind,
    "allocation": words.AllocationRule,
}
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def split_path(path: str) -> list[str | int]:
    """``stages[3].rubric[1].weight`` → ["stages", 3, "rubric", 1, "weight"]."""
    return [int(index) if index else name for name, index in _PART.findall(path)]


def name_of(item: Any, default: str = "") -> str:
    """What people call an item of a list: its title, label or text, else its code."""
    if isinstance(item, Mapping):
        for key in ("title", "label", "text", "department", "path", "name"):
            if item.get(key):
                return str(item[key])
        if "kind" in item and item["kind"] in words.StageKind.values:
            return str(words.StageKind(item["kind"]).label)
        return str(item.get("code", default))
    return default if item is None else str(item)


def key_in_words(key: str, below: str = "") -> str:
    """``below`` is the key that holds this one: days of a vote are not days of an application."""
    if (below, key) in _KEYS_BELOW:
        return str(_KEYS_BELOW[below, key])
    if key in words.RouteLevel.values:
        return str(words.RouteLevel(key).label)
    return str(KEYS.get(key, key))


def path_in_words(definition: Mapping[str, Any], path: str) -> str:
    """``stages[1].caps.district`` → 环节“逐级推荐” · 各级推荐名额上限 · 区总工会…"""
    parts: list[str] = []
    here: Any = definition
    below = ""
    for part in split_path(path):
        if isinstance(part, int):
            here = here[part] if isinstance(here, list | tuple) and part < len(here) else None
            parts[-1] += f"“{name_of(here, str(part + 1))}”"
        else:
            here = here.get(part) if isinstance(here, Mapping) else None
            parts.append(key_in_words(part, below))
            below = part
    return " · ".join(parts)


def value_in_words(value: Any, path: str = "") -> str:
    """A value as people read it: 是/否, labels instead of codes, lists joined."""
    if isinstance(value, bool):
        return str(_("是")) if value else str(_("否"))
    if value is None or value == "":
        return str(_("（无）"))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list | tuple):
        return "、".join(value_in_words(item, path) for item in value) or str(_("（无）"))
    if isinstance(value, Mapping):
        named = name_of(value)
        return named or "，".join(
            f"{key_in_words(key)} {value_in_words(item, join(path, key))}" for key, item in value.items()
        )
    return _enum_label(str(value), path)


def _day_of_the_year(value: str) -> str:
    """``01-04`` → 1月4日; what is no such day (a draft may hold anything) stays as it was typed."""
    month, dash, day = value.partition("-")
    return f"{int(month)}月{int(day)}日" if dash and month.isdigit() and day.isdigit() else value


def _enum_label(value: str, path: str) -> str:
    names = [part for part in split_path(path) if isinstance(part, str)]
    if names[-1:] == ["cycle_start"]:
        return _day_of_the_year(value)
    vocabulary = _ENUMS_BY_KEY.get(names[-1]) if names else None
    if names[-2:] == ["vote", "audience"]:
        vocabulary = words.VoteAudience
    if vocabulary is None and len(names) >= 2 and names[-1] in {"kind", "rule"}:
        vocabulary = _BY_CONTEXT.get(names[-2]) if names[-1] == "kind" or names[-2] == "allocation" else None
        if vocabulary is None and names[-1] == "rule":
            vocabulary = words.SelectionRule
    if vocabulary is not None and value in vocabulary.values:
        return str(vocabulary(value).label)
    return value

"""A small blueprint definition that uses every field type and every stage kind; tests change single values of it."""

from __future__ import annotations

import copy
from typing import Any

from portal.lifecycle.blueprints.labels import split_path
from portal.lifecycle.blueprints.loader import from_definition
from portal.lifecycle.blueprints.schema import Blueprint

BANDS = [
    {"minimum": 0, "maximum": "29.5", "label": "差", "description": "不足"},
    {"minimum": 30, "maximum": 50, "label": "好", "description": "突出"},
]

DEFINITION: dict[str, Any] = {
    "schema": 1,
    "programme": {
        "code": "sample",
        "pillar": "innovations",
        "title": "示例评选",
        "cadence": "annual",
        "first_year": 2021,
        "cycle_start": "03-01",
        "subject": "work",
        "subject_field": "title",
    },
    "honour": {"title": "示例成果", "class": "naming", "forms": ["certificate"]},
    "texts": {"consent": "同意公开姓名和成果名称。", "guide": "如实填写。"},
    "checks": {"similarity_fields": ["title", "body"], "unique_fields": ["rights.number"]},
    "tracks": [{"code": "a", "title": "甲类"}, {"code": "b", "title": "乙类"}],
    "ratios": [
        {"code": "front", "title": "一线", "at_least": 60, "when": {"field": "kind", "in": ["small", "large"]}},
    ],
    "vetoes": [
        {"code": "secret", "text": "涉及国家秘密", "bar_years": 0},
        {"code": "dispute", "text": "存在争议", "bar_years": 3},
    ],
    "documents": [
        {"code": "form", "title": "示例申报表", "kind": "application_form", "upload_field": "scan"},
        {"code": "letter", "title": "承诺书", "kind": "letter", "body": ["天津市总工会：", "成果“{title}”真实。"]},
        {"code": "summary", "title": "汇总表", "kind": "summary", "columns": ["title", "people"]},
    ],
    "sections": [
        {
            "code": "main",
            "title": "基本情况",
            "help": "逐项填写。",
            "fields": [
                {"code": "title", "type": "text", "label": "名称", "required": True, "max_length": 20, "public": True},
                {
                    "code": "kind",
                    "type": "choice",
                    "label": "类别",
                    "required": True,
                    "public": True,
                    "choices": [{"value": "small", "label": "小"}, {"value": "large", "label": "大"}],
                },
                {
                    "code": "tags",
                    "type": "multi_choice",
                    "label": "标签",
                    "max_choices": 2,
                    "choices": [{"value": v, "label": v.upper()} for v in ("x", "y", "z")],
                },
                {"code": "body", "type": "long_text", "label": "内容", "min_length": 5, "max_length": 50},
                {"code": "count", "type": "integer", "label": "数量", "unit": "家", "minimum": 1, "maximum": 100},
                {"code": "weight", "type": "decimal", "label": "重量", "unit": "吨", "decimals": 2},
                {"code": "money", "type": "money", "label": "金额"},
                {"code": "rate", "type": "percent", "label": "比例", "maximum": 100},
                {"code": "since", "type": "date", "label": "起始", "not_future": True},
                {"code": "until", "type": "date", "label": "截止", "not_before": "since"},
                {"code": "month", "type": "month", "label": "年月"},
                {"code": "big", "type": "boolean", "label": "是否大型"},
                {
                    "code": "why",
                    "type": "text",
                    "label": "大型原因",
                    "visible_when": {"field": "big", "is_true": True},
                    "required_when": {"field": "big", "is_true": True},
                },
                {"code": "sex", "type": "code", "code_list": "sex", "label": "性别"},
            ],
        },
        {
            "code": "people",
            "title": "人员",
            "fields": [
                {"code": "intro", "type": "statement", "label": "说明", "text": "按贡献排序。"},
                {"code": "id_number", "type": "person_id_number", "label": "身份证号"},
                {"code": "phone", "type": "phone", "label": "电话", "blind": True, "prefill": "applicant.phone"},
                {"code": "email", "type": "email", "label": "邮箱"},
                {"code": "credit", "type": "credit_code", "label": "信用代码"},
                {"code": "unit", "type": "employer", "label": "单位", "blind": True, "prefill": "employer.name"},
                {"code": "union", "type": "organisation", "label": "工会", "prefill": "organisation.name"},
                {
                    "code": "people",
                    "type": "table",
                    "label": "完成人",
                    "required": True,
                    "public": True,
                    "min_rows": 1,
                    "max_rows": 3,
                    "columns": [
                        {"code": "name", "type": "text", "label": "姓名", "required": True, "public": True},
                        {"code": "number", "type": "person_id_number", "label": "身份证号"},
                        {"code": "share", "type": "percent", "label": "贡献率", "required": True},
                        {"code": "front", "type": "boolean", "label": "一线"},
                    ],
                    "row_rules": [{"kind": "sum", "column": "share", "total": 100}],
                },
                {
                    "code": "rights",
                    "type": "table",
                    "label": "专利",
                    "max_rows": 5,
                    "visible_when": {"field": "kind", "equals": "large"},
                    "columns": [{"code": "number", "type": "text", "label": "专利号", "required": True}],
                    "row_rules": [{"kind": "unique", "column": "number"}],
                },
            ],
        },
        {
            "code": "end",
            "title": "附件与声明",
            "fields": [
                {
                    "code": "scan",
                    "type": "attachment",
                    "label": "盖章件",
                    "required": True,
                    "accept": ["pdf"],
                    "max_mb": 5,
                    "max_files": 2,
                    "template": "form",
                },
                {"code": "vetoes", "type": "vetoes", "label": "否决情形", "required": True},
                {"code": "consent", "type": "consent", "label": "同意公开", "required": True},
            ],
        },
    ],
    "stages": [
        {"kind": "application", "days": 30},
        {
            "kind": "recommendation",
            "route": ["grassroots", "subdistrict", "district"],
            "optional_levels": ["subdistrict"],
            "ranked": True,
            "caps": {"district": 5},
            "reserves": {"district": 1},
            "notice_working_days": {"grassroots": 5},
            "handling_working_days": {"grassroots": 3, "district": 4},
            "allocation": {"rule": "by_members", "level": "district", "members_per_place": 1000, "maximum": 6},
        },
        {"kind": "clearance", "working_days": 5, "checks": [{"code": "ok", "title": "符合条件"}]},
        {
            "kind": "review",
            "working_days": 10,
            "blind": True,
            "ties": ["core_criterion", "untrimmed_median"],
            "rubric": [
                {"code": "new", "title": "创新", "weight": 50, "max_score": 50, "core": True, "bands": BANDS},
                {"code": "use", "title": "实用", "weight": 50, "max_score": 50, "floor_ratio": "0.6", "bands": BANDS},
            ],
        },
        {"kind": "selection", "working_days": 5, "rule": "places", "places": 3, "reserves": 1},
        {"kind": "notice", "working_days": 5, "shown_fields": ["title", "people"]},
        {
            "kind": "conferral",
            "working_days": 5,
            "number_pattern": "津工例〔{year}〕{serial:04d}",
            "certificate_text": "“{title}”被命名为{honour}。",
        },
        {"kind": "showcase", "shown_fields": ["title"]},
    ],
}

GONE = object()
"""As a value: take the key away."""


def changed(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The definition with single values set by path, e.g. ``{"stages[0].days": 0, "honour.class": GONE}``."""
    definition = copy.deepcopy(DEFINITION)
    for path, value in (changes or {}).items():
        *way, last = split_path(path)
        here: Any = definition
        for part in way:
            here = here.setdefault(part, {}) if isinstance(here, dict) else here[part]
        if value is GONE:
            del here[last]
        elif isinstance(here, list) and last == len(here):
            here.append(value)
        else:
            here[last] = value
    return definition


def blueprint(changes: dict[str, Any] | None = None) -> Blueprint:
    return from_definition(changed(changes))


ANSWERS: dict[str, Any] = {
    "title": "自动除锈装置",
    "kind": "small",
    "tags": ["x"],
    "body": "这是内容说明。",
    "count": 3,
    "weight": "1.25",
    "money": "1234.50",
    "rate": "12.5",
    "since": "2025-01-01",
    "until": "2025-02-01",
    "month": "2025-03",
    "big": False,
    "sex": "1",
    "id_number": "120199199001010012",
    "phone": "19900000001",
    "email": "a@example.cn",
    "credit": "91120116MA00000A97",
    "unit": "示例公司",
    "union": "示例公司工会",
    "people": [
        {"name": "张三", "number": "120199199001010012", "share": "60", "front": True},
        {"name": "李四", "number": "120199198512310020", "share": "40", "front": None},
    ],
    "vetoes": ["secret", "dispute"],
    "consent": True,
}
"""Complete and valid for ``DEFINITION`` (with one file in ``scan``)."""

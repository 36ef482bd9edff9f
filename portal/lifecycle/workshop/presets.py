"""What is put in when something is added: complete enough to be valid, plain enough to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.labels import key_in_words
from portal.lifecycle.blueprints.letters import DEFAULTS, LetterEvent, LetterSpec
from portal.lifecycle.blueprints.review_blocks import Band, Criterion
from portal.lifecycle.blueprints.schema import (
    Choice,
    DocumentSpec,
    FieldSpec,
    Provenance,
    Ratio,
    RowRule,
    Section,
    Track,
    Veto,
)
from portal.lifecycle.blueprints.stages import ClearanceCheck, OpinionRequest
from portal.lifecycle.blueprints.vocabulary import (
    CadenceKind,
    FieldType,
    HonourClass,
    StageKind,
    SubjectKind,
)
from portal.lifecycle.workshop.pieces import Key, keys_of, value_at

DEFAULT_SOURCE = "系统缺省值"
Data = dict[str, Any]


def needed_by(field_type: str) -> Data:
    """What a question of this type cannot do without."""
    two = [{"value": "a", "label": _("选项一")}, {"value": "b", "label": _("选项二")}]
    column = {"code": "name", "type": "text", "label": _("名称"), "max_length": 60}
    needs: Mapping[str, Data] = {
        FieldType.LONG_TEXT: {"max_length": 1000},
        FieldType.CHOICE: {"choices": two},
        FieldType.MULTI_CHOICE: {"choices": two},
        FieldType.CODE: {"code_list": "district"},
        FieldType.TABLE: {"columns": [column], "max_rows": 10},
        FieldType.ATTACHMENT: {"accept": ["pdf", "jpg", "jpeg", "png"], "max_mb": 10, "max_files": 3},
        FieldType.STATEMENT: {"text": _("说明文字")},
        FieldType.CONSENT: {"text": _("我同意在公示、公告中公开所填写的单位、名称等信息。")},
    }
    return dict(needs.get(field_type, {}))


def _codes(definition: Mapping[str, Any], full: str, key: str) -> set[str]:
    """Codes that are taken: for questions those of the whole form, else those of the list."""
    if full.startswith("sections") and full.endswith(".fields"):
        return {field.get("code", "") for s in definition.get("sections", ()) for field in s.get("fields", ())}
    return {str(item.get(key, "")) for item in value_at(definition, full) or ()}


def free_code(definition: Mapping[str, Any], full: str, stem: str, key: str = "code") -> str:
    """The first of ``stem1``, ``stem2`` … that nobody has."""
    taken = _codes(definition, full, key)
    return next(f"{stem}{n}" for n in range(1, len(taken) + 2) if f"{stem}{n}" not in taken)


def new_item(cls: type, definition: Mapping[str, Any], full: str, preset: str = "") -> Data:
    """A new item of the list at ``full``; ``preset`` is the type of a new question or column."""
    number = len(value_at(definition, full) or ()) + 1
    stem = {FieldSpec: "q", Section: "part", Criterion: "k", Track: "track", Veto: "veto", DocumentSpec: "paper"}
    code = free_code(definition, full, stem.get(cls, "item"))
    if cls is FieldSpec:
        kind = preset if preset in FieldType.values else FieldType.TEXT
        length = {"max_length": 60} if kind == FieldType.TEXT else {}
        return {"code": code, "type": str(kind), "label": _("新字段")} | length | needed_by(kind)
    made = _KNOWN.get(cls)
    if made is not None:
        return made(code, number)
    return {key.name: _blank(key, code, number) for key in keys_of(cls, {}) if key.required}


def _choice(code: str, number: int) -> Data:
    return {"value": f"c{number}", "label": _("选项%s") % number}


def _section(code: str, number: int) -> Data:
    text = {"code": f"{code}_text", "type": "long_text", "label": _("情况说明"), "max_length": 1000}
    return {"code": code, "title": _("新的部分"), "fields": [text]}


def criterion(code: str, number: int, *, title: str = "", weight: str = "20") -> Data:
    """A criterion of 100 marks with three bands that follow each other without a gap."""
    bands = [
        {"minimum": "80", "maximum": "100", "label": _("好"), "description": _("做得好，效果明显。")},
        {"minimum": "60", "maximum": "79.5", "label": _("较好"), "description": _("达到要求，有一定效果。")},
        {"minimum": "0", "maximum": "59.5", "label": _("一般"), "description": _("没有达到要求。")},
    ]
    return {
        "code": code,
        "title": title or _("评分项%s") % number,
        "weight": weight,
        "max_score": "100",
        "core": False,
        "step": "0.5",
        "bands": bands,
    }


def _letter(code: str, number: int) -> Data:
    """The next event with the usual words, to be changed."""
    event = LetterEvent.values[min(number, len(LetterEvent.values)) - 1]
    return {"event": event, "heading": DEFAULTS[event].heading, "body": DEFAULTS[event].body}


_KNOWN: Mapping[type, Any] = {
    Choice: _choice,
    Section: _section,
    Criterion: criterion,
    Track: lambda code, number: {"code": code, "title": _("类别%s") % number},
    Veto: lambda code, number: {"code": code, "text": _("出现重大责任事故的"), "bar_years": 0},
    Ratio: lambda code, number: {
        "code": f"ratio{number}",
        "title": _("结构比例%s") % number,
        "when": {"field": "", "filled": True},
        "at_least": "30",
    },
    DocumentSpec: lambda code, number: {
        "code": code,
        "title": _("推荐意见书"),
        "kind": "letter",
        "audience": "grassroots",
        "body": [_("经研究，同意推荐“{title}”参加评选。")],
    },
    RowRule: lambda code, number: {"kind": "unique", "column": ""},
    Band: lambda code, number: {"minimum": "0", "maximum": "0", "label": _("新档次"), "description": ""},
    ClearanceCheck: lambda code, number: {"code": f"check{number}", "title": _("符合申报条件")},
    OpinionRequest: lambda code, number: {"department": _("部门名称"), "form": "enterprise"},
    Provenance: lambda code, number: {"path": ""},
    LetterSpec: _letter,
}


def _blank(key: Key, code: str, number: int) -> Any:
    """A first value for a required key of a class that the workshop does not know by name."""
    if key.is_enum:
        return next(iter(key.inner)).value
    if key.name == "code":
        return code
    if key.origin is tuple:
        return []
    if key.inner is bool:
        return False
    if key.inner is str:
        return f"{key_in_words(key.name)}{number}"
    return 1 if key.inner is int else "1"


# --- stages ----------------------------------------------------------------------------------------------
ROUTE = ["grassroots", "subdistrict", "district"]


def new_stage(kind: str) -> Data:
    """A stage with usual values (domain.md 0–13; all of them await the federation's word)."""
    values: Mapping[str, Data] = {
        StageKind.APPLICATION: {"days": 30, "grace_minutes": 30, "closes_at": "17:00"},
        StageKind.RECOMMENDATION: {
            "route": list(ROUTE),
            "optional_levels": ["subdistrict"],
            "return_days": 5,
            "handling_working_days": dict.fromkeys(ROUTE, 5),
        },
        StageKind.CLEARANCE: {
            "working_days": 10,
            "reply_working_days": 10,
            "checks": [{"code": "eligible", "title": _("符合申报条件，材料真实、完整")}],
        },
        StageKind.REVIEW: {
            "working_days": 15,
            "method": "rubric_panel",
            "experts_per_entry": 3,
            "rubric": [
                criterion("value", 1, title=_("创新与成效"), weight="60") | {"core": True},
                criterion("spread", 2, title=_("推广价值"), weight="40"),
            ],
            "ties": ["core_criterion", "submitted_first"],
            "conflicts": ["same_unit", "declared"],
        },
        StageKind.SELECTION: {
            "working_days": 5,
            "rule": "places",
            "places": 10,
            "approval_body": _("市总工会主席办公会"),
        },
        StageKind.NOTICE: {"working_days": 5, "objection_ruling_working_days": 10},
        StageKind.CONFERRAL: {
            "working_days": 5,
            "number_pattern": "津工〔{year}〕{serial:04d}",
            "document_pattern": "津工发〔{year}〕{serial}号",
            "issuer": _("天津市总工会"),
        },
        StageKind.SHOWCASE: {"working_days": 5},
    }
    return {"kind": str(kind)} | values.get(kind, {})


SUBJECT_NAMES: Mapping[str, tuple[str, str]] = {
    SubjectKind.PERSON: ("name", "姓名"),
    SubjectKind.TEAM: ("team_name", "班组（团队）名称"),
    SubjectKind.UNIT: ("unit_name", "单位名称"),
    SubjectKind.PROJECT: ("project_name", "工程项目名称"),
    SubjectKind.WORK: ("work_title", "成果名称"),
}


def skeleton(*, code: str, pillar: str, title: str, subject: str, cadence: str, year: int) -> Data:
    """A small valid definition: one part of the form, application, recommendation, review, selection, notice, naming."""
    name, label = SUBJECT_NAMES[subject]
    rhythm: Data = {}
    if cadence in {CadenceKind.ANNUAL, CadenceKind.EVERY_YEARS}:
        rhythm = {"first_year": year, "cycle_start": "03-01"}
    if cadence == CadenceKind.EVERY_YEARS:
        rhythm["every_years"] = 2
    kinds = ("application", "recommendation", "review", "selection", "notice", "conferral")
    stages = [new_stage(kind) for kind in kinds]
    info = {"code": code, "pillar": pillar, "title": title, "cadence": cadence, "subject": subject} | rhythm
    return {
        "schema": 1,
        "programme": info | {"subject_field": name},
        "honour": {
            "title": title,
            "class": str(HonourClass.NAMING),
            "kind": "honour",
            "forms": ["electronic_certificate"],
        },
        "sections": [_first_section(name, label)],
        "stages": stages,
        "provenance": [_awaiting(f"stages[{index}]", stage) for index, stage in enumerate(stages)],
    }


def _first_section(name: str, label: str) -> Data:
    return {
        "code": "basic",
        "title": _("一、基本情况"),
        "fields": [
            {"code": name, "type": "text", "label": label, "required": True, "max_length": 60, "public": True},
            {
                "code": "summary",
                "type": "long_text",
                "label": _("主要事迹（内容）"),
                "required": True,
                "max_length": 2000,
            },
            {"code": "consent", "type": "consent", "label": _("同意公示和公开"), "required": True}
            | needed_by(FieldType.CONSENT),
        ],
    }


def _awaiting(path: str, stage: Mapping[str, Any]) -> Data:
    label = str(StageKind(stage["kind"]).label)
    return {
        "path": path,
        "value": label,
        "source": DEFAULT_SOURCE,
        "note": "",
        "confirm": True,
        "label": f"{key_in_words('stages')}“{label}”",
    }

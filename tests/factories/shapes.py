"""One small programme of each shape: what changes against the small blueprint is all that stands here."""

from __future__ import annotations

from typing import Any

from tests.factories.checklists import CHECKLIST
from tests.factories.programmes import small_definition

CONTEST_RUBRIC = [
    {"code": "theory", "title": "理论", "weight": 30, "max_score": 100, "step": "0.01"},
    {"code": "practice", "title": "实操", "weight": 70, "max_score": 100, "step": "0.01", "core": True},
]
ASKED = {"code": "asked", "type": "money", "label": "申请补助金额", "required": True, "public": True}
CONTEST = {"review": {"method": "imported_marks", "experts_per_entry": 1, "rubric": CONTEST_RUBRIC}}
STEPS = {
    "review": {
        "method": "checklist",
        "rubric": [],
        "experts_per_entry": 1,
        "checklist": CHECKLIST,
        "visit": {"items": [{"code": "site", "title": "现场管理"}]},
        "presentation": {"minutes": 8},
        "vote": {"days": 7},
    }
}
BATCH = {"selection": {"rule": "batch", "places": None, "reserves": 0}}
NO_HONOUR = {"title": "", "class": "naming"}


def _with_money(definition: dict[str, Any]) -> dict[str, Any]:
    definition["sections"][0]["fields"].insert(2, ASKED)
    return definition


def _showcase(definition: dict[str, Any]) -> dict[str, Any]:
    consent = next(spec for spec in definition["sections"][0]["fields"] if spec["code"] == "consent")
    definition["texts"] = {"consent": consent.pop("text")}  # the programme's own text: what publication rests on
    definition["stages"].append({"kind": "showcase", "working_days": 5, "shown_fields": ["work_title"]})
    return definition


def shape(name: str) -> dict[str, Any]:
    """The definition of the programme shape ``name``."""
    make = {
        "contest": lambda: small_definition(programme={"code": "shape-contest"}, stages=CONTEST),
        "threshold": lambda: small_definition(
            programme={"code": "shape-threshold"},
            stages={"selection": {"rule": "threshold", "places": None, "reserves": 0, "min_score": 80}},
        ),
        "checklist": lambda: small_definition(programme={"code": "shape-checklist"}, stages=STEPS),
        "batch": lambda: small_definition(programme={"code": "shape-batch"}, stages=BATCH),
        "batch_without_review": lambda: small_definition(
            programme={"code": "shape-instant"},
            stages={"review": None, "selection": {"rule": "batch", "places": 2, "reserves": 0}},
        ),
        "batch_at_once": lambda: small_definition(
            programme={"code": "shape-at-once"},
            stages=BATCH | {"review": None, "recommendation": None, "clearance": None, "notice": None},
        ),
        "grant": lambda: _with_money(
            small_definition(
                programme={"code": "shape-grant"},
                honour={"title": "创新补助", "class": "naming", "kind": "grant", "cash_allowed": True},
                stages={
                    "selection": {
                        "rule": "budget", "places": None, "reserves": 0, "budget": 100000, "amount_field": "asked",
                        "amount_cap": 50000,
                    },
                    "conferral": {"number_pattern": "", "certificate_text": ""},
                },
            )
        ),
        "participation": lambda: small_definition(
            programme={"code": "shape-participation"},
            honour=NO_HONOUR,
            stages={"clearance": None, "review": None, "selection": None, "notice": None, "conferral": None},
        ),
        "showcase": lambda: _showcase(
            small_definition(
                programme={"code": "shape-showcase"},
                honour=NO_HONOUR,
                stages={"clearance": None, "review": None, "selection": None, "notice": None, "conferral": None},
            )
        ),
    }  # fmt: skip
    return make[name]()


SHAPES = (
    "contest",
    "threshold",
    "batch",
    "batch_without_review",
    "batch_at_once",
    "grant",
    "participation",
    "showcase",
)

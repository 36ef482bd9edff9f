"""A small checklist: two sections (one with a least share and a deduction), a bonus, a veto."""

from __future__ import annotations

from typing import Any

CHECKLIST: dict[str, Any] = {
    "self_mark": True,
    "self_minimum": 80,
    "bonus_cap": 4,
    "sections": [
        {
            "code": "lead",
            "title": "组织领导",
            "min_share": "0.8",
            "items": [
                {"code": "lead.chair", "title": "主要负责人任组委会主任", "points": 30, "evidence": True},
                {"code": "lead.plan", "title": "活动计划", "points": 10, "mode": "deduct", "help": "每缺一项扣 2 分。"},
            ],
        },
        {
            "code": "safety",
            "title": "安全管理",
            "items": [{"code": "safety.rules", "title": "制度健全", "points": 60, "step": 1}],
        },
        {
            "code": "extra",
            "title": "加分",
            "bonus": True,
            "items": [
                {"code": "extra.video", "title": "班组成果微视频", "points": 3},
                {"code": "extra.paper", "title": "征文", "points": 3},
            ],
        },
        {
            "code": "bars",
            "title": "一票否决",
            "items": [{"code": "bars.none", "title": "全年未开展竞赛活动", "veto": True}],
        },
    ],
}

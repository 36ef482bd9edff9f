"""Small but complete blueprints, and cycles opened from them through the domain."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.dates import local_datetime
from portal.lifecycle.blueprints.loader import definition_from_toml
from portal.lifecycle.programmes.domain import load_blueprint, open_cycle
from portal.lifecycle.programmes.models import Cycle, Programme

SMALL = """
[programme]
code = "small-works"
pillar = "innovations"
title = "职工小成果评选"
short_title = "小成果"
cadence = "annual"
first_year = 2021
cycle_start = "03-01"
subject = "work"
subject_field = "work_title"

[honour]
title = "优秀小成果"
class = "naming"
document = "关于命名优秀小成果的决定"
forms = ["certificate"]

[[sections]]
code = "work"
title = "成果情况"
[[sections.fields]]
code = "work_title"
type = "text"
label = "成果名称"
required = true
public = true
max_length = 60
[[sections.fields]]
code = "summary"
type = "long_text"
label = "成果简介"
required = true
max_length = 2000
[[sections.fields]]
code = "consent"
type = "consent"
label = "同意公示和公开"
text = "同意在公示、公告中公开单位、成果名称。"
required = true

[[stages]]
kind = "application"
days = 31
grace_minutes = 30

[[stages]]
kind = "recommendation"
route = ["grassroots", "subdistrict", "district"]
optional_levels = ["subdistrict"]
ranked = true
return_days = 5
working_days = 10
handling_working_days = { grassroots = 3, subdistrict = 3, district = 4 }

[[stages]]
kind = "clearance"
working_days = 5
[[stages.checks]]
code = "eligible"
title = "符合申报条件"

[[stages]]
kind = "review"
working_days = 10
experts_per_entry = 3
[[stages.rubric]]
code = "value"
title = "创新与效益"
weight = 60
max_score = 100
core = true
bands = [{ minimum = 60, maximum = 100, label = "好", description = "效果明显" }, { minimum = 0, maximum = 59.5, label = "一般", description = "效果不明显" }]
[[stages.rubric]]
code = "spread"
title = "推广价值"
weight = 40
max_score = 100
bands = [{ minimum = 60, maximum = 100, label = "好", description = "效果明显" }, { minimum = 0, maximum = 59.5, label = "一般", description = "效果不明显" }]

[[stages]]
kind = "selection"
rule = "places"
places = 2
reserves = 1
working_days = 5

[[stages]]
kind = "notice"
working_days = 5
objection_ruling_working_days = 5

[[stages]]
kind = "conferral"
number_pattern = "津工测〔{year}〕{serial:04d}"
document_pattern = "津工发〔{year}〕{serial}号"
certificate_text = "经评选，授予“优秀小成果”称号。"
issuer = "天津市总工会"
working_days = 5
"""


def small_definition(**changes: Any) -> dict[str, Any]:
    """The small blueprint; ``programme={...}`` and ``stages={kind: {...}}`` change single values, None drops a stage."""
    definition = copy.deepcopy(definition_from_toml(SMALL))
    definition["programme"] |= changes.get("programme", {})
    wanted = changes.get("stages", {})
    definition["stages"] = [
        stage | (wanted.get(stage["kind"], {}) or {})
        for stage in definition["stages"]
        if wanted.get(stage["kind"], {}) is not None
    ]
    for key, value in changes.items():
        if key not in {"programme", "stages"}:
            definition[key] = value
    return definition


def make_programme(owner: Organisation, actor: Actor, *, now: dt.datetime | None = None, **changes: Any) -> Programme:
    now = now or local_datetime(dt.date(2026, 1, 5))
    return load_blueprint(definition=small_definition(**changes), owner=owner, actor=actor, now=now).programme


def make_cycle(
    owner: Organisation, actor: Actor, *, year: int = 2026, now: dt.datetime | None = None, **changes: Any
) -> Cycle:
    """A cycle that began on 2 March of its year, as ``open_cycle`` makes it."""
    now = now or local_datetime(dt.date(year, 3, 2))
    programme = make_programme(owner, actor, now=now, **changes)
    return open_cycle(programme=programme, year=year, actor=actor, now=now, start_date=dt.date(year, 3, 2))

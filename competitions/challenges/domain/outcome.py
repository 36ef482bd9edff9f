"""The result's figures and papers, written the same way for a competition's result and a claimer's (row 68)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from competitions.challenges.models import Claim, Problem
from portal.core.errors import Invalid
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
MAX_MB = 30
FIGURES = ("quality_gain", "productivity_gain", "cost_saved")


def put_outcome(row: Problem | Claim, *, facts: dict[str, Any], proof: Any, finance: Any, now: dt.datetime) -> None:
    """Sets the fields on ``row`` without saving it.

    Raises Invalid: words and the proof are always needed, at least one figure, and for money the finance proof. A paper
    of an earlier attempt stays when no new one comes.
    """
    wrong: dict[str, list[str]] = {}
    if not facts["outcome"].strip():
        wrong["outcome"] = [_("请写明攻关成果。")]
    if not any(facts[name] for name in FIGURES):
        wrong["quality_gain"] = [_("质量、效率、成本至少填写一项改善数据。")]
    if not proof and not row.proof:
        wrong["proof"] = [_("请上传成果证明，如检测报告、应用证明。")]
    if facts["cost_saved"] and not finance and not row.finance:
        wrong["finance"] = [_("填写降本增效金额的，请上传财务部门证明。")]
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    row.outcome, row.outcome_at = facts["outcome"].strip(), now
    row.quality_gain, row.productivity_gain = facts["quality_gain"], facts["productivity_gain"]
    row.cost_saved = facts["cost_saved"] or 0
    for name, upload in (("proof", proof), ("finance", finance)):
        if upload:
            keep_file(row, name, upload)


def keep_file(row: Any, name: str, upload: Any, *, type_field: str = "") -> None:
    """An upload, checked by its content, into the file field ``name`` with its name and type."""
    file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field=name)
    setattr(row, f"{name}_name", checked.name)
    setattr(row, type_field or f"{name}_type", checked.content_type)
    getattr(row, name).save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)

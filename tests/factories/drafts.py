"""Drafts of blueprints, and what a browser would send back from a page of the workshop."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField
from django.utils import timezone

from portal.lifecycle.workshop import controls
from portal.lifecycle.workshop.domain import draft_from_nothing
from portal.lifecycle.workshop.forms import PageForm
from portal.lifecycle.workshop.models import BlueprintDraft


def make_new_draft(
    actor: Any, *, code: str = "worker-video", title: str = "职工微视频评选", **values: Any
) -> BlueprintDraft:
    values = {"pillar": "safety", "subject": "work", "cadence": "annual", "year": 2026} | values
    return draft_from_nothing(code=code, title=title, actor=actor, now=timezone.now(), **values)


def posted(form: PageForm, **changes: Any) -> dict[str, Any]:
    """The data of a page as a browser sends it when nothing was touched, with ``changes`` by field name."""
    data: dict[str, Any] = {"_names": form.shown_names()}
    for name in form.fields:
        data |= _inputs(form[name])
    return data | changes


def _inputs(bound: BoundField) -> dict[str, Any]:
    name, value = bound.html_name, bound.value()
    widget = bound.field.widget
    if isinstance(widget, controls.ConditionWidget):
        condition = value or {}
        wanted = [condition["equals"]] if condition.get("equals") is not None else condition.get("in", [])
        field = condition.get("field", "")
        return {
            f"{name}__field": field,
            f"{name}__test": controls.test_of(value),
            f"{name}__value": [f"{field}|{one}" for one in wanted],
        }
    if isinstance(widget, controls.LabelledWidget):
        return {f"{name}_{i}": "" if one is None else str(one) for i, one in enumerate(widget.decompress(value))}
    if isinstance(value, bool):
        return {name: "on"} if value else {}
    if isinstance(value, list):
        return {name: value} if value else {}
    return {name: "" if value is None else str(value).replace("\n", "\r\n")}

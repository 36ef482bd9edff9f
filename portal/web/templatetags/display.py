"""Filters and tags that write values for people (builtins of the template engine)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.core import text
from portal.web import formats
from portal.web.templatetags.components import badge

register = template.Library()

for _function in (
    formats.cn_date,
    formats.cn_datetime,
    formats.cn_weekday,
    formats.cn_short,
    formats.thousands,
    formats.money,
    formats.percent,
    formats.score,
    formats.file_size,
    formats.yes_no,
    formats.or_dash,
):
    register.filter(_function.__name__, _function)


@register.filter
def due(value: date | datetime | None) -> str:
    return formats.due_text(value)


@register.filter
def due_tone(value: date | datetime | None) -> str:
    return formats.due_tone(value)


@register.simple_tag
def date_range(start: date | datetime | None, end: date | datetime | None) -> str:
    return formats.cn_range(start, end)


@register.simple_tag
def due_badge(value: date | datetime | None) -> SafeString | str:
    """Badge with the time left; nothing without a date."""
    if not value:
        return ""
    tone = formats.due_tone(value)
    return badge(formats.due_text(value), tone=tone, icon="clock" if tone == "neutral" else "alarm")


@register.filter
def mask_id(value: Any) -> str:
    return text.mask_id_number(value or "")


@register.filter
def mask_phone(value: Any) -> str:
    return text.mask_phone(value or "")


@register.filter
def mask_name(value: Any) -> str:
    return text.mask_name(value or "")

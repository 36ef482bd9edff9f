"""How values are written for people: dates, money, figures. Pure functions; templates, tables and workbooks share them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DASH = "—"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_KB = 1024


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _number(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def cn_date(value: date | datetime | None) -> str:
    """2026年11月22日; a dash when there is none."""
    if not value:
        return DASH
    value = _local(value)
    return f"{value.year}年{value.month}月{value.day}日"


def cn_datetime(value: date | datetime | None) -> str:
    """2026年11月22日 17:00 in Asia/Shanghai; a date without time stays a date."""
    if not value or not isinstance(value, datetime):
        return cn_date(value)
    local = _local(value)
    return f"{cn_date(local)} {local:%H:%M}"


def cn_weekday(value: date | datetime | None) -> str:
    """2026年11月22日（周日）"""
    if not value:
        return DASH
    value = _local(value)
    return f"{cn_date(value)}（{WEEKDAYS[value.weekday()]}）"


def cn_short(value: date | datetime | None) -> str:
    """11月22日 17:00 – for what happened this year; with the year otherwise."""
    if not value:
        return DASH
    local = _local(value)
    text = f"{local.month}月{local.day}日" if local.year == timezone.localdate().year else cn_date(local)
    return f"{text} {local:%H:%M}" if isinstance(local, datetime) else text


def cn_moment(value: datetime | None) -> str:
    """As ``cn_short``; midnight is the day alone: what begins at 00:00 begins “on 11月22日”."""
    text = cn_short(value)
    return text.removesuffix(" 00:00")


def cn_range(start: date | datetime | None, end: date | datetime | None) -> str:
    """2026年11月20日（周五）至11月26日（周四）; repeats the year only when it changes."""
    if not start or not end:
        return cn_weekday(start or end)
    first, last = _local(start), _local(end)
    head = cn_weekday(first)
    time_head = f" {first:%H:%M}" if isinstance(first, datetime) else ""
    time_tail = f" {last:%H:%M}" if isinstance(last, datetime) else ""
    same_year = f"{last.month}月{last.day}日（{WEEKDAYS[last.weekday()]}）"
    tail = same_year if first.year == last.year else cn_weekday(last)
    return _("%(start)s至%(end)s") % {"start": head + time_head, "end": tail + time_tail}


def days_left(value: date | datetime, now: datetime) -> int:
    """Calendar days from today to ``value`` in local time; negative when it has passed."""
    target = _local(value)
    day = target.date() if isinstance(target, datetime) else target
    return (day - timezone.localtime(now).date()).days


def due_text(value: date | datetime | None, now: datetime | None = None) -> str:
    """还剩3天 / 今天17:00截止 / 已逾期2天."""
    if not value:
        return ""
    now = now or timezone.now()
    days = days_left(value, now)
    if isinstance(value, datetime) and value < now:
        return _("今天已逾期") if days == 0 else _("已逾期%(days)s天") % {"days": -days}
    if days < 0:
        return _("已逾期%(days)s天") % {"days": -days}
    if days == 0:
        local = _local(value)
        return _("今天%(time)s截止") % {"time": f"{local:%H:%M}" if isinstance(local, datetime) else ""}
    return ngettext("还剩%(days)s天", "还剩%(days)s天", days) % {"days": days}


def due_tone(value: date | datetime | None, now: datetime | None = None) -> str:
    """Stopped when late, waiting within three days, neutral otherwise."""
    if not value:
        return "neutral"
    now = now or timezone.now()
    days = days_left(value, now)
    if days < 0 or (isinstance(value, datetime) and value < now):
        return "stopped"
    return "waiting" if days <= 3 else "neutral"


def thousands(value: Any, places: int | None = None) -> str:
    """12,345 – or with ``places`` decimals, rounded half up."""
    number = _number(value)
    if number is None:
        return DASH
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _dot, rest = f"{number:f}".partition(".")
    negative = whole.startswith("-")
    grouped = f"{int(whole.lstrip('-') or 0):,}"
    text = f"{grouped}.{rest}" if rest else grouped
    return f"-{text}" if negative else text


def money(value: Any, unit: str = "元") -> str:
    """12,345.00 元"""
    return DASH if _number(value) is None else f"{thousands(value, 2)} {unit}".rstrip()


def percent(ratio: Any, places: int = 1) -> str:
    """0.123 → 12.3%"""
    number = _number(ratio)
    return DASH if number is None else f"{thousands(number * 100, places)}%"


def score(value: Any) -> str:
    """A mark with two decimals; a missing mark is a dash, never zero."""
    return thousands(value, 2)


def file_size(size: int | None) -> str:
    """640 B / 12.3 KB / 4.0 MB"""
    if size is None:
        return ""
    value, unit = float(size), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if value < _KB or unit == "GB":
            break
        value /= _KB
    return f"{int(value)} B" if unit == "B" else f"{number_format(value, 1)} {unit}"


def yes_no(value: Any) -> str:
    if value is None:
        return DASH
    return _("是") if value else _("否")


def or_dash(value: Any) -> Any:
    """The value, or a dash for None and empty text (zero is a value)."""
    return DASH if value is None or value == "" else value

"""Tags of lists, figures, charts and work lists (builtins of the template engine)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.web import formats
from portal.web.templatetags.components import checked_tone, draw
from portal.web.ui import Chart

register = template.Library()
MOST_TABS, FIRST_TABS = 9, 7


@register.simple_tag(takes_context=True)
def filter_bar(context: template.Context, filters: Any) -> SafeString:
    return draw("filter_bar", {"filters": filters}, request=context.get("request"))


@register.simple_tag(takes_context=True)
def table(context: template.Context, table: Any) -> SafeString:
    return draw("table", {"table": table, "page": table.page}, request=context.get("request"))


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Any) -> SafeString | str:
    return draw("pager", {"page": page}, request=context.get("request")) if page else ""


@register.simple_tag
def timeline(items: Any) -> SafeString:
    return draw("timeline", {"items": items})


@register.simple_tag
def steps(items: Any, label: Any = "") -> SafeString:
    return draw("steps", {"items": items, "label": label})


@register.simple_tag
def tabs(items: Any, label: Any = "") -> SafeString | str:
    """More tabs than fit one or two rows (``MOST_TABS``) go behind “其他 n 类”, open when the current one is there."""
    if not items:
        return ""
    shown, more = (items, []) if len(items) <= MOST_TABS else (items[:FIRST_TABS], items[FIRST_TABS:])
    is_open = any(tab.current for tab in more)
    return draw("tabs", {"items": shown, "more": more, "is_open": is_open, "label": label})


@register.simple_tag
def facts(items: Any, columns: int = 2) -> SafeString:
    """Definition list of ``(label, value)`` pairs or ``Fact`` objects."""
    rows = [{"label": i[0], "value": i[1]} if isinstance(i, tuple) else i for i in items]
    return draw("facts", {"items": rows, "columns": columns})


@register.simple_tag
def progress(value: Any, maximum: Any, label: Any = "", tone: str = "") -> SafeString:
    share = min(100.0, 100 * float(value or 0) / float(maximum)) if maximum else 0.0
    return draw(
        "progress",
        {
            "value": value or 0,
            "maximum": maximum,
            "label": label,
            "tone": checked_tone(tone or "primary"),
            "share": f"{share:.1f}",
        },
    )


@register.simple_tag
def quota_meter(
    label: Any, used: Any, limit: Any, *, unit: Any = "", minimum: Any = None, note: Any = "", full_text: Any = ""
) -> SafeString:
    """Places used of a limit, or a share that must reach ``minimum``: over the limit or below the minimum is said in words."""
    over = limit is not None and used > limit
    below = minimum is not None and used < minimum
    top = max(float(limit or 0), float(used or 0), float(minimum or 0)) or 1.0
    return draw(
        "quota_meter",
        {
            "label": label,
            "used": used,
            "limit": limit,
            "unit": unit,
            "minimum": minimum,
            "note": note,
            "over": over,
            "below": below,
            "full": limit is not None and used == limit,
            "full_text": full_text or _("名额已用完"),
            "share": f"{100 * float(used or 0) / top:.1f}",
            "tone": "stopped" if over or below else "ok",
            "left": None if limit is None else limit - used,
        },
    )


@register.simple_tag
def stat(
    label: Any,
    value: Any,
    *,
    unit: Any = "",
    compare: Any = "",
    trend: str = "",
    definition: Any = "",
    url: str = "",
    icon: str = "",
    tone: str = "",
) -> SafeString:
    """One figure; ``trend`` is up, down or flat; ``definition`` is shown behind “口径”."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = formats.thousands(value)
    return draw("stat", locals())


@register.simple_tag
def chart(chart: Chart) -> SafeString:
    return draw("chart", {"chart": chart})


@register.simple_tag
def job_progress(job_url: str, percent: Any = None, label: Any = "", done_url: str = "") -> SafeString:
    """Progress of long work, asked again every two seconds until it is done."""
    return draw("job_progress", locals())


@register.simple_tag(takes_context=True)
def work_item(context: template.Context, item: Any, pk: int | None = None) -> SafeString:
    """One line of a work list; with ``pk`` it can be selected for the page's bulk form."""
    return draw("work_item", {"item": item, "pk": pk, "csrf_token": context.get("csrf_token")})


@register.simple_tag(takes_context=True)
def work_group(context: template.Context, title: Any, items: Any, tone: str = "neutral") -> SafeString | str:
    """Work that is due in one span of time; nothing when there is none."""
    if not items:
        return ""
    return draw(
        "work_group",
        {"title": title, "items": items, "tone": checked_tone(tone), "csrf_token": context.get("csrf_token")},
    )

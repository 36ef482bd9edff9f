"""The components of docs/design-system.md as strict template tags: an unknown argument fails when the template loads."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.template import TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.core.context import PUBLIC
from portal.core.decisions import Decision
from portal.core.policies import may as ask_policy
from portal.web import formats
from portal.web.icons import UnknownIcon
from portal.web.icons import icon as draw_icon
from portal.web.ui import KINDS, TONES, Action, Chart, Empty
from portal.web.widgets import css_class

register = template.Library()

TONE_ICONS = {
    "ok": "circle-check",
    "waiting": "clock",
    "stopped": "alert-circle",
    "info": "info-circle",
    "neutral": "point",
    "gold": "award",
    "primary": "point",
}


def _tone(tone: str) -> str:
    tone = str(tone or "neutral")
    if tone not in TONES:
        raise TemplateSyntaxError(f"unknown tone {tone!r}; there are {', '.join(TONES)}")
    return tone


def _draw(name: str, context: dict[str, Any], request: Any = None) -> SafeString:
    return render_to_string(f"components/{name}.html", context, request=request)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "", filled: bool = False) -> SafeString:
    try:
        return draw_icon(name, label=str(label), css=css, filled=filled)
    except UnknownIcon as error:
        raise TemplateSyntaxError(str(error)) from error


@register.simple_tag
def badge(text: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    tone = _tone(tone)
    picture = draw_icon(icon or TONE_ICONS[tone], css="badge-icon", filled=not icon and tone in {"neutral", "primary"})
    return format_html('<span class="status status-{}">{}<span>{}</span></span>', tone, picture, text)


@register.simple_tag
def state_badge(status: Any) -> SafeString | str:
    """Badge of anything with ``label`` and, when it has them, ``tone`` and ``icon``."""
    if not status:
        return ""
    label = getattr(status, "label", status)
    return badge(label, tone=getattr(status, "tone", "") or "neutral", icon=getattr(status, "icon", "") or "")


@register.simple_tag(takes_context=True)
def may(context: template.Context, action: str, obj: Any = None) -> Decision:
    """The policy's Decision for this request's actor: ``{% may "entry.endorse" entry as d %}{% if d %}…``."""
    return ask_policy(_actor(context), action, obj)


def _actor(context: template.Context) -> Any:
    return getattr(context.get("request"), "actor", PUBLIC)


@register.simple_tag(takes_context=True)
def button(
    context: template.Context,
    label: Any,
    url: str = "",
    kind: str = "secondary",
    icon: str = "",
    post: bool = False,
    confirm: Any = "",
    may: Decision | None = None,
    dialog: str = "",
    size: str = "",
    full: bool = False,
    name: str = "",
    value: str = "",
    new_tab: bool = False,
    download: bool = False,
) -> SafeString:
    """Link, one-button POST form (``post``), opener of a dialog, or – without url – a submit button."""
    if kind not in KINDS:
        raise TemplateSyntaxError(f"unknown kind of button {kind!r}; there are {', '.join(KINDS)}")
    return _draw(
        "button",
        {
            "label": label,
            "url": url,
            "kind": kind,
            "icon": icon,
            "post": post,
            "confirm": confirm,
            "refusal": may.message if may is not None and not may else "",
            "dialog": dialog,
            "size": size,
            "full": full,
            "name": name,
            "value": value,
            "new_tab": new_tab,
            "download": download,
            "csrf_token": context.get("csrf_token"),
        },
    )


@register.simple_tag(takes_context=True)
def action(context: template.Context, item: Action | None, size: str = "", full: bool = False) -> SafeString | str:
    """Button of an ``Action``; hidden when its policy action is refused outright."""
    if item is None or (
        item.policy_action
        and item.decision is None
        and not ask_policy(_actor(context), item.policy_action, item.policy_object)
    ):
        return ""
    return button(
        context,
        item.label,
        url=item.url,
        kind=item.kind,
        icon=item.icon,
        post=item.post,
        confirm=item.confirm,
        may=item.decision,
        dialog=item.dialog,
        size=size,
        full=full,
        new_tab=item.new_tab,
        download=item.download,
    )


@register.simple_block_tag(takes_context=True)
def card(
    context: template.Context,
    content: SafeString,
    title: Any = "",
    subtitle: Any = "",
    icon: str = "",
    flush: bool = False,
    tone: str = "",
    action: Action | None = None,
    id: str = "",  # noqa: A002
) -> SafeString:
    tone = _tone(tone) if tone else ""
    return _draw(
        "card",
        locals() | {"content": content, "action": action},
        request=context.get("request"),
    )


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: Any, size: str = "") -> SafeString:  # noqa: A002
    return _draw("dialog", {"content": content, "id": id, "title": title, "size": size})


@register.simple_block_tag
def alert(content: SafeString, tone: str = "info", title: Any = "", icon: str = "") -> SafeString:
    tone = _tone(tone)
    return _draw("alert", {"content": content, "tone": tone, "title": title, "icon": icon or TONE_ICONS[tone]})


@register.simple_tag
def refusal(decision: Decision, title: Any = "") -> SafeString | str:
    """Why something cannot be done now; nothing when it can."""
    if decision:
        return ""
    return _draw("refusal", {"message": decision.message, "title": title})


@register.simple_block_tag
def prose(content: SafeString) -> SafeString:
    """Official text: song face, wide lines, first line indented."""
    return format_html('<div class="prose-official">{}</div>', content)


@register.simple_tag(takes_context=True)
def empty(
    context: template.Context,
    title: Any,
    text: Any = "",
    icon: str = "inbox",
    action: Action | None = None,
) -> SafeString:
    item = title if isinstance(title, Empty) else Empty(title, text, icon, action)
    return _draw("empty", {"empty": item}, request=context.get("request"))


@register.simple_tag
def field(bound: BoundField, unit: Any = "", help: Any = "", label: Any = "") -> SafeString:  # noqa: A002
    """One form field with label, help, unit and errors. ``bound`` must exist: a misspelt name is an error."""
    if not isinstance(bound, BoundField):
        raise TemplateSyntaxError("field wants a bound field, such as form.title")
    widget = bound.field.widget
    if "class" not in widget.attrs and (css := css_class(widget)):  # forms of other packages (sign-in)
        widget.attrs["class"] = css
    return _draw(
        "field",
        {
            "field": bound,
            "unit": unit or getattr(bound.field, "unit", ""),
            "help": help or bound.help_text,
            "label": label or bound.label,
            "span": getattr(bound.field, "span", ""),
            "group": getattr(bound.field.widget, "use_fieldset", False),
            "single_check": getattr(bound.field.widget, "input_type", "") == "checkbox"
            and not getattr(bound.field.widget, "allow_multiple_selected", False),
        },
    )


@register.simple_tag
def error_summary(form: Any) -> SafeString | str:
    """All errors of a form with links to their fields; nothing when there are none."""
    if not getattr(form, "is_bound", False) or not form.errors:
        return ""
    items = [
        {"target": form[name].auto_id if name in form.fields else "", "label": _label(form, name), "messages": errors}
        for name, errors in form.errors.items()
    ]
    return _draw("error_summary", {"items": items, "count": sum(len(i["messages"]) for i in items)})


def _label(form: Any, name: str) -> Any:
    return form[name].label if name in form.fields else ""


@register.simple_tag
def form_fields(form: Any, section: str = "") -> SafeString:
    """The fields of a form in their sections, or those of one section."""
    sections = form_sections(form)
    if section:
        sections = [s for s in sections if s["key"] == section]
        if not sections:
            raise TemplateSyntaxError(f"the form has no section {section!r}")
    return _draw("form_fields", {"form": form, "sections": sections})


def form_sections(form: Any) -> list[dict[str, Any]]:
    """Sections as the form declares them; a form without any is one section without title."""
    maker = getattr(form, "section_list", None)
    if maker:
        return maker()
    return [{"title": "", "help": "", "key": "section-1", "fields": list(form.visible_fields())}]


@register.simple_tag(takes_context=True)
def form(
    context: template.Context,
    form: Any,
    submit: Any = "",
    submit_kind: str = "primary",
    submit_icon: str = "",
    action: str = "",
    method: str = "post",
    cancel_url: str = "",
    autosave_url: str = "",
    progress: bool = False,
    confirm: Any = "",
    id: str = "form",  # noqa: A002
) -> SafeString:
    """The form renderer: error summary, sections, fields, sticky buttons, autosave line, progress list."""
    return _draw(
        "form",
        {
            "form": form,
            "sections": form_sections(form),
            "submit": submit,
            "submit_kind": submit_kind,
            "submit_icon": submit_icon,
            "action": action,
            "method": method,
            "cancel_url": cancel_url,
            "autosave_url": autosave_url,
            "progress": progress,
            "confirm": confirm,
            "id": id,
            "guard": getattr(form, "guard_leaving", True),
            "csrf_token": context.get("csrf_token"),
        },
    )


@register.simple_tag(takes_context=True)
def filter_bar(context: template.Context, filters: Any) -> SafeString:
    return _draw("filter_bar", {"filters": filters}, request=context.get("request"))


@register.simple_tag(takes_context=True)
def table(context: template.Context, table: Any) -> SafeString:
    return _draw("table", {"table": table, "page": table.page}, request=context.get("request"))


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Any) -> SafeString | str:
    return _draw("pager", {"page": page}, request=context.get("request")) if page else ""


@register.simple_tag
def timeline(items: Any) -> SafeString:
    return _draw("timeline", {"items": items})


@register.simple_tag
def steps(items: Any, label: Any = "") -> SafeString:
    return _draw("steps", {"items": items, "label": label})


@register.simple_tag
def tabs(items: Any, label: Any = "") -> SafeString | str:
    return _draw("tabs", {"items": items, "label": label}) if items else ""


@register.simple_tag
def facts(items: Any, columns: int = 2) -> SafeString:
    """Definition list of ``(label, value)`` pairs or ``Fact`` objects."""
    rows = [{"label": i[0], "value": i[1]} if isinstance(i, tuple) else i for i in items]
    return _draw("facts", {"items": rows, "columns": columns})


@register.simple_tag
def progress(value: Any, maximum: Any, label: Any = "", tone: str = "") -> SafeString:
    share = min(100.0, 100 * float(value or 0) / float(maximum)) if maximum else 0.0
    return _draw(
        "progress",
        {
            "value": value or 0,
            "maximum": maximum,
            "label": label,
            "tone": _tone(tone or "primary"),
            "share": f"{share:.1f}",
        },
    )


@register.simple_tag
def quota_meter(label: Any, used: Any, limit: Any, unit: Any = "", minimum: Any = None, note: Any = "") -> SafeString:
    """Places used of a limit, or a share that must reach ``minimum``: over the limit or below the minimum is said in words."""
    over = limit is not None and used > limit
    below = minimum is not None and used < minimum
    top = max(float(limit or 0), float(used or 0), float(minimum or 0)) or 1.0
    return _draw(
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
            "share": f"{100 * float(used or 0) / top:.1f}",
            "tone": "stopped" if over or below else "ok",
            "left": None if limit is None else limit - used,
        },
    )


@register.simple_tag
def stat(
    label: Any,
    value: Any,
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
    return _draw("stat", locals())


@register.simple_tag
def chart(chart: Chart) -> SafeString:
    return _draw("chart", {"chart": chart})


@register.simple_tag
def file_link(label: Any, url: str, size: int | None = None, kind: str = "", note: Any = "") -> SafeString:
    return _draw("file_link", locals())


@register.simple_tag
def job_progress(job_url: str, percent: Any = None, label: Any = "", done_url: str = "") -> SafeString:
    """Progress of long work, asked again every two seconds until it is done."""
    return _draw("job_progress", locals())


@register.simple_tag(takes_context=True)
def work_item(context: template.Context, item: Any, pk: int | None = None) -> SafeString:
    """One line of a work list; with ``pk`` it can be selected for the page's bulk form."""
    return _draw("work_item", {"item": item, "pk": pk, "csrf_token": context.get("csrf_token")})


@register.simple_tag(takes_context=True)
def work_group(context: template.Context, title: Any, items: Any, tone: str = "neutral") -> SafeString | str:
    """Work that is due in one span of time; nothing when there is none."""
    if not items:
        return ""
    return _draw(
        "work_group",
        {"title": title, "items": items, "tone": _tone(tone), "csrf_token": context.get("csrf_token")},
    )


@register.simple_tag
def copy(text: Any, label: Any = "") -> SafeString:
    return _draw("copy", {"text": text, "label": label})

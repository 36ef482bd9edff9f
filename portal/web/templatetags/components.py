"""The components of docs/design-system.md as strict template tags: an unknown argument fails when the template loads."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.core.context import PUBLIC
from portal.core.decisions import Decision
from portal.core.policies import NOT_YOUR_ROLE
from portal.core.policies import may as ask_policy
from portal.web.icons import UnknownIcon
from portal.web.icons import icon as draw_icon
from portal.web.ui import KINDS, TONES, Action, Empty

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


def checked_tone(tone: str) -> str:
    tone = str(tone or "neutral")
    if tone not in TONES:
        raise TemplateSyntaxError(f"unknown tone {tone!r}; there are {', '.join(TONES)}")
    return tone


def draw(name: str, context: dict[str, Any], request: Any = None) -> SafeString:
    return render_to_string(f"components/{name}.html", context, request=request)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "", filled: bool = False) -> SafeString:
    try:
        return draw_icon(name, label=str(label), css=css, filled=filled)
    except UnknownIcon as error:
        raise TemplateSyntaxError(str(error)) from error


@register.simple_tag
def badge(text: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    tone = checked_tone(tone)
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
    *,
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
    return draw(
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
    """Button of an ``Action``; hidden when its policy action is refused outright, or to this role whatever the state."""
    if item is None or item.decision == NOT_YOUR_ROLE:
        return ""
    is_asked = item.policy_action and item.decision is None
    if is_asked and not ask_policy(_actor(context), item.policy_action, item.policy_object):
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
    *,
    title: Any = "",
    subtitle: Any = "",
    icon: str = "",
    flush: bool = False,
    tone: str = "",
    action: Action | None = None,
    id: str = "",  # noqa: A002
) -> SafeString:
    tone = checked_tone(tone) if tone else ""
    return draw(
        "card",
        locals() | {"content": content, "action": action},
        request=context.get("request"),
    )


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: Any, size: str = "") -> SafeString:  # noqa: A002
    return draw("dialog", {"content": content, "id": id, "title": title, "size": size})


@register.simple_block_tag
def alert(content: SafeString, tone: str = "info", title: Any = "", icon: str = "") -> SafeString:
    tone = checked_tone(tone)
    return draw("alert", {"content": content, "tone": tone, "title": title, "icon": icon or TONE_ICONS[tone]})


@register.simple_tag
def refusal(decision: Decision, title: Any = "") -> SafeString | str:
    """Why something cannot be done now; nothing when it can."""
    if decision:
        return ""
    return draw("refusal", {"message": decision.message, "title": title})


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
    return draw("empty", {"empty": item}, request=context.get("request"))


@register.simple_tag
def file_link(label: Any, url: str, size: int | None = None, kind: str = "", note: Any = "") -> SafeString:
    return draw("file_link", locals())


@register.simple_tag
def copy(text: Any, label: Any = "") -> SafeString:
    return draw("copy", {"text": text, "label": label})

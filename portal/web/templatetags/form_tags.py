"""Tags of forms: field, error summary, sections, the form renderer (builtins of the template engine)."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.template import TemplateSyntaxError
from django.utils.safestring import SafeString

from portal.web.templatetags.components import draw
from portal.web.widgets import css_class

register = template.Library()


@register.simple_tag
def field(bound: BoundField, unit: Any = "", help: Any = "", label: Any = "") -> SafeString:  # noqa: A002
    """One form field with label, help, unit and errors. ``bound`` must exist: a misspelt name is an error."""
    if not isinstance(bound, BoundField):
        raise TemplateSyntaxError("field wants a bound field, such as form.title")
    widget = bound.field.widget
    if "class" not in widget.attrs and (css := css_class(widget)):  # forms of other packages (sign-in)
        widget.attrs["class"] = css
    return draw(
        "field",
        {
            "field": bound,
            "unit": unit or getattr(bound.field, "unit", ""),
            "help": "" if help is False else help or bound.help_text,
            "label": label or bound.label,
            "span": getattr(bound.field, "span", ""),
            "group": getattr(bound.field.widget, "use_fieldset", False),
            "block": getattr(bound.field.widget, "is_block", False),  # a widget with a layout of its own
            "single_check": getattr(bound.field.widget, "input_type", "") == "checkbox"
            and not getattr(bound.field.widget, "allow_multiple_selected", False),
        },
    )


@register.simple_tag
def error_summary(form: Any) -> SafeString | str:
    """All errors of a form with links to their fields; nothing when there are none."""
    if not getattr(form, "is_bound", False) or not form.errors:
        return ""
    shown = [bound.name for section in form_sections(form) for bound in section["fields"]]
    places = {name: number for number, name in enumerate(shown)}  # what concerns the whole form comes first
    items = [
        {"target": form[name].auto_id if name in form.fields else "", "label": _label(form, name), "messages": errors}
        for name, errors in sorted(form.errors.items(), key=lambda pair: places.get(pair[0], -1))
    ]
    return draw("error_summary", {"items": items, "count": sum(len(i["messages"]) for i in items)})


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
    return draw("form_fields", {"form": form, "sections": sections})


def form_sections(form: Any) -> list[dict[str, Any]]:
    """Sections as the form declares them; a form without any is one section without title."""
    maker = getattr(form, "section_list", None)
    if maker:
        return maker()
    fields = list(form.visible_fields())
    return [{"title": "", "help": "", "key": "section-1", "fields": fields}] if fields else []


@register.simple_tag(takes_context=True)
def form(
    context: template.Context,
    form: Any,
    *,
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
    return draw(
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

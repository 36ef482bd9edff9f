"""审计日志: what happened, for those who check. Events are read, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import all_actions, audit_action
from portal.audit.models import AuditEvent
from portal.audit.queries import chain_status, events_in_scope
from portal.core.policies import may
from portal.web.columns import Column, DateTimeColumn
from portal.web.filters import ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty
from portal.web.views import ListView

Names = Mapping[type[Model], Mapping[str, str]]


class AuditTable(Table):
    at = DateTimeColumn(_("时间"), sort="at", phone="fact", css="nowrap")
    actor = Column(_("操作人"), accessor="actor_label", phone="fact", css="nowrap")
    desk = Column(_("工作台"), accessor="desk_label", phone="hide")
    action = Column(_("动作"), accessor="action", phone="title", css="nowrap")
    target = Column(_("对象"), accessor="object_title", phone="fact")
    changes = Column(_("变化"), accessor="pk", phone="hide", width="normal")
    client = Column(_("来源地址"), accessor="client", phone="hide")

    def render_action(self, row: AuditEvent, value: str) -> str:
        return audit_action(value).label

    export_action = render_action

    def render_changes(self, row: AuditEvent, value: Any) -> str:
        """The registered words of the action, else the changed values."""
        definition = audit_action(row.action)
        if definition.describe is not None:
            return definition.describe({"before": row.before, "after": row.after, "data": row.data})
        reason = row.data.get("reason")
        return "；".join([*_changes(row, self.names), *([str(reason)] if reason else [])])[:300] or "—"

    export_changes = render_changes

    @cached_property
    def names(self) -> Names:
        """What the keys on this page are called: one query for each kind of thing that they point to."""
        return names_of(self.rows)

    class Meta:
        default_sort = "-at"
        empty = Empty(_("没有记录"), _("换个条件试试。"), icon="history")


class AuditFilters(FilterSet):
    q = SearchFilter(_("操作人、对象"), fields=("actor_label", "object_title"))
    action = ChoiceFilter(_("动作"), field="action", choices=lambda filters: action_choices())
    at = DateRangeFilter(_("日期"), field="at")


def names_of(rows: Iterable[AuditEvent]) -> Names:
    """Titles of everything that changed foreign keys on these rows point to, as far as the desk may see it."""
    wanted: dict[type[Model], set[Any]] = {}
    for row in rows:
        targets = _targets(row.object_type)
        for values in (row.before, row.after):
            for key, value in values.items():
                if key in targets and isinstance(value, int | str) and value != "":
                    wanted.setdefault(targets[key], set()).add(value)
    return {model: _titles(model, keys) for model, keys in wanted.items()}


def _titles(model: type[Model], keys: set[Any]) -> dict[str, str]:
    """Titles by key as text, with what ``__str__`` reaches for fetched along."""
    found = model._default_manager.filter(pk__in=[key for key in keys if str(key).isdigit()])
    near = [field.name for field in model._meta.concrete_fields if field.many_to_one and not field.null]
    return {str(thing.pk): str(thing) for thing in found.select_related(*near)}


def _targets(label: str) -> dict[str, type[Model]]:
    """Foreign keys of a model by both of their names."""
    try:
        fields = apps.get_model(label)._meta.concrete_fields
    except (LookupError, ValueError):
        return {}
    return {
        name: field.related_model for field in fields if field.related_model for name in (field.name, field.attname)
    }


def _changes(row: AuditEvent, titles: Names) -> list[str]:
    """Changed values with the names people know; what was and stays empty is left out."""
    names, choices, targets = _field_names(row.object_type), _choices(row.object_type), _targets(row.object_type)

    def shown(key: str, value: Any) -> str:
        known = titles.get(targets[key], {}) if key in targets else {}
        return known.get(str(value)) or _shown(value, choices.get(key))

    return [
        f"{names.get(key, key)}：{shown(key, row.before.get(key))} → {shown(key, new)}"
        for key, new in row.after.items()
        if new not in (None, "") or row.before.get(key) not in (None, "")
    ]


def _field_names(label: str) -> dict[str, str]:
    try:
        fields = apps.get_model(label)._meta.concrete_fields
    except (LookupError, ValueError):
        return {}
    return {name: str(field.verbose_name) for field in fields for name in (field.name, field.attname)}


def _choices(label: str) -> dict[str, dict[Any, Any]]:
    """What the stored codes of a field are called."""
    try:
        fields = apps.get_model(label)._meta.concrete_fields
    except (LookupError, ValueError):
        return {}
    return {field.name: dict(field.flatchoices) for field in fields if field.choices}


def _shown(value: Any, choices: dict[Any, Any] | None = None) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return "、".join(_shown(item, choices) for item in value) or "—"
    if choices and value in choices:
        return str(choices[value])
    return "—" if value in (None, "") else str(value)


def action_choices() -> list[tuple[str, str]]:
    return sorted(((code, action.label) for code, action in all_actions().items()), key=lambda pair: pair[1])


class AuditLog(ListView):
    policy_action = "audit.view"
    table_class = AuditTable
    filters_class = AuditFilters
    title = _("审计日志")
    export_name = _("审计日志")
    template_name = "accounts/audit_log.html"

    def get_queryset(self):
        return events_in_scope()

    def context(self) -> dict[str, Any]:
        return {"chain": chain_status(self.actor.path) if may(self.actor, "audit.chain") else None}

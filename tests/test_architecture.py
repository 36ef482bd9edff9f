"""The rules of docs/architecture.md, held against the source itself: imports, sizes, tenancy, the one door of state."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from portal.accounts.models import Organisation, User
from portal.audit.actions import all_actions
from portal.core.scoping import ScopedManager, ScopedModel
from portal.lifecycle.apps import ROOMS as LIFECYCLE_ROOMS
from portal.lifecycle.engine.states import PHASES, STATE_FACTS, EntryState
from portal.lifecycle.engine.transitions import TRANSITIONS
from tests.source import PACKAGES, ROOT, Import, Module, modules
from tests.states import OTHER_STATES

# Left to right: each may import what stands before it, nothing after it.
LAYERS = ("core", "audit", "web", "accounts", "jobs", "reports", "lifecycle")
# Beside the layers: what each may import; only the roots import them.
SIDE = {"workplans": ("core", "audit", "web", "accounts")}
PILLARS = ("awards", "competitions", "innovations", "safety")
# In the order of time, as the app registers them; blueprints are pure and register nothing.
ROOMS = ("engine", "blueprints", *(room for room in LIFECYCLE_ROOMS if "." not in room and room != "engine"))
# Put the parts together, are imported by nobody below them.
ROOTS = (
    "portal",
    "portal.settings",
    "portal.urls",
    "portal.api_urls",
    "portal.celery",
    "portal.asgi",
    "portal.wsgi",
    "portal.demo",
    "portal.core.management",
)
GATHERERS = (
    "portal.lifecycle.apps",
    "portal.lifecycle.models",
    "portal.lifecycle.urls",
    "portal.lifecycle.management",
)
REASONS = {"slow import", "app ready", "optional dependency"}

# Models that belong to nobody in the tree, and why.
UNSCOPED = {
    "accounts.User": "a person may have desks in several trees; what a desk sees of people goes through memberships",
    "accounts.PasswordRecord": "hashes of former passwords, read only by the password validator for its own user",
    "accounts.SignInEvent": "sign-ins of a person, read by that person",
    "accounts.ApiToken": "tokens of a person, read by that person and by the sign-in of the API",
    "accounts.CalendarFeed": "secret calendar addresses of a person, read by that person and by the address itself",
    "accounts.OrganisationGrant": "explicit grants; guardian asks by user and object, which came out of a scope",
    "accounts.Code": "national code lists, the same for everybody",
    "accounts.Holiday": "the public holidays, the same for everybody",
    "competitions.ConsentText": "versions of the text that everybody is asked to agree to, shown on a public page",
}


def _layer(name: str) -> str:
    """Package of a module in terms of the import rule: a layer, a pillar, ``root`` or ``technical``."""
    if name.split(".", maxsplit=1)[0] in PILLARS:
        return name.split(".", maxsplit=1)[0]
    if name in ROOTS or name.startswith(tuple(f"{root}." for root in ROOTS[1:])):
        return "root"
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in (*LAYERS, *SIDE) else "technical"


def _may_import(importer: str, imported: str) -> bool:
    if importer in {"root", imported} or imported == "technical":
        return True
    if importer in SIDE:
        return imported in SIDE[importer]
    if importer in PILLARS:
        return imported in LAYERS
    return importer in LAYERS and imported in LAYERS and LAYERS.index(imported) < LAYERS.index(importer)


def _own_imports() -> list[tuple[Module, Import]]:
    return [(m, i) for m in modules().values() for i in m.imports if i.module.split(".")[0] in PACKAGES]


def _room(name: str) -> str | None:
    parts = name.split(".")
    return parts[2] if parts[:2] == ["portal", "lifecycle"] and len(parts) > 2 and parts[2] in ROOMS else None


# --- imports ----------------------------------------------------------------------------------------


def test_imports_between_packages_point_down():
    bad = [
        f"{module.where}:{i.line} {_layer(module.name)} → {i.module}"
        for module, i in _own_imports()
        if not _may_import(_layer(module.name), _layer(i.module))
    ]
    assert not bad, "\n".join(bad)


def test_pillars_are_strangers():
    bad = [
        f"{module.where}:{i.line} → {i.module}"
        for module, i in _own_imports()
        if module.name.split(".")[0] in PILLARS
        and i.module.split(".")[0] in PILLARS
        and i.module.split(".")[0] != module.name.split(".")[0]
    ]
    assert not bad, "\n".join(bad)


def test_imports_between_rooms_follow_the_process():
    bad = []
    for module, i in _own_imports():
        here, there = _room(module.name), _room(i.module)
        if here is None:
            continue
        gatherer = i.module.startswith(GATHERERS)
        if gatherer or (there is not None and ROOMS.index(there) > ROOMS.index(here)):
            bad.append(f"{module.where}:{i.line} {here} → {i.module}")
    assert not bad, "\n".join(bad)


def test_rooms_of_the_engine_are_all_known():
    folders = {p.parent.name for p in (ROOT / "portal" / "lifecycle").glob("*/__init__.py")}
    assert folders - {"management", "migrations"} == set(ROOMS)


# Inside a room, and inside every other package (design: section 3.2); parts of one rank may know each other.
PARTS = {
    **dict.fromkeys(("enums", "signals"), 0),
    "models": 1,
    "queries": 2,
    "policies": 3,
    **dict.fromkeys(("domain", "stage", "guards", "effects"), 4),
    **dict.fromkeys(("forms", "tables", "filters", "api", "jobs", "receivers", "sources", "sheets"), 5),
    "views": 6,
    "urls": 7,
}


def _part(name: str) -> tuple[str, int | None]:
    """The room (or package) of a module and the rank of its part; None for parts outside the order."""
    parts = name.split(".")
    depth = 3 if _room(name) else 2
    room, part = ".".join(parts[:depth]), parts[depth] if len(parts) > depth else ""
    return room, PARTS.get("views" if part.endswith("_views") else part)


def test_parts_of_a_room_import_in_order():
    bad = []
    for module, i in _own_imports():
        (here, rank), (there, other) = _part(module.name), _part(i.module)
        if here == there and rank is not None and other is not None and other > rank:
            bad.append(f"{module.where}:{i.line} → {i.module}")
    assert not bad, "\n".join(bad)


def test_no_module_imports_itself_round_a_corner():
    graph = {
        m.name: {i.module for i in m.imports if i.module in modules() and i.module != m.name and not i.typing}
        for m in modules().values()
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_imports_inside_functions_state_their_reason():
    bad = [
        f"{module.where}:{i.line} {i.module} ({i.reason or 'no reason'})"
        for module, i in _own_imports()
        if i.inside and i.reason not in REASONS
    ]
    assert not bad, "\n".join(bad)


def test_import_rule_sees_a_forbidden_import():
    assert not _may_import("core", "audit")
    assert not _may_import("lifecycle", "awards")
    assert not _may_import("safety", "awards")
    assert not _may_import("accounts", "jobs")
    assert not _may_import("jobs", "root")
    assert not any((_may_import("workplans", "lifecycle"), _may_import("lifecycle", "workplans")))
    assert _may_import("awards", "lifecycle")


def test_guardian_is_imported_by_grants_only():
    bad = [
        f"{m.where}:{i.line}"
        for m in modules().values()
        for i in m.imports
        if i.module.split(".")[0] == "guardian" and m.name != "portal.accounts.grants"
    ]
    assert not bad, "\n".join(bad)


# --- one door ---------------------------------------------------------------------------------------


def _writes_state(node: ast.AST) -> bool:
    """``x.state = …`` on anything, ``….update(state=…)``, ``setattr(x, "state", …)``."""
    match node:
        case ast.Assign(targets=targets):
            return any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets)
        case ast.AugAssign(target=ast.Attribute(attr="state")) | ast.AnnAssign(target=ast.Attribute(attr="state")):
            return True
        case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
            return any(k.arg == "state" for k in keywords)
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), *_]):
            return True
    return False


def test_state_of_entries_is_written_by_perform_only():
    bad = [
        f"{module.where}:{node.lineno}"
        for module in modules().values()
        if module.name != "portal.lifecycle.engine.perform" and not module.name.startswith(tuple(OTHER_STATES))
        for node in ast.walk(module.tree)
        if _writes_state(node)
    ]
    assert not bad, "\n".join(bad)


def test_nothing_asks_for_a_programme_by_its_code():
    pattern = re.compile(r"programme(_id|__code|\.code)?\s*(==|!=|\bin\b)\s*[\[({\"']|programme__code\s*=\s*[\"']")
    bad = [
        f"{m.where}:{number}"
        for m in modules().values()
        if not m.name.startswith("portal.demo")
        for number, line in enumerate(m.lines, start=1)
        if pattern.search(line)
    ]
    assert not bad, "\n".join(bad)
    assert pattern.search('if cycle.programme.code == "five-small":')


def test_moments_are_turned_into_days_by_local_date_only():
    # A moment is in UTC: for eight hours of each day its own .date() is yesterday in Tianjin.
    parts = {"date", "year", "month", "day", "weekday"}
    found = [
        f"{module.where}:{node.lineno}"
        for module in modules().values()
        for node in module.nodes(ast.Attribute)
        if node.attr in parts and re.search(r"(\bnow|now\(\)|_at)$", ast.unparse(node.value))
    ]
    assert not found, "local_date(now) of portal.core.dates gives the day: " + ", ".join(found)


def test_states_have_facts_and_phases():
    assert set(STATE_FACTS) == set(EntryState)
    assert {facts.phase for facts in STATE_FACTS.values()} == set(PHASES)
    open_and_final = [s for s, facts in STATE_FACTS.items() if facts.is_open and facts.is_final]
    assert not open_and_final


def test_transitions_leave_no_open_state_without_a_way_out():
    sources = {source for t in TRANSITIONS.values() for source in t.sources}
    assert {s.value for s, facts in STATE_FACTS.items() if facts.is_open} <= sources
    final = {s.value for s, facts in STATE_FACTS.items() if facts.is_final}
    assert not final & sources


# --- audit ------------------------------------------------------------------------------------------


def _recorded(module: Module) -> list[tuple[int, str]]:
    """Literal actions handed to ``record(…)`` – audit.record, never shadowed in our code."""
    return [
        (call.lineno, constant.value)
        for call in module.nodes(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "record" and call.args
        for constant in ast.walk(call.args[0])
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    ]


def test_audit_actions_in_code_are_registered():
    used = [(m, line, action) for m in modules().values() for line, action in _recorded(m)]
    assert len(used) > 30  # the walk finds them
    missing = [f"{m.where}:{line} {action}" for m, line, action in used if action not in all_actions()]
    assert not missing, "\n".join(missing)
    assert {t.audit_action for t in TRANSITIONS.values()} <= set(all_actions())


def test_audit_actions_have_the_agreed_form():
    bad = [code for code in all_actions() if not re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+", code)]
    assert not bad
    assert not [code for code, action in all_actions().items() if not str(action.label).strip()]


# --- tenancy ----------------------------------------------------------------------------------------


def _own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in PACKAGES]


def test_models_declare_whose_they_are():
    bad = []
    for model in _own_models():
        scoped = issubclass(model, ScopedModel) and (model.scope_owner or model.scope_route or model.scope_downward)
        if bool(scoped) == (model._meta.label in UNSCOPED):
            bad.append(model._meta.label)
    assert not bad, f"no owner declared, or both scoped and in UNSCOPED: {bad}"
    assert set(UNSCOPED) <= {m._meta.label for m in _own_models()}


@pytest.mark.parametrize(
    "attribute", ["scope_owner", "scope_route", "scope_downward", "scope_shared", "scope_reviewer"]
)
def test_scope_lookups_lead_to_a_column(attribute):
    bad = []
    for model in _own_models():
        lookup = getattr(model, attribute, "")
        if lookup and not _is_column(model, lookup):
            bad.append(f"{model._meta.label}.{attribute} = {lookup}")
    assert not bad, bad


def _is_column(model: type[models.Model], lookup: str) -> bool:
    for part in lookup.split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return False
        model = found.related_model or model
    return True


def test_scoped_models_are_read_through_the_scoped_manager():
    bad = [
        m._meta.label
        for m in _own_models()
        if m._meta.label not in UNSCOPED and not isinstance(m._default_manager, ScopedManager)
    ]
    assert not bad


def test_people_and_organisations_have_no_reverse_relation_to_scoped_rows():
    """A join from User or Organisation through a reverse relation would go round the scope."""
    bad = [
        f"{model._meta.label}.{f.name}"
        for model in _own_models()
        if issubclass(model, ScopedModel)
        for f in model._meta.local_fields
        if f.related_model in {User, Organisation} and not f.remote_field.hidden
    ]
    assert not bad, bad


def test_relations_between_apps_follow_the_import_rule():
    bad = [
        f"{model._meta.label}.{f.name} → {f.related_model._meta.label}"
        for model in _own_models()
        for f in model._meta.local_fields
        if f.related_model
        and f.related_model.__module__.split(".")[0] in PACKAGES
        and f.related_model is not User  # named by settings.AUTH_USER_MODEL everywhere
        and not _may_import(_layer(model.__module__), _layer(f.related_model.__module__))
    ]
    assert not bad, bad


def test_pages_and_endpoints_never_leave_the_scope():
    """``system_scope`` is for jobs, commands and single queries with a written reason – not for views."""
    shown = re.compile(r"(^|[._])(views|api|api_urls|forms|tables|filters|templatetags|navigation|urls)(\.|$)")
    bad = [
        f"{m.where}:{number}"
        for m in modules().values()
        if shown.search(m.name) or m.name.endswith("_views")
        for number, line in enumerate(m.lines, start=1)
        if "system_scope(" in line
    ]
    assert not bad, "\n".join(bad)


def test_system_scope_says_why():
    bad = [
        f"{m.where}:{call.lineno}"
        for m in modules().values()
        for call in m.nodes(ast.Call)
        if isinstance(call.func, ast.Name)
        and call.func.id == "system_scope"
        and not (call.args and m.is_literal(call.args[0]))
    ]
    assert not bad, "\n".join(bad)

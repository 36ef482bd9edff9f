"""Import of organisations: recognised by their internal code; parents may stand in the same file, in any order."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from portal.accounts.domain.organisations import MAX_DEPTH, lock_tree, path_of
from portal.accounts.enums import LEVEL_OF_KIND, OrganisationKind, may_stand_below
from portal.accounts.imports.plan import Context, Plan, differences, duplicates
from portal.accounts.imports.sheets import ORGANISATIONS, Row
from portal.accounts.models import Organisation
from portal.audit.domain import record_many
from portal.core.db import new_ids
from portal.core.identifiers import credit_code_problem, normalise_credit_code
from portal.core.scoping import system_scope

SHEET = ORGANISATIONS
FIELDS = ("name", "short_name", "kind", "credit_code", "district_code", "member_count")


def lock(context: Context) -> None:
    lock_tree(context.root.path)


def check(rows: list[Row], context: Context) -> Plan:
    """Every problem of every row; codes and credit codes are looked up in all tenants, parents in the own part."""
    plan = Plan()
    known, own_by_pk, taken = _known(rows, context)
    again = duplicates(rows, lambda row: row["code"])
    again_credit = duplicates(rows, lambda row: _credit(row) or None)
    kinds = {row["code"]: row["kind"] for row in rows}
    child_kinds = _child_kinds([o for o in known.values() if o.pk in own_by_pk])
    for row in rows:
        before = len(plan.problems)
        if row.number in again:
            plan.problem(row, SHEET, "code", f"与第{again[row.number]}行的内部编号重复")
            continue
        if row.number in again_credit:
            plan.problem(row, SHEET, "credit_code", f"与第{again_credit[row.number]}行的信用代码重复")
        present = known.get(row["code"])
        if present is not None and not present.path.startswith(context.root.path):
            plan.problem(row, SHEET, "code", "这个编号已被管理范围以外的组织使用")
            continue
        _check_credit_code(plan, row, present, taken)
        _check_parent(plan, row, present, known, kinds, context=context)
        if present is not None:
            _check_present(plan, row, present, child_kinds)
        if len(plan.problems) == before:
            _note(plan, row, present)
    if not plan.problems:
        _check_shape(plan, known, context)
    plan.extra["known"] = known
    return plan


def _credit(row: Row) -> str:
    return normalise_credit_code(row["credit_code"] or "")


def _known(rows: list[Row], context: Context) -> tuple[dict[str, Organisation], set[int], dict[str, Organisation]]:
    codes = {row["code"] for row in rows} | {row["parent"] for row in rows}
    credit_codes = {_credit(row) for row in rows} - {""}
    with system_scope("codes are unique over all tenants"):
        found = list(
            Organisation.objects.filter(Q(code__in=codes) | Q(credit_code__in=credit_codes)).select_related("parent")
        )
    known = {o.code: o for o in found if o.code in codes}
    own = {o.pk for o in known.values() if o.path.startswith(context.root.path)}
    return known, own, {o.credit_code: o for o in found if o.credit_code}


def _child_kinds(organisations: list[Organisation]) -> dict[int, set[str]]:
    kinds: dict[int, set[str]] = {}
    rows = Organisation.objects.filter(parent__in=organisations).values_list("parent_id", "kind")
    for parent, kind in rows:
        kinds.setdefault(parent, set()).add(kind)
    return kinds


def _check_credit_code(plan: Plan, row: Row, present: Organisation | None, taken: dict[str, Organisation]) -> None:
    code = _credit(row)
    if not code:
        return
    problem = credit_code_problem(code)
    if problem:
        plan.problem(row, SHEET, "credit_code", problem)
        return
    other = taken.get(code)
    if other is not None and (present is None or other.pk != present.pk):
        plan.problem(row, SHEET, "credit_code", "这个信用代码已登记在其他组织名下")


def _check_parent(
    plan: Plan,
    row: Row,
    present: Organisation | None,
    known: dict[str, Organisation],
    kinds: dict[str, str],
    *,
    context: Context,
) -> None:
    code = row["parent"]
    if present is not None and present.pk == context.root.pk:
        if present.parent is None or present.parent.code != code:
            plan.problem(row, SHEET, "parent", "不能通过导入调整本组织的上级")
        return
    if code == row["code"]:
        plan.problem(row, SHEET, "parent", "上级不能是自己")
        return
    parent = known.get(code)
    if parent is None and code not in kinds:
        plan.problem(row, SHEET, "parent", f"没有编号为“{code}”的组织")
        return
    if parent is not None and not parent.path.startswith(context.root.path):
        plan.problem(row, SHEET, "parent", f"“{code}”不在您的管理范围内")
        return
    if parent is not None and not parent.is_active:
        plan.problem(row, SHEET, "parent", f"“{parent.name}”已停用")
        return
    parent_kind = kinds.get(code) or parent.kind
    if not may_stand_below(row["kind"], parent_kind):
        labels = OrganisationKind(row["kind"]).label, OrganisationKind(parent_kind).label
        plan.problem(row, SHEET, "kind", f"“{labels[0]}”不能设在“{labels[1]}”之下")


def _check_present(plan: Plan, row: Row, present: Organisation, child_kinds: dict[int, set[str]]) -> None:
    if not present.is_active:
        plan.problem(row, SHEET, "code", "该组织已停用，请先恢复")
    if present.parent is not None and present.parent.code != row["parent"]:
        plan.problem(row, SHEET, "parent", f"现在的上级是“{present.parent.code}”，调整上级请在组织页面办理")
    if any(not may_stand_below(kind, row["kind"]) for kind in child_kinds.get(present.pk, ())):
        plan.problem(row, SHEET, "kind", "与现有下级组织的类型不符")


def _values(row: Row) -> dict[str, Any]:
    return {
        "name": row["name"],
        "short_name": row["short_name"] or "",
        "kind": row["kind"],
        "credit_code": _credit(row),
        "district_code": row["district_code"] or "",
        "member_count": row["member_count"] or 0,
    }


def _note(plan: Plan, row: Row, present: Organisation | None) -> None:
    values = _values(row)
    if present is None:
        plan.creates.append((row, values))
        plan.change(row, "create", row["name"])
        return
    before = {name: getattr(present, name) for name in FIELDS}
    if before == values:
        plan.unchanged += 1
        return
    plan.updates.append((row, present, before, values))
    plan.change(row, "update", present.name, differences(before, values, SHEET))


def _check_shape(plan: Plan, known: dict[str, Organisation], context: Context) -> None:
    """New organisations hang on each other without a circle and not too deep; the order to make them in is kept."""
    waiting = {row["code"]: row for row, _values in plan.creates}
    depth = {code: o.path.count("/") for code, o in known.items()}
    ordered: list[str] = []
    while waiting:
        ready = [code for code, row in waiting.items() if row["parent"] in depth]
        if not ready:
            for row in waiting.values():
                plan.problem(row, SHEET, "parent", "上级之间形成了循环")
            return
        for code in ready:
            row = waiting.pop(code)
            depth[code] = depth[row["parent"]] + 1
            if depth[code] > MAX_DEPTH:
                plan.problem(row, SHEET, "parent", f"组织层次过深，最多{MAX_DEPTH}层")
            ordered.append(code)
    place = {code: number for number, code in enumerate(ordered)}
    plan.creates.sort(key=lambda item: place[item[0]["code"]])


def apply(plan: Plan, context: Context) -> dict[str, Any]:
    """Writes the plan; the caller holds the tree's lock and has just checked again."""
    by_code: dict[str, Organisation] = dict(plan.extra["known"])
    created = []
    for pk, (row, values) in zip(new_ids(Organisation, len(plan.creates)), plan.creates, strict=True):
        parent = by_code[row["parent"]]
        organisation = Organisation(
            pk=pk, code=row["code"], parent=parent, path=path_of(parent, pk), level=LEVEL_OF_KIND[row["kind"]], **values
        )
        by_code[row["code"]] = organisation
        created.append((organisation, {}, values | {"code": row["code"]}))
    Organisation.objects.bulk_create([o for o, _before, _after in created], batch_size=500)
    changed = []
    for _row, organisation, before, values in plan.updates:
        for name, value in values.items():
            setattr(organisation, name, value)
        organisation.level = LEVEL_OF_KIND[organisation.kind]
        organisation.updated_at = context.now
        changed.append((organisation, before, values))
    if changed:
        Organisation.objects.bulk_update([o for o, *_ in changed], [*FIELDS, "level", "updated_at"], batch_size=500)
    record_many("accounts.organisation.created", created, actor=context.actor, now=context.now)
    record_many("accounts.organisation.changed", changed, actor=context.actor, now=context.now)
    return {}

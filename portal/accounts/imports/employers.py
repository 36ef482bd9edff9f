"""Import of employers and the figures of one year: recognised by credit code, without one by union and name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from portal.accounts.codes.economic_types import ownership_of
from portal.accounts.domain.employers import FIRST_YEAR, YearFigures, classify
from portal.accounts.enums import OwnershipClass
from portal.accounts.imports.plan import Context, Plan, differences, duplicates
from portal.accounts.imports.sheets import EMPLOYERS, Row
from portal.accounts.models import Employer, EmployerYear, Organisation
from portal.accounts.queries import codes
from portal.audit.domain import record_many
from portal.core.dates import local_date
from portal.core.errors import Invalid
from portal.core.identifiers import credit_code_problem, normalise_credit_code
from portal.core.scoping import system_scope

SHEET = EMPLOYERS
FIELDS = (
    "name",
    "credit_code",
    "organisation_id",
    "economic_type",
    "ownership",
    "emerging_kind",
    "industry",
    "district_code",
    "address",
    "established_on",
)
FIGURES = ("employees", "members", "frontline", "migrant", "revenue", "assets", "is_above_scale")


def lock(context: Context) -> None:
    """Credit codes are guarded by the constraint; two imports at once: the second fails as a whole and may be repeated."""


def check(rows: list[Row], context: Context) -> Plan:
    plan = Plan()
    unions = _unions(rows, context)
    by_code, by_name = _known(rows, unions)
    again = duplicates(rows, _identity)
    for row in rows:
        before = len(plan.problems)
        if row.number in again:
            plan.problem(row, SHEET, "credit_code" if _credit(row) else "name", f"与第{again[row.number]}行重复")
            continue
        union = _check_union(plan, row, unions, context)
        _check_codes(plan, row)
        present = _present(plan, row, union, by_code, by_name, context=context)
        figures = _check_figures(plan, row, context)
        if len(plan.problems) == before:
            _note(plan, row, union, present, figures)
    plan.extra["years"] = _years(plan)
    return plan


def _credit(row: Row) -> str:
    return normalise_credit_code(row["credit_code"] or "")


def _identity(row: Row) -> Any:
    return _credit(row) or (row["organisation"], row["name"])


def _unions(rows: list[Row], context: Context) -> dict[str, Organisation]:
    wanted = {row["organisation"] for row in rows}
    return {o.code: o for o in Organisation.objects.filter(code__in=wanted, path__startswith=context.root.path)}


def _known(
    rows: list[Row], unions: dict[str, Organisation]
) -> tuple[dict[str, Employer], dict[tuple[int, str], Employer]]:
    with system_scope("credit codes are unique over all tenants"):
        credit_codes = {_credit(row) for row in rows} - {""}
        own = Q(organisation__in=unions.values(), credit_code=None)
        found = list(Employer.objects.filter(Q(credit_code__in=credit_codes) | own).select_related("organisation"))
    by_name = {(e.organisation_id, e.name): e for e in found if not e.credit_code}
    return {e.credit_code: e for e in found if e.credit_code}, by_name


def _check_union(plan: Plan, row: Row, unions: dict[str, Organisation], context: Context) -> Organisation | None:
    union, problem = unions.get(row["organisation"]), ""
    if union is None:
        problem = f"管理范围内没有编号为“{row['organisation']}”的组织"
    elif not union.is_active:
        problem = f"“{union.name}”已停用"
    elif not union.is_unit:
        problem = f"“{union.name}”不是基层工会，用人单位应登记在基层工会名下"
    if problem:
        plan.problem(row, SHEET, "organisation", problem)
        return None
    return union


def _check_codes(plan: Plan, row: Row) -> None:
    code = _credit(row)
    problem = credit_code_problem(code) if code else ""
    if problem:
        plan.problem(row, SHEET, "credit_code", problem)
    decided, stated = ownership_of(row["economic_type"] or ""), row["ownership"]
    if decided and stated and decided != stated:
        plan.problem(row, SHEET, "ownership", f"该经济类型属于“{OwnershipClass(decided).label}”")
    division = row["division"]
    if division is None:
        return
    if not (division.isdecimal() and 2 <= len(division) <= 4):
        plan.problem(row, SHEET, "division", "请填写2至4位数字")
    elif not row["industry"]:
        plan.problem(row, SHEET, "industry", "填写了行业大类代码，须同时选择行业门类")
    elif not codes.division_fits(row["industry"], division):
        plan.problem(row, SHEET, "division", "这个大类不属于所选的门类")


def _present(
    plan: Plan,
    row: Row,
    union: Organisation | None,
    by_code: dict[str, Employer],
    by_name: dict[tuple[int, str], Employer],
    *,
    context: Context,
) -> Employer | None:
    """The employer that the row means. A code may also be stated for one that was registered without."""
    found = by_code.get(_credit(row))
    if found is not None and not found.organisation.path.startswith(context.root.path):
        plan.problem(row, SHEET, "credit_code", "这个信用代码已登记在管理范围以外的单位名下")
        return None
    if found is None and union is not None:
        found = by_name.get((union.pk, row["name"]))
    return found


def _check_figures(plan: Plan, row: Row, context: Context) -> YearFigures | None:
    year = row["year"]
    if year is None:
        if any(row[name] is not None for name in FIGURES):
            plan.problem(row, SHEET, "year", "填写了人数或经营数字，须同时填写年度")
        return None
    if not FIRST_YEAR <= year <= local_date(context.now).year:
        plan.problem(row, SHEET, "year", f"年度应在{FIRST_YEAR}年至{local_date(context.now).year}年之间")
        return None
    if row["employees"] is None:
        plan.problem(row, SHEET, "employees", "填写了年度，须同时填写职工数")
        return None
    values = {name: row[name] for name in FIGURES}
    heads = {name: values[name] or 0 for name in ("employees", "members", "frontline", "migrant")}
    figures = YearFigures(**(values | heads))
    try:
        figures.check()
    except Invalid as error:
        for name, messages in error.fields.items():
            plan.problem(row, SHEET, name, messages[0].rstrip("。"))
        return None
    return figures


def _values(row: Row, union: Organisation, present: Employer | None) -> dict[str, Any]:
    """What the row states. A workbook without the column of emerging kinds leaves the kind as it is."""
    economic_type = row["economic_type"] or ""
    emerging = row["emerging_kind"] or ""
    if "emerging_kind" not in row.values and present is not None:
        emerging = present.emerging_kind
    return {
        "name": row["name"],
        "credit_code": _credit(row) or None,
        "organisation_id": union.pk,
        "economic_type": economic_type,
        "ownership": ownership_of(economic_type) or row["ownership"] or OwnershipClass.OTHER.value,
        "emerging_kind": emerging,
        "industry": (row["industry"] or "") + (row["division"] or ""),
        "district_code": row["district_code"] or "",
        "address": row["address"] or "",
        "established_on": row["established_on"],
    }


def _note(plan: Plan, row: Row, union: Organisation, present: Employer | None, figures: YearFigures | None) -> None:
    values = _values(row, union, present)
    if present is None:
        plan.creates.append((row, union, values, figures))
        plan.change(row, "create", row["name"])
        return
    before = {name: getattr(present, name) for name in FIELDS}
    plan.updates.append((row, present, before, values, figures))


def _years(plan: Plan) -> dict[tuple[int, int], EmployerYear]:
    """Present figures of the years concerned; with them it can be told which rows change nothing."""
    wanted = {present.pk for _row, present, *_rest in plan.updates}
    rows = EmployerYear.objects.filter(employer__in=wanted)
    years = {(y.employer_id, y.year): y for y in rows}
    kept = []
    for item in plan.updates:
        row, present, before, values, figures = item
        details = differences(before, values, SHEET)
        if figures is not None:
            details += _figure_differences(years.get((present.pk, row["year"])), figures, row["year"])
        if details:
            kept.append(item)
            plan.change(row, "update", present.name, details)
        else:
            plan.unchanged += 1
    plan.updates = kept
    return years


def _figure_differences(present: EmployerYear | None, figures: YearFigures, year: int) -> list[str]:
    if present is None or present.confirmed_at is None:
        return [f"确认{year}年度信息"]
    before = {name: getattr(present, name) for name in FIGURES}
    return differences(before, {name: getattr(figures, name) for name in FIGURES}, SHEET)


def apply(plan: Plan, context: Context) -> dict[str, Any]:
    employers = []
    for _row, _union, values, figures in plan.creates:
        employers.append(Employer(**values, size_class=classify(values["industry"], figures)))
    Employer.objects.bulk_create(employers, batch_size=500)
    created = []
    for employer, (_row, union, values, _figures) in zip(employers, plan.creates, strict=True):
        employer.organisation = union
        created.append((employer, {}, values))
    changed = _update(plan, context)
    _write_years(plan, employers, context)
    record_many("accounts.employer.created", created, actor=context.actor, now=context.now)
    record_many("accounts.employer.changed", changed, actor=context.actor, now=context.now)
    return {}


def _update(plan: Plan, context: Context) -> list[tuple[Employer, dict, dict]]:
    newest: dict[int, int] = {}
    for employer_id, year in plan.extra["years"]:
        newest[employer_id] = max(year, newest.get(employer_id, 0))
    changed = []
    for row, employer, before, values, figures in plan.updates:
        for name, value in values.items():
            setattr(employer, name, value)
        if figures is not None and row["year"] >= newest.get(employer.pk, 0):
            employer.size_class = classify(employer.industry, figures)
        employer.updated_at = context.now
        changed.append((employer, before, values))
    if changed:
        fields = [*(name.removesuffix("_id") for name in FIELDS), "size_class", "updated_at"]
        Employer.objects.bulk_update([e for e, *_ in changed], fields, batch_size=500)
    return changed


def _write_years(plan: Plan, employers: list[Employer], context: Context) -> None:
    wanted = [
        (employer, row, figures) for employer, (row, _u, _v, figures) in zip(employers, plan.creates, strict=True)
    ]
    wanted += [(employer, row, figures) for row, employer, _before, _values, figures in plan.updates]
    fresh, present, events = [], [], []
    for employer, row, figures in wanted:
        if figures is None:
            continue
        values = {name: getattr(figures, name) for name in FIGURES}
        known = plan.extra["years"].get((employer.pk, row["year"]))
        before = {name: getattr(known, name) for name in FIGURES} if known else {}
        year = known or EmployerYear(employer=employer, year=row["year"])
        for name, value in values.items():
            setattr(year, name, value)
        year.confirmed_at = year.updated_at = context.now
        (present if known else fresh).append(year)
        events.append((employer, before, values | {"year": row["year"]}))
    EmployerYear.objects.bulk_create(fresh, batch_size=500)
    if present:
        EmployerYear.objects.bulk_update(present, [*FIGURES, "confirmed_at", "updated_at"], batch_size=500)
    record_many("accounts.employer.year_confirmed", events, actor=context.actor, now=context.now)

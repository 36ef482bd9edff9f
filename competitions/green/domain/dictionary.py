"""Indicators, coefficients and groups: laid down by the federation, in versions."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.green.enums import Direction
from competitions.green.formula import FormulaError, in_words, parse
from competitions.green.models import BenchmarkGroup, CoefficientTable, Indicator
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

DEFINITIONS = Path(__file__).resolve().parent.parent / "definitions"
FACTS = ("name", "unit", "direction", "inputs", "formula", "weight", "saving", "co2", "source")
GROUP_FACTS = (
    "name", "product", "boundary", "indicator", "benchmark_kind", "benchmark", "basis", "is_seasonal", "cohost", "is_open",
)  # fmt: skip
SAVED = "saved"  # what the formulas of savings start from


@transaction.atomic
def load_dictionary(*, actor: Actor, owner: Organisation, now: dt.datetime) -> tuple[int, int]:
    """The files of ``definitions/``: what changed becomes the next version. Returns the numbers of new versions."""
    indicators = tomllib.loads((DEFINITIONS / "indicators.toml").read_text(encoding="utf-8"))["indicators"]
    tables = tomllib.loads((DEFINITIONS / "coefficients.toml").read_text(encoding="utf-8"))["tables"]
    fresh = [
        add_coefficients(actor=actor, owner=owner, year=t["year"], source=t["source"], values=t["values"], now=now)[1]
        for t in tables
    ]
    added = [
        add_indicator(actor=actor, owner=owner, code=i["code"], facts={name: i[name] for name in FACTS}, now=now)[1]
        for i in indicators
    ]
    return sum(added), sum(fresh)


@transaction.atomic
def add_coefficients(
    *,
    actor: Actor,
    owner: Organisation,
    year: int,
    source: str,
    values: Mapping[str, Mapping[str, str]],
    now: dt.datetime,
) -> tuple[CoefficientTable, bool]:
    """The next version of a year's table, or the newest one when nothing differs. Values are positive decimals as text."""
    policy_for("green").require(actor, "manage")
    for code, entry in values.items():
        try:
            good = Decimal(entry["value"]) > 0
        except InvalidOperation:
            good = False
        if not good:
            message = _("系数须为大于零的数。")
            raise Invalid(message, fields={code: [message]})
    if not source.strip():
        message = _("请写明系数的来源。")
        raise Invalid(message, fields={"source": [message]})
    advisory_lock(f"green:coefficients:{owner.pk}:{year}")
    newest = CoefficientTable.objects.filter(owner=owner, year=year).order_by("-version").first()
    if newest and (newest.values, newest.source) == (dict(values), source.strip()):
        return newest, False
    row = CoefficientTable.objects.create(
        owner=owner, year=year, version=newest.version + 1 if newest else 1, source=source.strip(), values=dict(values),
        loaded_at=now,
    )  # fmt: skip
    before = {code: entry["value"] for code, entry in newest.values.items()} if newest else {}
    after = {code: entry["value"] for code, entry in values.items()}
    record(
        "competitions.green.coefficients", row, actor=actor, now=now, before=before, after=after, version=row.version
    )
    return row, True


def coefficients_for(owner: Organisation, year: int) -> CoefficientTable:
    """The newest version of the year's table; a year without its own takes the last one before. Raises Invalid without any."""
    rows = CoefficientTable.objects.filter(owner=owner, year__lte=year).order_by("-year", "-version")
    table = rows.first() or CoefficientTable.objects.filter(owner=owner).order_by("year", "-version").first()
    if table is None:
        raise Invalid(_("还没有启用系数表，请联系市总工会。"))
    return table


@transaction.atomic
def add_indicator(
    *, actor: Actor, owner: Organisation, code: str, facts: Mapping[str, Any], now: dt.datetime
) -> tuple[Indicator, bool]:
    """The next version of an indicator (FACTS), or the newest when nothing differs. Raises Invalid for a formula that names
    anything but the inputs and the coefficients in force.
    """
    policy_for("green").require(actor, "manage")
    advisory_lock(f"green:indicator:{owner.pk}:{code}")
    check_indicator(facts, known=coefficients_for(owner, local_date(now).year).values.keys())
    newest = Indicator.objects.filter(owner=owner, code=code).order_by("-version").first()
    if newest and all(getattr(newest, name) == facts[name] for name in FACTS):
        return newest, False
    row = Indicator.objects.create(
        owner=owner, code=code, version=newest.version + 1 if newest else 1, loaded_at=now,
        **{name: facts[name] for name in FACTS},
    )  # fmt: skip
    record(
        "competitions.green.indicator", row, actor=actor, now=now, code=code, version=row.version, formula=row.formula
    )
    return row, True


def check_indicator(facts: Mapping[str, Any], *, known: Sequence[str]) -> None:
    """Raises Invalid beside ``inputs``, ``weight``, ``formula``, ``saving`` or ``co2``."""
    wrong: dict[str, list[str]] = {}
    codes = [entry["code"] for entry in facts["inputs"]]
    if not codes or len(set(codes)) != len(codes) or set(codes) & set(known):
        wrong["inputs"] = [_("至少一个填报项，代码不能重复，也不能与系数同名。")]
    if facts["weight"] not in codes:
        wrong["weight"] = [_("权数须是填报项之一。")]
    if facts["direction"] not in Direction.values:
        wrong["direction"] = [_("请选择方向。")]
    for field, names in (("formula", {*codes, *known}), ("saving", {SAVED, *known}), ("co2", {SAVED, *known})):
        if not facts[field] and field != "formula":
            continue
        try:
            if strangers := sorted(parse(facts[field]).names - names):
                wrong[field] = [_("公式中的%s不是填报项或系数。") % "、".join(strangers)]
        except FormulaError as error:
            wrong[field] = [str(error)]
    if wrong:
        raise Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)


@transaction.atomic
def add_group(*, actor: Actor, owner: Organisation, facts: Mapping[str, Any], now: dt.datetime) -> BenchmarkGroup:
    """A new group of the federation (GROUP_FACTS). Raises Conflict for a name that is taken."""
    policy_for("green").require(actor, "manage")
    advisory_lock(f"green:group:{owner.pk}")
    _check_group(owner, facts)
    row = BenchmarkGroup.objects.create(owner=owner, **{name: facts[name] for name in GROUP_FACTS})
    record("competitions.green.group_added", row, actor=actor, now=now, name=row.name, benchmark=row.benchmark)
    return row


@transaction.atomic
def change_group(*, actor: Actor, group: BenchmarkGroup, facts: Mapping[str, Any], now: dt.datetime) -> BenchmarkGroup:
    """Benchmark, boundary, co-host; the indicator may only move to another version of itself once values are there."""
    policy_for("green").require(actor, "manage")
    advisory_lock(f"green:group:{group.owner_id}")
    group = lock_row(BenchmarkGroup, group.pk)
    _check_group(group.owner, facts, besides=group.pk)
    if facts["indicator"].code != group.indicator.code and group.subjects.exists():
        message = _("已有参赛主体，不能换成另一个指标，请新设对标组。")
        raise Invalid(message, fields={"indicator": [message]})
    before = {name: str(getattr(group, name)) for name in GROUP_FACTS}
    for name in GROUP_FACTS:
        setattr(group, name, facts[name])
    group.save()
    after = {name: str(getattr(group, name)) for name in GROUP_FACTS}
    record("competitions.green.group_changed", group, actor=actor, now=now, before=before, after=after)
    return group


def _check_group(owner: Organisation, facts: Mapping[str, Any], besides: int = 0) -> None:
    if facts["benchmark"] <= 0:
        message = _("标杆值须大于零。")
        raise Invalid(message, fields={"benchmark": [message]})
    if BenchmarkGroup.objects.filter(owner=owner, name=facts["name"]).exclude(pk=besides).exists():
        raise Conflict(_("对标组“%s”已经设立。") % facts["name"])


def formula_words(indicator: Indicator) -> str:
    """The indicator's formula with the names of inputs and coefficients instead of their codes."""
    names = {code: _("%s系数") % entry["label"] for code, entry in default_coefficients().items()}
    return in_words(indicator.formula, names | {entry["code"]: entry["label"] for entry in indicator.inputs})


@cache
def default_coefficients() -> dict[str, dict[str, str]]:
    """The newest table of the definition file: what a form starts from where nothing is in force yet."""
    tables = tomllib.loads((DEFINITIONS / "coefficients.toml").read_text(encoding="utf-8"))["tables"]
    return max(tables, key=lambda table: table["year"])["values"]

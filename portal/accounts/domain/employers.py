"""用人单位: facts, the unions that cover them, and the figures confirmed year by year."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.codes.economic_types import ownership_of
from portal.accounts.enums import EmergingKind, SizeClass
from portal.accounts.models import Employer, EmployerYear, Organisation, UnionCoverage
from portal.accounts.policies import OrganisationPolicy
from portal.accounts.size_class import MissingIndicator, size_class, trade_of_industry
from portal.audit.domain import record
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.identifiers import IdentifierError, normalise_credit_code, validate_credit_code

if TYPE_CHECKING:
    from portal.core.context import Actor

policy = OrganisationPolicy()
FIRST_YEAR = 2015


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """What people state about an employer. ``ownership`` follows the economic type where that decides it."""

    name: str
    credit_code: str = ""
    economic_type: str = ""
    ownership: str = ""
    industry: str = ""
    district_code: str = ""
    address: str = ""
    established_on: dt.date | None = None
    emerging_kind: str = ""

    def cleaned(self) -> dict[str, Any]:
        """Trimmed values; an empty credit code is None. Raises Invalid beside the field."""
        values = asdict(self)
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = value.strip()
        if not values["name"]:
            raise Invalid(fields={"name": [_("请填写单位名称。")]})
        try:
            code = normalise_credit_code(values["credit_code"])
            values["credit_code"] = validate_credit_code(code) if code else None
        except IdentifierError as error:
            raise Invalid(fields={"credit_code": [str(error)]}) from error
        if values["emerging_kind"] not in {"", *EmergingKind.values}:
            raise Invalid(fields={"emerging_kind": [_("没有这一类别，请从列表选择。")]})
        values["ownership"] = ownership_of(values["economic_type"]) or values["ownership"] or "other"
        return values


@dataclass(frozen=True, slots=True)
class YearFigures:
    """Figures of one year: heads at the end of the year, revenue and assets in 万元."""

    employees: int
    members: int = 0
    frontline: int = 0
    migrant: int = 0
    revenue: int | None = None
    assets: int | None = None
    is_above_scale: bool | None = None

    def check(self) -> None:
        """Raises Invalid beside the fields that contradict each other."""
        fields: dict[str, list[str]] = {}
        for name, label in (("members", _("会员数")), ("frontline", _("一线职工数")), ("migrant", _("农民工数"))):
            if getattr(self, name) > self.employees:
                fields[name] = [_("%(label)s不能多于职工数%(n)s人。") % {"label": label, "n": self.employees}]
        if fields:
            raise Invalid(fields=fields)


def create_employer(*, actor: Actor, organisation: Organisation, facts: EmployerFacts, now: dt.datetime) -> Employer:
    """A new employer of a basic union. Raises Invalid (fields: organisation, name, credit_code …), Refused."""
    policy.require(actor, "employer", organisation)
    values = facts.cleaned()
    _check_home(organisation)
    with transaction.atomic():
        employer = Employer(organisation=organisation, **values)
        _save(employer)
        record("accounts.employer.created", employer, actor=actor, after=values, now=now)
    return employer


def change_employer(
    *, actor: Actor, employer: Employer, organisation: Organisation, facts: EmployerFacts, now: dt.datetime
) -> Employer:
    """New facts, or another basic union that it belongs to (the actor must stand above both). Raises as creation does."""
    policy.require(actor, "employer", employer.organisation)
    policy.require(actor, "employer", organisation)
    values = facts.cleaned() | {"organisation_id": organisation.pk}
    with transaction.atomic():
        employer = lock_row(Employer, employer.pk)
        if employer.organisation_id != organisation.pk:
            _check_home(organisation)
        before = {name: getattr(employer, name) for name in values}
        if before != values:
            for name, value in values.items():
                setattr(employer, name, value)
            latest = EmployerYear.objects.filter(employer=employer, confirmed_at__isnull=False).first()
            if latest is not None:
                employer.size_class = classify(employer.industry, latest)
            _save(employer)
            record("accounts.employer.changed", employer, actor=actor, before=before, after=values, now=now)
    return employer


def _check_home(organisation: Organisation) -> None:
    if not organisation.is_unit:
        raise Invalid(fields={"organisation": [_("用人单位应登记在基层工会名下。")]})
    if not organisation.is_active:
        raise Invalid(fields={"organisation": [_("“%(name)s”已停用。") % {"name": organisation.name}]})


def confirm_year(
    *, actor: Actor, employer: Employer, year: int, figures: YearFigures, now: dt.datetime
) -> EmployerYear:
    """Records and confirms the figures of one year; the newest confirmed year decides the size class.

    Raises Invalid (fields: year, members, frontline, migrant), Refused.
    """
    policy.require(actor, "employer", employer.organisation)
    if not FIRST_YEAR <= year <= local_date(now).year:
        message = _("年度应在%(first)s年至%(last)s年之间。") % {"first": FIRST_YEAR, "last": local_date(now).year}
        raise Invalid(fields={"year": [message]})
    figures.check()
    values = asdict(figures)
    with transaction.atomic():
        employer = lock_row(Employer, employer.pk)
        row = EmployerYear.objects.filter(employer=employer, year=year).first() or EmployerYear(
            employer=employer, year=year
        )
        before = {name: getattr(row, name) for name in values} if row.pk else {}
        for name, value in values.items():
            setattr(row, name, value)
        row.confirmed_at = now
        row.save()
        newer = EmployerYear.objects.filter(employer=employer, year__gt=year, confirmed_at__isnull=False).exists()
        if not newer:
            employer.size_class = classify(employer.industry, row)
            employer.save(update_fields=["size_class", "updated_at"])
        record(
            "accounts.employer.year_confirmed", employer, actor=actor, before=before, after=values, year=year, now=now
        )
    return row


def classify(industry: str, figures: YearFigures | EmployerYear | None) -> str:
    """Size class by trade and figures; not classified where the industry has no rule or a figure is missing."""
    trade = trade_of_industry(industry)
    if trade is None or figures is None:
        return SizeClass.NOT_APPLICABLE
    try:
        found = size_class(trade, employees=figures.employees, revenue_wan=figures.revenue, assets_wan=figures.assets)
    except MissingIndicator:
        return SizeClass.NOT_APPLICABLE
    return SizeClass(found.value)


def cover_employer(*, actor: Actor, organisation: Organisation, employer: Employer, now: dt.datetime) -> UnionCoverage:
    """A joint union takes in the workers of an employer beyond its own (union count ≠ employer count)."""
    policy.require(actor, "change", organisation)
    _check_home(organisation)
    if employer.organisation_id == organisation.pk:
        raise Invalid(fields={"employer": [_("该单位已登记在本工会名下。")]})
    with transaction.atomic():
        coverage, created = UnionCoverage.objects.get_or_create(organisation=organisation, employer=employer)
        if not created:
            raise Conflict(_("本工会已覆盖“%(name)s”。") % {"name": employer.name})
        record(
            "accounts.organisation.coverage_added",
            organisation,
            actor=actor,
            employer=employer.pk,
            employer_name=employer.name,
            now=now,
        )
    return coverage


def uncover_employer(*, actor: Actor, organisation: Organisation, employer: Employer, now: dt.datetime) -> None:
    """Ends the coverage. Raises Conflict when there is none."""
    policy.require(actor, "change", organisation)
    with transaction.atomic():
        deleted, _details = UnionCoverage.objects.filter(organisation=organisation, employer=employer).delete()
        if not deleted:
            raise Conflict(_("本工会没有覆盖“%(name)s”。") % {"name": employer.name})
        record(
            "accounts.organisation.coverage_ended",
            organisation,
            actor=actor,
            employer=employer.pk,
            employer_name=employer.name,
            now=now,
        )


def _save(employer: Employer) -> None:
    """The database constraint is the last word on credit codes, also for rows outside the scope."""
    try:
        with transaction.atomic():
            employer.save()
    except IntegrityError as error:
        if "credit_code" not in str(error):
            raise
        raise Invalid(fields={"credit_code": [_("这个统一社会信用代码已登记在其他单位名下。")]}) from error

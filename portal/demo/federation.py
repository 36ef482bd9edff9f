"""The demo's union tree and people, made by the same domain functions that people use."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from allauth.mfa.totp.internal.auth import TOTP

from portal.accounts.domain.employers import EmployerFacts, YearFigures, confirm_year, create_employer
from portal.accounts.domain.memberships import give_role
from portal.accounts.domain.organisations import OrganisationFacts, create_organisation
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.models import Code, CodeList, Organisation, User
from portal.accounts.queries.desks import desk_of
from portal.core.context import Actor, system_actor
from portal.core.dates import local_date
from portal.demo import numbers, words
from portal.demo.accounts import PASSWORD, TOTP_SECRET
from portal.demo.city import SMALL, Size, emerging_kind, make_streets, make_units
from portal.lifecycle.review.domain.experts import add_expert

GROUPS = (
    "津沽机电集团工会",
    "渤东化工集团工会",
    "九河建工集团工会",
    "海门港务集团工会",
    "北洋仪表集团工会",
    "直沽轻工集团工会",
    "云帆航运集团工会",
    "汇川水务集团工会",
    "长芦盐化集团工会",
    "启明电力装备集团工会",
    "金穗粮油集团工会",
    "远帆轨道交通集团工会",
)
ZONES = (
    "天津经济技术开发区总工会",
    "天津港保税区总工会",
    "天津滨海高新区总工会",
    "天津东疆综合保税区总工会",
    "中新天津生态城总工会",
)
SYSTEM = system_actor("demo")
NEAR = 19  # the zones, the groups and two zones again stand first among the homes of units


@dataclass
class Unit:
    """A grassroots union with its employer, its two desks and the unions above."""

    organisation: Organisation
    filer: Actor
    checker: Actor
    employer_name: str


@dataclass
class Federation:
    municipal: Organisation
    now: dt.datetime
    rng: random.Random
    units: list[Unit] = field(default_factory=list)
    checkers: dict[int, Actor] = field(default_factory=dict)  # by organisation id
    manager: Actor = None
    city_checker: Actor = None
    experts: list[Actor] = field(default_factory=list)
    prefix: str = ""  # of user names, where the same people may be there already

    def person(self, organisation: Organisation, role: str, *, username: str = "", name: str = "") -> Actor:
        """A user with one desk; a given username is one of the printed accounts (several roles on one name are fine)."""
        username = username and self.prefix + username
        user = User.objects.filter(username=username).first() if username else None
        if user is None:
            name = name or words.person(self.rng)
            user = User(username=username or f"u{organisation.pk:05d}{role}", name=name, password_changed_at=self.now)
            user.password = password_hash()
            user.save()
            if organisation.level == UnionLevel.MUNICIPAL:
                TOTP.activate(user, TOTP_SECRET)
        membership, _new = give_role(user=user, organisation=organisation, role=role)
        return Actor(user=user, desk=desk_of(membership))

    def checker_of(self, organisation_id: int) -> Actor:
        """The checker's desk of any union, made when it is first needed."""
        if organisation_id not in self.checkers:
            organisation = Organisation.objects.get(pk=organisation_id)
            self.checkers[organisation_id] = self.person(organisation, Role.CHECKER)
        return self.checkers[organisation_id]


_hash: list[str] = []


def password_hash() -> str:
    """One salted hash for all demo accounts: argon2 is slow on purpose."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415 -- slow import

    if not _hash:
        _hash.append(make_password(PASSWORD))
    return _hash[0]


def build(*, now: dt.datetime, rng: random.Random, size: Size = SMALL) -> Federation:
    """Tianjin with 16 districts, zones, groups, streets and units; Beijing and Hebei as further roots."""

    def make(kind: str, name: str, parent: Organisation | None = None, **facts: object) -> Organisation:
        return create_organisation(
            actor=SYSTEM, parent=parent, kind=kind, facts=OrganisationFacts(name=name, **facts), now=now
        )

    municipal = make(Kind.MUNICIPAL, "天津市总工会", short_name="市总工会", member_count=3_020_000)
    for name in ("北京市总工会", "河北省总工会"):
        root = make(Kind.MUNICIPAL, name)
        Federation(root, now, rng).person(root, Role.MANAGER, username="beijing" if "北京" in name else "hebei")
    federation = Federation(municipal, now, rng)
    districts = {
        code.label: make(
            Kind.DISTRICT,
            f"{code.label}总工会",
            municipal,
            district_code=code.code,
            member_count=rng.randrange(18, 60) * 1000,
        )
        for code in Code.objects.filter(list=CodeList.DISTRICT, is_current=True).order_by("code")
    }
    binhai = districts["滨海新区"]
    zones = [
        make(Kind.ZONE, name, binhai, district_code=binhai.district_code, member_count=rng.randrange(8, 20) * 1000)
        for name in ZONES
    ]
    groups = [make(Kind.GROUP, name, municipal, member_count=rng.randrange(15, 45) * 1000) for name in GROUPS]
    _staff(federation, zones[0], binhai, groups[0], another=districts["津南区"])
    streets = make_streets(list(districts.values()), municipal, count=size.streets, rng=rng, now=now)
    homes = [*zones, *groups, *zones[:2], *streets]
    codes = make_units(homes, municipal, count=size.units, rng=rng, now=now)
    _people(federation, _active(codes, len(homes), size.active))
    return federation


def _active(codes: list[str], homes: int, count: int) -> list[str]:
    """Codes of the units that take part: two each below the zones and groups, whose desks are printed, then all over."""
    near = [number for turn in (0, homes) for number in range(turn, turn + NEAR) if number < len(codes)]
    far = range(NEAR, len(codes), max(1, len(codes) // count))
    chosen = dict.fromkeys([*near, *far])
    return [codes[number] for number in chosen][:count]


def _people(federation: Federation, codes: list[str]) -> None:
    """Two desks at every unit that takes part; the first unit has the printed accounts."""
    found = {row.code: row for row in Organisation.objects.filter(code__in=codes)}
    rows = [found[code] for code in codes]
    for number, unit in enumerate(rows):
        names = ("tianbao", "jiceng") if number == 0 else ("", "")
        filer = federation.person(unit, Role.FILER, username=names[0], name="李海燕" if number == 0 else "")
        checker = federation.person(unit, Role.CHECKER, username=names[1])
        federation.units.append(Unit(unit, filer, checker, unit.name.removesuffix("工会")))


def build_small(*, now: dt.datetime, rng: random.Random) -> Federation:
    """Three units at different heights of a small tree, and everybody a cycle needs above them; for simulations."""

    def make(kind: str, name: str, parent: Organisation | None = None, **facts: object) -> Organisation:
        return create_organisation(
            actor=SYSTEM, parent=parent, kind=kind, facts=OrganisationFacts(name=name, **facts), now=now
        )

    municipal = make(Kind.MUNICIPAL, "示例市总工会", member_count=90_000)
    federation = Federation(municipal, now, rng, prefix=f"x{municipal.pk}-")
    district = make(Kind.DISTRICT, "示例区总工会", municipal, member_count=40_000, district_code="120116")
    zone = make(Kind.ZONE, "示例开发区总工会", district, member_count=12_000)
    group = make(Kind.GROUP, "示例机电集团工会", municipal, member_count=20_000)
    _staff(federation, zone, district, group)
    _units(federation, [zone, group], make, each=1)
    street = make(Kind.STREET, "示例街道总工会", district, member_count=3_000)
    _units(federation, [street], make, each=1, first=len(federation.units))
    return federation


def _staff(
    federation: Federation,
    zone: Organisation,
    binhai: Organisation,
    group: Organisation,
    *,
    another: Organisation | None = None,
) -> None:
    city = federation.municipal
    federation.manager = federation.person(city, Role.MANAGER, username="shiguanli", name="高文静")
    federation.city_checker = federation.person(city, Role.CHECKER, username="shishenhe", name="宋立新")
    federation.person(city, Role.SUPERVISOR, username="jiandu", name="韩振华")
    federation.person(city, Role.AUDITOR, username="shenji", name="沈玉梅")
    federation.checkers[city.pk] = federation.city_checker
    for organisation, username in ((zone, "kaifaqu"), (binhai, "binhai"), (group, "jituan")):
        federation.checkers[organisation.pk] = federation.person(organisation, Role.CHECKER, username=username)
    federation.person(binhai, Role.MANAGER, username="binhai")  # one person, two desks
    if another is not None:
        federation.checkers[another.pk] = federation.person(another, Role.CHECKER, username="jinnan")
    for number in range(1, 10):
        expert = federation.person(city, Role.EXPERT, username=f"zhuanjia{number}")
        add_expert(
            actor=federation.manager,
            user=expert.user,
            now=federation.now,
            unit_name=f"天津{federation.rng.choice(words.PLACES)}职业技术学院",
            title=federation.rng.choice(("教授级高级工程师", "高级工程师", "正高级讲师", "高级技师")),
            fields=federation.rng.sample(["机械制造", "电气自动化", "化工", "安全工程", "工业设计", "企业管理"], 2),
            max_load=60,
        )
        federation.experts.append(expert)


def _units(federation: Federation, homes: list[Organisation], make, *, each: int, first: int = 0) -> None:
    rng, serial = federation.rng, first
    places = [(p, t) for t in words.TRADES for p in words.PLACES]
    rng.shuffle(places)
    places.remove(("沽上", words.TRADES[0]))
    places.insert(0, ("沽上", words.TRADES[0]))
    for home in homes:
        for _ in range(each):
            place, (trade, industry) = places[serial]
            serial += 1
            name = f"天津{place}{trade}"
            unit = make(
                Kind.GRASSROOTS,
                f"{name}工会",
                home,
                district_code=home.district_code,
                member_count=rng.randrange(60, 900),
            )
            ownership = rng.choice(("non_public", "non_public", "public"))
            facts = EmployerFacts(
                name=name,
                credit_code=numbers.credit_code(serial),
                ownership=ownership,
                emerging_kind=emerging_kind(random.Random(name), ownership, industry),  # noqa: S311 -- repeatable
                industry=industry,
                district_code=home.district_code or "120116",
                established_on=dt.date(2004 + serial % 15, 5, 18),
            )
            employer = create_employer(actor=SYSTEM, organisation=unit, facts=facts, now=federation.now)
            heads = unit.member_count + rng.randrange(10, 120)
            figures = YearFigures(employees=heads, members=unit.member_count, frontline=heads * 2 // 3, migrant=heads // 5,
                                  revenue=heads * 70, assets=heads * 90, is_above_scale=heads > 150)  # fmt: skip
            confirm_year(
                actor=SYSTEM,
                employer=employer,
                year=local_date(federation.now).year - 1,
                figures=figures,
                now=federation.now,
            )
            told = serial == 1  # the unit whose accounts are printed
            filer = federation.person(
                unit, Role.FILER, username="tianbao" if told else "", name="李海燕" if told else ""
            )
            checker = federation.person(unit, Role.CHECKER, username="jiceng" if told else "")
            federation.units.append(Unit(unit, filer, checker, name))

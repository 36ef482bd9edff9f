"""Forty competitions of the year at every level and in every state; three of the year before; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from competitions.filings.domain import catalogue, cohosts, complaints, reports, review, supervision
from competitions.filings.domain import filing as filings
from competitions.filings.domain.content import Content, content_of
from competitions.filings.domain.files import PAPERS
from competitions.filings.models import CatalogueItem, CompetitionFiling, FilingReport
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Membership, Organisation
from portal.accounts.queries.desks import desk_of
from portal.core.context import PUBLIC, Actor
from portal.core.dates import local_date, local_datetime
from portal.demo.federation import Federation
from portal.demo.files import upload

SEED = 2026_1123
DAY = dt.timedelta(days=1)
# title, form, layer, area, industry, strategy tag, chain or focus tag, trades
THEMES: tuple[tuple[str, str, str, str, str, str, str, tuple[str, ...]], ...] = (
    ("装配钳工技能竞赛", "skill", "enterprise", "bincheng", "C", "manufacturing", "high-end-equipment", ("装配钳工",)),
    ("焊接技能竞赛", "skill", "zone", "bincheng", "C", "manufacturing", "high-end-equipment", ("焊工",)),
    ("数控加工技术比武", "drill", "enterprise", "jincheng", "C", "manufacturing", "aerospace", ("数控车工", "数控铣工")),
    ("节能降碳达标竞赛", "saving", "enterprise", "bincheng", "C", "carbon", "green", ()),
    ("安全生产“安康杯”竞赛", "safety", "region", "both", "", "worker-reform", "", ()),
    ("班组创新创效竞赛", "team", "enterprise", "jincheng", "C", "manufacturing", "light-industry", ()),
    ("化工总控工技能竞赛", "skill", "enterprise", "bincheng", "C", "one-base-three-zones", "petrochemical", ("化工总控工",)),
    ("港口装卸机械司机竞赛", "skill", "enterprise", "bincheng", "G", "one-base-three-zones", "infrastructure", ("起重装卸机械操作工",)),
    ("楼宇物业服务竞赛", "park", "association", "jincheng", "K", "twin-cities", "real-economy", ("智能楼宇管理员",)),
    ("网约配送员技能竞赛", "new-business", "association", "both", "G", "worker-reform", "digital", ("网约配送员",)),
    ("信创软件适配攻关竞赛", "challenge", "zone", "bincheng", "I", "one-base-three-zones", "xinchuang", ()),
    ("生物制药检验技能竞赛", "skill", "enterprise", "bincheng", "C", "manufacturing", "biomedicine", ("药物检验员",)),
    ("窗口服务“五比”竞赛", "service", "region", "jincheng", "S", "twin-cities", "", ()),
    ("合理化建议竞赛", "suggestion", "enterprise", "both", "C", "supply-side", "real-economy", ()),
)  # fmt: skip
# How the thirty-three that are no joint ones and no copies stand
STATES = (
    *["running"] * 12, *["accepted"] * 5, *["summarised"] * 4, *["archived"] * 3, *["filed"] * 4, *["draft"] * 3,
    "returned", "withdrawn",
)  # fmt: skip
JOINT = (
    ("京津冀轨道交通信号工技能竞赛", ("北京市总工会", "河北省总工会"), ("budget", "reports"), "running"),
    ("京津冀焊接技能邀请赛", ("河北省总工会",), ("reports",), "running"),
    ("京津冀协同创新引领性劳动竞赛", ("北京市总工会",), (), "accepted"),
)
COPIES = 3
OPINION = "方案完整，同意备案。请按时间安排组织，做好安全保障。"


@dataclass
class Scene:
    """What every step needs: the catalogue by (group, code), the dice, and today."""

    federation: Federation
    items: dict[tuple[str, str], CatalogueItem]
    rng: random.Random
    now: dt.datetime


@dataclass
class Host:
    """A union that runs competitions, who acts in it, and who decides above."""

    organisation: Organisation
    actor: Actor
    above: Actor | None


def filings_of_the_year(federation: Federation) -> Iterator[str]:
    """The catalogue, then the competitions with their reports, checks and complaints, by the domain functions."""
    rng = random.Random(SEED)  # noqa: S311 -- repeatable
    now = federation.now
    catalogue.load_catalogue(
        actor=federation.manager, owner=federation.municipal, data=catalogue.read_definition(), now=now - 300 * DAY
    )
    items = {(i.group, i.code): i for i in CatalogueItem.objects.filter(owner=federation.municipal)}
    hosts, scene = _hosts(federation), Scene(federation, items, rng, now)
    made = [_joint(scene, *row) for row in JOINT]
    made += [_one(scene, hosts[number % len(hosts)], number, state) for number, state in enumerate(STATES)]
    made += [_copied(scene, hosts[-1 - number], number) for number in range(COPIES)]
    _amend(made[4], now)
    _checks(federation, now)
    _complaints(made, federation, now)
    made.append(_copied(scene, hosts[-1 - COPIES], COPIES))
    yield f"竞赛备案 {len(made)} 项"


def _hosts(federation: Federation) -> list[Host]:
    """Units, zones, groups and districts by turns, so that every level files."""
    city = federation.municipal
    rows = Organisation.objects.filter(parent=city, is_active=True).exclude(kind=OrganisationKind.DEPARTMENT)
    seconds = list(rows.order_by("path"))[:: max(1, rows.count() // 10)][:10]
    zones = list(Organisation.objects.filter(kind=OrganisationKind.ZONE).order_by("path")[:3])
    upper = [
        Host(row, federation.checker_of(row.pk), federation.checker_of(row.parent_id)) for row in [*zones, *seconds]
    ]
    units = [
        Host(u.organisation, u.filer, federation.checker_of(u.organisation.parent_id)) for u in federation.units[:20]
    ]
    mixed = [host for pair in zip(units, upper, strict=False) for host in pair]
    return [*mixed, *units[len(upper) :]]


def _dates(state: str, number: int, today: dt.date) -> tuple[dt.date, dt.date]:
    if state in {"summarised", "archived"}:
        return today - (260 + number) * DAY, today - (40 + number % 9) * DAY
    if state == "running":
        return today - (150 + 6 * (number % 10)) * DAY, today + (12 + 4 * (number % 8)) * DAY
    return today + (6 + number % 20) * DAY, today + (60 + number % 30) * DAY


def _content(scene: Scene, title: str, theme: Any, span: tuple[dt.date, dt.date], host: Organisation) -> Content:
    items, rng = scene.items, scene.rng
    _name, form, layer, area, industry, strategy, more, trades = theme
    first, last = span
    third = (last - first) / 3
    cuts = [first, first + third, first + 2 * third, last + DAY]
    people = rng.randrange(6, 90) * 20
    today = local_date(scene.now)
    year = last.year if last < today else max(first.year, min(last.year, today.year))
    facts: dict[str, Any] = {
        "year": year, "title": f"{year}年{title}", "kind": items["kind", form],
        "campaign": items["campaign", "plan-15-5" if year > 2025 else "plan-14-5"], "layer": layer, "area": area,
        "industry": industry, "district_code": host.district_code, "library": "none", "trades": list(trades),
        "topic": "围绕一次合格率、设备效率和安全隐患三个难点，以赛促学、以赛促改。", "basis_title": "关于开展劳动和技能竞赛的通知",
        "basis_issuer": host.name, "basis_number": f"示工发〔{year}〕{rng.randrange(3, 60)}号",
        "basis_on": first - 40 * DAY, "committee_office": "劳动和经济工作部", "committee_document": f"示工〔{year}〕7号",
        "committee_from": dt.date(year - 1, 1, 1), "committee_until": dt.date(year + 2, 12, 31),
        "scheme": "分动员培训、岗位练兵、集中比赛三个阶段。班组人人参与，车间择优推荐，集中赛由理论和实操两部分组成。",
        "awards": "设一、二、三等奖，按名次奖励；成绩优异的按规定推荐评选。", "starts_on": first, "ends_on": last,
        "expected_people": people, "expected_units": rng.randrange(1, 30), "contact": "劳动和经济工作部 022-00000000",
    }  # fmt: skip
    lists = {
        "committee": [
            {"seat": "chair", "name": "示例主任", "post": "行政主要负责人", "is_administrative": True},
            {"seat": "vice", "name": "示例副主任", "post": "工会主席", "is_administrative": False},
            {"seat": "member", "name": "示例委员", "post": "生产技术部门负责人", "is_administrative": rng.random() < 0.6},
            {"seat": "office", "name": "示例联络", "post": "工会经济技术干部", "is_administrative": False},
        ],
        "indicators": [
            {"name": "职工参赛率", "unit": "%", "target": Decimal(rng.randrange(60, 95))},
            {"name": "技能晋级人数", "unit": "人", "target": Decimal(rng.randrange(5, 60))},
            {"name": "合理化建议", "unit": "条", "target": Decimal(rng.randrange(20, 300))},
        ],
        "budget": [
            {"source": "union", "purpose": "奖励和组织经费", "amount": Decimal(rng.randrange(10, 80) * 1000)},
            {"source": "enterprise", "purpose": "设备、耗材和场地", "amount": Decimal(rng.randrange(20, 200) * 1000)},
            {"source": "administrative", "purpose": "行政专项支持", "amount": Decimal(rng.randrange(5, 100) * 1000)},
        ],
        "phases": [
            {"title": name, "starts_on": cuts[n], "ends_on": cuts[n + 1] - DAY, "tasks": tasks}
            for n, (name, tasks) in enumerate((("动员培训", "印发方案，培训骨干"), ("岗位练兵", "班组练兵，车间选拔"), ("集中比赛", "理论和实操，总结")))
        ],
    }  # fmt: skip
    tags = [items["strategy", strategy]]
    tags += [items[group, more] for group in ("chain", "focus") if (group, more) in items]
    return Content(facts, lists, tags)


def _one(scene: Scene, host: Host, number: int, state: str) -> CompetitionFiling:
    rng, now = scene.rng, scene.now
    theme = THEMES[number % len(THEMES)]
    span = _dates(state, number, local_date(now))
    begun = min(now - (3 + number % 12) * DAY, local_datetime(span[0] - 25 * DAY, dt.time(9)))
    name = f"{host.organisation.label.removesuffix('总工会').removesuffix('工会')}{theme[0]}"
    files = {"scheme": [upload("竞赛方案", PAPERS, rng, f"filing-{number}")]} if number < 3 else {}
    row = filings.create_filing(
        actor=host.actor, owner=host.organisation, files=files, now=begun,
        content=_content(scene, name, theme, span, host.organisation),
    )  # fmt: skip
    if state == "draft":
        return row
    row = filings.file_filing(actor=host.actor, filing=row, now=begun + DAY)
    if state == "filed":
        return row
    if state == "withdrawn":
        return filings.withdraw_filing(actor=host.actor, filing=row, reason="与上级竞赛合并举办。", now=begun + 2 * DAY)
    if state == "returned":
        reason = "请补充竞赛委员会成立文件和经费来源说明。"
        return review.return_filing(actor=host.above, filing=row, reason=reason, days=5, now=now - DAY)
    row = review.accept_filing(actor=host.above, filing=row, opinion=OPINION, now=begun + 3 * DAY)
    _follow(scene, host, row, state, number)
    return row


def _follow(scene: Scene, host: Host, row: CompetitionFiling, state: str, number: int) -> None:
    """From the start to the archive, with the reports that were due by today; every fourth one leaves its last out."""
    if state == "accepted":
        return
    rng, now = scene.rng, scene.now
    row = review.start_filing(actor=host.actor, filing=row, now=local_datetime(row.starts_on, dt.time(9)))
    today, left = local_date(now), number % 4 == 3 and state == "running"
    due = list(FilingReport.objects.filter(filing=row, covers_until__lt=today).order_by("covers_until", "pk"))
    for place, report in enumerate(due):
        if left and place == len(due) - 1:
            continue  # overdue: the work list of host and reviewer says so
        when = min(now - dt.timedelta(hours=5), local_datetime(report.covers_until + 4 * DAY, dt.time(10)))
        people = rng.randrange(60, 100) * row.expected_people // 100
        told = reports.report(
            actor=host.actor, report=report, now=when,
            figures={"people": people, "times": people + rng.randrange(10, 200), "units": row.expected_units, "events": 4,
                     "promoted": rng.randrange(2, 30), "suggestions": rng.randrange(10, 120), "benefit": Decimal(rng.randrange(5, 300))},
            words={"words": "按方案组织，班组参与面广，选手准备充分。", "results": "形成操作法三项，改进工装五项。",
                   "problems": "部分班组轮班，集中训练时间不足。", "experience": "把练兵题库做成小程序，班前十分钟一题。"},
            actuals={i.pk: (i.target * rng.randrange(85, 120) / 100).quantize(Decimal(1)) for i in row.indicators.all()},
            spent={b.pk: b.amount * rng.randrange(80, 100) / 100 for b in row.budget.all()},
        )  # fmt: skip
        waits = number % 4 == 1 and place == len(due) - 1 and state == "running"
        if host.above is not None and not waits:
            reports.accept_report(actor=host.above, report=told, opinion="已阅，继续抓好落实。", now=when + DAY / 2)
    if state in {"summarised", "archived"}:
        _finish(host, row, state, number, now)


def _finish(host: Host, row: CompetitionFiling, state: str, number: int, now: dt.datetime) -> None:
    row.refresh_from_db()
    lines = [
        {"subject": "collective", "name": f"示例{number}班", "unit": host.organisation.name, "honour": "工人先锋号", "deeds": "集中比赛团体第一，全年无事故。"},
        {"subject": "individual", "name": "示例选手", "unit": host.organisation.name, "honour": "五一劳动奖章", "deeds": "个人总分第一，带徒三名。"},
    ]  # fmt: skip
    reports.save_commendations(actor=host.actor, filing=row, rows=lines, now=now - 6 * DAY)
    if number % 2 == 0 or state == "archived":
        reports.hand_commendations(actor=host.actor, filing=row, now=now - 5 * DAY)
    if state == "archived":
        review.archive_filing(actor=host.actor, filing=row, now=now - 3 * DAY)


def _joint(scene: Scene, title: str, names: Any, sight: Any, state: str) -> CompetitionFiling:
    """The federation's own, with Beijing and Hebei; Beijing has confirmed, Hebei has not."""
    federation, now = scene.federation, scene.now
    city = federation.municipal
    host = Host(city, federation.manager, None)
    theme = (title, "leading", "region", "both", "", "jing-jin-ji", "infrastructure", ("焊工",))
    span = _dates(state, len(title), local_date(now))
    begun = min(now - 12 * DAY, local_datetime(span[0] - 30 * DAY, dt.time(9)))
    content = _content(scene, title, theme, span, city)
    content.facts["library"] = "city"
    row = filings.create_filing(actor=host.actor, owner=city, content=content, now=begun)
    for name in names:
        root = Organisation.objects.filter(name=name, kind=OrganisationKind.MUNICIPAL).first()
        cohost = cohosts.add_cohost(
            actor=host.actor,
            filing=row,
            name=name,
            organisation=root,
            duty="组织本地选拔，选派评委",
            sight=sight,
            now=begun,
        )
        member = (
            Membership.objects.select_related("user", "organisation")
            .filter(organisation=root, role=Role.MANAGER)
            .first()
        )
        if "北京" in name and member is not None:
            person = Actor(user=member.user, desk=desk_of(member))
            cohosts.confirm_cohost(actor=person, cohost=cohost, now=begun + 2 * DAY)
    row = filings.file_filing(actor=host.actor, filing=row, now=begun + DAY)
    _follow(scene, host, row, state, 0)
    return row


def _copied(scene: Scene, host: Host, number: int) -> CompetitionFiling:
    """Last year's, archived, and its copy of this year; the first copy is under way and its summary overdue."""
    now = scene.now
    year = local_date(now).year - 1
    span = (dt.date(year, 3, 1), dt.date(year, 10, 31))
    begun = local_datetime(dt.date(year, 2, 1), dt.time(9))
    theme = THEMES[(number + 5) % len(THEMES)]
    name = f"{host.organisation.label.removesuffix('工会')}职工{theme[0]}"
    content = _content(scene, name, theme, span, host.organisation)
    row = filings.create_filing(actor=host.actor, owner=host.organisation, content=content, now=begun)
    row = filings.file_filing(actor=host.actor, filing=row, now=begun + DAY)
    row = review.accept_filing(actor=host.above, filing=row, opinion=OPINION, now=begun + 2 * DAY)
    past = local_datetime(dt.date(year, 12, 20), dt.time(9))
    _follow(replace(scene, now=past), host, row, "archived", number)
    copy = filings.copy_filing(actor=host.actor, filing=row, now=local_datetime(dt.date(year + 1, 1, 5), dt.time(9)))
    if number >= 2:
        return copy
    filed = local_datetime(dt.date(year + 1, 1, 8), dt.time(9))
    copy = filings.file_filing(actor=host.actor, filing=copy, now=filed)
    copy = review.accept_filing(actor=host.above, filing=copy, opinion=OPINION, now=filed + DAY)
    if number == 0 and copy.starts_on <= local_date(now):
        copy = review.start_filing(actor=host.actor, filing=copy, now=local_datetime(copy.starts_on, dt.time(9)))
    return copy


def _amend(row: CompetitionFiling, now: dt.datetime) -> None:
    """A change after acceptance that the union above has not taken note of yet."""
    row.refresh_from_db()
    content = content_of(row)
    content.facts["expected_people"] += 120
    member = Membership.objects.select_related("user", "organisation").filter(organisation=row.owner).first()
    filings.amend_filing(
        actor=Actor(user=member.user, desk=desk_of(member)), filing=row, content=content,
        reason="下属两家单位新加入竞赛，扩大参赛面。", revision=row.revision, now=now - 2 * DAY,
    )  # fmt: skip


def _checks(federation: Federation, now: dt.datetime) -> None:
    """A lot of five a fortnight ago: three are done, one of them with a problem that was put right."""
    actor, city = federation.city_checker, federation.municipal
    drawn = now - 14 * DAY
    draw = supervision.draw_checks(
        actor=actor, organisation=city, year=local_date(now).year, title="竞赛过程随机抽查（第四季度）", now=drawn,
        size=min(5, len(supervision.population(city, local_date(now).year))), due_on=local_date(now) + 16 * DAY,
    )  # fmt: skip
    for place, check in enumerate(draw.checks.select_related("filing__owner").order_by("order")[:3]):
        supervision.record_check(
            actor=actor, check=check, result="problem" if place == 0 else "passed", checkers="市总工会抽查组两人",
            checked_on=local_date(now - 5 * DAY), now=now - 4 * DAY,
            findings="评委名单没有公开，未留存签到记录。" if place == 0 else "组织有序，记录完整。",
        )  # fmt: skip


def _complaints(made: list[CompetitionFiling], federation: Federation, now: dt.datetime) -> None:
    """One answered, one overdue, one fresh."""
    running = CompetitionFiling.objects.filter(pk__in=[row.pk for row in made], state="running").order_by("pk")
    words = (
        ("fairness", "初赛评分没有当场公布，请公开评分标准和成绩。", 40),
        ("forced", "要求轮休职工到场凑人数，希望纠正。", 25),
        ("funds", "承诺的奖品与方案不一致，请核实经费使用。", 2),
    )
    rows = running.select_related("owner", "reviewer").exclude(reviewer=None)
    for place, (filing, (kind, text, days)) in enumerate(zip(rows, words, strict=False)):
        receipt = complaints.make_complaint(
            actor=PUBLIC, filing=filing, kind=kind, grounds=text, name="", phone="", now=now - days * DAY
        )
        if place == 0:
            complaints.answer_complaint(
                actor=federation.checker_of(filing.reviewer_id), complaint=receipt.complaint, outcome="partly",
                answer="经核实，评分标准已公开，成绩公布不及时，已责成当场公布。", now=now - (days - 6) * DAY,
            )  # fmt: skip

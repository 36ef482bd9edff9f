"""A library of training resources, and who finished which course in the year; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction

from competitions.learning.domain import completions, resources
from competitions.learning.domain.resources import PAPERS
from competitions.learning.enums import Licence, Reach, ResourceKind
from portal.accounts.imports.sheets import Row
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.demo import numbers, words
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

K, L, R = ResourceKind, Licence, Reach
SHELF = (
    (K.COURSE, "数控车工安全操作", "数控加工", "一线数控车工", 16, L.OWN, R.EVERYBODY, "开机检查、装夹找正、急停处置和典型事故案例。"),
    (K.VIDEO, "焊接缺陷识别三十例", "焊工", "持证焊工、质检员", 4, L.OWN, R.EVERYBODY, "气孔、夹渣、未熔合的成因、判别和返修方法。"),
    (K.QUESTIONS, "电工高级工理论题库", "电工", "申报高级工的职工", 0, L.LICENSED, R.FEDERATION, "单选、多选、判断一千二百题，附解析。"),
    (K.TEXTBOOK, "班组长现场管理手册", "班组管理", "班组长和后备班组长", 12, L.OWN, R.FEDERATION, "班前会、5S、标准作业和异常处置。"),
    (K.BASE, "智能制造实训基地", "智能制造", "机电类职工，可团体预约", 24, L.PLACE, R.EVERYBODY, "工业机器人、数字孪生产线等八个工位。"),
    (K.COURSE, "危险化学品储运应急处置", "安全生产", "化工企业一线职工", 8, L.LICENSED, R.EVERYBODY, "泄漏、火灾、中毒的先期处置和避险。"),
    (K.PLATFORM, "国家职业技能培训课程专区", "综合", "全体职工", 0, L.LINK, R.EVERYBODY, "按工种检索的线上课程，登录后免费学习。"),
    (K.VIDEO, "叉车司机岗位练兵示范", "物流", "叉车司机", 2, L.OWN, R.OWN, "绕桩、堆垛、精准插取的示范和评分要点。"),
    (K.COURSE, "新能源汽车检修入门", "汽车维修", "汽修工", 20, L.LICENSED, R.FEDERATION, "高压断电流程、电池检测和常见故障。"),
)  # fmt: skip
PLATFORMS = ("天津工匠学堂", "本单位职工课堂", "国家职业技能培训平台")
PEOPLE, COURSES = 6, 3  # of a unit, and how many courses each learned at most


def learning_of_the_year(federation: Federation) -> Iterator[str]:
    """Resources of units and of the union above, two of them still to publish, and completions of six units."""
    rng, now = random.Random("learning"), federation.now  # noqa: S311 -- repeatable
    path = "/".join(federation.units[0].organisation.path.split("/")[:2]) + "/"
    union = Organisation.objects.get(path=path)
    for number, line in enumerate(SHELF):
        if number % 3 == 2:
            checker = federation.checker_of(union.pk)
            _offer(line, number, union, by=checker, checker=checker, rng=rng, now=now)
        else:
            unit = federation.units[number % 4]
            _offer(line, number, unit.organisation, by=unit.filer, checker=unit.checker, rng=rng, now=now)
    for unit in federation.units[:6]:
        _learn(unit, rng, now)
    yield "培训资源：资源库、结业记录"


def _offer(
    line: tuple, number: int, owner: Organisation, *, by: Actor, checker: Actor, rng: random.Random, now: dt.datetime
) -> None:
    kind, title, field, audience, hours, licence, reach, summary = line
    then = now - dt.timedelta(days=240 - 20 * number)
    until = local_date(now) + dt.timedelta(days=18 if number == 2 else 400) if licence == L.LICENSED else None
    has_file = kind in {K.TEXTBOOK, K.QUESTIONS}
    link = "https://example.org/learning/" + str(number + 1) if not has_file and kind != K.BASE else ""
    facts = {
        "title": title, "kind": kind, "field": field, "summary": summary, "audience": audience, "hours": Decimal(hours),
        "rights_holder": "示范职业培训中心" if licence in {L.LICENSED, L.LINK} else owner.name, "licence": licence,
        "rights_until": until, "is_free": True, "fee_note": "", "link": link, "reach": reach,
        "place": "实训楼三层，工作日9:00—16:00，提前三天预约" if kind == K.BASE else "",
    }  # fmt: skip
    file = upload(title, PAPERS, rng, f"learning-{number}") if has_file else None
    row = resources.add_resource(actor=by, owner=owner, facts=facts, upload=file, now=then)
    if number < len(SHELF) - 1:
        resources.publish_resource(actor=checker, resource=row, now=then + dt.timedelta(days=2))


@transaction.atomic
def _learn(unit: Unit, rng: random.Random, now: dt.datetime) -> None:
    rows: list[Row] = []
    for _person in range(PEOPLE):
        name, number = words.person(rng), numbers.citizen_id(rng)
        for line in rng.sample([found for found in SHELF if found[0] in {K.COURSE, K.VIDEO}], rng.randint(1, COURSES)):
            finished = rng.random() < 0.85
            day = local_date(now) - dt.timedelta(days=rng.randrange(3, 300))
            values = {
                "name": name, "id_number": number, "platform": rng.choice(PLATFORMS), "course": line[1],
                "hours": str(line[4]), "finished_on": day, "is_finished": finished,
                "score": str(rng.randint(62, 99)) if finished else None,
                "certificate_number": f"JX{day:%Y%m}{len(rows):03d}" if finished else None,
            }  # fmt: skip
            rows.append(Row(len(rows) + 2, values))
    completions.enter_rows(actor=unit.filer, organisation=unit.organisation, rows=rows, batch=None, now=now)

"""A library of training resources, and who finished which course in the year; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction

from competitions.contests.models import Competitor, Contest
from competitions.learning.domain import completions, doors, quizzes, resources, training
from competitions.learning.domain.resources import PAPERS
from competitions.learning.enums import Licence, Reach, ResourceKind
from competitions.learning.models import TrainingResource
from portal.accounts.imports.sheets import Row
from portal.accounts.models import Organisation
from portal.core.context import PUBLIC, Actor
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
THEMES = {"安全生产": "safety", "班组管理": "team", "综合": "other", "节能降碳": "energy"}
QUIZ = (
    (
        "空压机系统最常见的能源浪费是哪一项？",
        "管网泄漏\n机房照明\n设备噪声",
        "A",
        "泄漏常占用气量的两至三成，先查漏、堵漏。",
    ),
    (
        "三相电动机长期轻载运行，首先应当怎样做？",
        "提高电压\n核对负荷，更换合适容量或加变频\n加大冷却",
        "B",
        "轻载时效率和功率因数都低。",
    ),
    ("下列哪些属于余热利用？", "烟气预热助燃空气\n回收冷凝水\n开窗散热", "AB", "开窗散热把热量白白放走。"),
    ("车间空调夏季温度设定不低于多少度？", "22℃\n24℃\n26℃", "C", "公共建筑夏季室内空调温度设置不低于26℃。"),
    (
        "班组每天抄表的主要目的是什么？",
        "应付检查\n及时发现用能异常\n计算奖金",
        "B",
        "有了每天的数，跑冒滴漏当天就能发现。",
    ),
)
CATALOGUE = (
    ("skills", "电工安全操作规程", "safety", "电工", "一线电工", "4", "停电、验电、接地、挂牌的规定动作和案例。"),
    ("skills", "数控编程基础", "skill", "数控加工", "数控操作工", "12", "坐标系、刀补和常用循环指令。"),
    ("skills", "工业节能技术概论", "energy", "节能降碳", "能源管理员、班组长", "6", "电机、空压、蒸汽系统的节能方法。"),
    ("xuexi", "工匠大讲堂：焊接技艺", "skill", "焊工", "焊工", "2", "大国工匠讲打底焊、盖面焊的手法。"),
    ("xuexi", "班组里的节能小窍门", "energy", "节能降碳", "一线职工", "1", "十个班组的节电、节水、节气做法。"),
    ("xuexi", "新就业群体安全出行", "safety", "物流", "快递员、外卖骑手", "1", "车辆检查、雨雪天骑行和防护。"),
)
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
    city = federation.municipal
    _catalogue(federation, city, now)
    quiz = _quiz(federation, city, now)
    for number, unit in enumerate(federation.units[:5]):
        _door(unit, quiz, number, rng, now)
    _before_contests(federation, rng, now)
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
        "place": "实训楼三层，工作日9:00—16:00，提前三天预约" if kind == K.BASE else "", "pass_mark": 60,
        "theme": THEMES.get(field, "skill"), "platform": "skills" if kind == K.PLATFORM else "local",
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


def _catalogue(federation: Federation, city: Organisation, now: dt.datetime) -> None:
    """What is learned on the two national platforms, and the platforms' own addresses."""
    then, by = now - dt.timedelta(days=200), federation.city_checker
    courses = [
        {
            "platform": platform, "title": title, "theme": theme, "field": field, "audience": audience,
            "hours": Decimal(hours), "summary": summary, "rights_holder": "课程所属平台",
            "link": f"https://example.org/{platform}/{number}",
        }
        for number, (platform, title, theme, field, audience, hours, summary) in enumerate(CATALOGUE, 1)
    ]  # fmt: skip
    resources.load_catalogue(actor=by, owner=city, courses=courses, now=then)
    for platform, title in (("skills", "技能强国学习平台"), ("xuexi", "学习强国技能频道")):
        facts = {
            "title": title, "kind": K.PLATFORM, "theme": "other", "platform": platform, "pass_mark": 60, "field": "综合",
            "summary": "登录后按工种检索课程，学习免费，积分记入个人账户。", "audience": "全体职工", "hours": Decimal(0),
            "rights_holder": "平台主办单位", "licence": L.LINK, "rights_until": None, "is_free": True, "fee_note": "",
            "link": f"https://example.org/{platform}/", "place": "", "reach": R.EVERYBODY,
        }  # fmt: skip
        resources.add_resource(actor=by, owner=city, facts=facts, upload=None, now=then)
    for row in TrainingResource.objects.filter(owner=city, state="draft"):
        resources.publish_resource(actor=by, resource=row, now=then)


def _quiz(federation: Federation, city: Organisation, now: dt.datetime) -> TrainingResource:
    then, by = now - dt.timedelta(days=150), federation.city_checker
    facts = {
        "title": "班组节能降碳知识测验", "kind": K.QUIZ, "theme": "energy", "platform": "local", "pass_mark": 80,
        "field": "节能降碳", "summary": "五道题，覆盖空压、电机、余热和用能管理；先学“班组里的节能小窍门”。",
        "audience": "一线职工", "hours": Decimal(1), "rights_holder": city.name, "licence": L.OWN, "rights_until": None,
        "is_free": True, "fee_note": "", "link": "", "place": "", "reach": R.EVERYBODY,
    }  # fmt: skip
    row = resources.add_resource(actor=by, owner=city, facts=facts, upload=None, now=then)
    asked = [dict(zip(("text", "options", "right", "explanation"), line, strict=True)) for line in QUIZ]
    quizzes.add_questions(actor=by, resource=row, questions=asked, now=then)
    return resources.publish_resource(actor=by, resource=row, now=then)


def _door(unit: Unit, quiz: TrainingResource, number: int, rng: random.Random, now: dt.datetime) -> None:
    """A unit's address, answers from its workers' phones, and pictures of their points."""
    door = doors.open_door(
        actor=unit.filer, organisation=unit.organisation, renew=False, now=now - dt.timedelta(days=140)
    )
    questions = list(quiz.questions.all())
    for worker in range(4 + number % 3):
        name, citizen = words.person(rng), numbers.citizen_id(rng)
        slips = rng.choice((0, 0, 0, 1, 3))
        answers = {q.pk: [(q.right[0] + 1) % len(q.options)] if n < slips else q.right for n, q in enumerate(questions)}
        at = now - dt.timedelta(days=rng.randrange(5, 120))
        quizzes.take_quiz(actor=PUBLIC, door=door, resource=quiz, name=name, id_number=citizen, answers=answers, now=at)
        if worker > 1:
            continue
        facts = {
            "name": name, "id_number": citizen, "platform": ("xuexi", "skills")[worker], "as_of": local_date(at),
            "points": rng.randrange(800, 24000),
        }  # fmt: skip
        proof = doors.hand_in_proof(
            actor=PUBLIC, organisation=unit.organisation, door=door, facts=facts,
            upload=upload("积分截图", ("jpg",), rng, f"points-{number}-{worker}"), now=at,
        )  # fmt: skip
        if number < 3:
            clear = (number, worker) != (1, 1)
            doors.check_proof(
                actor=unit.checker, proof=proof, accept=clear, reason="" if clear else "截图看不清日期，请重新截图。",
                now=at + dt.timedelta(days=2),
            )  # fmt: skip


def _before_contests(federation: Federation, rng: random.Random, now: dt.datetime) -> None:
    """The city names courses for its contests; some of their competitors finished them in time."""
    shelf = {row.title: row for row in TrainingResource.objects.filter(state="published", owner=federation.municipal)}
    general = shelf["电工安全操作规程"]
    held = Contest.objects.filter(owner=federation.municipal, competitors__isnull=False).distinct().order_by("pk")[:3]
    units = {unit.organisation.pk: unit for unit in federation.units}
    for number, contest in enumerate(held):
        own = shelf[("工匠大讲堂：焊接技艺", "数控编程基础", "工业节能技术概论")[number]]
        for course in (general, own):
            training.name_training(
                actor=federation.manager, contest=contest, resource=course, now=now - dt.timedelta(days=120)
            )
        people = Competitor.objects.filter(contest=contest, delegation__organisation__in=list(units)).order_by("pk")
        by_unit: dict[int, list[Row]] = {}
        for person in people.select_related("delegation"):
            if rng.random() > 0.7:
                continue
            rows = by_unit.setdefault(person.delegation.organisation_id, [])
            day = min(contest.planned_on, local_date(now)) - dt.timedelta(days=rng.randrange(3, 40))
            values = {
                "name": person.name, "id_number": person.id_number, "platform": "技能强国", "course": own.title,
                "hours": "4", "finished_on": day, "is_finished": True, "score": None, "certificate_number": None,
            }  # fmt: skip
            rows.append(Row(len(rows) + 2, values))
        for key, rows in by_unit.items():
            unit = units[key]
            with transaction.atomic():
                completions.enter_rows(actor=unit.filer, organisation=unit.organisation, rows=rows, batch=None, now=now)

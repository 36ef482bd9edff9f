"""What unions exchange: cases, events past and to come, open days with their bookings; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from competitions.exchange import queries, reads
from competitions.exchange.domain import cases, duties, events, follows
from competitions.exchange.domain.reads import collect_reads
from competitions.exchange.enums import EventKind, PlaceState, Subject
from competitions.exchange.models import EventRegistration, ExchangeCase, ShareDuty
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

WRITTEN = (
    ("“班前一题”让安全规程入脑", Subject.TEAM, "焊接一班", "市工人先锋号", "安全生产",
     "每天班前会由一名组员出一道与当天作业有关的题，答错的当场讲清，一周汇总成错题卡。", "违章作业由月均六起降到零起，班组连续十一个月无轻伤。"),
    ("师徒同台比武，青工一年出师", Subject.ENTERPRISE, "精密制造分厂", "市示范单位", "技能竞赛",
     "师傅与徒弟组队参赛，成绩合并计算；徒弟晋级，师傅同奖；比武题目取自当季的质量问题。", "青工独立顶岗时间由二十个月缩短到十二个月，一次交检合格率提高四个百分点。"),
    ("小改小革“即提即评即奖”", Subject.UNION, "装配车间分工会", "", "合理化建议",
     "建议扫码提交，班组长当天受理，车间三日内评审，采纳即奖五十至五百元，季度再评金点子。", "全年采纳三百二十条，人均一点六条，经财务核定节约一百零八万元。"),
    ("劳模工作室“揭榜攻关”", Subject.PERSON, "李师傅创新工作室", "市五一劳动奖章", "技术创新",
     "车间张榜难题，工作室成员和普通职工都可揭榜，限时攻关，成果署名归攻关人。", "两年完成攻关十九项，取得实用新型专利四件。"),
    ("项目部“红黄绿”进度竞赛", Subject.PROJECT, "轨道交通二标段", "", "重点工程",
     "每周按节点给各作业队挂红黄绿牌，绿牌优先评优，红牌由项目经理和工会主席一起找原因。", "关键节点提前二十三天，未发生质量返工。"),
)  # fmt: skip
KINDS = (("unit", ""), ("unit", ""), ("other", ""), ("studio", ""), ("project", ""))
STORIES = (  # published, the second half also before everybody
    ("示范工程的“日清周结”进度竞赛", Subject.PROJECT, "会展中心扩建项目部", "市劳动竞赛示范工程", "重点工程",
     "每天收工前十分钟对照节点销项，每周按“五比一创”六项打分排名，排名与评优、慰问挂钩。", "主体结构提前三十一天封顶，观感质量一次验收通过。", "project", ""),
    ("工作室开“夜校”，一年带出九名技师", Subject.TEAM, "张师傅劳模和工匠人才创新工作室", "市示范性创新工作室", "技能培训",
     "工作室每周二、四晚开课，实操题取自车间难题；学员结业须独立完成一项攻关。", "一年开课八十六次，九人晋升技师，完成攻关十四项。", "studio", ""),
    ("空压站群控，一年省电三十六万度", Subject.TEAM, "动力车间空压班", "", "节能降碳",
     "班组自己画出用气曲线，按班次排机组启停，先堵漏再降压，最后上群控；每天抄表，超标当班说清。", "比功率由7.6降到6.4，全年节电三十六万千瓦时，经能源部门核定。", "unit", "power"),
    ("循环水“一水三用”", Subject.ENTERPRISE, "精细化工分厂", "", "节能降碳",
     "职工提建议，把换热后的冷却水先用于冲洗，再经沉淀用于绿化和降尘。", "单位产品新水量下降三成，年节水四万吨。", "other", "water"),
    ("烟气余热烘料，炉子不再“白烧”", Subject.PERSON, "王师傅", "市五一劳动奖章", "节能降碳",
     "在排烟管加装换热器，把余热引到烘料间，利用检修窗口分三次改完，没有停产。", "烘料天然气用量归零，年节气九万立方米。", "other", "heat"),
    ("民企“小赛场”：一条产线就是一个赛区", Subject.ENTERPRISE, "海沽精密模具有限公司", "非公企业十大示范单位", "非公企业竞赛",
     "不停产、不脱产，按产线设小赛场，每月一题，老板出奖金、工会出题、班组长当裁判，结果当天上墙。", "参赛面由两成提高到九成，换模时间缩短四成，全年增效一百六十万元。", "nonpublic", ""),
    ("园区联赛带动小微企业“拼桌”参赛", Subject.UNION, "双桥园区工会联合会", "", "非公企业竞赛",
     "单个企业凑不齐一个赛项，园区工会按工种把十几家企业拼成一场，场地和裁判轮流出。", "三年带动六十二家小微企业首次开展竞赛，二十一人取得高一级技能等级。", "nonpublic", ""),
)  # fmt: skip
TAGS = {"焊接一班": ["安全生产", "班组建设"], "精密制造分厂": ["师徒带教", "青工培养"], "装配车间分工会": ["合理化建议"],
        "张师傅劳模和工匠人才创新工作室": ["师徒带教", "青工培养"], "动力车间空压班": ["节能降碳", "班组建设"],
        "精细化工分厂": ["节能降碳", "合理化建议"], "王师傅": ["节能降碳"],
        "海沽精密模具有限公司": ["民营企业", "班组建设", "技能竞赛"], "双桥园区工会联合会": ["民营企业", "小微企业", "产业链竞赛"]}  # fmt: skip
GATHERINGS = (
    (-80, EventKind.VISIT, "焊接班组竞赛现场观摩", "一车间焊接区", "上午看班前一题和比武现场；下午座谈。"),
    (-25, EventKind.FORUM, "劳动竞赛经验交流会", "工会会议室", "五个典型发言，每人十五分钟；交流讨论。"),
    (12, EventKind.ONLINE, "“五小”活动线上交流", "", "介绍即提即评即奖的做法，答疑。"),
    (26, EventKind.VISIT, "数字车间技能比武观摩", "二车间", "观摩比武；介绍赛项设计和评分。"),
)
MINUTES = "参加单位看了现场，逐条问了做法；约定三个月后交换推广情况。"


def exchange_of_the_year(federation: Federation) -> Iterator[str]:
    """Five cases on their way, four events, three open days, by the functions people use."""
    rng, now = random.Random("exchange"), federation.now  # noqa: S311 -- repeatable
    units = federation.units[:8]
    for number, words in enumerate(WRITTEN):
        _case(federation, units[number], words, number, rng, now)
    shared = _stories(federation, units, now)
    _read(shared)
    _followed(units, shared, now)
    _duties(federation, now)
    for number, line in enumerate(GATHERINGS):
        _event(units, number, line, now)
    _days(units, now)
    yield "交流互鉴：案例、活动、参观"


def _case(federation: Federation, unit: Unit, words: tuple, number: int, rng: Any, now: dt.datetime) -> ExchangeCase:  # noqa: PLR0917 -- one line of the story
    names = ("title", "subject", "model_name", "honour", "field", "practice", "effect")
    facts = dict(zip(names, words, strict=True)) | {"hint": "要有班组长带头，题目要贴着当天的活。"}
    facts |= dict(zip(("kind", "saving"), KINDS[number], strict=True)) | {"tags": TAGS.get(facts["model_name"], [])}
    then = now - dt.timedelta(days=150 - 25 * number)
    owner = Organisation.objects.select_related("parent").get(pk=unit.organisation.pk)
    row = cases.draft_case(actor=unit.filer, owner=owner, facts=facts, now=then)
    cases.add_file(actor=unit.filer, case=row, upload=upload("现场照片", ("jpg",), rng, f"case-{number}"), now=then)
    if number == len(WRITTEN) - 1:
        return row
    row = cases.submit_case(actor=unit.filer, case=row, now=then + dt.timedelta(days=1))
    if number < len(WRITTEN) - 2:
        checker = federation.checker_of(row.checked_at_id)
        row = cases.publish_case(actor=checker, case=row, now=then + dt.timedelta(days=4))
    return row


def _stories(federation: Federation, units: list[Unit], now: dt.datetime) -> list[ExchangeCase]:
    """One library: a project, a studio, stories of saving; units that subscribed hear of them."""
    for unit in units[:4]:
        for kind in ("project", "unit", "studio"):
            follows.subscribe(actor=unit.filer, kind=kind, wanted=True, now=now - dt.timedelta(days=160))
    shared = []
    for number, words in enumerate(STORIES):
        unit, then = units[4 + number % 4], now - dt.timedelta(days=120 - 16 * number)
        names = ("title", "subject", "model_name", "honour", "field", "practice", "effect", "kind", "saving")
        facts = dict(zip(names, words, strict=True)) | {"hint": "先选一个班组试三个月，数据说话再推开。"}
        facts["tags"] = TAGS.get(facts["model_name"], [])
        owner = Organisation.objects.select_related("parent").get(pk=unit.organisation.pk)
        row = cases.draft_case(actor=unit.filer, owner=owner, facts=facts, now=then)
        row = cases.submit_case(actor=unit.filer, case=row, now=then + dt.timedelta(days=1))
        checker = federation.checker_of(row.checked_at_id)
        row = cases.publish_case(actor=checker, case=row, now=then + dt.timedelta(days=3))
        shared.append(cases.show_case(actor=checker, case=row, public=True, now=then + dt.timedelta(days=4)))
    return shared


def _read(shared: list[ExchangeCase]) -> None:
    """Visitors of the public site: counted where pages count them, carried over by the job's function."""
    for number, case in enumerate(shared):
        for _visit in range(17 + 31 * (number * 5 % 7)):
            reads.note(case.pk)
    collect_reads()


def _followed(units: list[Unit], shared: list[ExchangeCase], now: dt.datetime) -> None:
    for number, unit in enumerate(units):
        for step, case in enumerate(shared):
            if case.owner_id == unit.organisation.pk or (number + step) % 3:
                continue
            then = max(case.published_at, now - dt.timedelta(days=110)) + dt.timedelta(days=2 + number)
            words = "先在两个班组试行，季度末比一比前后数据，再决定是否全厂推开。"
            follows.follow_case(actor=unit.filer, case=case, words=words, now=min(then, now))
            if number % 2:
                follows.note_read(actor=unit.filer, case=case, now=now)


def _duties(federation: Federation, now: dt.datetime) -> None:
    """Holders of this year's honours: duties set, some reported, one checked."""
    year = local_date(now).year
    found = (list(queries.holders(year - back).order_by("pk")[:6]) for back in range(4))
    held = next((rows for rows in found if rows), [])
    units = {unit.organisation.pk: unit for unit in federation.units}
    then, due = now - dt.timedelta(days=60), dt.date(year, 12, 20)
    words = "本年度至少发布一篇经验案例，或主办一次交流、接待一次参观。"
    if not held or due <= local_date(then):
        return
    duties.set_duties(actor=federation.manager, entries=held, wanted=1, due_on=due, words=words, now=then)
    for number, duty in enumerate(ShareDuty.objects.order_by("pk")):
        unit = units.get(duty.organisation_id)
        if unit is None or number % 2:
            continue
        report = "发布了经验案例，接待兄弟单位来厂学习。"
        row = duties.report_duty(actor=unit.filer, duty=duty, report=report, now=now - dt.timedelta(days=12))
        if number == 0:
            done = row.done_times >= row.wanted
            verdict = "做法具体，带动明显。" if done else "平台没有登记案例、活动和参观，请补登记。"
            duties.check_duty(
                actor=federation.manager, duty=row, passed=done, verdict=verdict, now=now - dt.timedelta(days=5)
            )


def _event(units: list[Unit], number: int, line: tuple, now: dt.datetime) -> None:
    days, kind, title, place, agenda = line
    host = units[number]
    starts = (now + dt.timedelta(days=days)).replace(hour=1, minute=0, second=0, microsecond=0)
    before = min(now, starts) - dt.timedelta(days=20)
    facts = {
        "title": title, "kind": kind, "starts_at": starts, "ends_at": starts + dt.timedelta(hours=3),
        "register_until": starts - dt.timedelta(days=2), "place": place, "capacity": 12, "agenda": agenda,
        "link": "https://example.org/meeting" if kind == EventKind.ONLINE else "",
    }  # fmt: skip
    row = events.plan_event(actor=host.filer, facts=facts, now=before)
    row = events.open_event(actor=host.checker, event=row, now=before)
    for step, unit in enumerate(found for found in units if found is not host):
        if step > 4:
            break
        events.register(
            actor=unit.filer, event=row, people=3, contact=unit.filer.user.name, now=before + dt.timedelta(hours=step)
        )
    if days > 0:
        return
    ended = starts + dt.timedelta(hours=5)
    rows = list(EventRegistration.objects.filter(event=row, state=PlaceState.REGISTERED).order_by("pk"))
    came = {found.pk: found.people - n % 2 for n, found in enumerate(rows)}
    events.hold(actor=host.filer, event=row, came=came, minutes=MINUTES, now=ended)
    guests = {unit.organisation.pk: unit for unit in units}
    for found in rows[:2]:
        actor = guests[found.organisation_id].filer
        words = "做法具体，回去就能用。"
        events.give_feedback(actor=actor, registration=found, score=5, words=words, now=ended + dt.timedelta(days=1))


def _days(units: list[Unit], now: dt.datetime) -> None:
    for number, days in enumerate((-30, 9, 21)):
        host, guest = units[number], units[number + 3]
        before = now - dt.timedelta(days=50)
        facts = {
            "topic": ("班组竞赛看板怎么用", "数控比武赛场", "劳模工作室开放日")[number], "hours": "14:00—16:00",
            "on": local_date(now + dt.timedelta(days=days)), "place": "厂区东门集合", "capacity": 20,
            "notes": "请穿平底鞋，进车间戴安全帽。",
        }  # fmt: skip
        day = events.offer_day(actor=host.filer, facts=facts, now=before)
        asked = events.book(
            actor=guest.filer, day=day, people=8, contact=guest.filer.user.name, purpose="想学竞赛组织和现场管理。",
            now=before + dt.timedelta(days=3),
        )  # fmt: skip
        if number < 2:
            words = "欢迎，东门集合。"
            accepted = before + dt.timedelta(days=5)
            asked = events.answer_booking(actor=host.checker, booking=asked, accept=True, words=words, now=accepted)
        if days < 0:
            after = now + dt.timedelta(days=days + 1)
            record = "看了看板和错题卡，对方准备在两个班组试行。"
            events.record_visit(actor=host.filer, booking=asked, came=7, words=record, now=after)

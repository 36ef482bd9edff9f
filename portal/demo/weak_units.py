"""Weak enterprises that unions help: helper, plan, measures done and still due, ended both ways; names are made up."""

from __future__ import annotations

import datetime as dt

from competitions.filings.enums import COUNTED
from competitions.filings.models import CompetitionFiling
from competitions.nonpublic import queries
from competitions.nonpublic.domain import weak
from competitions.nonpublic.enums import Support
from portal.accounts.enums import OwnershipClass
from portal.accounts.models import Employer, Organisation
from portal.core.dates import local_date
from portal.demo.federation import Federation

SHOWN = 9
DAY = dt.timedelta(days=1)
HELPERS = ("天津示范装备集团工会", "海河商会行业工会联合会", "滨海技师学院")
CONTACTS = ("周海宁", "郑文渊", "冯桂兰")
PLANS = (
    "帮助成立竞赛委员会，制定操作工岗位练兵方案；由结对单位派技师每月指导一次，年底前办一次车间比武并备案。",
    "与园区三家同行企业联合开展叉车司机比武，街道工会提供场地和裁判，企业承担职工误工补贴。",
    "从“五小”建议入手，每季度评一次，帮助企业工会学会立项备案和总结上报。",
)
MEASURES = (  # words, due in days from today, what came of it
    ("上门走访，摸清工种、人数和困难", -60, "已走访，一线职工42人，缺裁判和场地。"),
    ("帮助制定竞赛方案和奖励办法", -25, "方案已经职工代表讨论通过。"),
    ("结对单位技师现场指导岗位练兵", -3, ""),
    ("组织车间比武并办理立项备案", 40, ""),
)
UNABLE = "订单不足，职工轮休，明年一季度再列入。"


def weak_of_the_year(federation: Federation) -> None:
    """A few suggested enterprises of each second-level union, with one helper each."""
    now = federation.now
    suggested = queries.suggested_weak(year=local_date(now).year).order_by("pk")
    for number, employer in enumerate(suggested[:SHOWN]):
        union = Organisation.objects.get(path="/".join(employer.organisation.path.split("/")[:2]) + "/")
        actor, begun = federation.checker_of(union.pk), now - 90 * DAY
        facts = {
            "helper": None, "helper_name": HELPERS[number % 3], "contact": CONTACTS[number % 3], "plan": PLANS[number % 3],
            "due_on": local_date(now) + (40 + number) * DAY,
        }  # fmt: skip
        row = weak.add_weak(actor=actor, owner=union, employer=employer, facts=facts, now=begun)
        for words, days, result in MEASURES[: 2 + number % 3]:
            due = local_date(now) + days * DAY
            step = weak.plan_step(actor=actor, weak_unit=row, words=words, due_on=due, now=begun)
            if result:
                weak.finish_step(actor=actor, step=step, done_on=due, result=result, now=now + days * DAY)
        if number == SHOWN - 1:
            weak.end_support(
                actor=actor, weak_unit=row, status=Support.UNABLE, filing=None, reason=UNABLE, now=now - DAY
            )
    _held(federation, now)


def _held(federation: Federation, now: dt.datetime) -> None:
    """One that was put on the list by hand and has filed its first competition since."""
    filed = CompetitionFiling.objects.filter(year=local_date(now).year, state__in=COUNTED).order_by("pk")
    firms = Employer.objects.filter(ownership=OwnershipClass.NON_PUBLIC, size_class__in=queries.BELOW_LARGE)
    employer = firms.filter(organisation__in=filed.values("owner")).order_by("pk").first()
    if employer is None:
        return
    union = Organisation.objects.get(path="/".join(employer.organisation.path.split("/")[:2]) + "/")
    actor, begun = federation.checker_of(union.pk), now - 100 * DAY
    facts = {
        "helper": None, "helper_name": HELPERS[1], "contact": CONTACTS[0], "plan": PLANS[2],
        "due_on": local_date(begun) + 90 * DAY,
    }  # fmt: skip
    row = weak.add_weak(actor=actor, owner=union, employer=employer, facts=facts, now=begun)
    filing = queries.filings_of(employer, since=row.year).first()
    weak.end_support(actor=actor, weak_unit=row, status=Support.HELD, filing=filing, reason="", now=now - 9 * DAY)

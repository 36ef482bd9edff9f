"""Two policies with items of the federation's own words; last year's assessment is closed, this year's under way."""

from __future__ import annotations

import datetime as dt
import random

from competitions.nonpublic.domain import policy
from competitions.nonpublic.domain.records import PAPERS
from competitions.nonpublic.enums import Reached
from competitions.nonpublic.models import SelfAnswer, SelfAssessment
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.demo.federation import Federation
from portal.demo.files import upload

DAY = dt.timedelta(days=1)
TITLE = "全国总工会《关于进一步提高非公企业劳动和技能竞赛工作水平的意见》"
ITEMS = (  # after the plan, 四（四）1: what it takes over from the paper
    (
        "以区域、功能区（乡镇街）、企业联合会（行业协会）、规模企业“四个层面”为依托推进竞赛",
        "年度计划、四个层面竞赛备案",
    ),
    ("已建工会的规模以上非公企业普遍开展竞赛", "覆盖面数据、未开展企业提醒记录"),
    ("稳步推进基础薄弱的中小微企业开展竞赛，一家一个帮扶单位", "帮扶名单和措施"),
    ("在“三新”组织、“八大群体”中探索竞赛的方式途径", "群体名单、活动方案"),
    ("调动企业负责人和管理层的积极性", "承诺书、经费安排、会议记录"),
    ("加强分类指导，创新竞赛方式", "分类指导模板使用情况、走访记录"),
    ("职工待遇提升、成长成才，企业、职工双受益", "奖励、晋级和效益记录"),
)
WORDS = {
    Reached.FULL: "已列入年度工作要点并逐月调度，材料齐全。",
    Reached.PARTLY: "已在三分之二的街镇推开，其余下半年完成。",
    Reached.NOT: "还没有开展，计划明年一季度先选两家试点。",
}
OUTCOME = (Reached.FULL, Reached.FULL, Reached.PARTLY, Reached.FULL, Reached.NOT)
RETURNED = "第三项请补充帮扶名单。"


def policy_of_the_year(federation: Federation) -> None:
    """Registered two years ago; assessed last year by all unions, this year by most so far."""
    actor, now = federation.manager, federation.now
    facts = {
        "title": TITLE, "document_number": "", "issuer": "中华全国总工会", "issued_on": None, "link": "",
        "items": [{"words": words, "evidence": evidence} for words, evidence in ITEMS],
    }  # fmt: skip
    owner = Organisation.objects.get(pk=federation.municipal.pk)
    paper = policy.write_policy(actor=actor, owner=owner, facts=facts, upload=None, now=now - 500 * DAY)
    year = local_date(now).year
    for back, begun in ((1, now - 380 * DAY), (0, now - 20 * DAY)):
        due = local_date(begun) + 26 * DAY
        opened = policy.open_assessment(actor=actor, policy=paper, year=year - back, due_on=due, now=begun)
        _answers(federation, opened, back, begun)
        if back:
            policy.close_assessment(actor=actor, assessment=opened, now=begun + 60 * DAY)


def _answers(federation: Federation, opened: SelfAssessment, back: int, begun: dt.datetime) -> None:
    rows = SelfAnswer.objects.filter(assessment=opened).select_related("union").order_by("union__path")
    for number, row in enumerate(rows):
        actor, when = federation.checker_of(row.union_id), begun + (5 + number % 9) * DAY
        marks = {}
        for item in range(len(ITEMS)):
            reached = OUTCOME[(number + item * 2 + back) % len(OUTCOME)]
            marks[str(item)] = {"reached": str(reached), "words": WORDS[reached]}
        stage = 9 if back else number % 5
        if stage == 0:  # not begun
            continue
        policy.save_marks(actor=actor, answer=row, marks=marks if stage > 1 else {"0": marks["0"]}, now=when)
        if number == 2:
            rng = random.Random("policy")  # noqa: S311 -- repeatable
            policy.add_file(actor=actor, answer=row, item=0, upload=upload("工作计划", PAPERS, rng, "plan"), now=when)
        if stage > 1:
            policy.file_answer(actor=actor, answer=row, now=when)
        if stage > 2:
            reason = RETURNED if stage == 3 else ""
            policy.decide_answer(actor=federation.manager, answer=row, reason=reason, now=when + DAY)

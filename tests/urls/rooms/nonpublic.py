"""非公竞赛推进."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from competitions.nonpublic.models import (
    AnswerFile,
    BenefitRecord,
    Cultivated,
    EngagementRecord,
    GuidanceTemplate,
    PolicyPaper,
    Reminder,
    SelfAnswer,
    SelfAssessment,
    SupportStep,
    WeakUnit,
)
from portal.core.dates import local_date

TABLE = """
competitions:coverage.home                 GET  L xxooo xoooo o
competitions:coverage.units                GET  L xxooo xoooo o
competitions:coverage.remind               POST L xxooo xooxx o
competitions:coverage.remind_all           GET  L xxooo xooxx o
competitions:coverage.remind_all           POST L xxooo xooxx o
competitions:coverage.snapshot             GET  L xxxxx xxoxx o
competitions:coverage.snapshot             POST L xxxxx xxoxx o
competitions:reminder.list                 GET  L ooooo xoooo o
competitions:reminder.detail               GET  L ooooo .oooo .
competitions:reminder.answer               GET  L ooxxx .xxxx .
competitions:reminder.answer               POST L ooxxx .xxxx .
competitions:cultivated.list               GET  L xxooo xoooo o
competitions:cultivated.add                GET  L xxooo xooxx o
competitions:cultivated.add                POST L xxooo xooxx o
competitions:cultivated.detail             GET  L ..ooo .oooo .
competitions:cultivated.change             GET  L ..oxx .xxxx .
competitions:cultivated.change             POST L ..oxx .xxxx .
competitions:cultivated.step               GET  L ..oxx .xxxx .
competitions:cultivated.step               POST L ..oxx .xxxx .
competitions:weak.list                     GET  L ooooo xoooo o
competitions:weak.suggested                GET  L xxooo xooxx o
competitions:weak.add                      GET  L xxooo xooxx o
competitions:weak.add                      POST L xxooo xooxx o
competitions:weak.detail                   GET  L ooooo .oooo .
competitions:weak.change                   GET  L xxoxx .xxxx .
competitions:weak.change                   POST L xxoxx .xxxx .
competitions:weak.plan                     GET  L xxoxx .xxxx .
competitions:weak.plan                     POST L xxoxx .xxxx .
competitions:weak.end                      GET  L xxoxx .xxxx .
competitions:weak.end                      POST L xxoxx .xxxx .
competitions:weak.done                     GET  L xxoxx .xxxx .
competitions:weak.done                     POST L xxoxx .xxxx .
competitions:guidance.list                 GET  L ooooo xoooo o
competitions:guidance.write                GET  L xxxxx xooxx o
competitions:guidance.write                POST L xxxxx xooxx o
competitions:guidance.detail               GET  L ooooo .oooo .
competitions:guidance.paper                GET  L ooooo .oooo .
competitions:guidance.use                  POST L ooooo .ooxx .
competitions:guidance.change               GET  L ..... .ooxx .
competitions:guidance.change               POST L ..... .ooxx .
competitions:guidance.publish              POST L ..... .ooxx .
competitions:guidance.discard              POST L ..... .ooxx .
competitions:guidance.next                 POST L xxxxx .ooxx .
competitions:guidance.withdraw             GET  L xxxxx .ooxx .
competitions:guidance.withdraw             POST L xxxxx .ooxx .
competitions:policy.list                   GET  L ooooo xoooo o
competitions:policy.write                  GET  L xxxxx xooxx o
competitions:policy.write                  POST L xxxxx xooxx o
competitions:policy.detail                 GET  L ooooo .oooo .
competitions:policy.change                 GET  L xxxxx .ooxx .
competitions:policy.change                 POST L xxxxx .ooxx .
competitions:policy.file                   GET  L ..... ..... .
competitions:assessment.open               GET  L xxxxx .ooxx .
competitions:assessment.open               POST L xxxxx .ooxx .
competitions:assessment.detail             GET  L xxooo xoooo .
competitions:assessment.close              POST L ..xxx .ooxx .
competitions:selfanswer.detail             GET  L ...oo .oooo .
competitions:selfanswer.write              GET  L ...oo .xxxx .
competitions:selfanswer.write              POST L ...oo .xxxx .
competitions:selfanswer.upload             GET  L ...oo .xxxx .
competitions:selfanswer.upload             POST L ...oo .xxxx .
competitions:selfanswer.file               POST L ...oo .xxxx .
competitions:selfanswer.confirm            POST L ...xx .ooxx .
competitions:selfanswer.return             GET  L ...xx .ooxx .
competitions:selfanswer.return             POST L ...xx .ooxx .
competitions:selfanswer.download           GET  L ...oo .oooo .
competitions:selfanswer.remove             POST L ...oo .xxxx .
competitions:benefit.list                  GET  L ooooo xoooo o
competitions:benefit.add                   GET  L ooooo xooxx o
competitions:benefit.add                   POST L ooooo xooxx o
competitions:benefit.file                  GET  L ooooo .oooo .
competitions:engagement.list               GET  L ooooo xoooo o
competitions:engagement.add                GET  L ooooo xooxx o
competitions:engagement.add                POST L ooooo xooxx o
competitions:engagement.file               GET  L ooooo .oooo .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    reminder = Reminder.objects.create(
        employer=tree.employer, organisation=tree.unit, year=world.year, words="请开展竞赛。", sent_at=now,
        due_at=now + dt.timedelta(days=9), sent_from=tree.municipal,
    )  # fmt: skip
    cultivated = Cultivated.objects.create(
        owner=tree.zone,
        employer=tree.employer,
        year=world.year,
        goal_year=world.year,
        coach="周指导",
        highlights="焊工比武",
    )
    helped = WeakUnit.objects.create(
        owner=tree.zone, employer=tree.employer, year=world.year, origin="entered", helper_name="示范集团",
        contact="周指导", plan="帮助制定方案", due_on=local_date(now) + dt.timedelta(days=60),
    )  # fmt: skip
    step = SupportStep.objects.create(weak_unit=helped, words="上门指导", due_on=local_date(now), written_at=now)
    words = {"title": "模板", "aims": "目标", "indicators": "指标", "procedure": "步骤", "rewards": "奖励"}
    published = GuidanceTemplate.objects.create(owner=tree.municipal, status="published", published_at=now, **words)
    draft = GuidanceTemplate.objects.create(owner=tree.municipal, **words)
    items = [{"words": "列入工作计划", "evidence": "计划"}]
    paper = PolicyPaper.objects.create(owner=tree.municipal, title="意见", issuer="总工会", items=items)
    assessed = SelfAssessment.objects.create(
        policy=paper, year=world.year, items=items, due_on=local_date(now), opened_at=now
    )
    answer = SelfAnswer.objects.create(assessment=assessed, union=tree.district, filed_at=now)
    earlier = SelfAssessment.objects.create(
        policy=paper, year=world.year - 1, items=items, due_on=local_date(now), opened_at=now
    )
    filed = SelfAnswer.objects.create(assessment=earlier, union=tree.district, status="filed", filed_at=now)
    evidence = AnswerFile(answer=answer, item=0, file_name="计划.pdf", content_type="application/pdf", added_at=now)
    evidence.file.save("plan.pdf", ContentFile(b"%PDF-1.4"), save=True)
    common = {
        "employer": tree.employer,
        "on": local_date(now),
        "words": "说明",
        "entered_at": now,
        "file_name": "证明.pdf",
    }
    engagement = EngagementRecord(
        kind="meeting", leader="某总", post="总经理", content_type="application/pdf", **common
    )
    benefit = BenefitRecord(kind="bonus", contest="焊工比武", headcount=1, content_type="application/pdf", **common)
    for row in (engagement, benefit):
        row.file.save("proof.pdf", ContentFile(b"%PDF-1.4"), save=True)
    return {
        "coverage.": {},
        "reminder.": {"pk": reminder.pk},
        "reminder.list": {},
        "cultivated.": {"pk": cultivated.pk},
        "cultivated.list": {},
        "cultivated.add": {},
        "weak.": {"pk": helped.pk},
        "weak.list": {},
        "weak.add": {},
        "weak.suggested": {},
        "weak.done": {"pk": step.pk},
        "guidance.": {"pk": published.pk},
        "guidance.list": {},
        "guidance.write": {},
        "guidance.change": {"pk": draft.pk},
        "guidance.publish": {"pk": draft.pk},
        "guidance.discard": {"pk": draft.pk},
        "policy.": {"pk": paper.pk},
        "policy.list": {},
        "policy.write": {},
        "assessment.": {"pk": assessed.pk},
        "assessment.open": {"pk": paper.pk},
        "selfanswer.": {"pk": answer.pk},
        "selfanswer.confirm": {"pk": filed.pk},
        "selfanswer.return": {"pk": filed.pk},
        "selfanswer.download": {"pk": evidence.pk},
        "selfanswer.remove": {"pk": evidence.pk},
        "benefit.": {},
        "benefit.file": {"pk": benefit.pk},
        "engagement.": {},
        "engagement.file": {"pk": engagement.pk},
    }

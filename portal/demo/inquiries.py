"""A clearance in the middle of its correspondence: departments that agreed, one that objects, one that is late, two not asked yet."""

from __future__ import annotations

import datetime as dt

from portal.core.dates import local_date
from portal.demo.files import upload
from portal.demo.story import Story
from portal.lifecycle.clearance.departments.models import DepartmentLetter
from portal.lifecycle.clearance.departments.queries import PREFIX, lines_of
from portal.lifecycle.clearance.departments.register import propose_waiver, record_replies, register_letter
from portal.lifecycle.clearance.domain import Answer, record_opinions
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry

DAYS = 5  # working days that the letters leave for an answer
OBJECTION = "2026年3月因未按期申报被责令改正，正在复核。"
DECISION, REASON = "市总工会经济工作部第9次部务会", "属初次且已按期改正，税务部门同意出具书面说明，不影响推荐。"


def correspond(story: Story) -> None:
    """The organiser's own checks are done; letters went out when the stage opened."""
    checker = story.federation.city_checker
    for entry in Entry.objects.filter(cycle=story.cycle, state=EntryState.RECOMMENDED):
        own = entry.clearances.exclude(key__startswith=PREFIX)
        answers = {row.key: Answer(Opinion.AGREED) for row in own}
        record_opinions(entry=entry, answers=answers, actor=checker, now=story.clock)
    asked = [request.department for request in story.cycle.rules.stage("clearance").params.opinions]
    letters = [_send(story, department, number) for number, department in enumerate(asked[:4], start=21)]
    later = story.clock + dt.timedelta(days=3)
    _reply(story, letters[0], later, objecting=False)
    for row in _reply(story, letters[1], later, objecting=True):
        propose_waiver(row=row, decision=DECISION, reason=REASON, actor=checker, now=later + dt.timedelta(days=1))


def _send(story: Story, department: str, number: int) -> DepartmentLetter:
    return register_letter(
        cycle=story.cycle, department=department, number=f"津工函〔{story.today.year}〕{number}号", sent_on=story.today,
        working_days=DAYS, actor=story.federation.city_checker, now=story.clock,
    )  # fmt: skip


def _reply(story: Story, letter: DepartmentLetter, now: dt.datetime, *, objecting: bool) -> list[Clearance]:
    """Everybody agreed to – or the first candidate not; returns the objections."""
    rows = list(lines_of(letter))
    answers = {row.pk: Answer(Opinion.AGREED) for row in rows}
    against = rows[:1] if objecting else []
    for row in against:
        answers[row.pk] = Answer(Opinion.REFUSED, OBJECTION)
    scan = upload(f"{letter.department}复函", ("pdf",), story.rng, f"{story.cycle.pk}-{letter.pk}")
    record_replies(
        letter=letter, answers=answers, received_on=local_date(now), reason="", upload=scan,
        actor=story.federation.city_checker, now=now,
    )  # fmt: skip
    return against

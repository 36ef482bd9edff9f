"""Questions of a quiz, and what happens when a worker answers them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.learning.calculations import is_pass, right_answers, score_of
from competitions.learning.domain.people import known_name, learner
from competitions.learning.enums import ResourceKind
from competitions.learning.models import Completion, LearningDoor, QuizAttempt, QuizQuestion, TrainingResource
from competitions.learning.workbook import person_index
from competitions.rosters.persons import Person
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope

LETTERS = "ABCDEF"
MOST_QUESTIONS = 100  # more is an examination, and those belong to their platforms
TRIES_A_DAY = 5
PLATFORM = "本平台在线测验"


def read_question(facts: dict[str, Any]) -> dict[str, Any]:
    """``options`` one a line and ``right`` as letters → what is stored. Raises Invalid beside the field."""
    options = [line.strip() for line in str(facts["options"]).splitlines() if line.strip()]
    letters = [letter for letter in str(facts["right"]).upper() if not letter.isspace() and letter not in "、,，"]
    wrong: dict[str, list[str]] = {}
    if not 2 <= len(options) <= len(LETTERS):
        wrong["options"] = [_("请填写2至6个选项，一行一个。")]
    elif len(set(options)) < len(options):
        wrong["options"] = [_("选项不能重复。")]
    elif any(len(option) > 200 for option in options):
        wrong["options"] = [_("每个选项最多200个字。")]
    known = LETTERS[: len(options)]
    if not letters or any(letter not in known for letter in letters):
        wrong["right"] = [_("请填写正确选项的字母，例如 A 或 ABD，不能超出选项。")]
    if wrong:
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    right = sorted({LETTERS.index(letter) for letter in letters})
    return {
        "text": facts["text"].strip(), "options": options, "right": right,
        "explanation": (facts.get("explanation") or "").strip(),
    }  # fmt: skip


def _quiz(actor: Actor, resource: TrainingResource) -> TrainingResource:
    row = lock_row(TrainingResource, resource.pk)
    policy_for("learning").require(actor, "change", row)
    if row.kind != ResourceKind.QUIZ:
        raise Conflict(_("只有在线测验可以出题。"))
    return row


@transaction.atomic
def add_questions(
    *, actor: Actor, resource: TrainingResource, questions: list[dict[str, Any]], now: dt.datetime
) -> int:
    """All of them, or none. Raises Invalid for a question asked twice and beyond ``MOST_QUESTIONS``."""
    row = _quiz(actor, resource)
    read = [read_question(facts) for facts in questions]
    if QuizQuestion.objects.filter(resource=row).count() + len(read) > MOST_QUESTIONS:
        raise Invalid(_("一份测验最多%d题。") % MOST_QUESTIONS)
    try:
        with transaction.atomic():
            QuizQuestion.objects.bulk_create(QuizQuestion(resource=row, **facts) for facts in read)
    except IntegrityError as error:  # competitions_question_once
        message = _("有题目已经出过，请核对。")
        raise Invalid(message, fields={"text": [message]}) from error
    record("competitions.learning.questions_added", row, actor=actor, now=now, count=len(read))
    return len(read)


@transaction.atomic
def remove_question(*, actor: Actor, question: QuizQuestion, now: dt.datetime) -> None:
    row = _quiz(actor, question.resource)
    record("competitions.learning.question_removed", row, actor=actor, now=now, question=question.text)
    QuizQuestion.objects.filter(pk=question.pk).delete()


@transaction.atomic
def take_quiz(
    *, actor: Actor, door: LearningDoor, resource: TrainingResource, name: str, id_number: str,
    answers: dict[int, list[int]], now: dt.datetime,
) -> QuizAttempt:  # fmt: skip
    """One try of one worker at the unit's own address; passed, it is a completion of today.

    Raises Invalid beside the field (name, number, a question without an answer), Conflict when it was passed before
    or tried ``TRIES_A_DAY`` times today.
    """
    policy_for("learning").require(actor, "learn", door)
    with system_scope("the unit's own address names who learns where"):
        person = learner(name, id_number, now)
        index, unit = blind_index(person.key), door.organisation
        advisory_lock(f"competitions:quiz:{resource.pk}:{index}")
        root = path_prefixes(unit.path)[0]
        known_name(root, index, person)
        questions = list(QuizQuestion.objects.filter(resource=resource))
        missing = {f"q{q.pk}": [_("请选择答案。")] for q in questions if not answers.get(q.pk)}
        if missing:
            raise Invalid(_("还有题目没有作答。"), fields=missing)
        before = QuizAttempt.objects.filter(resource=resource, root_path=root, id_index=index)
        if before.filter(passed=True).exists():
            raise Conflict(_("您已经通过这项测验，成绩已登记，不用重复作答。"))
        today = local_date(now)
        if sum(local_date(at) == today for at in before.values_list("at", flat=True)) >= TRIES_A_DAY:
            raise Conflict(_("今天已作答%d次，请学习课程后明天再来。") % TRIES_A_DAY)
        right = right_answers({q.pk: q.right for q in questions}, answers)
        attempt = QuizAttempt(
            root_path=root, organisation=unit, name=person.name, id_number=person.id_number, id_index=index,
            resource=resource, answers={str(key): sorted(value) for key, value in answers.items()}, right=right,
            total=len(questions), passed=is_pass(right, len(questions), resource.pass_mark), at=now,
        )  # fmt: skip
        if attempt.passed:
            attempt.completion = _complete(attempt, person, today, now)
        attempt.save()
        record("competitions.learning.quiz_taken", attempt, actor=actor, now=now, passed=attempt.passed)
    return attempt


def _complete(attempt: QuizAttempt, person: Person, today: dt.date, now: dt.datetime) -> Completion:
    """The completion of a passed quiz; what a workbook entered for the same day and title stands."""
    quiz = attempt.resource
    facts = {
        "organisation": attempt.organisation, "name": person.name, "id_kind": person.id_kind,
        "id_number": person.id_number, "person_index": person_index(person), "platform": PLATFORM, "resource": quiz,
        "hours": quiz.hours, "is_finished": True, "score": score_of(attempt.right, attempt.total), "entered_at": now,
    }  # fmt: skip
    row, _made = Completion.objects.get_or_create(
        root_path=attempt.root_path, id_index=attempt.id_index, course=quiz.title, finished_on=today, defaults=facts
    )
    return row

"""培训资源和结业记录."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.files.base import ContentFile

from competitions.contests.models import Contest, Trade
from competitions.learning.models import (
    Completion,
    CompletionImport,
    ContestTraining,
    LearningDoor,
    PointsProof,
    QuizAttempt,
    TrainingResource,
)
from portal.core.dates import local_date

TABLE = """
competitions:public.learning               GET  o ooooo ooooo o
competitions:public.learning_file          GET  o ooooo ooooo o
competitions:public.door                   GET  o ooooo ooooo o
competitions:public.quiz                   GET  o ooooo ooooo o
competitions:public.quiz                   POST o ooooo ooooo o
competitions:public.quiz_result            GET  o ooooo ooooo o
competitions:public.proof                  GET  o ooooo ooooo o
competitions:public.proof                  POST o ooooo ooooo o
competitions:public.proof_done             GET  o ooooo ooooo o
competitions:learning.publish_chosen       POST L xoooo xooxx o
competitions:learning.question             GET  L ooxxx .xxxx .
competitions:learning.question             POST L ooxxx .xxxx .
competitions:learning.question_load        GET  L ooxxx .xxxx .
competitions:learning.question_load        POST L ooxxx .xxxx .
competitions:learning.question_template    GET  L ooooo xooxx o
competitions:learning.question_remove      POST L ooxxx .xxxx .
competitions:platform.list                 GET  L ooooo xoooo o
competitions:platform.template             GET  L ooooo xooxx o
competitions:platform.load                 GET  L ooooo xooxx o
competitions:platform.load                 POST L ooooo xooxx o
competitions:door.page                     GET  L ooooo xooxx o
competitions:door.open                     POST L ooooo xooxx o
competitions:door.renew                    POST L ooooo xooxx o
competitions:door.code                     GET  L oo... x..xx .
competitions:door.close                    POST L oo... ..... .
competitions:proof.list                    GET  L ooooo xoooo o
competitions:proof.add                     GET  L ooooo xooxx o
competitions:proof.add                     POST L ooooo xooxx o
competitions:proof.detail                  GET  L ooooo .oooo .
competitions:proof.file                    GET  L ooooo .oooo .
competitions:proof.check                   GET  L xoxxx .xxxx .
competitions:proof.check                   POST L xoxxx .xxxx .
competitions:training.list                 GET  L ooooo xoooo o
competitions:training.detail               GET  L ooooo xoooo .
competitions:training.name                 GET  L xxxxx .ooxx .
competitions:training.name                 POST L xxxxx .ooxx .
competitions:training.drop                 POST L xxxxx .ooxx .
competitions:learning.list                 GET  L ooooo xoooo o
competitions:learning.add                  GET  L ooooo xooxx o
competitions:learning.add                  POST L ooooo xooxx o
competitions:learning.detail               GET  L ooooo .oooo .
competitions:learning.change               GET  L ooxxx .xxxx .
competitions:learning.change               POST L ooxxx .xxxx .
competitions:learning.publish              POST L xoxxx .xxxx .
competitions:learning.withdraw             GET  L xoxxx .xxxx .
competitions:learning.withdraw             POST L xoxxx .xxxx .
competitions:learning.file                 GET  L ooooo .oooo .
competitions:completion.figures            GET  L ooooo xoooo o
competitions:completion.list               GET  L ooooo xoooo o
competitions:completion.detail             GET  L ooooo .oooo .
competitions:completion.remove             GET  L xoxxx .xxxx .
competitions:completion.remove             POST L xoxxx .xxxx .
competitions:completion_import.list        GET  L ooooo xooxx o
competitions:completion_import.template    GET  L ooooo xooxx o
competitions:completion_import.create      GET  L ooooo xooxx o
competitions:completion_import.create      POST L ooooo xooxx o
competitions:completion_import.detail      GET  L ooxxx .xxxx .
competitions:completion_import.apply       POST L ooxxx .xxxx .
competitions:completion_import.cancel      POST L ooxxx .xxxx .
competitions:completion_import.errors      GET  L o.xxx .xxxx .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    common = {
        "owner": tree.unit, "kind": "course", "field": "焊工", "summary": "焊接安全", "audience": "一线焊工",
        "rights_holder": tree.unit.name, "licence": "own", "link": "https://example.org/course",
    }  # fmt: skip
    draft = TrainingResource.objects.create(title="焊接安全操作", **common)
    shown = {"state": "published", "published_at": now, "file_name": "课件.pdf", "content_type": "application/pdf"}
    own = TrainingResource(title="焊接图纸识读", reach="own", shown_path=tree.unit.path, **shown, **common)
    free = TrainingResource(title="安全生产常识", reach="everybody", shown_path=tree.municipal.path, **shown, **common)
    for row in (own, free):
        row.file.save("course.pdf", ContentFile(b"%PDF-1.4"), save=True)
    completion = Completion.objects.create(
        root_path=tree.municipal.path, organisation=tree.unit, name="张示范", id_number="120199199001010018",
        id_index="0" * 64, platform="工匠学堂", course="焊接安全操作", hours=8, finished_on=local_date(now),
    )  # fmt: skip
    batch = CompletionImport(
        organisation=tree.unit, file_name="名单.xlsx", sha256="0" * 64, state="checked", rows=1, creates=1,
        uploaded_by=tree.filer.user, uploaded_at=now,
    )  # fmt: skip
    batch.file.save("completions.enc", ContentFile(_sealed()), save=True)
    faulty = CompletionImport(
        organisation=tree.unit, file_name="名单.xlsx", sha256="0" * 64, state="faulty", rows=1, errors=1,
        problems=[{"row": 2, "column": "姓名", "message": "没有填写"}], uploaded_by=tree.filer.user, uploaded_at=now,
    )  # fmt: skip
    faulty.file.save("completions.enc", ContentFile(_sealed()), save=True)
    one = {"pk": batch.pk}
    quiz = TrainingResource.objects.create(
        title="节能小测验", **common | {"kind": "quiz", "link": "", "reach": "own", "shown_path": tree.unit.path},
        **{name: value for name, value in shown.items() if name in {"state", "published_at"}},
    )  # fmt: skip
    question = quiz.questions.create(text="哪一项节电？", options=["随手关灯", "长明灯"], right=[0])
    blank = TrainingResource.objects.create(title="草稿测验", **common | {"kind": "quiz", "link": ""})
    asked = blank.questions.create(text="旧题", options=["甲", "乙"], right=[0])
    door = LearningDoor.objects.create(organisation=tree.unit, token="door-of-unit", opened_at=now)
    person = {"root_path": tree.municipal.path, "organisation": tree.unit, "name": "张示范",
              "id_number": "120199199001010018", "id_index": "0" * 64}  # fmt: skip
    attempt = QuizAttempt.objects.create(
        resource=quiz, answers={str(question.pk): [0]}, right=1, total=1, passed=True, at=now, **person
    )
    proof = PointsProof(
        platform="xuexi", as_of=local_date(now), points=5, file_name="积分.png", content_type="image/png", uploaded_at=now,
        by_worker=True, **person,
    )  # fmt: skip
    proof.file.save("points.png", ContentFile(b"png"), save=True)
    trade = Trade.objects.create(owner=tree.municipal, code="learning-trade", name="学习工", field="manufacturing")
    contest = Contest.objects.create(
        number="LEARN-1", owner=tree.municipal, seen_by=[tree.municipal.path], year=now.year, trade=trade, name="学习赛项",
        klass="first", planned_on=local_date(now), ends_on=local_date(now),
    )  # fmt: skip
    training = ContestTraining.objects.create(contest=contest, resource=free, added_at=now)
    address = {"token": door.token}
    result = signing.dumps(attempt.pk, salt="competitions.learning.result")
    return {
        "learning.": {"pk": draft.pk},
        "learning.list": {},
        "learning.add": {},
        "learning.withdraw": {"pk": own.pk},
        "learning.file": {"pk": own.pk},
        "public.learning": {},
        "public.door": address,
        "public.quiz": address | {"pk": quiz.pk},
        "public.quiz_result": address | {"key": result},
        "public.proof": address,
        "learning.publish_chosen": {},
        "learning.question_template": {},
        "learning.question_remove": {"pk": asked.pk},
        "platform.": {},
        "door.": {},
        "door.close": {"pk": door.pk},
        "proof.": {"pk": proof.pk},
        "proof.list": {},
        "proof.add": {},
        "training.": {"pk": contest.pk},
        "training.list": {},
        "training.drop": {"pk": training.pk},
        "public.learning_file": {"pk": free.pk},
        "completion.": {"pk": completion.pk},
        "completion.list": {},
        "completion.figures": {},
        "completion_import.": one,
        "completion_import.list": {},
        "completion_import.template": {},
        "completion_import.create": {},
        "completion_import.errors": {"pk": faulty.pk},
    }


def _sealed() -> bytes:
    import base64  # noqa: PLC0415 -- only here

    from competitions.learning.workbook import SHEET  # noqa: PLC0415 -- only here
    from portal.accounts.imports.template import template  # noqa: PLC0415 -- only here
    from portal.core.crypto import encrypt  # noqa: PLC0415 -- only here

    return encrypt(base64.b64encode(template(SHEET)).decode()).encode()

"""The unit's own address: quizzes that become completions, proofs of points; training before contests; ranking by rate."""

from __future__ import annotations

import datetime as dt
import io
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image

from competitions.contests.models import Contest
from competitions.learning import lists, queries, training
from competitions.learning.calculations import is_pass, ranks, right_answers, score_of
from competitions.learning.domain import doors, quizzes, resources
from competitions.learning.domain import training as trainings
from competitions.learning.models import Completion, PointsProof, QuizAttempt
from competitions.learning.sheets import TRAINING
from competitions.learning.sources import _proofs
from portal.accounts.imports.template import DATA, template
from portal.accounts.models import EmployerYear
from portal.audit.models import AuditEvent
from portal.core.context import PUBLIC
from portal.core.crypto import blind_index, is_encrypted
from portal.core.errors import Conflict, Invalid, Refused
from tests.competitions.learning.test_learning import add
from tests.factories.contests import citizen, enter, open_contest, person
from tests.factories.rosters import NOW, id_number

DAY = dt.timedelta(days=1)
QUESTION = {
    "text": "空压机房最常见的浪费是？",
    "options": "管网泄漏\n照明\n噪声",
    "right": "A",
    "explanation": "先堵漏。",
}
SEVERAL = {
    "text": "哪些是余热利用？",
    "options": "烟气预热助燃风\n冷凝水回收\n开窗散热",
    "right": "a、B",
    "explanation": "",
}


def picture(name="积分.png"):
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/png")


def quiz_of(tianjin, **changes):
    row = add(
        tianjin.zone_checker,
        tianjin.zone,
        kind="quiz",
        link="",
        title="节能知识小测验",
        theme="energy",
        hours=1,
        **changes,
    )
    quizzes.add_questions(actor=tianjin.zone_checker, resource=row, questions=[QUESTION, SEVERAL], now=NOW)
    return resources.publish_resource(actor=tianjin.zone_checker, resource=row, now=NOW)


def opened(tianjin):
    return doors.open_door(actor=tianjin.filer, organisation=tianjin.unit, renew=False, now=NOW)


def page(name, **kwargs):
    return reverse(f"competitions:{name}", kwargs=kwargs)


@given(
    st.lists(st.tuples(st.sets(st.integers(0, 5), min_size=1), st.sets(st.integers(0, 5))), min_size=1, max_size=20),
    st.integers(1, 100),
)
@settings(max_examples=60)
def test_only_wholly_right_answers_count_and_the_pass_mark_is_exact(pairs, mark):
    key = {n: sorted(right) for n, (right, _given) in enumerate(pairs)}
    right = right_answers(key, {n: given for n, (_right, given) in enumerate(pairs)})
    assert right == sum(a == b for a, b in pairs)
    assert is_pass(right, len(pairs), mark) == (right / len(pairs) * 100 >= mark - 1e-9)
    assert 0 <= score_of(right, len(pairs)) <= 100


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=12))
@settings(max_examples=80)
def test_places_follow_the_rate_and_not_the_sum(shares):
    found = ranks(shares)
    for (a, b), x in zip(shares, found, strict=True):
        assert (x is None) == (b == 0)
        if x is not None:
            assert x == 1 + sum(1 for c, d in shares if d and c * b > a * d)


@pytest.mark.django_db
@pytest.mark.row(72)
def test_worker_passes_the_energy_quiz_at_the_units_address(tianjin, all_rows, desk_client, client, in_scope):
    draft = add(tianjin.zone_checker, tianjin.zone, kind="quiz", link="", title="空卷")
    with pytest.raises(Invalid, match="还没有题目"):
        resources.publish_resource(actor=tianjin.zone_checker, resource=draft, now=NOW)
    for wrong, field in (
        ({"options": "一个"}, "options"),
        ({"right": "D"}, "right"),
        ({"options": "甲\n甲"}, "options"),
    ):
        with pytest.raises(Invalid) as caught:
            quizzes.add_questions(actor=tianjin.zone_checker, resource=draft, questions=[QUESTION | wrong], now=NOW)
        assert field in caught.value.fields
    quiz, door = quiz_of(tianjin, pass_mark=80), opened(tianjin)
    one, two = quiz.questions.all()
    assert (two.right, two.letters, two.is_multiple) == ([0, 1], "AB", True)
    desk = desk_client(tianjin.filer)
    assert door.token in desk.get(page("door.page")).content.decode()
    assert b"<svg" in b"".join(desk.get(page("door.code")).streaming_content)
    here = page("public.quiz", token=door.token, pk=quiz.pk)
    assert quiz.title in client.get(page("public.door", token=door.token)).content.decode()
    assert client.get(page("public.door", token="wrong")).status_code == 404
    who = {"name": "张示范", "id_number": id_number(1)}
    lacking = client.post(here, who | {f"q{one.pk}": "0"})
    assert lacking.status_code == 422
    assert not QuizAttempt.objects.exists()
    bad = client.post(here, who | {f"q{one.pk}": "0", f"q{two.pk}": ["0", "2"]}, follow=True).content.decode()
    assert "还没有合格" in bad
    assert "正确答案 AB" in bad
    good = client.post(here, who | {f"q{one.pk}": "0", f"q{two.pk}": ["0", "1"]}, follow=True)
    assert "合格，成绩已登记" in good.content.decode()
    assert good["Cache-Control"] == "no-store"
    row = Completion.objects.get()
    assert (row.organisation, row.course, row.resource, int(row.score)) == (tianjin.unit, quiz.title, quiz, 100)
    assert row.person_index == blind_index(id_number(1))
    again = client.post(here, who | {f"q{one.pk}": "0", f"q{two.pk}": ["0", "1"]})
    assert again.status_code == 409
    other = client.post(here, who | {"name": "李示范", f"q{one.pk}": "0", f"q{two.pk}": ["0", "1"]})
    assert other.status_code == 422  # the number is somebody else's
    assert [line["label"] for line in queries.figures_by_theme(Completion.objects.all())] == ["节能降碳"]
    shown = desk_client(tianjin.zone_checker).get(quiz.get_absolute_url()).content.decode()
    assert "合格职工" in shown
    with connection.cursor() as cursor:
        cursor.execute("select id_number from competitions_quizattempt")
        assert all(is_encrypted(number) for (number,) in cursor.fetchall())
    assert AuditEvent.objects.filter(action="competitions.learning.quiz_taken").count() == 2
    with in_scope(tianjin.group_filer):
        assert not QuizAttempt.objects.exists()
    doors.close_door(actor=tianjin.filer, door=door, now=NOW)
    assert client.get(here).status_code == 404


@pytest.mark.django_db
def test_quiz_may_be_tried_five_times_a_day(tianjin, all_rows):
    quiz, door = quiz_of(tianjin), opened(tianjin)
    one, two = quiz.questions.all()
    wrong = {
        "actor": PUBLIC, "door": door, "resource": quiz, "name": "张示范", "id_number": id_number(1),
        "answers": {one.pk: [1], two.pk: [2]},
    }  # fmt: skip
    for _try in range(5):
        quizzes.take_quiz(**wrong, now=NOW)
    with pytest.raises(Conflict, match="今天已作答5次"):
        quizzes.take_quiz(**wrong, now=NOW)
    quizzes.take_quiz(**wrong, now=NOW + DAY)
    with pytest.raises(Refused):
        quizzes.add_questions(actor=tianjin.zone_checker, resource=quiz, questions=[QUESTION], now=NOW)  # published


def filled(sheet, *rows):
    book = load_workbook(BytesIO(template(sheet)))
    for number, row in enumerate(rows, 2):
        for position, column in enumerate(sheet.columns, 1):
            book[DATA].cell(number, position, row.get(column.key))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.row(102)
def test_catalogue_of_the_national_platform_comes_by_workbook_and_completions_fall_to_it(
    tianjin, all_rows, desk_client
):
    course = {
        "title": "电工安全操作规程", "platform": "技能强国—全国产业工人技能学习平台", "link": "https://example.org/1",
        "theme": "安全健康", "field": "电工", "audience": "一线电工", "hours": "4", "summary": "停电、验电、挂牌。",
        "rights_holder": "平台",
    }  # fmt: skip
    with pytest.raises(Invalid, match="第2行"):
        lists.read_courses(filled(lists.COURSES, course | {"platform": "别的平台"}))
    client = desk_client(tianjin.unit_checker)
    file = SimpleUploadedFile("目录.xlsx", filled(lists.COURSES, course, course | {"title": "触电急救"}))
    done = client.post(page("platform.load"), {"file": file}, follow=True)
    assert "新增2门课程" in done.content.decode()
    courses = lists.read_courses(filled(lists.COURSES, course))
    assert resources.load_catalogue(actor=tianjin.filer, owner=tianjin.unit, courses=courses, now=NOW) == (0, 1)
    rows = list(queries.plain_resources().filter(platform="skills"))
    assert {(row.licence, row.state) for row in rows} == {("link", "draft")}
    client.post(page("learning.publish_chosen"), {"selected": [row.pk for row in rows], "confirmed": "1"})
    home = add(tianjin.checker, tianjin.municipal, kind="platform", title="技能强国", platform="skills", licence="link")
    resources.publish_resource(actor=tianjin.checker, resource=home, now=NOW)
    shown = desk_client(tianjin.group_filer).get(page("platform.list")).content.decode()
    assert home.link in shown
    assert queries.platform_figures()["skills"]["courses"] == 3
    assert "触电急救" in client.get(page("public.learning") + "?platform=skills").content.decode()
    with pytest.raises(Invalid):  # what belongs to the platform is linked, never copied
        add(tianjin.filer, tianjin.unit, title="抄来的课", platform="skills", licence="own")


@pytest.mark.django_db
@pytest.mark.row(103)
def test_points_are_handed_in_by_worker_or_unit_and_checked_by_another(
    tianjin, all_rows, desk_client, client, in_scope
):
    door = opened(tianjin)
    here = page("public.proof", token=door.token)
    data = {
        "name": "张示范",
        "id_number": id_number(1),
        "platform": "xuexi",
        "as_of": str(NOW.date()),
        "points": "5200",
    }
    assert client.get(here).status_code == 200
    assert client.post(here, data).status_code == 422  # no picture
    fake = SimpleUploadedFile("积分.png", b"MZ", content_type="image/png")
    assert client.post(here, data | {"file": fake}).status_code == 422
    late = client.post(here, data | {"file": picture(), "as_of": "2099-01-01"})
    assert late.status_code == 422
    assert client.post(here, data | {"file": picture()}, follow=True).status_code == 200
    assert client.post(here, data | {"file": picture()}).status_code == 409
    proof = PointsProof.objects.get()
    assert (proof.by_worker, proof.organisation, proof.points) == (True, tianjin.unit, 5200)
    assert list(_proofs(tianjin.unit_checker, NOW)) == [proof]
    with pytest.raises(Refused):
        doors.check_proof(actor=tianjin.filer, proof=proof, accept=True, reason="", now=NOW)
    with pytest.raises(Invalid):
        doors.check_proof(actor=tianjin.unit_checker, proof=proof, accept=False, reason=" ", now=NOW)
    checker = desk_client(tianjin.unit_checker)
    body = checker.get(proof.get_absolute_url()).content.decode()
    assert id_number(1) not in body
    assert b"PNG" in b"".join(checker.get(page("proof.file", pk=proof.pk)).streaming_content)
    assert desk_client(tianjin.group_filer).get(page("proof.file", pk=proof.pk)).status_code == 404
    checker.post(page("proof.check", pk=proof.pk), {"accept": "1"})
    proof.refresh_from_db()
    assert (proof.state, proof.checked_by) == ("accepted", tianjin.unit_checker.user)
    facts = {"name": "李示范", "id_number": id_number(2), "platform": "skills", "as_of": NOW.date(), "points": 10}
    own = doors.hand_in_proof(
        actor=tianjin.unit_checker, organisation=tianjin.unit, door=None, facts=facts, upload=picture(), now=NOW
    )
    with pytest.raises(Refused, match="另一人"):
        doors.check_proof(actor=tianjin.unit_checker, proof=own, accept=True, reason="", now=NOW)
    with in_scope(tianjin.zone_checker):
        assert queries.proof_figures()["xuexi"]["people"] == 1


@pytest.mark.django_db
@pytest.mark.row(106)
def test_who_learned_before_the_contest_is_counted(tianjin, all_rows, desk_client):
    course = add(tianjin.checker, tianjin.municipal, reach="everybody", title="焊接安全")
    contest = open_contest(tianjin.manager, tianjin.municipal, NOW)
    enter(tianjin.filer, contest, NOW, [person(n) for n in (1, 2, 3)])
    with pytest.raises(Invalid, match="已发布"):
        trainings.name_training(actor=tianjin.manager, contest=contest, resource=course, now=NOW)
    resources.publish_resource(actor=tianjin.checker, resource=course, now=NOW)
    with pytest.raises(Refused):
        trainings.name_training(actor=tianjin.filer, contest=contest, resource=course, now=NOW)
    named = trainings.name_training(actor=tianjin.manager, contest=contest, resource=course, now=NOW)
    with pytest.raises(Invalid, match="已经指定"):
        trainings.name_training(actor=tianjin.manager, contest=contest, resource=course, now=NOW)
    for n, before in ((1, 3), (2, 0), (3, None)):  # in time, on the day itself, never
        if before is not None:
            Completion.objects.create(
                root_path=tianjin.municipal.path, organisation=tianjin.unit, name="张示范", id_number=citizen(n),
                id_index=f"{n:064d}", person_index=blind_index(citizen(n)), platform="工匠学堂", course=course.title,
                resource=course, hours=8, finished_on=contest.planned_on - before * DAY,
            )  # fmt: skip
    row = training.contests().get(pk=contest.pk)
    assert (row.named, row.field, row.trained) == (1, 3, 1)
    stranger = desk_client(tianjin.group_filer)
    body = stranger.get(page("training.detail", pk=contest.pk)).content.decode()
    assert "33.3%" in body  # the figure is everybody's, the people are not
    assert "精工" not in body.split('id="list"')[1]
    mine = desk_client(tianjin.filer).get(page("training.detail", pk=contest.pk) + "?untrained=on").content.decode()
    assert citizen(2) not in mine
    assert "选**" in mine or "选*" in mine
    assert [line[-4:] for line in TRAINING.rows(tianjin.manager, contest.year)] == [[1, 3, 1, "33.3%"]]
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as found:
            stranger.get(page("training.list"))
        counts.append(len(found))
        Contest.objects.create(
            number=f"X{_more}", owner=tianjin.municipal, year=2026, trade=contest.trade, name="又一项", klass="second",
            group="student" if _more else "worker", planned_on=NOW.date(), ends_on=NOW.date(), state="cancelled",
        )  # fmt: skip
        Contest.objects.filter(number=f"X{_more}").update(state="draft", year=2027 + _more)
    assert counts[0] >= counts[1]
    trainings.drop_training(actor=tianjin.manager, training=named, now=NOW)
    assert training.contests().get(pk=contest.pk).trained == 0


@pytest.mark.django_db
@pytest.mark.row(108)
def test_unions_are_ranked_by_the_share_that_learned(tianjin, all_rows, desk_client):
    for employer, heads in ((tianjin.employer, 200), (tianjin.group_employer, 4)):
        EmployerYear.objects.update_or_create(employer=employer, year=NOW.year, defaults={"employees": heads})
    for n, unit in ((1, tianjin.unit), (2, tianjin.unit), (3, tianjin.unit), (4, tianjin.group_unit)):
        Completion.objects.create(
            root_path=tianjin.municipal.path, organisation=unit, name="张示范", id_number=id_number(n),
            id_index=f"{n:064d}", platform="工匠学堂", course="钳工", hours=8, finished_on=NOW.date(),
        )  # fmt: skip
    lines = queries.ranking(queries.of_year(NOW.year), tianjin.municipal.path, NOW.year)
    assert [(line["place"], line["union"], str(line["reached"])) for line in lines] == [
        (1, tianjin.group, "25.0"), (2, tianjin.district, "1.5"),
    ]  # fmt: skip
    export = desk_client(tianjin.manager).get(page("completion.figures") + f"?year={NOW.year}&export=xlsx")
    cells = [[c.value for c in row] for row in load_workbook(BytesIO(export.content)).worksheets[0].rows]
    assert [row[:3] for row in cells if row[0] == 1] == [[1, tianjin.group.label, "25.0%"]]
    shown = desk_client(tianjin.manager).get(page("completion.figures") + f"?year={NOW.year}").content.decode()
    assert shown.index(tianjin.group.label) < shown.index(tianjin.district.label)
    assert "25.0%" in shown
    assert Client().get(page("completion.figures")).status_code == 302

"""政策落实自评: items, one assessment a year, answers item by item, return and confirmation, the board, who sees what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from competitions.nonpublic import queries
from competitions.nonpublic.domain import policy
from competitions.nonpublic.enums import AnswerState
from competitions.nonpublic.models import AnswerFile, PolicyPaper, SelfAnswer
from competitions.nonpublic.sheets import assessment_rows
from portal.accounts.enums import OrganisationKind
from portal.core.dates import local_date
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.worklist.queries import work_of
from tests.factories.people import make_organisation

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ITEMS = [{"words": "竞赛列入年度计划", "evidence": "计划"}, {"words": "规模以上非公企业全部开展", "evidence": "名单"}]
FULL = {"0": {"reached": "full", "words": "已列入"}, "1": {"reached": "partly", "words": "开展了八成"}}


def url(name, **kwargs):
    return reverse(f"competitions:{name}", kwargs=kwargs or None)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def opened(tianjin, in_scope, now):
    facts = {
        "title": "关于进一步提高水平的意见",
        "document_number": "",
        "issuer": "全国总工会",
        "issued_on": None,
        "link": "",
    }
    with in_scope(tianjin.manager):
        row = policy.write_policy(
            actor=tianjin.manager, owner=tianjin.municipal, facts=facts | {"items": ITEMS}, upload=None, now=now
        )
        return policy.open_assessment(
            actor=tianjin.manager, policy=row, year=local_date(now).year, due_on=local_date(now) + 5 * DAY, now=now
        )


@pytest.fixture
def answer(opened, tianjin):
    with system_scope("test"):
        return SelfAnswer.objects.get(union=tianjin.district)


@pytest.mark.row(143)
def test_every_second_level_union_is_asked_once_a_year_with_the_items_of_the_day(tianjin, opened, in_scope, now):
    with in_scope(tianjin.manager):
        asked = {row.union for row in queries.self_answers().filter(assessment=opened)}
        assert {tianjin.district, tianjin.group} <= asked
        assert tianjin.zone not in asked
        with pytest.raises(Invalid, match="已经布置过"):
            policy.open_assessment(
                actor=tianjin.manager, policy=opened.policy, year=opened.year, due_on=local_date(now) + DAY, now=now
            )
        facts = {name: getattr(opened.policy, name) for name in policy.FACTS} | {"items": ITEMS[:1]}
        policy.change_policy(actor=tianjin.manager, policy=opened.policy, facts=facts, upload=None, now=now)
        opened.refresh_from_db()
        assert opened.items == ITEMS
        with pytest.raises(Invalid):
            policy.change_policy(
                actor=tianjin.manager, policy=opened.policy, facts=facts | {"items": []}, upload=None, now=now
            )
    with in_scope(tianjin.district_manager), pytest.raises(Refused):
        policy.open_assessment(
            actor=tianjin.district_manager, policy=opened.policy, year=2025, due_on=local_date(now), now=now
        )


@pytest.mark.row(143)
def test_answers_are_kept_handed_in_whole_returned_and_confirmed(tianjin, opened, answer, in_scope, now):
    actor, federation = tianjin.district_checker, tianjin.manager

    def waiting(who, key):
        with in_scope(who):
            return sum(kind.count for kind in work_of(who, now=now).kinds if kind.source.key == f"selfanswer.{key}")

    assert waiting(actor, "write") == 1
    with in_scope(actor):
        policy.save_marks(actor=actor, answer=answer, marks={"0": FULL["0"], "9": FULL["0"]}, now=now)
        with pytest.raises(Invalid, match="第2项"):
            policy.file_answer(actor=actor, answer=answer, now=now)
        policy.save_marks(actor=actor, answer=answer, marks=FULL, now=now)
        filed = policy.file_answer(actor=actor, answer=answer, now=now)
        assert (filed.full, filed.partly, filed.missing) == (1, 1, 0)
        with pytest.raises(Refused):
            policy.save_marks(actor=actor, answer=answer, marks={}, now=now)
    assert (waiting(actor, "write"), waiting(federation, "decide")) == (0, 1)
    with in_scope(federation):
        policy.decide_answer(actor=federation, answer=answer, reason="第二项请附名单", now=now)
    assert waiting(actor, "write") == 1
    with in_scope(actor):
        policy.file_answer(actor=actor, answer=answer, now=now)
        with pytest.raises(Refused):
            policy.decide_answer(actor=actor, answer=answer, reason="", now=now)
    with in_scope(federation):
        done = policy.decide_answer(actor=federation, answer=answer, reason="", now=now)
        assert (done.status, done.returned_reason) == (AnswerState.CONFIRMED, "")
        counts = queries.item_counts(queries.self_answers().filter(assessment=opened), opened.items)
        assert counts == [{"full": 1, "partly": 0, "not": 0}, {"full": 0, "partly": 1, "not": 0}]
        lines = list(assessment_rows(federation, opened.year))
        assert ["2. 规模以上非公企业全部开展", "部分落实", "开展了八成"] in [line[3:] for line in lines]
        policy.close_assessment(actor=federation, assessment=opened, now=now)
    with in_scope(tianjin.group_checker):
        other = SelfAnswer.objects.get(union=tianjin.group)
        with pytest.raises(Refused):
            policy.save_marks(actor=tianjin.group_checker, answer=other, marks=FULL, now=now)


def test_pages_lead_from_the_policy_to_the_board(tianjin, opened, answer, desk_client):
    client, federation = desk_client(tianjin.district_checker), desk_client(tianjin.manager)
    assert opened.policy.title in client.get(url("policy.list")).content.decode()
    here = client.get(opened.get_absolute_url())
    assert [row.union for row in here.context["table"].page.rows] == [tianjin.district]
    typed = {"reached_0": "full", "words_0": "已列入", "reached_1": "not", "words_1": "明年开展"}
    assert client.post(url("selfanswer.write", pk=answer.pk), typed).status_code == 302
    scan = SimpleUploadedFile("计划.pdf", b"%PDF-1.4\nx\n%%EOF\n", content_type="application/pdf")
    assert client.post(url("selfanswer.upload", pk=answer.pk), {"item": 0, "file": scan}).status_code == 302
    with system_scope("test"):
        file = AnswerFile.objects.get()
    download = client.get(url("selfanswer.download", pk=file.pk))
    assert "attachment" in download["Content-Disposition"]
    assert desk_client(tianjin.group_checker).get(url("selfanswer.download", pk=file.pk)).status_code == 404
    client.post(url("selfanswer.file", pk=answer.pk))
    page = federation.get(answer.get_absolute_url()).content.decode()
    assert "明年开展" in page
    assert "计划.pdf" in page
    assert federation.post(url("selfanswer.return", pk=answer.pk), {"reason": ""}).status_code == 422
    federation.post(url("selfanswer.confirm", pk=answer.pk))
    board = federation.get(opened.get_absolute_url(), {"status": "confirmed"})
    assert [line.missing for line in board.context["items"].rows] == [0, 1]
    assert federation.get(opened.get_absolute_url(), {"export": "xlsx"})["Content-Type"].endswith("sheet")


def test_policy_is_typed_with_its_items_and_opened(tianjin, desk_client, now):
    client = desk_client(tianjin.manager)
    typed = {"title": "意见", "issuer": "全国总工会", "items-0-words": "列入计划", "items-0-evidence": ""}
    assert client.post(url("policy.write"), {"title": "意见", "issuer": "全国总工会"}).status_code == 422
    there = client.post(url("policy.write"), typed)
    with system_scope("test"):
        row = PolicyPaper.objects.get()
    assert (there.url, row.items) == (row.get_absolute_url(), [{"words": "列入计划", "evidence": ""}])
    past = {"year": local_date(now).year, "due_on": local_date(now) - DAY}
    assert client.post(url("assessment.open", pk=row.pk), past).status_code == 422
    assert client.post(url("assessment.open", pk=row.pk), past | {"due_on": local_date(now)}).status_code == 302
    assert client.get(row.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("more", [1, 3])
def test_board_costs_the_same_with_more_unions(tianjin, opened, desk_client, django_assert_max_num_queries, more):

    with system_scope("test"):
        unions = [
            make_organisation(OrganisationKind.DISTRICT, f"第{n}区总工会", tianjin.municipal) for n in range(more)
        ]
        SelfAnswer.objects.bulk_create(SelfAnswer(assessment=opened, union=union) for union in unions)
    client = desk_client(tianjin.manager)
    with django_assert_max_num_queries(12):
        assert client.get(opened.get_absolute_url()).status_code == 200

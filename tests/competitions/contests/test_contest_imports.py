"""The year's plan and marks by workbook: every line's error, all or nothing; large files by a job."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from competitions.contests.domain import imports
from competitions.contests.models import Competitor, Contest, ContestImport, ContestPart, PartMark
from competitions.contests.workbooks import COMPETITORS, MARKS, PLAN
from portal.accounts.enums import ImportState
from portal.audit.models import AuditEvent
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun, JobState
from portal.jobs.tasks import run_job
from tests.competitions.contests.test_contest_pages import book, url
from tests.factories import contests as make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOW = timezone.now()
DAY = "2027-09-15"


def line(trade: str, name: str, **changed: object) -> list:
    values = {"trade": trade, "name": name, "klass": "市级一类", "planned_on": DAY} | changed
    return [values.get(column.key) for column in PLAN.columns]


@pytest.mark.row(100)
def test_plan_comes_by_workbook_after_its_errors(tianjin, in_scope, desk_client):
    with in_scope(tianjin.manager):
        make.make_trade(tianjin.manager, tianjin.municipal, NOW)
    client = desk_client(tianjin.manager)
    faulty = [
        line("没有的工种", "甲"), line("焊工", "乙", theory=40), line("焊工", "丙"), line("焊工", "丁"),
        line("钳工", "戊", ends_on="2027-09-01"), line("钳工", "己", klass="区级"),
    ]  # fmt: skip
    answer = client.post(url("contest.plan_load"), {"upload": book(PLAN, faulty)})
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "工种目录中没有“没有的工种”",
        "理论权重不能超过30",
        "已经有“焊工”赛项",
        "结束日期不能早于",
        "本级工会不举办这个等级",
    ):
        assert words in page
    good = [line("welder", "焊工竞赛"), line("钳工", "钳工竞赛", min_field=12, theory=0, group="学生组")]
    assert client.post(url("contest.plan_load"), {"upload": book(PLAN, good)}).status_code == 302
    with system_scope("test"):
        rows = list(Contest.objects.order_by("number"))
        kinds = list(ContestPart.objects.filter(contest=rows[1]).values_list("kind", "weight"))
    assert [(r.name, r.year, r.min_field, r.group) for r in rows] == [
        ("焊工竞赛", 2027, 30, "worker"),
        ("钳工竞赛", 2027, 12, "student"),
    ]
    assert kinds == [("practical", Decimal(100))]


def test_longer_sheet_of_competitors_is_encrypted_until_a_job_has_written_it(
    tianjin, in_scope, desk_client, monkeypatch
):
    monkeypatch.setattr(imports, "PEOPLE_IN_REQUEST", 1)
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW)
    with in_scope(tianjin.filer):
        delegation = make.enter(tianjin.filer, contest, NOW, [])
    client, load = desk_client(tianjin.filer), url("delegation.load", pk=delegation.pk)
    numbers = [make.citizen(1), make.citizen(2)]

    def send(*ids: str) -> ContestImport:
        known = {
            "name": "李选手",
            "sex": "男",
            "employer": "精工机械有限公司",
            "level": "高级工（三级）",
            "trade_years": 5,
        }
        known |= {"is_insured": "是", "is_employed": "是", "is_champion": "否", "is_nonpublic": "否"}
        rows = [[(known | {"id_number": i}).get(column.key) for column in COMPETITORS.columns] for i in ids]
        answer = client.post(load, {"upload": book(COMPETITORS, rows)})
        assert "正在后台逐行核对" in client.get(answer.url).content.decode()
        with system_scope("test"):
            batch = ContestImport.objects.latest("pk")
            assert not bytes(batch.content).startswith(b"PK")  # no workbook lies there in plain
        run_job(batch.job_id)
        with system_scope("test"):
            batch.refresh_from_db()
            return batch

    faulty = send(numbers[0], numbers[0])
    assert "与第2行重复" in client.get(faulty.get_absolute_url()).content.decode()
    with system_scope("test"):
        assert not Competitor.objects.exists()
    batch = send(*numbers)
    assert (batch.state, batch.rows, batch.content) == (ImportState.APPLIED, 2, None)
    assert "等待主办单位审核资格" in client.get(batch.get_absolute_url()).content.decode()
    with system_scope("test"):
        assert Competitor.objects.filter(delegation=delegation).count() == 2
    assert desk_client(tianjin.manager).get(batch.get_absolute_url()).status_code == 404
    short = client.post(load, {"upload": book(COMPETITORS, [["李选手"]])})  # a short one is answered at once
    assert short.status_code == 422


def test_large_workbooks_are_written_by_a_job_whole_or_not_at_all(tianjin, in_scope, desk_client, monkeypatch):
    monkeypatch.setattr(imports, "IN_REQUEST", 1)
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW)
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, [make.person(1), make.person(2)])
    with in_scope(tianjin.manager):
        contest = make.drawn(tianjin.manager, contest, NOW)
        part = contest.parts.first()
        codes = list(Competitor.objects.order_by("pk").values_list("code", flat=True))
    client = desk_client(tianjin.manager)

    def send(name: str, sheet, rows: list, **kwargs: int) -> ContestImport:
        answer = client.post(url(name, **kwargs), {"upload": book(sheet, rows)})
        assert "正在后台逐行核对" in client.get(answer.url).content.decode()
        with system_scope("test"):
            batch = ContestImport.objects.latest("pk")
        run_job(batch.job_id)
        run_job(batch.job_id)  # delivered twice
        with system_scope("test"):
            batch.refresh_from_db()
            assert JobRun.objects.get(pk=batch.job_id).state == JobState.SUCCEEDED
        assert batch.content is None
        return batch

    batch = send("part.load", MARKS, [[codes[0], 90, 60, ""], ["ZZZZZ", 80, 60, ""]], pk=part.pk)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert batch.state == ImportState.FAULTY
    assert "本赛项没有加密号“ZZZZZ”" in page
    with system_scope("test"):
        assert not PartMark.objects.exists()
    batch = send("part.load", MARKS, [[codes[0], 90, 60, ""], [codes[1], 80, 60, ""]], pk=part.pk)
    with system_scope("test"):
        assert (batch.state, batch.rows, PartMark.objects.count()) == (ImportState.APPLIED, 2, 2)
        assert AuditEvent.objects.filter(action="competitions.contest_import.applied").count() == 1
    batch = send("contest.plan_load", PLAN, [line("钳工", "钳工竞赛"), line("车工", "车工竞赛")])
    with system_scope("test"):
        assert (batch.state, Contest.objects.count()) == (ImportState.APPLIED, 3)
    assert desk_client(tianjin.district_manager).get(batch.get_absolute_url()).status_code == 404

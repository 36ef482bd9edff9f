"""年度复查: who is taken in, what the unit says, what the level above does with it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from competitions.labels import queries
from competitions.labels.domain import rechecks, removals
from competitions.labels.enums import LabelStatus, RecheckStatus
from competitions.labels.models import Recheck
from competitions.labels.sheets import LABELS, RECHECKS
from competitions.labels.sources import _file_item, _to_file, _to_review
from portal.accounts.enums import Role
from portal.core.errors import Invalid, Refused
from tests.factories.labels import make_label, make_team
from tests.factories.people import make_actor

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
DUE = dt.date(2026, 6, 20)
BEFORE = dt.date(2025, 4, 28)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def proof():
    return SimpleUploadedFile("台账.pdf", PDF, content_type="application/pdf")


def yes(row, **changes):
    answers = {c["code"]: {"met": "yes", "words": ""} for c in row.campaign.criteria}
    return answers | {code: {"met": met, "words": words} for code, (met, words) in changes.items()}


@pytest.fixture
def campaign(tianjin):
    labels = [
        make_label(make_team(tianjin.employer), tianjin.district, kind="safe", given_on=BEFORE) for _n in range(3)
    ]
    make_label(make_team(tianjin.employer), tianjin.district, kind="safe", given_on=dt.date(2026, 4, 1))
    make_label(
        make_team(tianjin.employer),
        tianjin.district,
        kind="safe",
        given_on=BEFORE,
        valid_until=DUE.replace(day=1, month=5),
    )
    make_label(make_team(tianjin.employer), tianjin.municipal, kind="safe", given_on=BEFORE)
    found = rechecks.open_campaign(
        actor=tianjin.district_manager, owner=tianjin.district, kind="safe", due_on=DUE, words="请如实自查", now=NOW
    )
    assert {r.label_id for r in Recheck.objects.filter(campaign=found)} == {x.pk for x in labels}
    return found


def file(tianjin, row, now=NOW, **changes):
    return rechecks.file_self_check(
        actor=tianjin.filer, recheck=row, answers=yes(row, **changes), words="全年无事故", files=[proof()], now=now
    )


@pytest.mark.django_db
@pytest.mark.row(135, 154)
def test_recheck_goes_from_self_check_by_mending_to_its_confirmation(tianjin, campaign, in_scope):
    with in_scope(tianjin.filer):
        row = _to_file(tianjin.filer, NOW).first()
        assert _file_item(row, NOW).due is not None
        with pytest.raises(Invalid) as error:
            rechecks.file_self_check(
                actor=tianjin.filer,
                recheck=row,
                answers=yes(row, duty=("partly", ""), gear=("", "")),
                words="",
                now=NOW,
            )
        assert set(error.value.fields) == {"words_duty", "met_gear", "files"}
        file(tianjin, row, duty=("partly", "补签责任书"))
        with pytest.raises(Refused):
            file(tianjin, row)
    with in_scope(tianjin.district_manager) as actor:
        assert list(_to_review(actor, NOW)) == [row]
        with pytest.raises(Invalid) as error:
            rechecks.ask_mending(actor=actor, recheck=row, words=" ", due_on=NOW.date(), now=NOW)
        assert set(error.value.fields) == {"words", "due_on"}
        rechecks.ask_mending(actor=actor, recheck=row, words="补签责任书", due_on=dt.date(2026, 7, 1), now=NOW)
    with in_scope(tianjin.filer):
        row.refresh_from_db()
        assert (row.status, row.due_on) == (RecheckStatus.MENDING, dt.date(2026, 7, 1))
        file(tianjin, row)
    with in_scope(tianjin.district_manager) as actor:
        rechecks.confirm(actor=actor, recheck=row, words="合格", now=NOW)
        assert [s.step for s in queries.steps(row)] == ["confirmed", "filed", "mending", "filed", "opened"]
        assert queries.campaigns(NOW.date()).get(pk=campaign.pk).confirmed == 1
        with pytest.raises(Invalid):  # once a year
            rechecks.open_campaign(actor=actor, owner=tianjin.district, kind="safe", due_on=DUE, words="", now=NOW)


@pytest.mark.django_db
def test_recheck_with_a_failed_veto_is_not_confirmed_and_may_end_with_the_plate_gone(tianjin, campaign, in_scope):
    second = make_actor(tianjin.district, Role.CHECKER, "第二人")
    with in_scope(tianjin.filer):
        row = _to_file(tianjin.filer, NOW).first()
        file(tianjin, row, zero=("no", "发生一起事故"))
    with in_scope(tianjin.district_manager) as actor:
        with pytest.raises(Invalid):
            rechecks.confirm(actor=actor, recheck=row, words="", now=NOW)
        removal = removals.propose_removal(actor=actor, label=row.label, reason="发生责任事故", now=NOW)
        row.refresh_from_db()
        assert row.status == RecheckStatus.PROPOSED
    with in_scope(second):
        removals.decide_removal(actor=second, removal=removal, agreed=True, words="", now=NOW)
        row = queries.rechecks().get(pk=row.pk)
        assert (row.status, row.label.status) == (RecheckStatus.REMOVED, LabelStatus.REMOVED)
        assert [line[9] for line in LABELS.rows(second, 2026)].count("已摘牌") == 1
        assert next(iter(RECHECKS.rows(second, 2026)))[3] == 3


@pytest.mark.django_db
def test_overdue_units_are_reminded_once_a_day_and_filer_is_not_reviewer(tianjin, campaign, in_scope):
    late = dt.datetime(2026, 6, 25, 2, tzinfo=dt.UTC)
    with in_scope(tianjin.district_manager) as actor:
        assert rechecks.remind(actor=actor, campaign=campaign, now=NOW) == 0
        assert rechecks.remind(actor=actor, campaign=campaign, now=late) == 3
        assert rechecks.remind(actor=actor, campaign=campaign, now=late + dt.timedelta(hours=1)) == 0
        assert queries.campaigns(late.date()).get(pk=campaign.pk).overdue == 3
    with in_scope(tianjin.filer):
        row = _to_file(tianjin.filer, late).first()
        assert str(_file_item(row, late).note)
        own = make_label(make_team(tianjin.employer), tianjin.unit, kind="quality", given_on=BEFORE)
    with in_scope(tianjin.unit_checker) as actor:
        rechecks.open_campaign(actor=actor, owner=tianjin.unit, kind="quality", due_on=DUE, words="", now=NOW)
        row = Recheck.objects.get(label=own)
        rechecks.file_self_check(actor=actor, recheck=row, answers=yes(row), words="", files=[proof()], now=NOW)
        assert not _to_review(actor, NOW)
        with pytest.raises(Refused):
            rechecks.confirm(actor=actor, recheck=row, words="", now=NOW)


@pytest.mark.django_db
def test_recheck_pages_lead_the_unit_from_the_task_to_the_filed_form(
    tianjin, campaign, desk_client, all_rows, django_assert_max_num_queries
):
    row = Recheck.objects.filter(campaign=campaign).first()
    client = desk_client(tianjin.filer)
    address = reverse("competitions:recheck.file", kwargs={"pk": row.pk})
    page = client.get(address).content.decode()
    assert "否决项" in page
    assert client.post(address, {}).status_code == 422
    data = {f"met_{c['code']}": "yes" for c in campaign.criteria} | {"words": "无事故", "files": [proof()]}
    assert client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert row.status == RecheckStatus.FILED
    shown = client.get(row.get_absolute_url()).content.decode()
    assert "台账.pdf" in shown
    evidence = client.get(reverse("competitions:recheck.evidence", kwargs={"pk": row.files.get().pk}))
    assert b"".join(evidence.streaming_content) == PDF
    above = desk_client(tianjin.district_manager)
    assert "确认合格" in above.get(row.get_absolute_url()).content.decode()
    assert "持有单位" in above.get(campaign.get_absolute_url()).content.decode()
    assert desk_client(tianjin.group_checker).get(row.get_absolute_url()).status_code == 404

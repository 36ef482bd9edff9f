"""Pages of letters: drafted, read, changed, sent and received by clicking."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.letters.models import BatchState, LetterBatch, LetterState
from tests.factories.entries import make_cycle
from tests.factories.letters import make_letters, send, work_off
from tests.factories.people import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(tianjin):
    with system_scope("test"):
        return make_cycle(tianjin)


def url(name, pk=None):
    return reverse(f"lifecycle:{name}", args=[pk] if pk else [])


def test_call_is_drafted_changed_sent_and_read_through_the_pages(tianjin, cycle, desk_client):
    manager, district = desk_client(tianjin.manager), desk_client(tianjin.district_checker)
    manager.post(url("letters.draft"), {"cycle": cycle.pk, "event": "call"})
    with system_scope("test"):
        batch = LetterBatch.objects.get()
        letter = batch.letters.get(organisation=tianjin.district)
    page = manager.get(url("letters.batch", batch.pk)).content.decode()
    assert tianjin.district.name in page
    assert "将发送2封函件" in page
    words = {"heading": "{项目}开始申报", "body": "{收件人}：请于{申报截止时间}前申报。", "channels": ["site"]}
    assert manager.post(url("letters.change", batch.pk), words).status_code == 302
    assert f"{tianjin.district.name}：请于" in manager.get(url("letters.letter", letter.pk)).content.decode()
    assert district.get(url("letters.letter", letter.pk)).status_code == 404
    assert manager.post(url("letters.send", batch.pk)).status_code == 302
    work_off(batch)
    assert "开始申报" in district.get(url("message.list")).content.decode()
    with system_scope("test"):
        message = letter.deliveries.get(user=tianjin.district_checker.user)
    assert "请于" in district.get(url("message.detail", message.pk)).content.decode()
    assert "1人已读" in manager.get(url("letters.batch", batch.pk)).content.decode()


def test_wrong_words_come_back_beside_the_text_with_what_was_typed(tianjin, cycle, desk_client):
    batch = make_letters(cycle, "call", tianjin.manager)
    typed = {"heading": "通知", "body": "请{人员}申报", "channels": ["site"]}
    response = desk_client(tianjin.manager).post(url("letters.change", batch.pk), typed)
    text = response.content.decode()
    assert response.status_code == 422
    assert "没有可以填入的“{人员}”" in text
    assert "请{人员}申报" in text


def test_unread_letter_stands_on_the_work_list_until_it_is_opened(tianjin, cycle, desk_client):
    send(make_letters(cycle, "call", tianjin.manager), tianjin.manager)
    client = desk_client(tianjin.district_checker)
    assert "申报工作的通知" in client.get(url("worklist.home")).content.decode()
    with system_scope("test"):
        from_city = LetterBatch.objects.get().letters.get(organisation=tianjin.district).deliveries
        message = from_city.get(user=tianjin.district_checker.user)
    client.get(url("message.detail", message.pk))
    assert "申报工作的通知" not in client.get(url("worklist.home")).content.decode()


def test_letter_left_out_is_shown_with_its_reason(tianjin, cycle, desk_client):
    batch = make_letters(cycle, "call", tianjin.manager)
    with system_scope("test"):
        letter = batch.letters.first()
    client = desk_client(tianjin.manager)
    client.post(url("letters.leave_out", letter.pk), {"reason": "已电话通知"})
    assert "已电话通知" in client.get(url("letters.batch", batch.pk)).content.decode()
    client.post(url("letters.take_in", letter.pk))
    with system_scope("test"):
        letter.refresh_from_db()
    assert letter.state == LetterState.DRAFT


def test_discarding_wants_a_reason(tianjin, cycle, desk_client):
    batch = make_letters(cycle, "call", tianjin.manager)
    client = desk_client(tianjin.manager)
    assert client.post(url("letters.discard", batch.pk), {"reason": ""}).status_code == 422
    client.post(url("letters.discard", batch.pk), {"reason": "改用正式文件"})
    with system_scope("test"):
        batch.refresh_from_db()
    assert batch.state == BatchState.DISCARDED


def test_reminder_setting_is_saved_and_shown_again(tianjin, desk_client):
    client = desk_client(tianjin.filer)
    data = {"frequency": "weekly", "hour": "9", "only_due": "on", "channels": ["site"]}
    assert client.post(url("message.remind"), data).status_code == 302
    form = client.get(url("message.remind")).context["form"]
    assert (form["frequency"].value(), form["hour"].value(), form["only_due"].value()) == ("weekly", 9, True)


def test_lists_take_the_same_queries_for_more_rows(tianjin, cycle, desk_client):
    client = desk_client(tianjin.manager)
    batch = send(make_letters(cycle, "call", tianjin.manager), tianjin.manager)

    def count():
        from django.db import connection  # noqa: PLC0415 -- slow import
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- slow import

        with CaptureQueriesContext(connection) as captured:
            for name, pk in (("letters.list", None), ("letters.batch", batch.pk)):
                assert client.get(url(name, pk)).status_code == 200
        return len(captured)

    count()
    few = count()
    with system_scope("test"):
        for number in range(3):
            union = make_organisation("district", f"第{number}区总工会", tianjin.municipal)
            batch.letters.create(organisation=union, reader=union.name, heading="x", body="x", state="sent")
    assert count() == few

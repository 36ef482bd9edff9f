"""On a phone: a worker passes the quiz behind the unit's code, and the unit finds it on the worker's page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from competitions.learning.domain import doors
from competitions.learning.models import Completion
from tests.competitions.learning.test_doors import quiz_of
from tests.factories.growth import make_file
from tests.factories.rosters import NOW, id_number


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_worker_learns_on_the_phone_and_the_unit_finds_it_in_the_file(
    tianjin, all_rows, live_server, open_page, accessibility, client, desk_client
):
    quiz = quiz_of(tianjin, pass_mark=50)
    one, two = quiz.questions.all()
    door = doors.open_door(actor=tianjin.filer, organisation=tianjin.unit, renew=False, now=NOW)
    file = make_file(tianjin.unit, "张示范", id_number(1))
    phone = open_page(client=client, width=390)
    phone.goto(live_server.url + reverse("competitions:public.door", kwargs={"token": door.token}))
    phone.get_by_role("link", name=quiz.title).click()
    phone.locator("input[name=name]").fill("张示范")
    phone.locator("input[name=id_number]").fill(id_number(1))
    phone.get_by_role("button", name="交卷").click()
    phone.get_by_text("请选择答案").first.wait_for()  # what was typed is kept
    assert phone.locator("input[name=name]").input_value() == "张示范"
    assert not accessibility(phone)
    phone.locator(f"input[name=q{one.pk}][value='0']").check()
    for value in ("0", "1"):
        phone.locator(f"input[name=q{two.pk}][value='{value}']").check()
    phone.get_by_role("button", name="交卷").click()
    phone.get_by_text("合格，成绩已登记").wait_for()
    assert not accessibility(phone)
    assert Completion.objects.get().course == quiz.title
    desk = open_page(client=desk_client(tianjin.filer), width=1440)
    desk.goto(live_server.url + file.get_absolute_url())
    assert desk.get_by_text(quiz.title).count() == 1
    desk.get_by_role("link", name="申请删除").click()
    desk.locator("select[name=basis]").select_option("request")
    desk.locator("textarea[name=reason]").fill("本人书面要求，申请书存工会。")
    desk.get_by_role("button", name="提交申请").click()
    desk.wait_for_url("**/purges/")
    purge = file.purges.get()
    second = open_page(client=desk_client(tianjin.unit_checker), width=1440)
    second.goto(live_server.url + reverse("competitions:growth.decide", kwargs={"pk": purge.pk}))
    second.locator("input[name=agree][value='1']").check()
    second.get_by_role("button", name="提交").click()
    second.wait_for_url("**/purges/")
    assert second.get_by_text("学习记录2").is_visible()  # the completion and the answers
    assert not Completion.objects.exists()

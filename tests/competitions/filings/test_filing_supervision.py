"""Checks by lot and complaints of the public: who draws, who answers, who never learns who complained."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from competitions.filings.domain import complaints, supervision
from competitions.filings.models import CheckDraw, Complaint, SpotCheck
from portal.accounts.enums import Role
from portal.audit.models import AuditEvent
from portal.core.context import PUBLIC
from portal.core.errors import Invalid, Refused
from portal.core.scoping import PublicScope, scope, system_scope
from tests.competitions.filings.test_filing_pages import MAY, NOW, kinds, url
from tests.factories import filings as make
from tests.factories.people import make_actor
from tests.factories.projects import photo

pytestmark = pytest.mark.django_db


@pytest.mark.row(179)
def test_lot_is_drawn_recorded_and_repeated_by_the_page(tianjin, desk_client, in_scope):
    with system_scope("test"):
        for number in range(5):
            make.accepted(tianjin, now=NOW, title=f"第{number}项竞赛")
    client = desk_client(tianjin.checker)
    data = {"year": "2026", "title": "四季度抽查", "size": "9", "due_on": "2099-01-01"}
    assert client.post(url("checkdraw.create"), data).status_code == 422
    assert client.post(url("checkdraw.create"), data | {"size": "2"}).status_code == 302
    with system_scope("test"):
        draw, check = CheckDraw.objects.get(), SpotCheck.objects.order_by("order").first()
    assert "与抽取记录一致" in client.get(url("checkdraw.detail", draw)).content.decode()
    assert kinds(tianjin.checker, NOW, in_scope)["filingcheck.record"] == 2
    form = {"result": "problem", "checked_on": f"{dt.date.today()}", "checkers": "检查组", "findings": "评委不足", "photos": photo()}  # noqa: DTZ011  # fmt: skip
    assert desk_client(tianjin.zone_checker).post(url("filingcheck.record", check), form).status_code == 403
    form["photos"] = photo()
    assert client.post(url("filingcheck.record", check), form).status_code == 302
    assert kinds(tianjin.filer, NOW, in_scope)["filingcheck.rectify"] == 1
    unit = desk_client(tianjin.filer)
    assert "评委不足" in unit.get(url("filingcheck.detail", check)).content.decode()
    assert unit.post(url("filingcheck.rectify", check), {"words": "已补足评委"}).status_code == 302
    assert desk_client(tianjin.group_filer).get(url("filingcheck.detail", check)).status_code == 404
    with system_scope("test"):
        check.refresh_from_db()
        assert check.rectified == "已补足评委"
        with pytest.raises(Invalid):
            supervision.draw_checks(
                actor=tianjin.checker, organisation=tianjin.municipal, year=2026, title="x", size=1,
                due_on=dt.date(2020, 1, 1), now=NOW,
            )  # fmt: skip


@pytest.mark.row(179)
def test_complaint_of_the_public_reaches_the_union_above_and_protects_the_reporter(
    tianjin, client, desk_client, in_scope
):
    with system_scope("test"):
        row = make.running(tianjin, now=MAY)
        hidden = make.filed(tianjin, now=NOW, title="还没有备案")
    assert row.title in client.get(url("public.competitions")).content.decode()
    assert hidden.title not in client.get(url("public.competitions")).content.decode()
    address = url("public.complain", number=row.number)
    assert client.post(address, {"kind": "fairness", "grounds": "太短"}).status_code == 422
    page = client.post(
        address,
        {"kind": "fairness", "grounds": "决赛评委是选手的亲属，没有回避。", "name": "示例丙", "phone": "022-00000001"},
    )
    code = re.search(r"[2-9A-HJ-NP-Z]{10}", page.content.decode())[0]
    with system_scope("test"):
        complaint = Complaint.objects.get()
        assert complaint.handler == tianjin.zone
    assert kinds(tianjin.zone_checker, MAY, in_scope)["complaint.answer"] == 1
    for actor, status in ((tianjin.filer, 403), (tianjin.unit_checker, 403), (tianjin.group_checker, 404), (tianjin.district_checker, 200)):  # fmt: skip
        found = desk_client(actor).get(url("complaint.detail", complaint)).status_code
        assert found in {status, 404} if status == 403 else found == status
    page = desk_client(tianjin.zone_checker).get(url("complaint.detail", complaint)).content.decode()
    assert "示例丙" not in page
    with in_scope(tianjin.filer):
        assert not Complaint.objects.exists()
    answer = desk_client(tianjin.zone_checker).post(
        url("complaint.answer", complaint), {"outcome": "upheld", "answer": "已更换评委并重赛。"}
    )
    assert answer.status_code == 302
    assert "已更换评委并重赛。" in client.post(url("public.complaint"), {"code": code}).content.decode()
    wrong = client.post(url("public.complaint"), {"code": "AAAAAAAAAA"})
    assert "没有找到这个查询码" in wrong.content.decode()


def test_complaints_are_limited_by_address(tianjin, client):
    with system_scope("test"):
        row = make.running(tianjin, now=MAY)
    data = {"kind": "other", "grounds": "比赛现场没有急救人员和设备。"}
    address = url("public.complain", number=row.number)
    statuses = [client.post(address, data).status_code for _n in range(6)]
    assert statuses == [200] * 5 + [429]


def test_reveal_needs_a_reason_and_leaves_a_trace(tianjin):
    with system_scope("test"):
        row = make.running(tianjin, now=MAY)
    with scope(PublicScope()):
        receipt = complaints.make_complaint(
            actor=PUBLIC, filing=row, kind="other", grounds="比赛现场没有急救人员和设备。", name="示例丁", phone="022-00000002", now=MAY
        )  # fmt: skip
    with system_scope("test"):
        boss = make_actor(tianjin.zone, Role.MANAGER)
        with pytest.raises(Refused):
            complaints.reveal_reporter(actor=tianjin.zone_checker, complaint=receipt.complaint, reason="核实", now=MAY)
        with pytest.raises(Invalid):
            complaints.reveal_reporter(actor=boss, complaint=receipt.complaint, reason=" ", now=MAY)
        found = complaints.reveal_reporter(actor=boss, complaint=receipt.complaint, reason="电话核实情况", now=MAY)
        assert found == {"name": "示例丁", "phone": "022-00000002"}
        assert AuditEvent.objects.filter(action="competitions.complaint.revealed").count() == 1

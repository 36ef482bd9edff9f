"""A worker's file goes with everything the unit kept of the person; honours without an entry are found by the number."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from awards.register.earlier import enter_earlier
from awards.register.models import HonourRecord
from competitions.growing import honour_rows
from competitions.growth.domain import purge
from competitions.growth.models import DrillResult, WorkerFile
from competitions.growth.sources import _purges
from competitions.learning.models import Completion, PointsProof
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from tests.factories.growth import id_number, make_drill, make_file, make_mentorship
from tests.factories.rosters import NOW

pytestmark = pytest.mark.django_db
EARLIER = {
    "honour": "天津市五一劳动奖章", "recipient": "张示范", "unit_name": "精工机械有限公司", "document_number": "",
    "conferred_on": dt.date(2019, 4, 26), "certificate_number": "津工奖〔2019〕0099",
}  # fmt: skip


def test_file_is_purged_by_a_second_person_and_nothing_of_the_person_stays(tianjin, all_rows, desk_client):
    number = id_number()
    file = make_file(tianjin.unit, "张示范", number, trade="焊工")
    contract = make_mentorship(file, make_file(tianjin.unit, "徒示范"), starts_on=dt.date(2026, 5, 1), signed_at=NOW)
    result = DrillResult.objects.create(drill=make_drill(tianjin.unit), worker=file, rank=1)
    same = {
        "root_path": tianjin.municipal.path, "organisation": tianjin.unit, "name": "张示范", "id_number": number,
        "id_index": file.id_index,
    }  # fmt: skip
    Completion.objects.create(platform="工匠学堂", course="焊接安全", hours=8, finished_on=NOW.date(), **same)
    elsewhere = Completion.objects.create(
        platform="工匠学堂", course="区级课程", hours=8, finished_on=NOW.date(), **same | {"organisation": tianjin.zone}
    )
    proof = PointsProof(platform="xuexi", as_of=NOW.date(), points=9, file_name="a.png", uploaded_at=NOW, **same)
    proof.file.save("a.png", ContentFile(b"png"), save=True)
    ask = {"file": file, "basis": "request", "now": NOW}
    with pytest.raises(Refused):
        purge.ask_purge(actor=tianjin.group_filer, reason="本人要求", **ask)
    with pytest.raises(Conflict, match="师徒合同"):
        purge.ask_purge(actor=tianjin.filer, reason="本人要求", **ask)
    type(contract).objects.filter(pk=contract.pk).update(state="terminated", ended_on=NOW.date(), end_reason="离职")
    with pytest.raises(Invalid):
        purge.ask_purge(actor=tianjin.filer, reason=" ", **ask)
    client = desk_client(tianjin.filer)
    client.post(
        reverse("competitions:growth.purge", kwargs={"pk": file.pk}), {"basis": "request", "reason": "本人书面要求"}
    )
    asked = file.purges.get()
    with pytest.raises(Conflict, match="已经有"):
        purge.ask_purge(actor=tianjin.filer, reason="再来", **ask)
    assert list(_purges(tianjin.unit_checker, NOW)) == [asked]
    with pytest.raises(Invalid):
        purge.decide_purge(actor=tianjin.unit_checker, purge=asked, agree=False, verdict="", now=NOW)
    refused = purge.decide_purge(actor=tianjin.unit_checker, purge=asked, agree=False, verdict="先核实", now=NOW)
    assert refused.state == "refused"
    again = purge.ask_purge(actor=tianjin.unit_checker, reason="已核实", **ask)
    with pytest.raises(Refused, match="另一人"):
        purge.decide_purge(actor=tianjin.unit_checker, purge=again, agree=True, verdict="", now=NOW)
    done = purge.decide_purge(actor=tianjin.zone_checker, purge=again, agree=True, verdict="", now=NOW)
    assert done.counts == {"学习记录": 2}
    file.refresh_from_db()
    assert (file.name, file.id_number, file.trade) == ("已删除", "", "")
    assert file.purged_at == NOW
    assert list(Completion.objects.all()) == [elsewhere]  # another union's record is that union's to delete
    assert not PointsProof.objects.exists()
    assert DrillResult.objects.get(pk=result.pk).worker_id == file.pk  # the match keeps its places, nobody's name
    assert client.get(file.get_absolute_url()).status_code == 404
    assert "张示范" not in client.get(reverse("competitions:growth.list")).content.decode()
    page = client.get(reverse("competitions:growth.purges")).content.decode()
    assert "学习记录2" in page
    assert "张示范" not in str(list(AuditEvent.objects.filter(action__startswith="competitions.growth.").values()))
    assert make_file(tianjin.unit, "张示范", number).pk != file.pk  # may be opened anew
    assert WorkerFile.objects.count() == 3


def test_honour_of_an_earlier_year_shows_on_the_workers_page(tianjin, hebei, all_rows, desk_client, in_scope):
    number = id_number()
    file = make_file(tianjin.unit, "张示范", number)
    entering = {"issuer": tianjin.municipal, "unit": tianjin.unit, "id_number": number, "now": NOW}
    with pytest.raises(Refused):
        enter_earlier(actor=tianjin.zone_checker, facts=EARLIER, **entering)
    with pytest.raises(Invalid):
        enter_earlier(actor=tianjin.manager, facts=EARLIER, **entering | {"unit": hebei.unit})
    client = desk_client(tianjin.manager)
    form = EARLIER | {"id_number": number, "unit_code": "没有这个编号"}
    assert client.post(reverse("awards:honour.enter"), form).status_code == 422
    client.post(reverse("awards:honour.enter"), form | {"unit_code": tianjin.unit.code})
    row = HonourRecord.objects.get()
    assert (row.entry, row.issuer, row.year) == (None, tianjin.municipal, 2019)
    assert number not in str(HonourRecord.objects.values().get())
    with pytest.raises(Invalid, match="已经登记"):
        enter_earlier(actor=tianjin.manager, facts=EARLIER, **entering)
    with in_scope(tianjin.filer):
        assert [line[1] for line in honour_rows(file)] == ["天津市五一劳动奖章"]
        assert list(honour_rows(make_file(tianjin.unit, "李示范"))) == []
    assert "天津市五一劳动奖章" in desk_client(tianjin.filer).get(file.get_absolute_url()).content.decode()
    shown = client.get(reverse("awards:honour.detail", kwargs={"pk": row.pk}))
    assert shown.status_code == 200
    HonourRecord.objects.update(status="revoked")
    with in_scope(tianjin.filer):
        assert list(honour_rows(file)) == []

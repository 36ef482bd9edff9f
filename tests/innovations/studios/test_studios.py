"""A studio from its registration to its end: naming, records, leader, removal by two people, alliance, conferral."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from innovations.studios import queries
from innovations.studios.domain import alliances, endings, records, studios
from innovations.studios.enums import StudioStatus, TopicStatus
from innovations.studios.models import AllianceMember, Studio, YearCheck
from innovations.studios.sheets import STUDIOS
from innovations.studios.sources import _to_approve, _to_decide, _to_remove
from portal.accounts.enums import Role
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid, Refused
from tests.factories.notices import make_conferred
from tests.factories.people import make_actor
from tests.factories.studios import make_check, make_studio, paper

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
TODAY = NOW.date()
FACTS = {
    "name": "周师傅创新工作室", "kind": "craft", "direction": "焊接", "leader": "周师傅", "leader_post": "技师",
    "leader_honour": "", "place": "二车间", "area": Decimal(80), "equipment": "", "rules": "",
    "founded_on": dt.date(2022, 3, 1),
}  # fmt: skip
TOPIC = {"year": 2026, "title": "焊缝跟踪", "goal": "降返修", "head": "周师傅", "budget": Decimal(0),
         "due_on": dt.date(2026, 11, 30)}  # fmt: skip


def wrong(call, **kwargs):
    with pytest.raises(Invalid) as error:
        call(now=NOW, **kwargs)
    return set(error.value.fields)


@pytest.mark.django_db
@pytest.mark.row(155)
def test_studio_is_registered_named_upwards_and_confirmed_again(tianjin, hebei, in_scope):
    with in_scope(tianjin.filer) as filer:
        studio = studios.register(actor=filer, employer=tianjin.employer, facts=FACTS, now=NOW)
        late = FACTS | {"founded_on": dt.date(2027, 1, 1)}
        assert wrong(studios.register, actor=filer, employer=tianjin.employer, facts=late) == {"founded_on"}
        assert wrong(studios.register, actor=filer, employer=tianjin.employer, facts=FACTS) == {"name"}
        naming = {"level": "unit", "number": "厂〔2024〕1号", "named_on": dt.date(2024, 4, 1), "by": tianjin.unit}
        with pytest.raises(Refused):  # a filer does not name
            studios.name_studio(actor=filer, studio=studio, now=NOW, **naming)
    with in_scope(tianjin.unit_checker) as checker:
        studio = studios.name_studio(actor=checker, studio=studio, now=NOW, **naming)
        assert (studio.status, studio.level, studio.reconfirm_on) == ("running", "unit", dt.date(2026, 4, 1))
    with in_scope(tianjin.manager) as manager:
        call = {"actor": manager, "studio": studio, "by": tianjin.municipal, "number": "津工〔2026〕9号"}
        before = dt.date(2021, 1, 1)
        assert wrong(studios.name_studio, level="district", named_on=before, **call) == {"level", "named_on"}
        studio = studios.name_studio(level="city", named_on=TODAY, now=NOW, **call)
        assert studio.named_by == tianjin.municipal
        assert wrong(studios.reconfirm, actor=manager, studio=studio, until=TODAY, number="", words="") == {
            "until", "number"
        }  # fmt: skip
        studios.reconfirm(
            actor=manager, studio=studio, until=dt.date(2030, 6, 1), number="津工〔2028〕3号", words="合格", now=NOW
        )
        assert [e.step for e in queries.events(studio)] == ["reconfirmed", "named", "named", "registered"]
    with in_scope(tianjin.district_manager) as district, pytest.raises(Refused):  # below the present level
        studios.name_studio(
            actor=district, studio=studio, by=tianjin.district, level="district", number="1", named_on=TODAY, now=NOW
        )
    with in_scope(hebei.manager):
        assert not queries.studios(2026).exists()


@pytest.mark.django_db
@pytest.mark.row(155)
def test_topics_need_the_enterprise_and_results_their_proof(tianjin, in_scope):
    studio = make_studio(tianjin.employer, named_by=tianjin.district)
    with in_scope(tianjin.filer) as filer:
        topic = records.propose_topic(actor=filer, studio=studio, facts=TOPIC, now=NOW)
        assert wrong(records.propose_topic, actor=filer, studio=studio, facts=TOPIC) == {"title"}
        finish = {"topic": topic, "outcome": "已完成", "benefit": Decimal(100_000), "on": TODAY}
        with pytest.raises(Invalid):  # not approved yet
            records.finish_topic(actor=filer, now=NOW, **finish)
    with in_scope(tianjin.unit_checker) as checker:
        assert list(_to_approve(checker, NOW)) == [topic]
        assert wrong(records.approve_topic, actor=checker, topic=topic, number=" ", on=TODAY) == {"number"}
        records.approve_topic(actor=checker, topic=topic, number="立项3号", on=dt.date(2026, 2, 1), now=NOW)
        other = records.propose_topic(actor=checker, studio=studio, facts=TOPIC | {"title": "另一项"}, now=NOW)
        with pytest.raises(Invalid):  # whoever proposed it does not approve it
            records.approve_topic(actor=checker, topic=other, number="4号", on=TODAY, now=NOW)
        records.stop_topic(actor=checker, topic=other, reason="设备报废", now=NOW)
    with in_scope(tianjin.filer) as filer:
        assert wrong(records.finish_topic, actor=filer, **finish) == {"file"}
        topic = records.finish_topic(actor=filer, file=paper(), now=NOW, **finish)
        assert topic.status == TopicStatus.DONE
        result = {"topic": topic, "title": "装置", "kind": "process", "number": "", "on": TODAY, "applied_in": "一车间",
                  "benefit": Decimal(5)}  # fmt: skip
        assert wrong(records.add_result, actor=filer, studio=studio, facts=result) == {"file"}
        added = records.add_result(actor=filer, studio=studio, facts=result, file=paper(), now=NOW)
        held = {"on": TODAY, "title": "实训", "kind": "training", "reach": "unit", "sessions": 2, "people": 1}
        assert wrong(records.add_activity, actor=filer, studio=studio, facts=held) == {"people"}
        records.add_activity(actor=filer, studio=studio, facts=held | {"people": 30}, now=NOW)
        grown = {"kind": "promotion", "name": "吴师傅", "on": TODAY, "mentor": "", "trade": "焊工", "until": None,
                 "before": "中级工", "after": "中级工"}  # fmt: skip
        assert wrong(records.add_growth, actor=filer, studio=studio, facts=grown) == {"after"}
        records.add_growth(actor=filer, studio=studio, facts=grown | {"after": "高级工"}, now=NOW)
        facts = queries.facts_of(studio, 2026)
        assert facts == {"topics": 1, "results": 1, "results_year": 1, "activities": 2, "people": 30, "promotions": 1,
                         "apprentices": 0, "proved": 2}  # fmt: skip
        row = next(iter(STUDIOS.rows(filer, 2026)))
        assert row[9:14] == [1, 1, 2, 1, Decimal("5.00")]
        make_check(studio, tianjin.district, 2026, status="filed", filed_at=NOW)
        with pytest.raises(Invalid):  # the year is handed in
            records.remove_record(actor=filer, kind="result", row=added, now=NOW)
        YearCheck.objects.all().delete()
        records.remove_record(actor=filer, kind="result", row=added, now=NOW)
        assert queries.facts_of(studio, 2026)["results"] == 0
        assert AuditEvent.objects.filter(action="innovations.record.removed", object_id=studio.pk).exists()


@pytest.mark.django_db
@pytest.mark.row(155)
def test_leader_changes_and_studio_ends_by_request(tianjin, in_scope):
    studio = make_studio(tianjin.employer, named_by=tianjin.district)
    asked = {"kind": "leader", "reason": "retired", "on": TODAY, "words": "退休", "new_leader": "", "new_post": "",
             "new_honour": ""}  # fmt: skip
    with in_scope(tianjin.filer) as filer:
        assert wrong(studios.change, actor=filer, studio=studio, facts=FACTS | {"leader": "别人"}) == {"leader"}
        assert wrong(endings.ask_change, actor=filer, studio=studio, facts=asked) == {"new_leader"}
        facts = asked | {"new_leader": "李师傅", "new_post": "高级技师"}
        request = endings.ask_change(actor=filer, studio=studio, facts=facts, now=NOW)
        assert wrong(endings.ask_change, actor=filer, studio=studio, facts=facts) == {"kind"}
    with in_scope(tianjin.district_manager) as manager:
        assert list(_to_decide(manager, NOW)) == [request]
        assert wrong(endings.decide_change, actor=manager, request=request, agreed=False, opinion="") == {"opinion"}
        endings.decide_change(actor=manager, request=request, agreed=True, opinion="", now=NOW)
        studio.refresh_from_db()
        assert (studio.leader, studio.leader_post) == ("李师傅", "高级技师")
    with in_scope(tianjin.filer) as filer:
        close = asked | {"kind": "close", "reason": "unit", "words": "迁出"}
        request = endings.ask_change(actor=filer, studio=studio, facts=close, now=NOW)
    with in_scope(tianjin.district_manager) as manager:
        check = make_check(studio, tianjin.district, 2026)
        endings.decide_change(actor=manager, request=request, agreed=True, opinion="", now=NOW)
        check.refresh_from_db()
        studio.refresh_from_db()
        assert (studio.status, check.status) == (StudioStatus.CLOSED, "dropped")
    with in_scope(tianjin.filer) as filer, pytest.raises(Refused):
        records.propose_topic(actor=filer, studio=studio, facts=TOPIC, now=NOW)


@pytest.mark.django_db
@pytest.mark.row(155)
def test_plate_goes_by_two_people_and_with_it_the_alliance(tianjin, in_scope):
    studio, kept = (make_studio(tianjin.employer, named_by=tianjin.district) for _n in range(2))
    second = make_actor(tianjin.district, Role.CHECKER, "第二人")
    with in_scope(tianjin.district_manager) as manager:
        facts = {"name": "焊接联盟", "direction": "焊接", "charter": "", "founded_on": TODAY}
        alliance = alliances.found(actor=manager, owner=tianjin.district, facts=facts, now=NOW)
        assert wrong(alliances.found, actor=manager, owner=tianjin.district, facts=facts) == {"name"}
        join = {"actor": manager, "alliance": alliance, "share": "试验"}
        alliances.join(studio=studio, leads=True, now=NOW, **join)
        assert wrong(alliances.join, studio=kept, leads=True, **join) == {"leads"}
        assert wrong(alliances.join, studio=studio, leads=False, **join) == {"studio"}
        removal = endings.propose_removal(actor=manager, studio=studio, reason="一年没有活动", now=NOW)
        other = endings.propose_removal(actor=manager, studio=kept, reason="资料不全面", now=NOW)
        with pytest.raises(Refused):  # never one person both
            endings.decide_removal(actor=manager, removal=removal, agreed=True, words="", now=NOW)
    with in_scope(second):
        assert set(_to_remove(second, NOW)) == {removal, other}
        endings.decide_removal(actor=second, removal=removal, agreed=True, words="", now=NOW)
        endings.decide_removal(actor=second, removal=other, agreed=False, words="已补齐", now=NOW)
        studio.refresh_from_db()
        kept.refresh_from_db()
        assert (studio.status, studio.ended_on, kept.status) == ("removed", TODAY, "running")
        assert AllianceMember.objects.get(studio=studio).left_on == TODAY


@pytest.mark.django_db
def test_conferral_names_a_studio_once_and_its_revocation_takes_the_plate(tianjin, all_rows):
    entry = make_conferred(tianjin, 1)[0]
    item = entry.conferral_item
    studio = studios.enter_conferred(entry=entry, item=item, actor=tianjin.manager, now=NOW)
    assert studio.level == "city"
    assert studio.named_by == tianjin.municipal
    assert studios.enter_conferred(entry=entry, item=item, actor=tianjin.manager, now=NOW) == studio
    endings.take_away_conferred(entry=entry, reason="弄虚作假", actor=tianjin.manager, now=NOW)
    assert Studio.objects.get(pk=studio.pk).status == StudioStatus.REMOVED

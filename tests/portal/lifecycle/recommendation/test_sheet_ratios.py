"""A union's sheet is checked by the rule of the selection before it is forwarded: a warning, or a refusal with what to do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.ratios import groups_of, ratio_state, state_of
from portal.lifecycle.blueprints.schema import Ratio
from portal.lifecycle.blueprints.stages import Condition
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import QuotaAllocation
from portal.lifecycle.recommendation.queries import sheet_ratios
from tests.factories.entries import definition_of, make_cycle, make_entry

pytestmark = pytest.mark.django_db

FIELD = "has_economic_benefit"
DEFINITION = "已取得可以计算的经济效益；以申报表为准。"


@pytest.fixture
def sheet(tianjin):
    """Makes a district's sheet: two main candidates outside the group, one of the group not ranked yet."""

    def make(enforce):
        ratio = {
            "code": "benefit", "title": "有经济效益", "when": {"field": FIELD, "is_true": True}, "at_least": 50,
            "definition": DEFINITION, "enforce": enforce, "applies": "nomination",
        }  # fmt: skip
        with system_scope("fixture"):
            definition = definition_of("five-small-top20") | {"ratios": [ratio]}
            cycle = make_cycle(tianjin, definition, params={"recommendation": {"notice_working_days": {}}})
            QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.district, count=3, reserves=1)
            entries = [
                make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level="district", files=False, title=title)
                for title in ("成果甲", "成果乙", "成果丙")
            ]
            for number, entry in enumerate(entries):
                rank = None if number == 2 else number + 1
                answers = entry.answers | {FIELD: number == 2}
                Entry.objects.filter(pk=entry.pk).update(answers=answers, nomination_rank=rank)
        return cycle, entries

    return make


def url(name, cycle):
    return reverse(f"lifecycle:nomination.{name}", kwargs={"pk": cycle.pk})


def states(entries):
    with system_scope("test"):
        return [Entry.objects.get(pk=entry.pk).at_level for entry in entries]


@pytest.mark.row(12)
def test_binding_share_that_is_broken_refuses_the_sheet_with_what_to_do(tianjin, desk_client, sheet):
    cycle, entries = sheet("block")
    client = desk_client(tianjin.district_checker)
    page = client.get(url("sheet", cycle)).content.decode()
    for words in ("不符合，不能上报", "2件中0件，至少1件，还差1件", "未列为正选的还有1件属于这一类", DEFINITION):
        assert words in page, words
    page = client.get(url("forward", cycle)).content.decode()
    assert "结构比例不符合要求" in page
    assert "现在没有可以上报的申报件" in page
    client.post(url("forward", cycle), {"opinion": "同意", "vetoes_checked": "on"})
    assert states(entries) == ["district"] * 3
    with system_scope("fixture"):
        Entry.objects.filter(pk=entries[2].pk).update(nomination_rank=3)
        Entry.objects.filter(pk=entries[1].pk).update(nomination_rank=None)
        assert sheet_ratios(cycle=cycle, organisation_id=tianjin.district.pk)[0].is_met
    client.post(url("forward", cycle), {"opinion": "同意", "vetoes_checked": "on"})
    assert states(entries) == ["municipal", "district", "municipal"]


def test_share_that_only_advises_warns_and_lets_the_sheet_pass(tianjin, desk_client, sheet):
    cycle, entries = sheet("warn")
    client = desk_client(tianjin.district_checker)
    page = client.get(url("forward", cycle)).content.decode()
    assert "不符合，提示" in page
    client.post(url("forward", cycle), {"opinion": "同意", "vetoes_checked": "on"})
    assert states(entries) == ["municipal", "municipal", "district"]


def test_share_of_a_part_of_the_list_counts_that_part_only():
    people = Condition("track", equals="medal")
    ratio = Ratio("g", "产业工人", Condition("post", equals="industrial"), Decimal(35), base=people, base_title="个人")
    rows = [{"track": "medal", "post": "industrial"}, {"track": "medal"}, {"track": "state", "post": "industrial"}]
    state = state_of(ratio, [groups_of([ratio], row) for row in rows])
    assert (state.count, state.whole, state.wanted) == (1, 2, "不低于个人的35%")
    assert state.numbers == "个人2件中1件，至少1件，正好达标"
    nobody = state_of(ratio, [groups_of([ratio], row) for row in rows[2:]])
    assert (nobody.missing, nobody.numbers) == (0, "名单中没有个人，不作要求")
    assert nobody.sentence == "产业工人应不低于个人的35%，名单中没有个人，不作要求"


@pytest.mark.parametrize(
    ("count", "whole", "missing", "numbers"),
    [
        (0, 0, 0, "还没有列入的申报件"),
        (7, 20, 0, "20件中7件，至少7件，至多12件，正好达标"),
        (6, 20, 1, "20件中6件，至少7件，至多12件，还差1件"),
        (13, 20, -1, "20件中13件，至少7件，至多12件，超出1件"),
        (9, 20, 0, "20件中9件，至少7件，至多12件"),
    ],
)
def test_shares_are_compared_as_whole_numbers(count, whole, missing, numbers):
    ratio = Ratio("g", "一线职工", Condition(FIELD, is_true=True), Decimal(35), Decimal(60))
    state = ratio_state(ratio, count, whole)
    assert (state.missing, state.numbers) == (missing, numbers)

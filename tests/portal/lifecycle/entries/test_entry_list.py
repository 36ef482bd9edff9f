"""The list: what each desk sees, says and may find out; constant queries; export."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.display import display_status
from portal.lifecycle.entries.filters import EntryFilters
from portal.lifecycle.notice.models import Notice, NoticeItem
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db
LIST = "/desk/entries/"


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "small-work")


def status(entry, actor, in_scope, now=None):
    with in_scope(actor):
        row = queries.entries(actor=actor).get(pk=entry.pk)
        return display_status(row, actor, now or timezone.now())


def publish(cycle, tree, entry, kind):
    notice = Notice.objects.create(
        cycle=cycle,
        organisation=tree.municipal if kind == "selection" else entry.at_organisation,
        kind=kind,
        status="published",
        code=f"GS{entry.pk}{kind}",
        title="公示",
        body="正文",
        working_days=5,
        published_at=timezone.now(),
    )
    NoticeItem.objects.create(notice=notice, entry=entry, position=1, shown={})
    return notice


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "level", "words"),
    [
        ("draft", "", "草稿"),
        ("submitted", "grassroots", "单位审核"),
        ("submitted", "subdistrict", "上级审核中（天津市开发区总工会）"),
        ("submitted", "district", "上级审核中（天津市东区总工会）"),
        ("recommended", "", "待评审"),
        ("in_review", "", "评审中"),
        ("in_notice", "", "公示中"),
        ("conferred", "", "已命名"),
        ("declined", "", "未予推荐"),
        ("withdrawn", "", "已撤回"),
    ],
)
def test_situation_in_the_words_of_the_paper(state, level, words, cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, state, at_level=level, files=False)
    assert status(entry, tianjin.filer, in_scope).label == words


def test_returned_says_until_when_and_when_it_is_over(cycle, tianjin, in_scope, all_rows):
    due = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
    entry = make_entry(cycle, tianjin.filer, "returned", return_due_at=due, files=False)
    before = status(entry, tianjin.filer, in_scope, now=due - dt.timedelta(days=1))
    after = status(entry, tianjin.filer, in_scope, now=due + dt.timedelta(days=1))
    assert (before.label, before.tone) == ("退回补正（限12月1日前）", "waiting")
    assert (after.label, after.tone) == ("退回补正（12月1日已到期）", "stopped")


def test_local_notice_shows_at_the_unit(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, "submitted", files=False)
    publish(cycle, tianjin, entry, "local")
    assert status(entry, tianjin.filer, in_scope).label == "单位公示中"


@pytest.mark.parametrize("state", ["reviewed", "selected", "reserve", "not_selected"])
def test_outcome_is_the_organisers_until_it_is_public(state, cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, state, files=False)
    own_words = status(entry, tianjin.manager, in_scope).label
    for actor in (tianjin.filer, tianjin.unit_checker, tianjin.district_checker):
        assert status(entry, actor, in_scope).label == "评审中"
    assert own_words != "评审中"
    publish(cycle, tianjin, entry, "selection")
    assert status(entry, tianjin.filer, in_scope).label == own_words


def test_filter_does_not_tell_what_the_badge_hides(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, "selected", files=False)
    make_entry(cycle, tianjin.filer, "in_review", title="另一件", files=False)

    def found(actor, state):
        with in_scope(actor):
            filters = EntryFilters(QueryDict(f"state={state}"), actor=actor)
            return filters.apply(queries.entries(actor=actor)).count()

    assert found(tianjin.filer, "selected") == 0
    assert found(tianjin.filer, "in_review") == 2
    assert found(tianjin.manager, "selected") == 1
    assert found(tianjin.manager, "in_review") == 1
    publish(cycle, tianjin, entry, "selection")
    assert found(tianjin.filer, "selected") == 1
    assert found(tianjin.filer, "in_review") == 1


# --- rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(("desk", "number"), [("filer", 12), ("district_checker", 12), ("manager", 12)])
def test_list_costs_the_same_however_long(n, desk, number, cycle, tianjin, desk_client, django_assert_max_num_queries):
    with system_scope("test"):
        for index in range(n):
            make_entry(cycle, tianjin.filer, "submitted", title=f"成果{index}", files=False)
    client = desk_client(getattr(tianjin, desk))
    client.get(LIST)
    with django_assert_max_num_queries(number):
        page = client.get(LIST)
    assert page.content.decode().count("row-link") >= n


def test_number_of_queries_is_equal_at_one_and_three_rows(cycle, tianjin, desk_client):
    client = desk_client(tianjin.district_checker)
    counts = []
    for index in range(3):
        with system_scope("test"):
            make_entry(cycle, tianjin.filer, "submitted", title=f"成果{index}", files=False)
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_list_never_reads_answers(cycle, tianjin, in_scope, all_rows):
    make_entry(cycle, tianjin.filer, "submitted", files=False)
    with in_scope(tianjin.manager):
        assert '"answers"' not in str(queries.entries(actor=tianjin.manager).query)


def test_each_tree_sees_its_own(cycle, tianjin, hebei, desk_client):
    with system_scope("test"):
        make_entry(cycle, tianjin.filer, "submitted", title="津门成果", files=False)
    assert "津门成果" in desk_client(tianjin.manager).get(LIST).content.decode()
    assert "津门成果" not in desk_client(hebei.manager).get(LIST).content.decode()


def test_filters_of_a_union_desk(cycle, tianjin, desk_client):
    with system_scope("test"):
        make_entry(cycle, tianjin.filer, "submitted", title="甲在区里", at_level="district", files=False)
        make_entry(cycle, tianjin.filer, "submitted", title="乙在单位", files=False)
        make_entry(cycle, tianjin.group_filer, "submitted", title="丙走集团", files=False)
    client = desk_client(tianjin.district_checker)
    assert "丙走集团" not in client.get(LIST).content.decode()
    here = client.get(LIST, {"here": "on"}).content.decode()
    assert "甲在区里" in here
    assert "乙在单位" not in here
    manager = desk_client(tianjin.manager)
    union = manager.get(LIST, {"union": tianjin.group.pk}).content.decode()
    assert "丙走集团" in union
    assert "甲在区里" not in union
    assert "乙在单位" in manager.get(LIST, {"q": "乙在"}).content.decode()


def test_export_holds_the_shown_rows_with_their_words(cycle, tianjin, desk_client):
    with system_scope("test"):
        make_entry(cycle, tianjin.filer, "submitted", title="=HYPERLINK(1)", files=False)
    answer = desk_client(tianjin.manager).get(LIST, {"export": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    text = str(list(book.active.values))
    assert "单位审核" in text
    assert all(cell.data_type != "f" for row in book.active for cell in row)


def test_empty_list_says_what_to_do(tianjin, desk_client):
    assert "还没有申报件" in desk_client(tianjin.filer).get(LIST).content.decode()


def test_every_state_has_words(cycle, tianjin, in_scope, all_rows):
    for state in EntryState:
        entry = make_entry(cycle, tianjin.filer, state, title=f"成果{state}", files=False)
        assert status(entry, tianjin.filer, in_scope).label

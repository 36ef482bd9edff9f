"""The pages: what each side finds, forms with rows, lists with constant cost, exports, the work list, complaints of the public."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from competitions.filings import queries
from competitions.filings.domain import filing, review
from competitions.filings.enums import FilingState
from competitions.filings.models import (
    CatalogueItem,
    CompetitionFiling,
    FilingReport,
)
from competitions.filings.sheets import FILINGS, FORMS, FUNDS
from portal.core.scoping import system_scope
from portal.jobs.registry import get_job
from portal.lifecycle.worklist.queries import work_of
from tests.factories import filings as make
from tests.factories.projects import pdf

NOW = dt.datetime(2026, 2, 2, 2, tzinfo=dt.UTC)
MAY = dt.datetime(2026, 5, 6, 2, tzinfo=dt.UTC)
LATE = dt.datetime(2027, 3, 2, 2, tzinfo=dt.UTC)
KEYS = ("filing", "amendment.", "cohost.", "complaint.")
pytestmark = pytest.mark.django_db


def url(name, row=None, **kwargs):
    return reverse(f"competitions:{name}", kwargs={"pk": row.pk} if row else kwargs)


def kinds(actor, now, in_scope):
    with in_scope(actor):
        return {k.source.key: k.count for k in work_of(actor, now=now).kinds if k.source.key.startswith(KEYS)}


def posted(tree, **over):
    """What the browser sends of the long form."""
    with system_scope("test"):
        data = {
            "year": "2026", "title": "2026年焊工竞赛", "kind": make.item(tree, "kind", "skill").pk, "library": "none",
            "trades": "焊工、电工、焊工", "strategy": [make.item(tree, "strategy", "manufacturing").pk], "revision": "0",
            "expected_people": "80", "starts_on": "2026-03-01", "ends_on": "2026-06-30", "contact": "工会办公室",
            "scheme": "三个阶段。", "committee-present": "1", "committee-0-seat": "chair", "committee-0-name": "示例甲",
            "committee-0-post": "总经理", "committee-0-is_administrative": "on", "indicators-present": "1",
            "indicators-0-name": "参赛率", "indicators-0-unit": "%", "indicators-0-target": "80", "budget-present": "1",
            "phases-present": "1", "phases-0-title": "初赛", "phases-0-starts_on": "2026-03-01",
            "phases-0-ends_on": "2026-04-30", "phases-1-title": "", "phases-1-starts_on": "", "phases-1-ends_on": "",
        }  # fmt: skip
    return data | over


@pytest.fixture
def catalogue(tianjin):
    make.make_catalogue(tianjin, now=NOW)
    return tianjin


def test_form_saves_rows_and_says_what_is_wrong_beside_them(catalogue, desk_client):
    client = desk_client(catalogue.filer)
    page = client.get(url("filing.create")).content.decode()
    assert "竞赛委员会成员" in page
    wrong = client.post(url("filing.create"), posted(catalogue, **{"indicators-0-target": "很多"}))
    assert wrong.status_code == 422
    assert "第1行“目标值”：请填写数字。" in wrong.content.decode()
    assert 'value="很多"' in wrong.content.decode()
    done = client.post(url("filing.create"), posted(catalogue, basis_files=pdf(), **{"budget-0-source": "union", "budget-0-purpose": "奖励", "budget-0-amount": "900.50"}))  # fmt: skip
    with system_scope("test"):
        row = CompetitionFiling.objects.get()
        assert done.url == row.get_absolute_url()
        assert row.trades == ["焊工", "电工"]
        assert row.committee.get().is_administrative
        assert row.budget.get().amount == Decimal("900.50")
        assert row.phases.count() == 1
        assert row.files.get().purpose == "basis"
    assert client.post(url("filing.edit", row), posted(catalogue, revision="1", topic="合格率")).status_code == 302
    assert client.post(url("filing.edit", row), posted(catalogue, revision="1")).status_code == 409
    page = client.get(url("filing.detail", row)).content.decode()
    assert "报上级备案" in page
    assert "报备前还缺" not in page


def test_poor_draft_says_what_it_lacks(catalogue, desk_client):
    client = desk_client(catalogue.filer)
    client.post(url("filing.create"), {"year": "2026", "title": "草稿", "kind": posted(catalogue)["kind"], "library": "none"})  # fmt: skip
    with system_scope("test"):
        row = CompetitionFiling.objects.get()
    page = client.get(url("filing.detail", row)).content.decode()
    assert "请至少填写竞赛委员会主任一名。" in page
    client.post(url("filing.file", row))
    row.refresh_from_db()
    assert row.state == "draft"


@pytest.mark.row(171)
def test_work_list_follows_the_filing(tianjin, in_scope):
    with system_scope("test"):
        row = make.filed(tianjin, now=NOW)
    assert kinds(tianjin.zone_checker, NOW, in_scope) == {"filing.decide": 1}
    with system_scope("test"):
        review.return_filing(actor=tianjin.zone_checker, filing=row, reason="补指标", days=3, now=NOW)
    assert kinds(tianjin.filer, NOW, in_scope) == {"filing.returned": 1}
    with system_scope("test"):
        filing.file_filing(actor=tianjin.filer, filing=row, now=NOW)
        review.accept_filing(actor=tianjin.zone_checker, filing=row, now=NOW)
    assert kinds(tianjin.filer, NOW, in_scope) == {}
    april = dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
    assert kinds(tianjin.filer, april, in_scope) == {"filingreport.report": 1}
    late = dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    assert kinds(tianjin.zone_checker, late, in_scope) == {"filingreport.late": 1}
    assert kinds(tianjin.district_checker, late, in_scope) == {}


def test_union_above_accepts_several_at_once_and_finds_their_rosters(tianjin, desk_client):
    with system_scope("test"):
        rows = [make.filed(tianjin, now=NOW, title=f"2026年竞赛{n}") for n in (1, 2)]
        draft = make.make_filing(tianjin, now=NOW, title="草稿")
    above, chosen = desk_client(tianjin.zone_checker), {"selected": [r.pk for r in (*rows, draft)]}
    assert url("filings.accept") in above.get(url("filing.list")).content.decode()
    preview = above.post(url("filings.accept"), chosen).content.decode()
    assert all(words in preview for words in ("2026年竞赛1", "2026年竞赛2"))
    above.post(url("filings.accept"), chosen | {"confirmed": "1", "opinion": "同意"})
    with system_scope("test"):
        states = set(CompetitionFiling.objects.values_list("title", "state", "opinion"))
        assert FilingReport.objects.filter(filing__in=rows).exists(), "reports are owed from now on"
    assert states == {("2026年竞赛1", "accepted", "同意"), ("2026年竞赛2", "accepted", "同意"), ("草稿", "draft", "")}
    others = desk_client(tianjin.group_checker)
    others.post(url("filings.accept"), {"selected": [rows[0].pk], "confirmed": "1"})
    link = f"{reverse('competitions:roster.list')}?q=2026"
    assert link in above.get(url("filing.detail", rows[0])).content.decode()
    assert link not in above.get(url("filing.detail", draft)).content.decode()


def test_catalogues_are_loaded_once_by_command(tianjin, hebei):
    for added in (True, False):
        out = io.StringIO()
        call_command("catalogues", "load", stdout=out)
        assert ("新增竞赛目录0项" in out.getvalue()) is not added
    with system_scope("test"):
        assert CatalogueItem.objects.filter(owner=hebei.municipal).exists()


def test_pages_of_every_kind_open_for_those_who_see_the_filing(tianjin, hebei, desk_client):
    with system_scope("test"):
        row = make.running(tianjin, now=MAY)
        joint = make.joint(tianjin, hebei.municipal, now=NOW, sight=("budget",))
        report = FilingReport.objects.filter(filing=row).first()
    names = ("filing.list", "filing.calendar", "filing.board", "filing.cohosted", "filingreport.list", "commendation.list", "filingcatalogue.list")  # fmt: skip
    for actor in (tianjin.filer, tianjin.zone_checker, tianjin.manager, tianjin.auditor, hebei.manager):
        client = desk_client(actor)
        for name in names:
            assert client.get(url(name)).status_code == 200, name
        status = 404 if actor is hebei.manager else 200
        for name in ("filing.detail", "filing.print"):
            assert client.get(url(name, row)).status_code == status
        assert client.get(url("filingreport.detail", report)).status_code == status
    assert desk_client(tianjin.group_filer).get(url("filing.detail", row)).status_code == 404
    page = desk_client(hebei.manager).get(url("filing.detail", joint)).content.decode()
    assert "请确认联合主办" in page
    assert "奖励" in page  # the budget was granted
    assert "年终总结" not in page  # the reports were not


@pytest.mark.row(50)
def test_no_list_of_one_root_holds_a_row_of_the_other(tianjin, hebei, desk_client):
    with system_scope("test"):
        row = make.joint(tianjin, hebei.municipal, now=NOW, sight=("budget", "reports"))
    client = desk_client(hebei.manager)
    for name in ("filing.list", "filing.calendar", "filing.board", "filingreport.list"):
        address = f"{url(name)}?year=2026"
        assert row.title not in client.get(address).content.decode(), name
    assert row.title in client.get(url("filing.cohosted")).content.decode()
    assert client.post(url("filing.withdraw", row), {"reason": "不办了"}).status_code == 403
    assert client.post(url("filing.plan", row)).status_code == 403


@pytest.mark.row(7)
@pytest.mark.row(8)
@pytest.mark.row(48)
@pytest.mark.row(75)
@pytest.mark.row(144)
def test_register_is_filtered_by_tag_layer_area_and_exported(tianjin, desk_client):
    with system_scope("test"):
        row = make.accepted(tianjin, now=NOW)
        other = make.filed(tianjin, now=NOW, actor=tianjin.group_filer, owner=tianjin.group_unit, title="集团竞赛",
                           layer="region", area="jincheng", industry="G")  # fmt: skip
        tag = make.item(tianjin, "strategy", "carbon")
        queries.Tagging.objects.create(filing=other, item=tag)
        union = tianjin.group.pk
    client = desk_client(tianjin.manager)
    for query, found in (
        (f"tag={tag.pk}", other), ("layer=region", other), ("area=bincheng", row), ("manufacturing=on", row),
        (f"union={union}", other), ("state=accepted", row), ("q=集团", other), ("district=120116&state=filed", other),
    ):  # fmt: skip
        page = client.get(f"{url('filing.list')}?{query}").content.decode()
        assert (row.title in page, other.title in page) == (found is row, found is other), query
    book = load_workbook(io.BytesIO(client.get(f"{url('filing.list')}?export=xlsx").content))
    cells = {cell.value for line in book.active.iter_rows() for cell in line}
    assert {f"{row.title}（{row.number}）", f"{other.title}（{other.number}）"} <= cells


PLAN_TAGS = {
    ("strategy", "one-base-three-zones"), ("focus", "real-economy"), ("focus", "infrastructure"), ("focus", "digital"),
    ("focus", "green"), ("focus", "equipment"), ("chain", "smart"), ("chain", "xinchuang"), ("chain", "biomedicine"),
    ("chain", "high-end-equipment"),
}  # fmt: skip


@pytest.mark.row(58)
@pytest.mark.row(59)
@pytest.mark.row(60)
@pytest.mark.row(61)
@pytest.mark.row(62)
@pytest.mark.row(63)
@pytest.mark.row(64)
@pytest.mark.row(66)
def test_every_field_of_the_plan_is_a_tag_that_finds_and_counts(tianjin, desk_client):
    with system_scope("test"):
        row = make.accepted(tianjin, now=NOW)
        tags = [make.item(tianjin, group, code) for group, code in sorted(PLAN_TAGS)]
        queries.Tagging.objects.filter(filing=row).delete()
    counts = {r[1]: r[4] for r in _sheet(FORMS, tianjin)}
    assert not any(counts[tag.name] for tag in tags)
    with system_scope("test"):
        queries.Tagging.objects.bulk_create([queries.Tagging(filing=row, item=tag) for tag in tags])
        other = make.filed(tianjin, now=NOW, actor=tianjin.group_filer, owner=tianjin.group_unit, title="没有标签的")
        queries.Tagging.objects.filter(filing=other).delete()
    client = desk_client(tianjin.manager)
    for tag in tags:
        page = client.get(f"{url('filing.list')}?tag={tag.pk}").content.decode()
        assert (row.title in page, other.title in page) == (True, False), tag.name
    counts = {r[1]: r[4] for r in _sheet(FORMS, tianjin)}
    assert [counts[tag.name] for tag in tags] == [1] * len(tags)


def test_calendar_and_board_count_what_the_desk_sees(tianjin, desk_client):
    with system_scope("test"):
        make.accepted(tianjin, now=NOW)
        make.make_filing(tianjin, now=NOW, title="还在写")
    for actor in (tianjin.manager, tianjin.district_checker, tianjin.zone_checker, tianjin.filer):
        client = desk_client(actor)
        assert make.PLAIN["title"] in client.get(f"{url('filing.calendar')}?year=2026").content.decode()
        page = client.get(f"{url('filing.board')}?year=2026").content.decode()
        assert "1∶3.25" in page
        assert "50.0%" in page
        assert "3月开始" in client.get(f"{url('filing.board')}?year=2026&by=month").content.decode()
        assert "还没有竞赛" not in page


def test_lists_cost_the_same_however_many_rows(tianjin, desk_client, django_assert_max_num_queries):
    with system_scope("test"):
        row = make.running(tianjin, now=MAY)

    def count(address):
        client = desk_client(tianjin.manager)
        client.get(address)
        with django_assert_max_num_queries(200) as captured:
            assert client.get(address).status_code == 200
        return len(captured.captured_queries)

    urls = [
        url(n) for n in ("filing.list", "filing.calendar", "filing.board", "filingreport.list", "filingcatalogue.list")
    ]
    urls = [f"{address}?year=2026" for address in urls] + [url("filing.detail", row)]
    before = [count(address) for address in urls]
    with system_scope("test"):
        for number in range(2):
            make.running(tianjin, now=MAY, title=f"第{number}项竞赛")
    assert [count(address) for address in urls] == before


def test_summary_form_asks_for_every_indicator_and_budget_line(tianjin, desk_client):
    with system_scope("test"):
        row = make.running(tianjin, now=MAY, starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 4, 30), lists={"phases": make.LISTS["phases"][:1]})  # fmt: skip
        summary = FilingReport.objects.get(filing=row, kind="summary")
        actual = row.indicators.first().pk
    client = desk_client(tianjin.filer)
    page = client.get(url("filingreport.write", summary)).content.decode()
    assert f'name="actual_{actual}"' in page
    answer = client.post(url("filingreport.write", summary), {"people": "5", "times": "4", "words": "完成"})
    assert answer.status_code == 422
    with system_scope("test"):
        data = {f"actual_{i.pk}": "70" for i in row.indicators.all()}
        data |= {f"spent_{b.pk}": "100" for b in row.budget.all()}
    answer = client.post(
        url("filingreport.write", summary), data | {"people": "5", "times": "9", "words": "完成", "files": pdf()}
    )
    assert answer.status_code == 302
    checker = desk_client(tianjin.zone_checker)
    assert checker.post(url("filingreport.accept", summary), {"opinion": "很好"}).status_code == 302
    row.refresh_from_db()
    assert row.state == FilingState.SUMMARISED
    book = [list(r) for r in _sheet(FILINGS, tianjin)]
    assert book[0][14:16] == [5, 9]


def _sheet(sheet, tree):
    with system_scope("test"):
        yield from sheet.rows(tree.manager, 2026)


@pytest.mark.row(163)
@pytest.mark.row(170)
@pytest.mark.row(180)
@pytest.mark.row(181)
def test_sheets_count_money_leaders_and_forms(tianjin):
    with system_scope("test"):
        make.accepted(tianjin, now=NOW)
    (funds,) = _sheet(FUNDS, tianjin)
    assert funds[1:8] == [1, Decimal(20000), 0, Decimal(65000), 0, Decimal(85000), Decimal("3.25")]
    assert funds[8:] == [2, 1, Decimal("0.5")]
    forms = {(r[0], r[1]): r[4] for r in _sheet(FORMS, tianjin)}
    assert forms["竞赛形式", "职业技能竞赛"] == 1
    assert forms["战略任务", "制造业立市"] == 1
    assert forms["战略任务", "碳达峰碳中和"] == 0


def test_job_begins_what_is_due_once(tianjin):
    class Nobody:
        def report(self, *args):
            """Where the job tells how far it is."""

    with system_scope("test"):
        make.accepted(tianjin, now=NOW)
        job = get_job("competitions.start_filings").function
        assert job(Nobody())[0] == "启动1项竞赛"
        assert job(Nobody())[0] == "启动0项竞赛"
        assert CompetitionFiling.objects.get().state == "running"


@pytest.mark.row(23)
def test_federation_keeps_the_catalogue_by_hand(catalogue, desk_client):
    client = desk_client(catalogue.manager)
    data = {"group": "kind", "name": "直播技能竞赛", "is_new_form": "on", "first_year": "2026"}
    assert client.post(url("filingcatalogue.add"), data).status_code == 302
    assert client.post(url("filingcatalogue.add"), data).status_code == 422
    with system_scope("test"):
        item = CatalogueItem.objects.get(name="直播技能竞赛")
    assert client.post(url("filingcatalogue.change", item), {"name": "网络直播技能竞赛"}).status_code == 302
    assert client.post(url("filingcatalogue.switch", item)).status_code == 302
    assert client.post(url("filingcatalogue.load")).status_code == 302
    assert desk_client(catalogue.district_manager).post(url("filingcatalogue.add"), data).status_code == 403
    page = desk_client(catalogue.filer).get(url("filing.create")).content.decode()
    assert "网络直播技能竞赛" not in page


def test_commendations_by_form_are_handed_on(tianjin, desk_client):
    with system_scope("test"):
        row = make.running(tianjin, now=MAY)
    client = desk_client(tianjin.filer)
    data = {"rows-present": "1", "rows-0-subject": "individual", "rows-0-name": "示例戊", "rows-0-unit": "示例单位",
            "rows-0-honour": "五一劳动奖章", "rows-0-deeds": "决赛第一名"}  # fmt: skip
    assert client.post(url("commendation.edit", row), data | {"rows-0-honour": ""}).status_code == 422
    assert client.post(url("commendation.edit", row), data).status_code == 302
    assert client.post(url("commendation.hand", row)).status_code == 302
    assert "示例戊" in desk_client(tianjin.manager).get(f"{url('commendation.list')}?handed=on").content.decode()

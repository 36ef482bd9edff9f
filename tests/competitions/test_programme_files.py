"""The competitions' programmes as their files have them: trades, places, hosts, what a unit meets when it enters."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from portal.core.errors import Invalid, Refused
from portal.lifecycle.blueprints.editions import EditionChanges
from portal.lifecycle.editions.domain.opening import open_edition
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.entries.domain.drafts import change_track, create_entry, save_draft
from portal.lifecycle.entries.queries import route_of
from portal.lifecycle.programmes.domain import open_cycle
from tests.factories.answers import citizen_id, complete_answers
from tests.factories.entries import make_cycle, make_entry, make_programme

pytestmark = pytest.mark.django_db
NOW = timezone.now


def submit(entry, actor):
    return perform(entry, "submit", actor=actor, now=NOW())


def reasons(entry, actor):
    return {decision.code for decision in preview(entry, "submit", actor=actor, now=NOW())}


@pytest.mark.row(35)
@pytest.mark.row(36)
def test_haihe_cup_opens_with_more_than_a_hundred_trades_in_three_classes(tianjin, all_rows):
    """The year's cycle has every trade as a track of its own, with the places that count for promotion in its class."""
    programme = make_programme(tianjin, "haihe-craftsman-cup")
    start = dt.date(2026, 12, 1)
    cycle = open_cycle(programme=programme, year=2026, actor=tianjin.manager, now=NOW(), start_date=start)
    tracks = list(cycle.tracks.all())
    trades = {track.title.partition("（")[0] for track in tracks}
    assert len(trades) == len(tracks) >= 100
    by_class: dict[str, set[int]] = {}
    for track in tracks:
        by_class.setdefault(track.title.partition("（")[2].rstrip("）"), set()).add(track.places)
    assert by_class == {"市级一类": {10}, "市级二类": {6}, "区级": {6}}
    assert cycle.rules.stage("selection").params.rule == "places_per_track"
    assert {host.name for host in cycle.hosts.all()} >= {"市人力资源和社会保障局"}


def test_contestant_enters_one_trade_and_is_ranked_there(tianjin, in_scope, all_rows):
    """The trade asked for in the form becomes the entry's track; a second entry of the same person is refused."""
    cycle = make_cycle(tianjin, "haihe-craftsman-cup")
    person = {"id_number": citizen_id(321), "name": "周明远"}
    first = make_entry(cycle, tianjin.filer, answers=person | {"track": "electrician"}, title="周明远")
    with in_scope(tianjin.filer):
        save_draft(actor=tianjin.filer, entry=first, section="event", answers={"track": "fitter"}, now=NOW())
        first.refresh_from_db()
        assert (first.track.code, first.track.places) == ("fitter", 10)
        assert submit(first, tianjin.filer).state == EntryState.SUBMITTED
    made = create_entry(
        actor=tianjin.group_filer, cycle=cycle, now=NOW(), title="林晓东", track=cycle.tracks.get(code="welder")
    )
    assert answers_of(made)["track"] == "welder"
    moved = change_track(actor=tianjin.group_filer, entry=made, track=cycle.tracks.get(code="fitter"), now=NOW())
    assert (moved.track.code, answers_of(moved)["track"]) == ("fitter", "fitter")
    second = make_entry(cycle, tianjin.filer, answers=person, title="周明远")
    assert {"duplicate_title"} <= reasons(second, tianjin.filer)


def test_two_workers_of_one_name_enter_the_same_contest(tianjin, all_rows):
    """Only the ID number tells persons apart; a name is no title."""
    cycle = make_cycle(tianjin, "haihe-craftsman-cup")
    for serial in (401, 402):
        answers = {"id_number": citizen_id(serial), "name": "赵思源"}
        assert (
            submit(make_entry(cycle, tianjin.filer, answers=answers, title="赵思源"), tianjin.filer).state
            == EntryState.SUBMITTED
        )


@pytest.mark.row(35)
def test_district_runs_its_own_leg_of_the_haihe_cup(tianjin, in_scope, all_rows):
    """A district opens its edition with its own trades; marking and form stay the federation's."""
    programme = make_programme(tianjin, "haihe-craftsman-cup")
    trades = [{"code": "chinese_cook", "title": "中式烹调师（区级）", "places": 6}]
    with in_scope(tianjin.district_manager):
        cycle = open_edition(
            programme=programme,
            year=2026,
            start_date=dt.date(2026, 12, 1),
            actor=tianjin.district_manager,
            now=NOW(),
            changes=EditionChanges(tracks=trades),
        )
    assert [track.code for track in cycle.tracks.all()] == ["chinese_cook"]
    assert cycle.owner == tianjin.district
    assert cycle.rules.honour.title == f"{tianjin.district.name}“海河工匠杯”区级赛优胜者"
    weights = [(part.code, part.weight) for part in cycle.rules.stage("review").params.rubric]
    assert weights == [("theory", 30), ("practice", 70)]


def test_places_are_the_federations_where_the_file_locks_them(tianjin, in_scope, all_rows):
    programme = make_programme(tianjin, "manufacturing-chain")
    changes = EditionChanges(places=30)
    with in_scope(tianjin.district_manager), pytest.raises(Invalid) as refused:
        open_edition(
            programme=programme,
            year=2026,
            start_date=dt.date(2026, 12, 1),
            actor=tianjin.district_manager,
            now=NOW(),
            changes=changes,
        )
    assert "名额" in str(refused.value)


@pytest.mark.row(100)
def test_joint_contest_has_hosts_levels_fields_and_trades(tianjin, all_rows):
    """Several departments host; an entry says field, level and trade; a team needs a front-line worker among its mates."""
    cycle = make_cycle(tianjin, "joint-skill-contests")
    assert cycle.hosts.count() >= 3
    assert {host.can_see for host in cycle.hosts.all()} == {True}
    rules = cycle.rules
    assert {track.title for track in rules.tracks} >= {"装备制造与机械加工", "信息通信与数字技术", "现代农业"}
    assert {choice.value for choice in rules.field("level").choices} == {"city", "industry", "district", "unit"}
    mate = {"post": "装配钳工", "skill_level": "", "frontline": False}
    mates = [mate | {"name": f"队员{n}", "id_number": citizen_id(500 + n)} for n in (1, 2)]
    team = {"form": "team", "team_name": "蓝焰队", "track": "manufacturing", "occupation": "焊工"}
    office = make_entry(cycle, tianjin.filer, answers=team | {"mates": mates}, title="林晓东")
    with pytest.raises(Refused):
        submit(office, tianjin.filer)
    mates = [mates[0] | {"frontline": True}, mates[1]]
    fair = make_entry(cycle, tianjin.filer, answers=team | {"mates": mates}, title="何立新")
    assert submit(fair, tianjin.filer).state == EntryState.SUBMITTED


@pytest.mark.row(73)
def test_benchmark_compares_inside_a_group_and_needs_six_different_months(tianjin, all_rows):
    """Groups of enterprises, teams and posts; baseline, benchmark and month by month data with proof."""
    cycle = make_cycle(tianjin, "energy-benchmark")
    groups = {track.title.partition("·")[0] for track in cycle.tracks.all()}
    assert groups == {"企业组", "班组组", "岗位组"}
    whole = complete_answers(cycle.rules)
    months = whole["monthly"]
    assert len(months) == 6
    short = make_entry(cycle, tianjin.filer, answers={"monthly": months[:5]}, title="炼钢甲班")
    assert "incomplete" in reasons(short, tianjin.filer)
    twice = [*months[:5], months[0]]
    assert "incomplete" in reasons(
        make_entry(cycle, tianjin.filer, answers={"monthly": twice}, title="炼钢乙班"), tianjin.filer
    )
    entry = make_entry(cycle, tianjin.filer, answers={"monthly": months}, title="炼钢丙班")
    assert submit(entry, tianjin.filer).state == EntryState.SUBMITTED
    bare = make_entry(cycle, tianjin.filer, answers={"monthly": months}, title="炼钢丁班", files=False)
    assert "incomplete" in reasons(bare, tianjin.filer)


@pytest.mark.row(56)
def test_carbon_peak_takes_the_short_way_and_asks_the_development_commission(tianjin, all_rows):
    """No zone or street in between, no review: opinions, a meeting, a notice."""
    cycle = make_cycle(tianjin, "carbon-peak")
    assert [stage.kind for stage in cycle.stages.all()] == [
        "application",
        "recommendation",
        "clearance",
        "selection",
        "notice",
        "conferral",
    ]
    assert [hop.level for hop in route_of(tianjin.unit, cycle)] == ["grassroots", "district", "municipal"]
    opinions = {request.department for request in cycle.rules.stage("clearance").params.opinions}
    assert "市发展和改革委员会" in opinions
    assert "市发展和改革委员会" in {host.name for host in cycle.hosts.all()}
    person = make_entry(cycle, tianjin.filer, answers={"kind": "person"}, title="郑文博")
    assert submit(person, tianjin.filer).state == EntryState.SUBMITTED
    team = make_entry(cycle, tianjin.filer, answers={"kind": "team"}, title="能源班组")
    assert submit(team, tianjin.filer).state == EntryState.SUBMITTED


@pytest.mark.row(52)
def test_project_outside_the_city_may_be_a_demonstration_project(tianjin, all_rows):
    """川藏铁路: built elsewhere by a unit of the city, its own union recommends it; a visit is compulsory."""
    cycle = make_cycle(tianjin, "demonstration-project")
    answers = {"area": "outside", "place": "四川省、西藏自治区", "project_kind": "railway", "project_level": "nation"}
    entry = make_entry(cycle, tianjin.group_filer, answers=answers, title="川藏铁路某标段")
    assert submit(entry, tianjin.group_filer).state == EntryState.SUBMITTED
    assert [hop.level for hop in route_of(tianjin.group_unit, cycle)] == ["grassroots", "district", "municipal"]
    visit = cycle.rules.stage("review").params.visit
    assert (visit.required, visit.minimum_visitors) == (True, 3)
    assert cycle.rules.stage("selection").params.rule == "batch"


@pytest.mark.row(53)
@pytest.mark.row(54)
@pytest.mark.parametrize("code", ["safe_days", "hazards", "pass_rate", "progress"])
def test_demonstration_project_must_show_safety_quality_and_progress(code, tianjin, all_rows):
    """An exhibition hall is a kind of project of its own; without one of the indicators the entry is incomplete."""
    cycle = make_cycle(tianjin, "demonstration-project")
    answers = {"project_kind": "expo"}
    complete = make_entry(cycle, tianjin.filer, answers=answers, title="会展中心某期工程")
    assert "incomplete" not in reasons(complete, tianjin.filer)
    poor = make_entry(cycle, tianjin.filer, answers=answers | {code: ""}, title="缺指标的工程")
    assert "incomplete" in reasons(poor, tianjin.filer)


@pytest.mark.row(76)
def test_five_compares_one_create_asks_and_marks_the_same_six_things(tianjin, all_rows):
    """An entry without one of the six is incomplete; the scorecard has the six; the lots of a project enter apart."""
    six = ["technology", "management", "quality", "safety", "civilised", "excellence"]
    cycle = make_cycle(tianjin, "five-compares-one-create")
    stage = cycle.stages.get(kind="review")
    assert [row["code"] for row in stage.params["rubric"]] == six
    assert cycle.rules.stage("selection").params.rule == "threshold"
    for code in six:
        poor = make_entry(cycle, tianjin.filer, answers={f"{code}_text": ""}, title=f"缺{code}")
        assert "incomplete" in reasons(poor, tianjin.filer)
    for lot in ("市域铁路土建一标项目部", "市域铁路土建二标项目部"):
        entry = make_entry(cycle, tianjin.filer, answers={"project": "市域铁路工程"}, title=lot)
        assert submit(entry, tianjin.filer).state == EntryState.SUBMITTED


@pytest.mark.row(50)
def test_contest_of_the_three_regions_needs_a_partner_from_outside(tianjin, all_rows):
    cycle = make_cycle(tianjin, "beijing-tianjin-hebei")
    assert {host.name for host in cycle.hosts.all()} == {"北京市总工会", "河北省总工会"}
    alone = make_entry(cycle, tianjin.filer, answers={"partners": []}, title="无伙伴的竞赛")
    assert "incomplete" in reasons(alone, tianjin.filer)
    partner = {"name": "石家庄某建设公司", "region": "hebei", "task": "桥梁施工", "workers": 60}
    joint = make_entry(cycle, tianjin.filer, answers={"partners": [partner]}, title="城际铁路立功竞赛")
    assert submit(joint, tianjin.filer).state == EntryState.SUBMITTED


@pytest.mark.row(151)
@pytest.mark.row(152)
def test_public_service_is_marked_on_five_dimensions_and_several_windows_of_one_office_enter(tianjin, all_rows):
    cycle = make_cycle(tianjin, "public-sector-five-compares")
    params = cycle.rules.stage("review").params
    assert [(row.title, row.weight) for row in params.rubric] == [
        ("比服务态度", 20),
        ("比服务质量", 20),
        ("比服务创新", 20),
        ("比服务能力", 20),
        ("比服务效率", 20),
    ]
    assert params.vote.audience == "public"
    assert params.visit.required
    for window in ("企业开办窗口", "不动产登记窗口"):
        assert submit(make_entry(cycle, tianjin.filer, title=window), tianjin.filer).state == EntryState.SUBMITTED


@pytest.mark.row(144)
def test_four_tiers_count_who_takes_part_and_choose_nobody(tianjin, all_rows):
    cycle = make_cycle(tianjin, "nonpublic-four-tiers")
    assert [stage.kind for stage in cycle.stages.all()] == ["application", "recommendation"]
    assert {choice.value for choice in cycle.rules.field("tier").choices} == {"region", "zone", "association", "large"}
    nameless = make_entry(cycle, tianjin.filer, answers={"tier": "association", "association": ""})
    assert "incomplete" in reasons(nameless, tianjin.filer)
    entry = make_entry(cycle, tianjin.group_filer, answers={"tier": "large"})
    assert submit(entry, tianjin.group_filer).state == EntryState.SUBMITTED


def test_exchange_of_models_shows_what_was_recommended_and_confers_nothing(tianjin, all_rows):
    cycle = make_cycle(tianjin, "model-exchange")
    assert [stage.kind for stage in cycle.stages.all()] == ["application", "recommendation", "showcase"]
    shown = cycle.rules.stage("showcase").params.shown_fields
    assert {"practice", "effect", "visit_days"} <= set(shown)
    assert not {"contact_phone", "contact_name"} & set(shown)
    closed = make_entry(cycle, tianjin.filer, answers={"opens": True, "visit_days": ""}, title="班组微竞赛的做法")
    assert "incomplete" in reasons(closed, tianjin.filer)


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("nonpublic-top10", {"rubric_panel"}),
        ("demonstration-unit", {"rubric_panel"}),
        ("demonstration-project", {"rubric_panel"}),
        ("five-compares-one-create", {"rubric_panel"}),
        ("public-sector-five-compares", {"rubric_panel"}),
    ],
)
def test_programmes_that_go_and_look_pin_the_visit_with_the_cycle(code, kinds, tianjin, all_rows):
    """The sheet of the visit is part of the pinned stage, so a later change never touches this year's run."""
    stage = make_cycle(tianjin, code).stages.get(kind="review")
    assert stage.params["method"] in kinds
    visit = stage.params["visit"]
    assert visit["required"]
    assert visit["minimum_visitors"] >= 2
    assert len({item["code"] for item in visit["items"]}) == len(visit["items"]) >= 4

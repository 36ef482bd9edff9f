"""A district runs its own edition of the federation's programme to its end, and its winners go up as records."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections
from django.utils import timezone

from portal.accounts.models import ReportingLine
from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.dates import local_date
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.editions import EditionChanges
from portal.lifecycle.blueprints.loader import from_definition
from portal.lifecycle.blueprints.structure import BlueprintInvalid
from portal.lifecycle.conferral.models import ConferralItem
from portal.lifecycle.editions.domain.forwarding import forward_entry
from portal.lifecycle.editions.domain.opening import open_edition
from portal.lifecycle.editions.models import Forwarding
from portal.lifecycle.editions.queries import offers, target_cycle, to_forward, winners
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.domain.submission import submit_entry
from portal.lifecycle.entries.models import Attachment, Entry, EntryVersion
from portal.lifecycle.notice.domain import close_notice
from portal.lifecycle.programmes.models import Cycle, CycleStage
from portal.lifecycle.programmes.queries import due_cycles
from portal.lifecycle.recommendation.domain import endorse_entry
from portal.lifecycle.review.queries.conflicts import panel_case
from portal.lifecycle.selection.domain import approve_round, produce_round
from tests.factories.editions import edition_definition, make_district_expert, make_edition, make_offered
from tests.factories.entries import make_cycle, make_entry
from tests.factories.notices import make_decision, make_notice, move_to
from tests.factories.people import make_actor
from tests.factories.review import assign, make_panel, mark_share

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def chosen(cycle, actor, **fields):
    """An entry of the edition that was shown without objection (the whole way there is tested once, below)."""
    return make_entry(cycle, actor, EntryState.CONFIRMED, final_rank=1, **fields)


def above(tree):
    """The federation's own cycle of the same programme, receiving recommendations."""
    return make_cycle(tree, edition_definition())


# --- the two tables of the blueprint ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "path"),
    [
        ({"free": ["form"]}, "edition.free"),
        ({"locked": ["form", "rubric", "selection", "places"]}, "edition.free"),
        ({"levels": ["municipal"]}, "edition.levels"),
        ({"levels": []}, "edition.levels"),
        ({"free": ["prices"]}, "edition.free[0]"),
    ],
)
def test_edition_table_is_checked_with_its_path(edition, path):
    with pytest.raises(BlueprintInvalid) as caught:
        from_definition(edition_definition(**edition))
    assert any(problem.path.startswith(path) for problem in caught.value.errors)


def test_programmes_without_the_table_allow_no_edition():
    definition = edition_definition()
    del definition["edition"]
    assert not from_definition(definition).edition.allowed


# --- opening ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_rows")
def test_district_opens_its_edition_with_the_free_parts_its_own(tianjin, now):
    changes = EditionChanges(places=3, reserves=1, texts={"contact": "东区总工会 022-00000000"})
    cycle = make_edition(tianjin, tianjin.district_manager, now=now, changes=changes)
    upper = cycle.blueprint.rules
    assert cycle.owner == tianjin.district
    assert cycle.is_edition
    assert cycle.rules.sections == upper.sections
    assert cycle.rules.stage("review").params.rubric == upper.stage("review").params.rubric
    assert cycle.rules.stage("selection").params.places == 3
    assert cycle.rules.texts.contact.startswith("东区")
    assert list(cycle.rules.stage("recommendation").params.route) == ["grassroots", "subdistrict", "district"]
    kinds = list(cycle.stages.values_list("kind", flat=True))
    assert "conferral" not in kinds  # the city's honour is the city's
    assert "showcase" not in kinds
    assert AuditEvent.objects.filter(action="lifecycle.edition.opened").exists()


@pytest.mark.usefixtures("all_rows")
def test_locked_parts_cannot_be_changed_below(tianjin, now):
    with pytest.raises(Invalid, match="锁定了名额"):
        make_edition(
            tianjin, tianjin.district_manager, now=now, changes=EditionChanges(places=9), free=["dates", "panels"]
        )


@pytest.mark.usefixtures("all_rows")
def test_only_managers_of_allowed_levels_below_open_editions(tianjin, hebei, now):
    programme = make_offered(tianjin, levels=["district"])
    zone_manager = make_actor(tianjin.zone, "manager")
    common = {"programme": programme, "year": 2026, "start_date": local_date(now), "now": now}
    for actor in (tianjin.manager, zone_manager, tianjin.district_checker, tianjin.filer, hebei.district_manager):
        with pytest.raises(Refused):
            open_edition(actor=actor, **common)
    open_edition(actor=tianjin.district_manager, **common)
    with pytest.raises(Conflict):
        open_edition(actor=tianjin.district_manager, **common)


@pytest.mark.usefixtures("all_rows")
def test_edition_does_not_count_as_the_federations_own_cycle(tianjin):
    at = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
    make_edition(tianjin, tianjin.district_manager, now=at)
    cycle = make_cycle(tianjin, edition_definition(), year=2026, now=at)
    assert cycle.owner == tianjin.municipal
    assert Cycle.objects.filter(programme=cycle.programme, year=2026).count() == 2
    assert all(due.programme.owner_id == due.programme.owner.pk for due in due_cycles(now=at))


def test_offers_are_those_the_level_may_run(tianjin, hebei, in_scope):
    with system_scope("test"):
        make_offered(tianjin, levels=["district"])
    for actor, count in ((tianjin.district_manager, 1), (tianjin.manager, 0), (hebei.district_manager, 0)):
        with in_scope(actor):
            assert len(offers(actor=actor)) == count


# --- the whole way ------------------------------------------------------------------------------------


def recommended(cycle, tree, title, now):
    """From a draft through the unit, the zone and the district."""
    entry = make_entry(cycle, tree.filer, title=title)
    entry = submit_entry(actor=tree.filer, entry=entry, now=now)
    for actor in (tree.unit_checker, tree.zone_checker, tree.district_checker):
        if entry.at_organisation_id == actor.desk.organisation_id:
            entry = endorse_entry(entry=entry, actor=actor, now=now, opinion="同意", vetoes_checked=True)
    assert entry.state == EntryState.RECOMMENDED
    return entry


def reviewed(cycle, tree, entries, now):
    """Experts of the district's own pool mark; the shares fall from entry to entry."""
    move_to(cycle, "review")
    boss = tree.district_manager
    entries = [perform(e, "begin_review", actor=boss, now=now) for e in entries]
    experts = [make_district_expert(tree.district, f"区专家{n}") for n in range(5)]
    panel = make_panel(cycle, experts)
    case = panel_case(panel)
    assert all(not (expert.unions & item.unions) for expert in case.experts for item in case.to_review)
    for number, entry in enumerate(entries):
        for sheet in assign(panel, entry, *experts):
            mark_share(sheet, 0.95 - number / 10)
        perform(entry, "complete_review", actor=boss, now=now)


@pytest.mark.usefixtures("all_rows")
def test_district_edition_runs_to_its_end_and_forwards_its_winners(tianjin, now):
    boss = tianjin.district_manager
    cycle = make_edition(tianjin, boss, now=now, changes=EditionChanges(places=2, reserves=1))
    entries = [recommended(cycle, tianjin, f"第{n}号区级成果", now) for n in range(3)]
    reviewed(cycle, tianjin, entries, now)
    move_to(cycle, "selection")
    stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="selection")
    round_ = produce_round(actor=boss, stage_id=stage.pk, number=1, now=now)
    approve_round(actor=boss, round_=round_, note="区总工会主席办公会审定。", now=now)
    move_to(cycle, "notice")
    selected = list(Entry.objects.filter(cycle=cycle, state=EntryState.SELECTED).order_by("final_rank"))
    assert [e.title for e in selected] == ["第0号区级成果", "第1号区级成果"]
    notice = make_notice(selected, boss, now=now)
    close_notice(notice=notice, actor=system_actor("test"), now=notice.closes_at)
    assert list(winners(cycle)) == selected
    assert list(to_forward(actor=boss)) == [cycle]

    city = above(tianjin)
    sent = [forward_entry(origin=e, actor=boss, now=now, vetoes_checked=True) for e in winners(cycle)]
    assert not to_forward(actor=boss).exists()
    for number, entry in enumerate(sent):
        assert (entry.cycle, entry.state, entry.at_level) == (city, EntryState.SUBMITTED, "municipal")
        assert entry.at_organisation == tianjin.municipal
        assert entry.nominating == tianjin.district
        assert entry.title == f"第{number}号区级成果"
    # The city goes on as with any other recommendation.
    done = endorse_entry(entry=sent[0], actor=tianjin.checker, now=now, opinion="同意", vetoes_checked=True)
    assert done.state == EntryState.RECOMMENDED


@pytest.mark.usefixtures("all_rows")
def test_edition_with_an_honour_of_its_own_confers_it_under_its_own_numbers(tianjin, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now, honour="{owner}优秀小成果")
    assert cycle.rules.honour.title == f"{tianjin.district.name}优秀小成果"
    entry = chosen(cycle, tianjin.filer)
    move_to(cycle, "conferral")
    from portal.lifecycle.conferral.domain import issue_conferral  # noqa: PLC0415

    issue_conferral(conferral=make_decision(cycle, tianjin.district_manager), actor=tianjin.district_manager, now=now)
    item = ConferralItem.objects.get(entry=entry)
    assert item.certificate_number.startswith(tianjin.district.code)
    entry.refresh_from_db()
    assert entry.honour_record.issuer == tianjin.district
    assert entry.honour_record.honour == f"{tianjin.district.name}优秀小成果"


# --- forwarding ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_rows")
def test_answers_files_consents_and_versions_come_along(tianjin, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now)
    origin = chosen(cycle, tianjin.filer, title="带得走的成果")
    above(tianjin)
    entry = forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)
    assert entry.answers.keys() >= {k for k in origin.answers if k != "track"}
    files = Attachment.objects.filter(entry=entry)
    assert sorted(files.values_list("sha256", "field", "file")) == sorted(
        Attachment.objects.filter(entry=origin).values_list("sha256", "field", "file")
    )
    numbers = list(EntryVersion.objects.filter(entry=entry).values_list("number", flat=True))
    assert numbers == [2, 1]  # the lower one's, and what went up
    newest = EntryVersion.objects.filter(entry=entry).first()
    assert {row["id"] for row in newest.attachments} <= set(files.values_list("pk", flat=True))
    assert entry.consents.count() == origin.consents.count()
    link = Forwarding.objects.get(entry=entry)
    assert (link.origin, link.by_organisation) == (origin, tianjin.district)
    actions = set(AuditEvent.objects.filter(object_id=entry.pk).values_list("action", flat=True))
    assert {"lifecycle.entry.forwarded", "lifecycle.edition.received"} <= actions


@pytest.mark.usefixtures("all_rows")
def test_lower_entry_goes_up_once(tianjin, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now)
    origin = chosen(cycle, tianjin.filer)
    above(tianjin)
    forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)
    with pytest.raises(Conflict, match="已经上报"):
        forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)


@pytest.mark.usefixtures("all_rows")
def test_entry_that_the_unit_filed_above_itself_is_not_doubled(tianjin, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now)
    origin = chosen(cycle, tianjin.filer, title="同一成果")
    make_entry(above(tianjin), tianjin.filer, title="同一成果")
    with pytest.raises(Conflict, match="同名申报"):
        forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)
    assert not Forwarding.objects.exists()


@pytest.mark.usefixtures("all_rows")
def test_forwarding_is_refused_before_the_choice_is_final_and_to_others(tianjin, hebei, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now)
    above(tianjin)
    early = make_entry(cycle, tianjin.filer, EntryState.IN_NOTICE, title="还在公示")
    with pytest.raises(Refused, match="还没有确定入选"):
        forward_entry(origin=early, actor=tianjin.district_manager, now=now, vetoes_checked=True)
    origin = chosen(cycle, tianjin.filer)
    for actor in (tianjin.district_checker, tianjin.manager, tianjin.filer, hebei.district_manager):
        with pytest.raises(Refused):
            forward_entry(origin=origin, actor=actor, now=now, vetoes_checked=True)
    with pytest.raises(Refused, match="一票否决"):
        forward_entry(origin=origin, actor=tianjin.district_manager, now=now)


@pytest.mark.usefixtures("all_rows")
def test_forwarding_takes_a_place_of_the_union(tianjin, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now)
    city = above(tianjin)
    stage = city.stages.get(kind="recommendation")
    stage.params |= {"caps": {"district": 1}, "allocation": {"rule": "none"}, "reserves": {}, "ranked": False}
    stage.save()
    first, second = (chosen(cycle, tianjin.filer, title=f"名额之{n}") for n in range(2))
    forward_entry(origin=first, actor=tianjin.district_manager, now=now, vetoes_checked=True)
    with pytest.raises(Refused, match="名额"):
        forward_entry(origin=second, actor=tianjin.district_manager, now=now, vetoes_checked=True)


@pytest.mark.usefixtures("all_rows")
def test_unit_recommended_through_another_union_above_is_not_forwarded_by_this_one(tianjin, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now)
    origin = chosen(cycle, tianjin.filer)
    above(tianjin)
    ReportingLine.objects.create(organisation=tianjin.unit, parent=tianjin.group)
    with pytest.raises(Refused, match="不由本会推荐"):
        forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)


@pytest.mark.usefixtures("all_rows")
def test_no_forwarding_where_the_rules_or_the_calendar_say_no(tianjin, now):
    cycle = make_edition(tianjin, tianjin.district_manager, now=now)
    origin = chosen(cycle, tianjin.filer)
    assert target_cycle(cycle, now=now) is None
    with pytest.raises(Refused, match="没有接受推荐"):
        forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)


def test_edition_belongs_to_its_branch_and_to_those_above(tianjin, hebei, now, in_scope):
    with system_scope("test"):
        cycle = make_edition(tianjin, tianjin.district_manager, now=now)
        origin = chosen(cycle, tianjin.filer)
        above(tianjin)
        forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)
    seen = {}
    for who in (tianjin.manager, tianjin.district_manager, tianjin.filer, tianjin.group_checker, hebei.manager):
        with in_scope(who):
            seen[who.desk.organisation_name] = (
                Cycle.objects.filter(pk=cycle.pk).count(),
                Entry.objects.filter(cycle=cycle).count(),
                Forwarding.objects.count(),
            )
    assert seen == {
        tianjin.municipal.name: (1, 1, 1),
        tianjin.district.name: (1, 1, 1),
        tianjin.unit.name: (1, 1, 1),
        tianjin.group.name: (0, 0, 0),
        hebei.municipal.name: (0, 0, 0),
    }


@pytest.mark.django_db(transaction=True)
def test_two_people_forwarding_at_once_make_one_entry(tianjin, now):
    with system_scope("test"):
        cycle = make_edition(tianjin, tianjin.district_manager, now=now)
        origin = chosen(cycle, tianjin.filer)
        above(tianjin)
    results = []

    def work():
        try:
            with system_scope("race"):
                forward_entry(origin=origin, actor=tianjin.district_manager, now=now, vetoes_checked=True)
            results.append("done")
        except DomainError as error:
            results.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "forwarded", "forwarded", "forwarded"]
    with system_scope("test"):
        assert Forwarding.objects.count() == 1

"""Drafts: begin, save, move, discard, publish – and what their owner's manager sees of it."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.loader import definition_from_toml
from portal.lifecycle.programmes.domain import load_blueprint
from portal.lifecycle.programmes.models import Blueprint, Programme
from portal.lifecycle.workshop import domain
from portal.lifecycle.workshop.changes import REMOVED, Act
from portal.lifecycle.workshop.forms import PageForm
from portal.lifecycle.workshop.models import BlueprintDraft, DraftStatus
from portal.lifecycle.workshop.pieces import place_of
from portal.lifecycle.workshop.queries import current_version, differences, problems_of
from tests.factories.drafts import make_new_draft, posted
from tests.factories.entries import make_cycle

pytestmark = pytest.mark.django_db


def save(draft, actor, at, values=None, act=None, version=None):
    return domain.save_page(
        draft=draft,
        version=draft.version if version is None else version,
        at=at,
        values=values or {},
        act=act,
        actor=actor,
        now=timezone.now(),
    )


def publish(draft, actor, reason="首次发布"):
    return domain.publish_draft(draft=draft, version=draft.version, reason=reason, actor=actor, now=timezone.now())


def fresh(draft):
    with system_scope("test"):
        return BlueprintDraft.objects.get(pk=draft.pk)


@pytest.fixture
def draft(tianjin, in_scope):
    with in_scope(tianjin.manager):
        return make_new_draft(tianjin.manager)


@pytest.fixture
def at_city(tianjin, all_rows):
    return tianjin.manager


# --- domain ----------------------------------------------------------------------------------------------
def test_publishing_a_new_draft_makes_the_programme_and_its_first_version(at_city, draft):
    loaded = publish(draft, at_city)
    assert loaded.blueprint.version == 1
    assert loaded.blueprint.reason == "首次发布"
    after = fresh(draft)
    assert (after.status, after.published_id, after.programme_id) == (
        "published",
        loaded.blueprint.pk,
        loaded.programme.pk,
    )
    with pytest.raises(Refused):
        save(after, at_city, "programme", {"summary": "晚了"})


def test_a_stale_page_changes_nothing(at_city, draft):
    save(draft, at_city, "programme", {"summary": "先到"})
    with pytest.raises(Conflict):
        save(draft, at_city, "programme", {"summary": "后到"}, version=1)
    assert fresh(draft).definition["programme"]["summary"] == "先到"


def test_saving_nothing_writes_nothing(at_city, draft):
    assert save(draft, at_city, "programme").version == draft.version
    assert not AuditEvent.objects.filter(action="lifecycle.draft.changed").exists()


def test_every_save_is_recorded_in_words(at_city, draft):
    save(draft, at_city, "stages[0]", {"days": 45})
    event = AuditEvent.objects.get(action="lifecycle.draft.changed")
    assert "申报天数" in event.data["changes"][0]


def test_a_draft_may_be_wrong_but_not_published(at_city, draft):
    wrong = save(draft, at_city, "stages[0]", {"days": REMOVED})
    assert [p.page for p in problems_of(wrong.definition)] == ["stages[0]"]
    with pytest.raises(Invalid, match="1 处问题"):
        publish(wrong, at_city)


def test_publishing_wants_a_reason_and_a_free_code(at_city, draft):
    with pytest.raises(Invalid):
        publish(draft, at_city, reason=" ")
    second = make_new_draft(at_city)
    publish(draft, at_city)
    with pytest.raises(Invalid, match="代码重复"):
        publish(second, at_city)
    with pytest.raises(Invalid, match="代码重复"):
        make_new_draft(at_city)


def test_moving_a_question_takes_its_source_along(at_city, draft):
    draft = save(draft, at_city, "sections[0]", act=Act("add", "fields", target="choice"))
    draft = domain.save_source(
        draft=draft,
        version=draft.version,
        path="sections[0].fields[3].choices",
        source="市总通知",
        note="",
        confirm=True,
        actor=at_city,
        now=timezone.now(),
    )
    draft = save(draft, at_city, "sections[0]", act=Act("to", "fields", 3, "0"))
    codes = [field["code"] for field in draft.definition["sections"][0]["fields"]]
    assert codes == ["q1", "work_title", "summary", "consent"]
    row = draft.definition["provenance"][-1]
    assert (row["path"], row["confirm"]) == ("sections[0].fields[0].choices", True)
    draft = save(draft, at_city, "sections[0]", act=Act("remove", "fields", 0))
    assert "sections[0]" not in str(draft.definition["provenance"])


@pytest.mark.parametrize(
    ("kind", "index", "order"), [("up", 1, "bac"), ("down", 1, "acb"), ("up", 0, "abc"), ("down", 2, "abc")]
)
def test_rows_move_by_buttons(at_city, draft, kind, index, order):
    tracks = [{"code": c, "title": c} for c in "abc"]
    draft = save(draft, at_city, "tracks", {"tracks": tracks})
    draft = save(draft, at_city, "tracks", act=Act(kind, "tracks", index))
    assert "".join(track["code"] for track in draft.definition["tracks"]) == order


def test_stages_go_on_and_off_in_their_order(at_city, draft):
    draft = save(draft, at_city, "stages", act=Act("off", "", target="review"))
    draft = save(draft, at_city, "stages", act=Act("on", "", target="clearance"))
    kinds = [stage["kind"] for stage in draft.definition["stages"]]
    assert kinds == ["application", "recommendation", "clearance", "selection", "notice", "conferral"]
    with pytest.raises(Invalid):
        save(draft, at_city, "stages", act=Act("on", "", target="dance"))


def test_a_new_type_brings_what_it_needs(at_city, draft):
    at = "sections[0].fields[1]"
    draft = save(draft, at_city, at, {"type": "attachment"})
    field = draft.definition["sections"][0]["fields"][1]
    assert "max_length" not in field
    assert field["max_files"] == 3
    assert problems_of(draft.definition) == []


def test_who_refers_to_a_question_follows_its_new_code(at_city, draft):
    draft = save(draft, at_city, "sections[0].fields[0]", {"code": "film_title"})
    assert draft.definition["programme"]["subject_field"] == "film_title"
    assert problems_of(draft.definition) == []


def test_the_next_version_of_a_programme(tianjin, at_city):
    cycle = make_cycle(tianjin, "small-work")
    draft = domain.draft_of_programme(programme=cycle.programme, actor=at_city, now=timezone.now())
    assert differences(draft) == []
    with pytest.raises(Invalid, match="内容相同"):
        publish(draft, at_city)
    draft = save(draft, at_city, "stages[0]", {"days": 99})
    assert ["申报天数" in change.text for change in differences(draft)] == [True]
    loaded = publish(draft, at_city, reason="延长申报")
    assert loaded.blueprint.version == cycle.blueprint.version + 1
    cycle.refresh_from_db()
    assert cycle.blueprint_id != loaded.blueprint.pk
    assert current_version(fresh(draft)).pk == loaded.blueprint.pk


def test_the_code_of_a_programme_stays(tianjin, at_city):
    programme = make_cycle(tianjin, "small-work").programme
    draft = domain.draft_of_programme(programme=programme, actor=at_city, now=timezone.now())
    draft = save(draft, at_city, "programme", {"code": "another", "summary": "改"})
    assert draft.definition["programme"]["code"] == programme.code


def test_a_copy_is_a_programme_of_its_own(tianjin, at_city):
    source = make_cycle(tianjin, "small-work").blueprint
    draft = domain.draft_from_copy(blueprint=source, title="新项目", code="copy-of", actor=at_city, now=timezone.now())
    assert draft.programme is None
    assert publish(draft, at_city).programme.title == "新项目"
    assert Programme.objects.count() == 2


def test_discarding_ends_a_draft(at_city, draft):
    domain.discard_draft(draft=draft, actor=at_city, now=timezone.now())
    assert fresh(draft).status == DraftStatus.DISCARDED
    with pytest.raises(Refused):
        publish(fresh(draft), at_city)


@pytest.mark.parametrize("who", ["filer", "unit_checker", "district_checker", "checker", "supervisor", "auditor"])
def test_others_do_not_make_rules(tianjin, in_scope, who):
    actor = tianjin.actors[who]
    with in_scope(actor), pytest.raises(Refused):
        make_new_draft(actor)


# --- pages -----------------------------------------------------------------------------------------------
def url(draft, at="", name="edit"):
    return reverse(f"lifecycle:draft.{name}", kwargs={"pk": draft.pk}) + (f"?at={at}" if at else "")


def page_data(draft, at, **changes):
    form = PageForm(definition=draft.definition, place=place_of(draft.definition, at))
    return posted(form, **changes) | {"_version": draft.version}


@pytest.mark.parametrize(
    "at",
    ["programme", "honour", "texts", "sections", "sections[0]", "sections[0].fields[0]", "tracks", "ratios", "vetoes",
     "documents", "stages", "stages[1]", "stages[2]", "stages[2].rubric[0]", "checks"],
)  # fmt: skip
def test_every_page_shows(tianjin, desk_client, draft, at):
    answer = desk_client(tianjin.manager).get(url(draft, at))
    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.content.decode()


def test_programmes_of_the_restrictions_are_chosen_from_a_list(tianjin, in_scope, draft):
    with system_scope("test"):
        other = make_cycle(tianjin, "small-work").programme
    definition = draft.definition | {"limits": {}}
    with in_scope(tianjin.manager):
        form = PageForm(definition=definition, place=place_of(definition, "limits"))
    choices = dict(form.fields["higher"].choices)
    assert choices == dict(form.fields["one_path"].choices)
    assert choices[other.code] == other.title
    assert draft.definition["programme"]["code"] not in choices


def test_the_manager_saves_a_page(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    answer = client.post(url(draft, "programme"), page_data(draft, "programme", summary="微视频"))
    assert answer.status_code == 302
    assert fresh(draft).definition["programme"]["summary"] == "微视频"


def test_a_stale_page_keeps_what_was_typed_in_sight(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    client.post(url(draft, "programme"), page_data(draft, "programme", summary="先到的话"))
    answer = client.post(url(draft, "programme"), page_data(draft, "programme", summary="后到的话"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "后到的话" in text
    assert "先到的话" in text
    assert fresh(draft).definition["programme"]["summary"] == "先到的话"


def typed(client, draft, at, **changes):
    return client.post(url(draft, at), page_data(draft, at, **changes), headers={"Accept": "application/json"})


def test_what_is_typed_is_kept_without_a_button(tianjin, desk_client, draft):
    answer = typed(desk_client(tianjin.manager), draft, "programme", summary="微视频")
    assert answer.status_code == 200
    kept = answer.json()
    assert kept["version"] == draft.version + 1
    assert len(kept["saved_at"]) == 5
    assert fresh(draft).definition["programme"]["summary"] == "微视频"


def test_a_second_editor_is_told_and_overwrites_nothing_while_typing(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    typed(client, draft, "programme", summary="先到的话")
    answer = typed(client, draft, "programme", summary="后到的话")
    assert answer.status_code == 409
    assert "在另一个页面修改过" in answer.json()["message"]
    assert fresh(draft).definition["programme"]["summary"] == "先到的话"


def test_half_a_code_is_not_kept_while_typing(tianjin, desk_client, draft):
    before = fresh(draft).definition["programme"]["code"]
    answer = typed(desk_client(tianjin.manager), draft, "programme", code="wei", summary="微视频").json()
    assert answer["partial"]
    assert "保存这一页" in answer["note"]
    assert fresh(draft).definition["programme"] | {"code": before} == fresh(draft).definition["programme"]
    assert fresh(draft).definition["programme"]["summary"] == "微视频"


def test_what_cannot_be_read_is_refused_while_typing(tianjin, desk_client, draft):
    answer = typed(desk_client(tianjin.manager), draft, "stages[2]", experts_per_entry="七")
    assert answer.status_code == 422
    assert "改正" in answer.json()["message"]
    assert fresh(draft).version == draft.version


def test_problems_stand_beside_their_controls(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    client.post(url(draft, "stages[2]"), page_data(draft, "stages[2]", rubric__0__weight="50"))
    text = client.get(url(draft, "stages[2]")).content.decode()
    assert "各项权重之和应为 100，现为 90" in text
    assert "还有 1 处问题" in text
    assert "去修改" in client.get(url(draft, name="publish")).content.decode()


def test_a_button_saves_the_page_and_moves_the_row(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    data = page_data(draft, "sections[0]", title="一、成果", _row="down:fields:0")
    client.post(url(draft, "sections[0]"), data)
    section = fresh(draft).definition["sections"][0]
    assert section["title"] == "一、成果"
    assert [field["code"] for field in section["fields"]] == ["summary", "work_title", "consent"]


def test_switching_a_stage_leaves_the_others_alone(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    before = draft.definition["stages"]
    client.post(url(draft, "stages"), {"_version": draft.version, "_names": "", "_row": "on:::clearance"})
    draft = fresh(draft)
    assert [stage for stage in draft.definition["stages"] if stage["kind"] != "clearance"] == before
    names = client.get(url(draft, "stages")).context["form"].shown_names()
    client.post(url(draft, "stages"), {"_version": draft.version, "_names": names, "_row": "off:::clearance"})
    assert fresh(draft).definition["stages"] == before


def test_adding_a_question_leads_to_its_page(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    answer = client.post(url(draft, "sections[0]"), page_data(draft, "sections[0]", _row="add:fields::table"))
    assert answer["Location"].endswith("at=sections%5B0%5D.fields%5B3%5D")


@pytest.mark.parametrize("side", ["applicant", "union", "expert"])
def test_previews_show_the_draft(tianjin, desk_client, draft, side):
    answer = desk_client(tianjin.manager).get(url(draft, name="preview") + f"?as={side}")
    assert answer.status_code == 200


def test_the_experts_preview_draws_a_checklist(tianjin, desk_client, in_scope):
    source = Path("safety/programmes/ankang-cup.toml").read_text(encoding="utf-8")
    definition = definition_from_toml(source)
    now = timezone.now()
    with in_scope(tianjin.manager):
        loaded = load_blueprint(definition=definition, owner=tianjin.municipal, actor=tianjin.manager, now=now)
        draft = domain.draft_of_programme(programme=loaded.programme, actor=tianjin.manager, now=now)
    text = desk_client(tianjin.manager).get(url(draft, name="preview"), {"as": "expert"}).content.decode()
    checklist = loaded.blueprint.rules.stage("review").params.checklist
    assert all(item.title in text for item in checklist.items)
    assert "一票否决" in text
    assert "满分 100 分" in text


def test_blind_previews_hide_what_experts_must_not_see(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    client.post(url(draft, "sections[0].fields[0]"), page_data(draft, "sections[0].fields[0]", blind="on"))
    shown = "成果名称"
    assert shown in client.get(url(draft, name="preview") + "?as=expert").content.decode()
    draft = fresh(draft)
    client.post(url(draft, "stages[2]"), page_data(draft, "stages[2]", blind="on"))
    assert shown not in client.get(url(draft, name="preview") + "?as=expert").content.decode()


def test_the_manager_publishes_after_a_second_look(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    assert "发布后为第 1 版" in client.get(url(draft, name="publish")).content.decode()
    answer = client.post(url(draft, name="publish"), {"reason": "", "_version": draft.version})
    assert answer.status_code == 422
    answer = client.post(url(draft, name="publish"), {"reason": "新设项目", "_version": draft.version})
    assert answer.status_code == 302
    with system_scope("test"):
        assert Blueprint.objects.get(programme__code="worker-video").reason == "新设项目"


def test_lists_and_beginnings(tianjin, desk_client, draft):
    client = desk_client(tianjin.manager)
    assert "职工微视频评选" in client.get(reverse("lifecycle:draft.list")).content.decode()
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work")
    client.post(reverse("lifecycle:draft.revise"), {"programme": cycle.programme_id})
    client.post(reverse("lifecycle:draft.copy"), {"blueprint": cycle.blueprint_id, "title": "样本", "code": "a-copy"})
    with system_scope("test"):
        assert BlueprintDraft.objects.count() == 3


def test_another_root_and_the_union_above_do_not_open_a_draft(tianjin, hebei, desk_client, draft):
    assert desk_client(hebei.manager).get(url(draft)).status_code == 404
    assert desk_client(tianjin.district_manager).get(url(draft)).status_code == 404

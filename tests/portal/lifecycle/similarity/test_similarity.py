"""Entries are compared after they are submitted; people decide, nothing follows by itself."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun
from portal.jobs.tasks import run_job
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import write_keys
from portal.lifecycle.entries.models import Attachment
from portal.lifecycle.similarity.domain import compare_entry, decide_pair
from portal.lifecycle.similarity.models import SimilarPair, Verdict
from portal.lifecycle.similarity.reading import WORD
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db
NOW = timezone.now
TEXT = (
    "针对输油泵站调节阀阀芯冲蚀磨损快、平均四十天就要停机更换的问题，班组在不改动阀体的前提下，把整体式阀芯改为可拆卸的"
    "分段式阀芯，冲刷面镶嵌硬质合金环，磨损后只换合金环，阀芯寿命延长到十一个月。"
)
OTHER = (
    "急诊分诊台高峰时排队超过四十分钟，护理组把分诊流程改为先测后问，患者扫码填写主诉，自助测量血压和体温，数据自动进入"
    "分诊系统，护士只核对和补充，平均分诊时间缩短一半以上，老年患者由志愿者协助填写。"
)


def entry_with(tree, summary, *, cycle=None, actor=None, **fields):
    with system_scope("test"):
        cycle = cycle or make_cycle(tree)
        fields.setdefault("state", EntryState.SUBMITTED)
        answers = {"summary": summary, "innovation_points_text": summary[:60]} | fields.pop("answers", {})
        return make_entry(cycle, actor or tree.filer, answers=answers, **fields)


def look(entry):
    with system_scope("test"):
        return compare_entry(entry=entry, actor=system_actor("test"), now=NOW())


@pytest.fixture
def twins(tianjin):
    first = entry_with(tianjin, TEXT, title="阀芯改造")
    second = entry_with(tianjin, TEXT, cycle=first.cycle, actor=tianjin.group_filer, title="阀芯分段改进")
    look(first)
    (pair,) = look(second)
    return pair


def test_copy_from_an_earlier_year_is_found_and_another_work_is_not(tianjin):
    with system_scope("test"):
        last_year = make_cycle(tianjin, year=2023)
    old = entry_with(tianjin, TEXT, cycle=last_year, title="阀芯改造")
    look(old)
    (pair,) = look(entry_with(tianjin, TEXT, actor=tianjin.group_filer, title="阀芯分段"))
    assert (pair.earlier_id, pair.verdict) == (old.pk, Verdict.OPEN)
    assert pair.percent >= 90
    assert not look(entry_with(tianjin, OTHER, cycle=last_year, title="分诊改进"))


def test_entry_stays_where_it_is_and_the_finding_is_audited(twins):
    with system_scope("test"):
        twins.later.refresh_from_db()
        assert twins.later.state == EntryState.SUBMITTED
        assert AuditEvent.objects.filter(action="lifecycle.similarity.found").count() == 1


def test_comparing_twice_notes_a_pair_once(twins):
    with system_scope("test"):
        entry = twins.later
    assert look(entry) == []
    with system_scope("test"):
        assert SimilarPair.objects.count() == 1


def test_same_patent_number_is_noted_whatever_the_words(tianjin):
    rights = {"ip_rights": [{"number": "ZL202110123456.7", "kind": "invention"}]}
    first = entry_with(tianjin, TEXT, title="阀芯改造")
    second = entry_with(tianjin, OTHER, cycle=first.cycle, actor=tianjin.group_filer, title="分诊改进")
    with system_scope("test"):
        for entry in (first, second):
            write_keys(entry, entry.cycle.rules, rights)
    (pair,) = look(second)
    assert pair.same_number
    assert pair.percent < 30


def test_words_of_attached_files_count(tianjin):
    first = entry_with(tianjin, OTHER, title="说明一")
    second = entry_with(
        tianjin, OTHER.replace("护理组", "本组")[:24], cycle=first.cycle, actor=tianjin.group_filer, title="说明二"
    )
    document = Document()
    document.add_paragraph(OTHER)
    stream = io.BytesIO()
    document.save(stream)
    with system_scope("test"):
        Attachment.objects.create(
            entry=second, field="report", name="报告.docx", size=stream.tell(), content_type=WORD, sha256="0" * 64,
            uploaded_by=tianjin.group_filer.user, file=ContentFile(stream.getvalue(), "report.docx"),
        )  # fmt: skip
        Attachment.objects.create(
            entry=second, field="report", name="坏.docx", size=3, content_type=WORD, sha256="1" * 64,
            uploaded_by=tianjin.group_filer.user, file=ContentFile(b"abc", "bad.docx"),
        )  # fmt: skip
    look(first)
    (pair,) = look(second)
    assert pair.percent >= 80


def test_library_of_another_organiser_is_left_alone(tianjin, hebei):
    look(entry_with(hebei, TEXT, title="阀芯改造"))
    assert not look(entry_with(tianjin, TEXT, title="阀芯改造"))


def test_submission_starts_the_comparison_once(tianjin):
    first = entry_with(tianjin, TEXT, title="阀芯改造")
    look(first)
    draft = entry_with(tianjin, TEXT, cycle=first.cycle, state=EntryState.DRAFT, title="阀芯再改造")
    with system_scope("test"):
        perform(draft, "submit", actor=tianjin.filer, now=NOW())
        run = JobRun.objects.get(kind="lifecycle.compare_entry")
    run_job(run.pk)
    run_job(run.pk)
    with system_scope("test"):
        assert SimilarPair.objects.filter(later=draft).count() == 1


# --- people ---------------------------------------------------------------------------------------------


def test_verdict_needs_a_reason_and_the_organisers_staff(tianjin, twins):
    with system_scope("test"):
        with pytest.raises(Invalid, match="写明理由"):
            decide_pair(pair=twins, verdict="same", reason=" ", actor=tianjin.checker, now=NOW())
        for actor in (tianjin.district_manager, tianjin.supervisor, tianjin.filer):
            with pytest.raises(Refused):
                decide_pair(pair=twins, verdict="same", reason="照抄", actor=actor, now=NOW())
        decided = decide_pair(pair=twins, verdict="same", reason="照抄", actor=tianjin.checker, now=NOW())
        assert decided.decided_by == tianjin.checker.user
        assert AuditEvent.objects.filter(action="lifecycle.similarity.decided").count() == 1


def test_second_verdict_on_a_stale_page_is_a_conflict(tianjin, twins):
    with system_scope("test"):
        stale = SimilarPair.objects.get(pk=twins.pk)
        decide_pair(pair=twins, verdict="same", reason="照抄", actor=tianjin.checker, now=NOW())
        with pytest.raises(Conflict):
            decide_pair(pair=stale, verdict="different", reason="不同", actor=tianjin.manager, now=NOW())


def test_decided_pair_opens_again_only_when_it_has_become_more_alike(tianjin, twins):
    with system_scope("test"):
        decide_pair(pair=twins, verdict="different", reason="同一团队分期成果", actor=tianjin.checker, now=NOW())
        entry = twins.later
    look(entry)
    with system_scope("test"):
        twins.refresh_from_db()
        assert twins.verdict == Verdict.DIFFERENT
        SimilarPair.objects.filter(pk=twins.pk).update(percent=40)
    look(entry)
    with system_scope("test"):
        twins.refresh_from_db()
    assert twins.verdict == Verdict.OPEN


def test_both_sides_are_shown_with_shared_words_marked_and_decided_on_the_page(tianjin, twins, desk_client):
    checker, supervisor = desk_client(tianjin.checker), desk_client(tianjin.supervisor)
    url = reverse("lifecycle:similarity.pair", args=[twins.pk])
    page = checker.get(url).content.decode()
    assert page.count("<mark>") >= 2
    assert "阀芯改造" in page
    assert "保存结论" not in supervisor.get(url).content.decode()
    assert checker.post(url, {"verdict": "same", "reason": ""}).status_code == 422
    assert checker.post(url, {"verdict": "same", "reason": "整段照抄"}).status_code == 302
    assert "构成重复" in checker.get(reverse("lifecycle:similarity.list")).content.decode()
    assert "整段照抄" in supervisor.get(url).content.decode()


def test_queue_stands_on_the_work_list_and_on_the_entrys_page(tianjin, twins, desk_client):
    client = desk_client(tianjin.checker)
    assert "相似" in client.get(reverse("lifecycle:worklist.home")).content.decode()
    with system_scope("test"):
        entry_url = twins.earlier.get_absolute_url()
    assert reverse("lifecycle:similarity.pair", args=[twins.pk]) in client.get(entry_url).content.decode()
    assert "similar" not in desk_client(tianjin.filer).get(entry_url).content.decode()


def test_text_of_users_is_never_markup(tianjin, desk_client):
    nasty = f"<script>alert(1)</script>{TEXT}"
    first = entry_with(tianjin, nasty, title="甲")
    look(first)
    (pair,) = look(entry_with(tianjin, nasty, cycle=first.cycle, actor=tianjin.group_filer, title="乙"))
    page = desk_client(tianjin.checker).get(reverse("lifecycle:similarity.pair", args=[pair.pk])).content.decode()
    assert "<script>alert" not in page

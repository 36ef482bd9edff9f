"""One small programme of every shape, from the recommended entry to its end, through the pages people use."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from awards.register.models import HonourRecord
from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.errors import Conflict, Refused
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.clearance.models import Opinion
from portal.lifecycle.conferral.models import Conferral, ConferralItem
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.domain import advance_cycle
from portal.lifecycle.programmes.models import CycleStage, CycleStatus
from portal.lifecycle.review.imported import domain as results
from portal.lifecycle.selection import domain, queries
from portal.lifecycle.selection.models import Outcome, RoundStatus, SelectionRound
from portal.lifecycle.showcase.models import ShowcaseItem
from portal.lifecycle.showcase.queries import public_showcase
from tests.factories.notices import end_notice, make_notice, move_to
from tests.factories.people import make_actor
from tests.factories.review import make_entry_in_review, make_expert, make_panel, make_reviewed
from tests.factories.shape_case import Case

pytestmark = pytest.mark.integration


def round_of(round_):
    with system_scope("test"):
        return SelectionRound.objects.get(pk=round_.pk)


def text(answer):
    return answer.content.decode()


def url(name, *args, **kwargs):
    return reverse(f"lifecycle:{name}", args=args, kwargs=kwargs)


@pytest.fixture
def manager(tianjin, desk_client):
    return desk_client(tianjin.manager)


# --- people decide a list of those who were recommended ---


@pytest.fixture
def batch(tianjin):
    case = Case(tianjin, "batch_without_review", state=EntryState.RECOMMENDED, count=4)
    case.clear(Opinion.AGREED, Opinion.AGREED, Opinion.AGREED, Opinion.REFUSED)
    return case


def test_list_of_the_recommended_is_decided_line_by_line(batch, manager):
    round_ = batch.produce()
    assert batch.outcomes(round_) == ["undecided"] * 3 + ["not_selected"]
    assert "未取得同意意见" in batch.rows(round_)[3].reason
    page = text(manager.get(url("round.detail", round_.pk)))
    assert "还有3件没有议定结果" in page
    assert "名次</" not in page
    with pytest.raises(Conflict, match="没有议定"):
        batch.approve(round_)
    line = url("round.line", round_.pk, batch.entries[0].pk)
    assert "请填写此项" in text(manager.post(line, {"outcome": "selected", "reason": " "}))
    manager.post(line, {"outcome": "selected", "reason": "事迹突出"})
    chosen = [row.pk for row in batch.rows(round_)[1:]]
    bulk = {"selected": chosen, "confirmed": "1", "outcome": "selected", "reason": "经党组会研究同意"}
    manager.post(url("round.lines"), bulk)
    assert batch.outcomes(round_) == ["selected"] * 3 + ["not_selected"]
    assert "超过上限2件" in text(manager.get(url("round.detail", round_.pk)))
    with pytest.raises(Conflict, match="超过上限"):
        batch.approve(round_)
    other = url("round.line", round_.pk, batch.entries[2].pk)
    manager.post(other, {"outcome": "reserve", "order": "1", "reason": "列为递补"})
    assert [row.reason for row in batch.rows(round_)][:3] == ["事迹突出", "经党组会研究同意", "列为递补"]
    assert "会议材料" in text(manager.get(url("round.detail", round_.pk)))
    assert "列为递补" in text(manager.get(url("round.paper", round_.pk)))
    batch.approve(round_)
    assert batch.states() == ["selected", "selected", "reserve", "not_selected"]
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.round.lines_decided").count() == 3
        assert SelectionRound.objects.get(pk=round_.pk).sha256 == round_.sha256


def test_nothing_is_told_before_the_notice(batch):
    assert batch.shown(batch.tree.manager) == "待评选"
    round_ = batch.produce()
    codes = [entry.code for entry in batch.entries]
    batch.act(domain.decide_lines, round_=round_, codes=codes[:2], outcome="selected", reason="同意")
    batch.act(domain.decide_lines, round_=round_, codes=codes[2:3], outcome="not_selected", reason="材料单薄")
    batch.approve(round_of(round_))
    assert batch.shown(batch.tree.filer) == "评选中"
    assert batch.shown(batch.tree.manager) == "拟定"


def test_place_that_falls_free_goes_to_the_reserve(batch):
    round_ = batch.produce()
    codes = [entry.code for entry in batch.entries]
    batch.act(domain.decide_lines, round_=round_, codes=codes[:2], outcome="selected", reason="同意")
    batch.act(domain.decide_lines, round_=round_, codes=codes[2:3], outcome="reserve", reason="递补")
    batch.approve(round_of(round_))
    with scope(scope_of(batch.tree.manager)):
        gone = perform(
            batch.entries[0].pk, "disqualify", actor=batch.tree.manager, now=timezone.now(), reason="举报属实"
        )
    if batch.states()[2] != "selected":  # a receiver may have done it already
        batch.act(domain.promote_reserve, freed=gone, reason="取消资格")
    assert batch.states()[:3] == ["disqualified", "selected", "selected"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"reason": ""}, "请写明理由"),
        ({"outcome": "undecided"}, "请选择结果"),
        ({"codes": ["X"]}, "名单有变化"),
        ({"codes": []}, "名单有变化"),
    ],
)
def test_senseless_lines_are_refused(batch, change, error):
    round_ = batch.produce()
    values = {"codes": [batch.entries[0].code], "outcome": "selected", "reason": "同意"} | change
    with pytest.raises(Exception, match=error):
        batch.act(domain.decide_lines, round_=round_, **values)


def test_ineligible_and_rounds_by_marks_cannot_be_decided_by_hand(batch, tianjin):
    round_ = batch.produce()
    with pytest.raises(Conflict):
        batch.act(domain.decide_lines, round_=round_, codes=[batch.entries[3].code], outcome="selected", reason="x")
    with pytest.raises(Refused):
        batch.act(domain.decide_lines, tianjin.supervisor, round_=round_, codes=[], outcome="selected", reason="x")


def test_batch_after_a_review_shows_its_marks(tianjin, manager):
    case = Case(tianjin, "batch", state=EntryState.DRAFT, count=0)
    with system_scope("fixture"):
        experts = [make_expert(tianjin) for _ in range(3)]
        panel = make_panel(case.cycle, experts)
        shares = (0.9, 0.7)
        case.entries = [make_reviewed(case.cycle, tianjin.filer, panel, experts, share) for share in shares]
    round_ = case.produce()
    assert [(row.rank, row.outcome) for row in case.rows(round_)] == [(1, "undecided"), (2, "undecided")]
    page = text(manager.get(url("round.detail", round_.pk)))
    assert "创新与效益" in page
    assert "90.00" in page
    assert "第 1 名，供参考" in text(manager.get(url("round.line", round_.pk, case.entries[0].pk)))
    second = [case.entries[1].code]
    case.act(domain.decide_lines, round_=round_, codes=second, outcome="selected", reason="填补空白")
    case.act(domain.decide_lines, round_=round_, codes=[case.entries[0].code], outcome="not_selected", reason="重复")
    case.approve(round_of(round_))
    assert case.states() == ["not_selected", "selected"]


def test_stage_waits_for_those_a_round_would_decide_about(batch):
    with scope(scope_of(batch.tree.manager)):
        assert queries.stages_without_round(actor=batch.tree.manager).get(pk=batch.stage.pk).waiting == 4


def test_who_is_still_under_way_is_not_selected(tianjin):
    case = Case(tianjin, "threshold", state=EntryState.RECOMMENDED, count=1)
    with pytest.raises(Refused, match="还没有完成评审"):
        case.act(lambda actor, now: perform(case.entries[0].pk, "pass_over", actor=actor, now=now))


# --- at once: submitted, decided, conferred ---


def test_submitted_entry_is_decided_and_conferred_at_once(tianjin, manager):
    case = Case(tianjin, "batch_at_once", state=EntryState.SUBMITTED, count=1)
    assert case.shown(tianjin.filer) == "已受理"
    round_ = case.produce()
    case.act(domain.decide_lines, round_=round_, codes=[case.entries[0].code], outcome="selected", reason="抢险立功")
    case.approve(round_of(round_))
    move_to(case.cycle, "conferral")
    create = url("conferral.create", cycle=case.cycle.pk)
    assert "经集体研究，决定命名1个（名）“优秀小成果”" in text(manager.get(create))
    words = {
        "title": "关于命名的决定",
        "document_number": "津工测〔2026〕901号",
        "decided_on": "2026-11-20",
        "body": "决定命名。",
    }
    manager.post(create, words)
    with system_scope("test"):
        decision = Conferral.objects.get(cycle=case.cycle)
    manager.post(url("conferral.issue", pk=decision.pk))
    assert case.states() == ["conferred"]
    with system_scope("test"):
        assert HonourRecord.objects.filter(entry=case.entries[0]).exists()


# --- a score is enough ---


def test_everybody_above_the_threshold_is_selected(tianjin):
    case = Case(tianjin, "threshold", state=EntryState.DRAFT, count=0)
    with system_scope("fixture"):
        experts = [make_expert(tianjin) for _ in range(3)]
        panel = make_panel(case.cycle, experts)
        case.entries = [make_reviewed(case.cycle, tianjin.filer, panel, experts, s) for s in (0.95, 0.8, 0.795, 0.8)]
    round_ = case.produce()
    assert round_.status == RoundStatus.DRAFT
    assert case.outcomes(round_) == ["selected", "selected", "not_selected", "selected"]
    assert "低于最低入选分80" in case.rows(round_)[2].reason
    case.approve(round_)
    assert case.states() == ["selected", "selected", "not_selected", "selected"]


# --- money ---


@pytest.fixture
def grant(tianjin):
    case = Case(tianjin, "grant", state=EntryState.DRAFT, count=0)
    with system_scope("fixture"):
        experts = [make_expert(tianjin) for _ in range(3)]
        panel = make_panel(case.cycle, experts)
        wanted = ((0.95, "80000"), (0.9, "30000.50"), (0.85, "30000"), (0.8, "19999.50"))
        case.entries = [
            make_reviewed(case.cycle, tianjin.filer, panel, experts, share, answers={"asked": asked})
            for share, asked in wanted
        ]
    return case


def test_budget_is_spent_by_rank_and_skips_what_does_not_fit(grant, manager):
    round_ = grant.produce()
    assert (round_.status, round_.differences) == (RoundStatus.DRAFT, [])
    rows = grant.rows(round_)
    assert [row.amount for row in rows] == [Decimal(50000), Decimal("30000.50"), None, Decimal("19999.50")]
    assert grant.outcomes(round_) == ["selected", "selected", "not_selected", "selected"]
    assert "剩余预算19,999.50元不足" in rows[2].reason
    page = text(manager.get(url("round.detail", round_.pk)))
    assert "预算已用完" in page
    assert "30,000.50" in page
    assert "核定（元）" in text(manager.get(url("round.paper", round_.pk)))
    assert "100,000 元" in text(manager.get(url("round.stage", grant.stage.pk)))


def test_sum_that_two_calculations_do_not_share_blocks_the_round(grant):
    """A sum changed after freezing differs from what SQL finds out of the same snapshot."""
    from portal.lifecycle.selection.domain.rounds import shadow_differences
    from portal.lifecycle.selection.snapshot import compute

    round_ = grant.produce()
    snapshot = round_of(round_).snapshot
    result = compute(snapshot)
    assert shadow_differences(snapshot, result, []) == []
    result.allocation.amounts[grant.entries[0].code] = Decimal("49999.99")
    found = shadow_differences(snapshot, result, [])
    assert [(d["field"], d["python"], d["sql"]) for d in found] == [("amount", "49999.99", "50000")]


def test_grant_is_given_by_a_decision_with_sums_and_without_certificates(grant, manager, tianjin):
    grant.approve(grant.produce())
    chosen = [grant.fresh(n) for n in (0, 1, 3)]
    move_to(grant.cycle, "notice")
    end_notice(make_notice(chosen, tianjin.manager))
    move_to(grant.cycle, "conferral")
    create = url("conferral.create", cycle=grant.cycle.pk)
    page = text(manager.get(create))
    assert "关于拨付创新补助的决定" in page
    assert "决定对3个项目拨付“创新补助”，共计100,000.00元" in page
    assert "命名" not in re.search(r"<textarea.*?</textarea>", page, re.DOTALL).group()
    words = {
        "title": "关于拨付的决定",
        "document_number": "津工测〔2026〕902号",
        "decided_on": "2026-11-20",
        "body": "决定拨付。",
    }
    manager.post(create, words)
    with system_scope("test"):
        decision = Conferral.objects.get(cycle=grant.cycle)
    draft = text(manager.get(url("conferral.detail", pk=decision.pk)))
    assert "拨付名单" in draft
    assert "印发并拨付" in draft
    assert "19,999.50 元" in draft
    manager.post(url("conferral.issue", pk=decision.pk))
    with system_scope("test"):
        items = list(ConferralItem.objects.filter(conferral=decision).order_by("serial"))
        assert [item.certificate_number for item in items] == [None] * 3
        assert sum(item.amount for item in items) == Decimal("100000.00")
        assert not HonourRecord.objects.filter(entry__in=chosen).exists()
    issued = text(manager.get(url("conferral.detail", pk=decision.pk)))
    assert "50,000.00 元" in issued
    assert "证书" not in re.search(r'<ol class="notice-lines">.*?</ol>', issued, re.DOTALL).group()
    paper = manager.get(url("conferral.docx", pk=decision.pk))
    table = Document(io.BytesIO(b"".join(paper.streaming_content))).tables[0]
    assert [cell.text for cell in table.rows[-1].cells][-1] == "100,000.00"
    assert grant.shown(tianjin.filer) == "已批准拨付"


# --- nobody is chosen ---


def test_taking_part_is_all(tianjin):
    case = Case(tianjin, "participation", state=EntryState.RECOMMENDED, stage="recommendation", count=2)
    assert case.shown(tianjin.filer) == "已推荐"
    with system_scope("test"):
        stage = case.cycle.stages.get(kind="recommendation")
        later = stage.closes_at + stage.grace + timedelta(minutes=1)
        assert advance_cycle(cycle=case.cycle, actor=system_actor("test"), now=later) == ["closed:recommendation"]
        case.cycle.refresh_from_db()
    assert case.cycle.status == CycleStatus.FINISHED
    assert case.states() == ["recommended", "recommended"]
    assert case.shown(tianjin.filer) == "已推荐"


def test_work_is_shown_without_a_conferral(tianjin, manager):
    case = Case(tianjin, "showcase", state=EntryState.RECOMMENDED, stage="showcase", count=1)
    assert "第1件" in text(manager.get(url("showcase.desk")))
    manager.post(url("showcase.prepare", pk=case.entries[0].pk))
    with system_scope("test"):
        item = ShowcaseItem.objects.get(entry=case.entries[0])
    manager.post(url("showcase.publish", pk=item.pk), {"summary": "节省三成工时。"})
    with scope(PublicScope()):
        assert public_showcase().filter(pk=item.pk).exists()
    with scope(scope_of(tianjin.manager)):
        perform(case.entries[0].pk, "disqualify", actor=tianjin.manager, now=timezone.now(), reason="内容不实")
    with scope(PublicScope()):
        assert not public_showcase().filter(pk=item.pk).exists()


def test_entry_under_way_is_not_shown(tianjin, manager):
    case = Case(tianjin, "showcase", state=EntryState.SUBMITTED, stage="showcase", count=1)
    assert "第1件" not in text(manager.get(url("showcase.desk")))
    assert manager.post(url("showcase.prepare", pk=case.entries[0].pk)).status_code == 404


# --- results of a contest ---


def test_contest_is_won_by_its_results(tianjin):
    case = Case(tianjin, "contest", state=EntryState.DRAFT, stage="review", count=0)
    with system_scope("fixture"):
        second = make_actor(tianjin.municipal, Role.MANAGER, "复核人")
        case.entries = [make_entry_in_review(case.cycle, tianjin.filer) for _ in range(4)]
    for entry, figures in zip(case.entries, ((80, 90), (95, 85), (60, 60), None), strict=True):
        typed = {"theory": str(figures[0]), "practice": str(figures[1])} if figures else {}
        case.act(results.record_result, entry=entry, typed=typed, absent=figures is None, note="")
    case.act(results.confirm_all, second, stage=case.stage)
    for entry in case.entries:
        case.act(lambda actor, now, entry=entry: perform(entry.pk, "complete_review", actor=actor, now=now))
    move_to(case.cycle, "selection")
    with system_scope("fixture"):
        case.stage = CycleStage.objects.select_related("cycle__owner").get(cycle=case.cycle, kind="selection")
    round_ = case.produce()
    assert (round_.status, round_.differences) == (RoundStatus.DRAFT, [])
    rows = case.rows(round_)
    assert [row.total for row in rows[:3]] == [Decimal("87.00"), Decimal("88.00"), Decimal("60.00")]
    assert case.outcomes(round_) == [Outcome.SELECTED, Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED]
    assert rows[3].reason == "没有有效总分，不予入选"
    case.approve(round_)
    assert case.states() == ["selected", "selected", "reserve", "not_selected"]

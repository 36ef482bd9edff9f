"""The meeting's decision, the public notice, the conferral or grant, the showcase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from portal.demo.desk import PageProblem
from portal.demo.meeting import taken
from portal.demo.walk_recommendation import publish
from portal.lifecycle.blueprints.vocabulary import SelectionRule
from portal.lifecycle.conferral.models import Conferral
from portal.lifecycle.notice.models import NoticeKind
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection, SelectionRound
from portal.lifecycle.showcase.models import ShowcaseItem

if TYPE_CHECKING:
    from portal.demo.walk import Walk

TIES = 20


def select(walk: Walk) -> None:
    """The round that opening the stage has produced: lines decided, ties settled, approved."""
    if not walk.open_stage("selection"):
        return
    stage = walk.stage("selection")
    walk.manager.open("lifecycle:round.stage", stage.pk)
    round_ = SelectionRound.objects.filter(stage=stage).order_by("-number").first()
    if round_ is None:
        raise PageProblem(str(stage), "没有产生评选结果")
    walk.manager.open("lifecycle:round.detail", round_.pk)
    if params_of(stage).rule == SelectionRule.BATCH:
        _decide_lines(walk, round_)
    for _tie in range(TIES):
        round_ = SelectionRound.objects.filter(stage=stage).order_by("-number").first()
        if not round_.needs_decision:
            break
        _settle(walk, round_)
    if round_.status == RoundStatus.BLOCKED:
        raise PageProblem(str(round_), "两套算法的结果不一致")
    walk.manager.open("lifecycle:round.paper", round_.pk)
    walk.manager.fill_in("lifecycle:round.approve", round_.pk, note="经主席办公会审议通过。")
    walk.close_stage("selection")


def _decide_lines(walk: Walk, round_: SelectionRound) -> None:
    """The meeting takes all that may be taken but the last, when there are several, and keeps the binding shares."""
    rows = list(Selection.objects.filter(round=round_).exclude(details__cause="ineligible").order_by("rank", "pk"))
    chosen = taken(round_, rows, max(1, len(rows) - 1)) if rows else []
    for part, outcome, reason in (
        (chosen, Outcome.SELECTED, "事迹突出，符合条件，经会议研究同意列入。"),
        ([row for row in rows if row not in chosen], Outcome.NOT_SELECTED, "成效尚待巩固，建议下一批再报。"),
    ):
        if part:
            values = {"selected": [row.pk for row in part], "confirmed": "1", "outcome": outcome, "reason": reason}
            walk.manager.press("lifecycle:round.lines", **values)


def _settle(walk: Walk, round_: SelectionRound) -> None:
    page = walk.manager.open("lifecycle:round.tie", round_.pk, 0)
    places = {name: number for number, name in enumerate(page.names("place_"), 1)}
    values = page.form() | places | {"reason": "经评审组集体投票议定。"}
    walk.manager.press("lifecycle:round.tie", round_.pk, 0, **values)


def show(walk: Walk) -> None:
    """The city's notice, its days passed, nobody objected."""
    if not walk.open_stage("notice"):
        return
    if publish(walk, walk.manager, NoticeKind.SELECTION) is None:
        raise PageProblem("全市公示", "没有可以公示的名单")
    walk.close_stage("notice")


def confer(walk: Walk) -> None:
    """Decision drafted and issued; the register's page opens."""
    if not walk.open_stage("conferral"):
        return
    cycle = walk.cycle
    walk.manager.fill_in(
        "lifecycle:conferral.create",
        cycle.pk,
        document_number=f"津工发〔{cycle.year}〕12号",
        decided_on=timezone.localdate().isoformat(),
    )
    conferral = Conferral.objects.get(cycle=cycle)
    walk.manager.open("lifecycle:conferral.detail", conferral.pk)
    walk.manager.press("lifecycle:conferral.issue", conferral.pk)
    walk.manager.open("lifecycle:conferral.detail", conferral.pk)
    walk.close_stage("conferral")


def exhibit(walk: Walk) -> None:
    """One page for everybody to read, when somebody's entry may have one."""
    if not walk.open_stage("showcase"):
        return
    desk = walk.manager
    page = desk.open("lifecycle:showcase.desk")
    paths = [form.get("action") for form in page.tree.forms if "/prepare/" in (form.get("action") or "")]
    for path in paths[:1]:
        entry = int(path.rstrip("/").split("/")[-2])
        desk.press("lifecycle:showcase.prepare", entry)
        item = ShowcaseItem.objects.get(entry=entry)
        desk.fill_in("lifecycle:showcase.publish", item.pk)
        desk.open("lifecycle:public.showcase_item", item.pk)
    if not paths:
        raise PageProblem(reverse("lifecycle:showcase.desk"), "没有可以展示的成果")
    walk.close_stage("showcase")

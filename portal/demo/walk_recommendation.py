"""Unions on the way: local notice, ranking, sending on; what found no place is declined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from portal.demo.desk import PageProblem
from portal.lifecycle.blueprints.vocabulary import AllocationRule
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.drafts import local_days
from portal.lifecycle.notice.models import Notice, NoticeKind

if TYPE_CHECKING:
    from portal.accounts.models import Organisation
    from portal.demo.desk import Desk
    from portal.demo.walk import Walk

LEVELS = 6
PLACES = 5  # for every union, where the federation decides


def recommend(walk: Walk) -> None:
    """Up through every level to the city, then both stages end."""
    if walk.open_stage("recommendation"):
        _allot(walk)
        for _level in range(LEVELS):
            holders = _holders(walk)
            if not holders or not sum(_send_on(walk, organisation) for organisation in holders):
                break
        walk.close_stage("application")
        for entry in walk.in_state(EntryState.SUBMITTED):
            desk = walk.checker(entry.at_organisation_id)
            desk.fill_in("lifecycle:nomination.decline", entry.code, reason="本级推荐名额已满，未列入推荐。")
        walk.close_stage("recommendation")
    walk.close_stage("application")


def _allot(walk: Walk) -> None:
    """Places that the federation hands out one by one."""
    if walk.cycle.rules.stage("recommendation").params.allocation.rule != AllocationRule.MANUAL:
        return
    for track in [track.code for track in walk.cycle.tracks.all()] or [""]:
        query = f"track={track}" if track else ""
        names = walk.manager.open("lifecycle:quota.edit", walk.cycle.pk, query=query).names("count_")
        walk.manager.fill_in("lifecycle:quota.edit", walk.cycle.pk, query=query, **dict.fromkeys(names, PLACES))


def _holders(walk: Walk) -> list[Organisation]:
    rows = Entry.objects.filter(cycle=walk.cycle, state=EntryState.SUBMITTED).select_related("at_organisation")
    return list({entry.at_organisation: None for entry in rows.order_by("pk") if entry.at_organisation})


def _send_on(walk: Walk, organisation: Organisation) -> int:
    desk = walk.checker(organisation.pk)
    if local_days(walk.cycle, organisation.level):
        publish(walk, desk, NoticeKind.LOCAL)
    tracks = [track.code for track in walk.cycle.tracks.all()] or [""]
    return sum(_send_track(walk, desk, organisation, track) for track in tracks)


def _send_track(walk: Walk, desk: Desk, organisation: Organisation, track: str) -> int:
    rows = Entry.objects.filter(cycle=walk.cycle, state=EntryState.SUBMITTED, at_organisation=organisation)
    order = list((rows.filter(track__code=track) if track else rows).order_by("pk"))
    if not order:
        return 0
    query, before = (f"track={track}" if track else ""), len(order)
    desk.open("lifecycle:nomination.sheet", walk.cycle.pk, query=query)
    main = len(order)
    while main:
        values = {f"rank_{e.pk}": n for n, e in enumerate(order, 1)}
        values |= {f"list_{e.pk}": "main" if n < main else "none" for n, e in enumerate(order)}
        try:
            desk.press("lifecycle:nomination.rank", walk.cycle.pk, query=query, track=track, **values)
            break
        except PageProblem as problem:
            walk.last_refusal = problem
            main -= 1  # more than the places: the last one stays
    if not main:
        return 0
    forward = reverse("lifecycle:nomination.forward", args=[walk.cycle.pk])
    page = desk.open("lifecycle:nomination.forward", walk.cycle.pk, query=query)
    values = page.form(forward)
    if page.names("vetoes_checked"):
        values["vetoes_checked"] = "on"
    desk.press("lifecycle:nomination.forward", walk.cycle.pk, query=query, **values)
    return before - rows.filter(pk__in=[e.pk for e in order]).count()


def publish(walk: Walk, desk: Desk, kind: str) -> Notice | None:
    """Drafts, publishes and ends a notice of this desk; its days pass at once. None with nothing to show."""
    known = set(Notice.objects.filter(cycle=walk.cycle).values_list("pk", flat=True))
    page = desk.open("lifecycle:notice.create", walk.cycle.pk, kind)
    if not page.options("entries"):
        return None
    desk.press("lifecycle:notice.create", walk.cycle.pk, kind, **page.form())
    notice = Notice.objects.filter(cycle=walk.cycle).exclude(pk__in=known).get()
    desk.press("lifecycle:notice.publish", notice.pk)
    notice.refresh_from_db()
    desk.open("lifecycle:public.notice", notice.code)
    walk.let_notices_end()
    desk.press("lifecycle:notice.close", notice.pk)
    return notice

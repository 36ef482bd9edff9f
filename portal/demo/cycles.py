"""What the demo shows: past honours, and three cycles of this year, each at another stage."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from portal.core.context import PUBLIC
from portal.core.dates import local_date, local_datetime
from portal.demo import integrity
from portal.demo.federation import Federation
from portal.demo.judging import LEANS, mark_again, meet
from portal.demo.story import DAY, Story
from portal.lifecycle.blueprints.loader import definition_from_toml, programme_files
from portal.lifecycle.blueprints.timeline import plan
from portal.lifecycle.conferral.domain import draft_conferral, issue_conferral
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Attachment, Entry
from portal.lifecycle.notice.domain import close_notice
from portal.lifecycle.notice.objections import file_objection
from portal.lifecycle.programmes.domain import load_blueprint, open_cycle
from portal.lifecycle.programmes.models import Cycle, Programme
from portal.lifecycle.programmes.working_days import working_calendar
from portal.lifecycle.recommendation.domain import return_entry
from portal.lifecycle.showcase.domain import prepare_page, publish_page

Say = Callable[[str], None]


def load_programmes(federation: Federation, first_seen: dt.datetime) -> dict[str, Programme]:
    programmes = {}
    for path in programme_files():
        loaded = load_blueprint(
            definition=definition_from_toml(path.read_text(encoding="utf-8")),
            owner=federation.municipal,
            actor=federation.manager,
            now=first_seen,
        )
        programmes[loaded.programme.code] = loaded.programme
    return programmes


def past(
    federation: Federation, programme: Programme, rng: random.Random, *, year: int, number: str, entries: int
) -> None:
    """A whole cycle of an earlier year, from the first draft to the register and the showcase."""
    start = _start_of_year(programme, year)
    cycle = open_cycle(
        programme=programme,
        year=year,
        actor=federation.manager,
        now=local_datetime(start, dt.time(9)),
        start_date=start,
    )
    story = _entered(federation, cycle, entries, rng)
    _through_review(story, share=1.0)
    story.approve(story.select())
    notice = story.publish()
    story.clock = notice.closes_at + DAY
    close_notice(notice=notice, actor=federation.manager, now=story.clock)
    story.close("notice")
    story.open("conferral")
    honour = cycle.rules.honour.title
    conferral = draft_conferral(
        cycle=cycle, title=f"天津市总工会关于命名{honour}的决定", document_number=f"津工发〔{year}〕{number}号",
        decided_on=story.today, body=str(cycle.rules.texts.decision_intro), actor=federation.manager, now=story.clock,
    )  # fmt: skip
    issue_conferral(conferral=conferral, actor=federation.manager, now=story.clock)
    story.close("conferral")
    story.open("showcase")
    for entry in Entry.objects.filter(cycle=cycle, state=EntryState.CONFERRED).order_by("final_rank")[:4]:
        item = prepare_page(entry=entry, actor=federation.manager, now=story.clock)
        picture = picture_of(entry)
        publish_page(item=item, summary=item.summary, picture=picture, actor=federation.manager, now=story.clock)
    story.close("showcase")


def picture_of(entry: Entry) -> Attachment | None:
    fields = ["pictures", "photo", "photos"]
    return Attachment.objects.filter(entry=entry, content_type="image/jpeg", field__in=fields).first()


def entering(federation: Federation, programme: Programme, rng: random.Random) -> Cycle:
    """The call of this year is open: drafts, a returned one, entries at every level, some recommended."""
    now = federation.now
    cycle = open_cycle(
        programme=programme,
        year=local_date(now).year,
        actor=federation.manager,
        now=now - 45 * DAY,
        start_date=local_date(now - 45 * DAY),
    )
    story = Story(federation, cycle, now - 25 * DAY, rng)
    story.open("application")
    story.open("recommendation")
    first, others = federation.units[0], federation.units[1:]
    for unit in others[:12]:
        story.submit(unit)
    story.show_locally()
    story.forward()
    story.show_locally()
    story.forward()
    story.clock = now - 6 * DAY
    for unit in others[12:20]:
        story.submit(unit)
    held = Entry.objects.filter(cycle=cycle, state=EntryState.SUBMITTED, at_organisation=others[13].organisation)
    for entry in held:
        return_entry(entry=entry, actor=others[13].checker, now=now - 3 * DAY, reason="效益计算过程缺少单价和数量，请补充，并重新上传财务证明。",
                     due_on=local_date(now + 4 * DAY))  # fmt: skip
    story.clock = now - 16 * DAY
    story.submit(first)
    entry = story.submit(first)
    story.clock = now - 2 * DAY
    return_entry(
        entry=entry,
        actor=first.checker,
        now=story.clock,
        reason="“与已有技术的比较”写得太简单，请说明与同类装置的区别。",
        due_on=local_date(now + 5 * DAY),
    )
    story.clock = now - DAY
    story.draft(first, share=0.5)
    for unit in others[20:25]:
        story.draft(unit, share=rng.choice((0.3, 0.6, 1.0)))
    integrity.examples(federation, story)
    return cycle


def reviewing(federation: Federation, programme: Programme, rng: random.Random) -> Cycle:
    """Experts are marking: two thirds of the entries done, two marked again, a meeting under way."""
    cycle = _opened_so_that(federation, programme, "review", 4)
    story = _entered(federation, cycle, 14, rng)
    _to_review(story)
    panel = story.assign()
    story.clock += DAY
    story.mark(share=0.66, lean=LEANS, order="entry")
    mark_again(story)
    meet(story, panel)
    return cycle


def in_notice(federation: Federation, programme: Programme, rng: random.Random) -> Cycle:
    """The list is public, and somebody has objected."""
    cycle = _opened_so_that(federation, programme, "notice", 1)
    story = _entered(federation, cycle, 12, rng)
    _through_review(story, share=1.0)
    story.approve(story.select())
    story.clock = federation.now - 2 * DAY
    notice = story.publish()
    item = notice.items.order_by("position")[2]
    file_objection(
        notice=notice, entry=item.entry, is_named=True, name="周思源", phone="19900000017", files=[], actor=PUBLIC,
        now=federation.now - DAY, grounds="该单位今年三月曾拖欠外包班组工资，直到五月才补发，有工资流水可查，请核实是否符合申报条件。",
    )  # fmt: skip
    return cycle


def _start_of_year(programme: Programme, year: int) -> dt.date:
    rules = programme.blueprints.first().rules
    month, day = str(rules.programme.cycle_start or "03-01").split("-")
    return dt.date(year, int(month), int(day))


def _opened_so_that(federation: Federation, programme: Programme, kind: str, days_ago: int) -> Cycle:
    """Opens this year's cycle with such a start that the stage ``kind`` was planned to open some days ago."""
    now = federation.now
    rules = programme.blueprints.first().rules
    calendar = working_calendar(local_date(now).year - 1, local_date(now).year, local_date(now).year + 1)
    start = local_date(now) - dt.timedelta(days=60)
    for _ in range(200):
        planned = {str(s.kind): s for s in plan(rules, start, calendar.is_working_day)}
        if planned[kind].opens <= local_date(now) - dt.timedelta(days=days_ago):
            break
        start -= dt.timedelta(days=1)
    opened = local_datetime(start, dt.time(9))
    return open_cycle(
        programme=programme, year=local_date(now).year, actor=federation.manager, now=opened, start_date=start
    )


def _entered(federation: Federation, cycle: Cycle, entries: int, rng: random.Random) -> Story:
    """Entries of many units, recommended to the city and cleared."""
    application = cycle.stages.get(kind="application")
    story = Story(federation, cycle, application.opens_at + 2 * DAY, rng)
    story.open("application")
    story.open("recommendation")
    free = story.without_holders(federation.units)
    units = free if entries >= len(free) else rng.sample(free, entries)
    for unit in units[:entries]:
        story.submit(unit)
        story.clock += dt.timedelta(hours=3)
    story.recommend()
    story.clock = max(story.clock, application.closes_at + DAY)
    story.close("application")
    story.decline_rest()
    story.close("recommendation")
    return story


def _to_review(story: Story) -> None:
    story.open("clearance")
    story.clear()
    story.clock += DAY
    story.close("clearance")
    story.open("review")


def _through_review(story: Story, *, share: float) -> None:
    _to_review(story)
    story.review(share=share)

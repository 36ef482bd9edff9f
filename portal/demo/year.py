"""The city in the middle of its year: every programme in another stage, past years behind them, the next ones planned."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.core.dates import local_date, local_datetime
from portal.core.errors import DomainError
from portal.demo import cycles
from portal.demo.federation import Federation
from portal.demo.inquiries import correspond
from portal.demo.story import DAY, Story
from portal.lifecycle.blueprints.timeline import PlannedStage, plan
from portal.lifecycle.conferral.domain import draft_conferral, issue_conferral
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.domain import close_notice
from portal.lifecycle.programmes.domain import open_cycle
from portal.lifecycle.programmes.models import Cycle, Programme
from portal.lifecycle.programmes.working_days import working_calendar
from portal.lifecycle.showcase.domain import prepare_page, publish_page

SEARCHED = 500  # days back in which the start of a cycle is looked for
END = "end"
LETTERS = "demonstration-unit"  # its clearance shows letters to departments


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a programme stands today: the stage it is in since ``days``, entries, and how much of the stage is done.

    ``alone``: draws from numbers of its own, so that what others draw stays as it was.
    """

    code: str
    stage: str
    entries: int
    days: int = 3
    share: float = 0.6
    alone: bool = False


# The three that README tells are staged by ``cycles``; a programme that is missing here is in its application.
SCENES = (
    Scene("haihe-craftsman-cup", "review", 8),
    Scene("joint-skill-contests", "application", 5, days=20),
    Scene("demonstration-project", "review", 5),
    Scene(LETTERS, "clearance", 6, days=12),
    Scene("five-compares-one-create", "review", 5, share=0.3),
    Scene("carbon-peak", "conferral", 5, days=2),
    Scene("energy-benchmark", "notice", 7, days=2),
    Scene("beijing-tianjin-hebei", "selection", 5, days=2),
    Scene("manufacturing-chain", "clearance", 6),
    Scene("public-sector-five-compares", "clearance", 5),
    Scene("nonpublic-four-tiers", "recommendation", 8, days=5),
    Scene("model-exchange", "showcase", 5, days=1),
    Scene("innovation-studio", "application", 6, days=30),
    Scene("innovation-subsidy", "selection", 6, days=2),
    Scene("suggestions", "conferral", 6, days=1),
    Scene("team-innovation", END, 6),
    Scene("ankang-cup", "application", 5, days=229),
    Scene("safety-quiz", END, 8),
    Scene("health-star-video", "application", 5, days=57),
    Scene("safe-team", "selection", 7, days=2),
    Scene("golden-idea", END, 7),
    Scene("worker-pioneer", "application", 6, days=39),
    Scene("may-day-instant", "notice", 5, days=2),
    Scene("craftsman-titles", "review", 9, alone=True),
)
# Honours of two past years, and cycles of the years before them, from which the calendar reaches back six years.
PAST = (("may-day-instant", 6), ("golden-idea", 5))
OLDER = ("may-day-instant", "carbon-peak")
YEARS_OF_HONOURS, YEARS_OF_CALENDAR = 2, 5
NEXT = ("nonpublic-top10", "worker-pioneer", "ankang-cup", "safety-quiz", "haihe-craftsman-cup", "innovation-subsidy")


def stage_all(federation: Federation, programmes: dict[str, Programme], rng: random.Random) -> Iterator[str]:
    """Stages one programme after the other; yields what was done, for the progress bar."""
    done = {"five-small-top20", "innovation-star", "nonpublic-top10"}
    scenes = {scene.code: scene for scene in SCENES}
    for code in sorted(programmes.keys() - done):
        scene = scenes.get(code) or Scene(code, "application", 4, days=10)
        run(federation, programmes[code], random.Random(code) if scene.alone else rng, scene)  # noqa: S311 -- repeatable
        yield programmes[code].title


def past_years(federation: Federation, programmes: dict[str, Programme], rng: random.Random) -> Iterator[str]:
    this = local_date(federation.now).year
    for back in range(YEARS_OF_CALENDAR, 0, -1):
        plans = [(code, 2) for code in OLDER] if back > YEARS_OF_HONOURS else PAST
        for number, (code, entries) in enumerate(plans):
            if code in programmes:
                finished(
                    federation, programmes[code], rng, year=this - back, number=40 + back * 3 + number, entries=entries
                )
                yield f"{this - back} 年 {programmes[code].title}"
    titles = programmes.get("craftsman-titles")
    if titles is not None:
        own = random.Random("titles")  # noqa: S311 -- repeatable
        finished(federation, titles, own, year=this - 1, number=51, entries=9)
        yield f"{this - 1} 年 {titles.title}"


def plan_next_year(federation: Federation, programmes: dict[str, Programme]) -> None:
    """Cycles of next year that are opened already and have not begun."""
    for code in NEXT:
        programme = programmes.get(code)
        if programme is not None and programme.blueprints.first().rules.programme.cycle_start:
            open_cycle(
                programme=programme,
                year=local_date(federation.now).year + 1,
                actor=federation.manager,
                now=federation.now,
            )


def finished(
    federation: Federation, programme: Programme, rng: random.Random, *, year: int, number: int, entries: int
) -> None:
    """A whole cycle of an earlier year."""
    start = _start_of_year(programme, year)
    cycle = _open(federation, programme, start, year)
    _play(federation, cycle, rng, Scene(programme.code, END, entries), number=number)


def run(federation: Federation, programme: Programme, rng: random.Random, scene: Scene) -> Cycle:
    """The cycle of the year, up to where it stands today."""
    cycle = _open(federation, programme, _start(federation, programme, scene), local_date(federation.now).year)
    _play(federation, cycle, rng, scene, number=60 + programme.pk % 40)
    return cycle


def _open(federation: Federation, programme: Programme, start: dt.date, year: int) -> Cycle:
    opened = local_datetime(start, dt.time(9))
    return open_cycle(programme=programme, year=year, actor=federation.manager, now=opened, start_date=start)


def _start_of_year(programme: Programme, year: int) -> dt.date:
    month, day = str(programme.blueprints.first().rules.programme.cycle_start or "03-01").split("-")
    return dt.date(year, int(month), int(day))


def _start(federation: Federation, programme: Programme, scene: Scene) -> dt.date:
    """The day on which the cycle must begin to be in its stage since ``scene.days``; at its end, if it is to be over."""
    rules, today = programme.blueprints.first().rules, local_date(federation.now)
    calendar = working_calendar(today.year - 2, today.year - 1, today.year, today.year + 1)
    arrived: Callable[[list[PlannedStage]], bool]
    if scene.stage == END:
        arrived = lambda stages: stages[-1].closes < today - dt.timedelta(days=scene.days)  # noqa: E731
    else:
        since = today - dt.timedelta(days=scene.days)
        arrived = lambda stages: next(s for s in stages if str(s.kind) == scene.stage).opens <= since  # noqa: E731
    start = today - dt.timedelta(days=scene.days)
    for _ in range(SEARCHED):
        if arrived(plan(rules, start, calendar.is_working_day)):
            break
        start -= dt.timedelta(days=1)
    return start


def _play(federation: Federation, cycle: Cycle, rng: random.Random, scene: Scene, *, number: int) -> None:
    steps: list[tuple[str, Callable[[Story, bool], None]]] = [
        ("application", _apply(scene)),
        ("recommendation", _recommend),
        ("clearance", _clear),
        ("review", _review(scene)),
        ("selection", _select),
        ("notice", _notice),
        ("conferral", _confer(number)),
        ("showcase", _exhibit),
    ]
    story = Story(federation, cycle, cycle.stages.first().opens_at + dt.timedelta(hours=3), rng)
    kinds = set(cycle.stages.values_list("kind", flat=True))
    for kind, step in steps:
        if kind in kinds:
            story.open(kind)
            if kind == "application" and "recommendation" in kinds:
                story.open("recommendation")
            step(story, scene.stage == kind)
            if scene.stage == kind:
                return


def _apply(scene: Scene) -> Callable[[Story, bool], None]:
    def step(story: Story, here: bool) -> None:
        """Units enter day by day; while the call runs the last of them are still drafts."""
        free = story.without_holders(story.federation.units[1:])
        units = story.rng.sample(free, min(scene.entries, len(free)))
        if here:
            story.clock = story.federation.now - dt.timedelta(days=min(scene.days, 5))
        for number, unit in enumerate(units):
            if here and number >= len(units) - 2:
                story.draft(unit, share=0.5)
            else:
                story.submit(unit)
            story.clock += dt.timedelta(hours=3)

    return step


def _recommend(story: Story, here: bool) -> None:
    if here:
        story.clock = story.federation.now - 13 * DAY
        story.show_locally()
        story.forward()
        return
    story.recommend()
    application = story.cycle.stages.get(kind="application")
    story.clock = max(story.clock, application.closes_at + DAY)
    story.close("application")
    story.decline_rest()
    story.close("recommendation")


def _clear(story: Story, here: bool) -> None:
    if here and story.cycle.programme.code == LETTERS:
        correspond(story)
        return
    story.clear(share=0.5 if here else 1.0)
    if not here:
        story.clock += DAY
        story.close("clearance")


def _review(scene: Scene) -> Callable[[Story, bool], None]:
    def step(story: Story, here: bool) -> None:
        story.review(share=scene.share if here else 1.0)
        if not here:
            story.complete_review()

    return step


def _select(story: Story, here: bool) -> None:
    round_ = story.select()
    if not here:
        story.approve(round_)


def _notice(story: Story, here: bool) -> None:
    if here:
        story.clock = story.federation.now - 2 * DAY
    notice = story.publish()
    if not here:
        story.clock = notice.closes_at + DAY
        close_notice(notice=notice, actor=story.federation.manager, now=story.clock)
        story.close("notice")


def _confer(number: int) -> Callable[[Story, bool], None]:
    def step(story: Story, here: bool) -> None:
        cycle, manager = story.cycle, story.federation.manager
        honour = cycle.rules.honour.title or cycle.programme.title
        if here:
            story.clock = story.federation.now - dt.timedelta(hours=20)
        conferral = draft_conferral(
            cycle=cycle, title=f"天津市总工会关于公布{honour}名单的决定", document_number=f"津工发〔{cycle.year}〕{number}号",
            decided_on=story.today, body=str(cycle.rules.texts.decision_intro), actor=manager, now=story.clock,
        )  # fmt: skip
        if not here:
            issue_conferral(conferral=conferral, actor=manager, now=story.clock)
            story.close("conferral")

    return step


def _exhibit(story: Story, here: bool) -> None:
    """Pages of those who agreed; nobody else's."""
    manager = story.federation.manager
    shown = [EntryState.CONFERRED, EntryState.RECOMMENDED, EntryState.REVIEWED]
    for entry in Entry.objects.filter(cycle=story.cycle, state__in=shown).order_by("final_rank", "pk")[:3]:
        try:
            item = prepare_page(entry=entry, actor=manager, now=story.clock)
        except DomainError:
            continue  # no consent to publication
        picture = cycles.picture_of(entry)
        publish_page(item=item, summary=item.summary or entry.title, picture=picture, actor=manager, now=story.clock)
    if not here:
        story.close("showcase")

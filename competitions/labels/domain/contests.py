"""班组竞赛: copied from a template, scored by period, closed by the unit with its final ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.labels import queries
from competitions.labels.domain.teams import invalid
from competitions.labels.models import (
    TeamContest,
    TeamContestant,
    TeamContestItem,
    TeamContestTemplate,
    TeamScore,
    WorkTeam,
)
from competitions.labels.points import period_of, points_of
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

MAX_ITEMS, MAX_CONTESTANTS, MAX_DAYS = 12, 120, 370


def parse_items(text: str) -> list[dict[str, str]]:
    """One item a line: 项目，单位，每单位分值，每期最多 (the last may be missing). Raises Invalid beside ``items``."""
    rows, wrong = [], []
    for number, line in enumerate(filter(None, (x.strip() for x in text.splitlines())), start=1):
        parts = [p.strip() for p in line.replace("，", ",").split(",")]
        parts += [""] * (4 - len(parts))
        title, unit, points, most = parts[:4]
        if not title or len(parts) > 4 or not _fits(points) or (most and not (_fits(most) and Decimal(most) >= 0)):
            wrong.append(_("第%d行应写成：项目，单位，每单位分值，每期最多（可不填）。") % number)
        rows.append({"title": title[:60], "unit": unit[:10], "points": points, "most": most})
    if not rows:
        wrong.append(_("至少填写一个计分项目。"))
    if len(rows) > MAX_ITEMS:
        wrong.append(_("最多%d个计分项目。") % MAX_ITEMS)
    if len({r["title"] for r in rows}) < len(rows):
        wrong.append(_("计分项目不能重名。"))
    if wrong:
        raise invalid({"items": wrong})
    return rows


def _fits(text: str) -> bool:
    """A number of at most two places and below a million."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number) < 1_000_000 and number == number.quantize(Decimal("0.01"))


def items_text(items: Sequence[Mapping[str, str]]) -> str:
    """What parse_items reads, out of the items of a template."""
    return "\n".join("，".join(filter(None, (i["title"], i["unit"], i["points"], i["most"]))) for i in items)


@transaction.atomic
def start(
    *, actor: Actor, organisation: Organisation, facts: dict[str, Any], items: str, now: dt.datetime
) -> TeamContest:
    """A contest of the union ``organisation``. ``facts``: title, rhythm, among, words, starts_on, ends_on."""
    contest = TeamContest(organisation=organisation, **facts)
    policy_for("teamcontest").require(actor, "keep", contest)
    rows = parse_items(items)
    if facts["ends_on"] < facts["starts_on"]:
        raise invalid({"ends_on": [_("结束日期不能早于开始日期。")]})
    if (facts["ends_on"] - facts["starts_on"]).days > MAX_DAYS:
        raise invalid({"ends_on": [_("一项竞赛最长一年。")]})
    try:
        with transaction.atomic():
            contest.save()
    except IntegrityError as error:  # competitions_team_contest_title
        raise invalid({"title": [_("同一天开始的竞赛不能重名。")]}) from error
    TeamContestItem.objects.bulk_create([
        TeamContestItem(contest=contest, title=r["title"], unit=r["unit"], points=Decimal(r["points"]),
                        most=Decimal(r["most"]) if r["most"] else None)
        for r in rows
    ])  # fmt: skip
    record("competitions.teamcontest.started", contest, actor=actor, now=now, title=contest.title, items=rows)
    return contest


@transaction.atomic
def save_template(*, actor: Actor, contest: TeamContest, owner: Organisation, now: dt.datetime) -> TeamContestTemplate:
    """Keeps the contest's rules and items as a template of the desk's own union, for all below it."""
    template = TeamContestTemplate(
        owner=owner, title=contest.title[:60], rhythm=contest.rhythm, among=contest.among, words=contest.words,
        items=[
            {"title": i.title, "unit": i.unit, "points": str(i.points), "most": "" if i.most is None else str(i.most)}
            for i in queries.items_of(contest)
        ],
    )  # fmt: skip
    policy_for("teamcontest").require(actor, "template", contest)
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:  # competitions_team_template_title
        raise Invalid(_("本级已有同名模板。")) from error
    record("competitions.teamcontest.template_saved", template, actor=actor, now=now, title=template.title)
    return template


def _open(actor: Actor, contest: TeamContest) -> TeamContest:
    row = lock_row(TeamContest, contest.pk)
    policy_for("teamcontest").require(actor, "score", row)
    return row


@transaction.atomic
def add_contestants(
    *, actor: Actor, contest: TeamContest, names: str = "", teams: Sequence[WorkTeam] = (), now: dt.datetime
) -> list[TeamContestant]:
    """Teams of the unit, or names – one a line; those who take part already are passed over."""
    row = _open(actor, contest)
    present = set(TeamContestant.objects.filter(contest=row).values_list("name", flat=True))
    wanted: dict[str, WorkTeam | None] = {t.name: t for t in teams}
    wanted |= {n.strip()[:80]: None for n in names.splitlines() if n.strip() and n.strip()[:80] not in wanted}
    fresh = [TeamContestant(contest=row, name=n, team=t) for n, t in wanted.items() if n not in present]
    if not fresh:
        raise invalid({"names": [_("请填写没有列入的班组或职工，一行一个。")]})
    if len(present) + len(fresh) > MAX_CONTESTANTS:
        raise invalid({"names": [_("一项竞赛最多%d个参赛对象。") % MAX_CONTESTANTS]})
    found = TeamContestant.objects.bulk_create(fresh)
    record("competitions.teamcontest.joined", row, actor=actor, now=now, names=[c.name for c in found])
    return found


@transaction.atomic
def enter_scores(
    *, actor: Actor, contest: TeamContest, day: dt.date, values: Mapping[tuple[int, int], Decimal | None],
    now: dt.datetime,
) -> dt.date:  # fmt: skip
    """The values of one period: (contestant, item) → number, None takes it back. Entered again they are replaced.

    Returns the period (the day, or the Monday). Raises Invalid beside ``day`` outside the contest or in the future.
    """
    row = _open(actor, contest)
    if not row.starts_on <= day <= row.ends_on:
        raise invalid({"day": [_("日期应在竞赛起止日期之内。")]})
    if day > local_date(now):
        raise invalid({"day": [_("日期不能晚于今天。")]})
    period = period_of(day, row.rhythm)
    items = {i.pk: i for i in queries.items_of(row)}
    known = set(TeamContestant.objects.filter(contest=row).values_list("pk", flat=True))
    if any(c not in known or i not in items for c, i in values):
        raise Invalid(_("参赛对象或计分项目不属于这项竞赛，请刷新页面。"))
    present = {
        (s.contestant_id, s.item_id): s for s in TeamScore.objects.filter(contestant__contest=row, period=period)
    }
    before = {f"{c}:{i}": str(s.value) for (c, i), s in present.items()}
    for key, value in values.items():
        score = present.get(key)
        if value is None:
            if score is not None:
                score.delete()
            continue
        item = items[key[1]]
        points = points_of(value, item.points, item.most)
        TeamScore.objects.update_or_create(
            contestant_id=key[0], item=item, period=period, defaults={"value": value, "points": points}
        )
    after = {f"{c}:{i}": str(v) for (c, i), v in values.items() if v is not None}
    kept = {key: value for key, value in before.items() if key not in {f"{c}:{i}" for c, i in values}}
    record(
        "competitions.teamcontest.scored", row, actor=actor, now=now, before=before, after=kept | after,
        period=period.isoformat(),
    )  # fmt: skip
    return period


@transaction.atomic
def close(*, actor: Actor, contest: TeamContest, summary: str, now: dt.datetime) -> TeamContest:
    """Ends the contest and keeps its final ranking. Raises Invalid when nothing was scored."""
    row = _open(actor, contest)
    places = queries.places_of(row)
    if not any(p.periods for p in places):
        raise invalid({"summary": [_("还没有登记积分，不能结束。")]})
    row.standing = [
        {"rank": p.rank, "name": p.contestant.name, "total": str(p.total), "periods": p.periods} for p in places
    ]
    row.summary, row.closed_at, row.closed_by = summary.strip(), now, actor.user
    row.save()
    record("competitions.teamcontest.closed", row, actor=actor, now=now, standing=row.standing[:10])
    return row

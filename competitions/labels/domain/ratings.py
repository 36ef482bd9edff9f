"""服务评价: the code, what the public says, what is left out, what of it may be read by whom."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.labels.domain.teams import invalid
from competitions.labels.enums import Dimension, RemarkStatus
from competitions.labels.fraud import MOST_OF_NETWORK, MOST_OF_POINT, WINDOW, bursts
from competitions.labels.models import Rating, RatingPoint, WorkTeam
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict
from portal.core.policies import policy_for
from portal.core.scoping import system_scope

MAX_REMARK = 300


@transaction.atomic
def open_point(*, actor: Actor, team: WorkTeam, service: str, now: dt.datetime) -> RatingPoint:
    """Makes the team's code, or takes its old one into use again under the same address."""
    team = lock_row(WorkTeam, team.pk)
    policy_for("rating").require(actor, "open", team)
    if not service.strip():
        raise invalid({"service": [_("请填写服务事项，公众扫码后会看到。")]})
    facts = {"service": service.strip(), "is_open": True, "opened_by": actor.user, "opened_at": now}
    point, _created = RatingPoint.objects.update_or_create(
        team=team, defaults=facts, create_defaults=facts | {"token": secrets.token_urlsafe(12)}
    )
    record("competitions.rating.opened", point, actor=actor, now=now, service=point.service)
    return point


@transaction.atomic
def close_point(*, actor: Actor, point: RatingPoint, now: dt.datetime) -> RatingPoint:
    """No more ratings; what came stays. Raises Conflict when it is closed already."""
    row = lock_row(RatingPoint, point.pk)
    policy_for("rating").require(actor, "open", row.team)
    if not row.is_open:
        raise Conflict(_("评价码已经停用。"))
    row.is_open = False
    row.save()
    record("competitions.rating.closed", row, actor=actor, now=now)
    return row


@transaction.atomic
def renew_token(*, actor: Actor, point: RatingPoint, now: dt.datetime) -> RatingPoint:
    """A new address; posters with the old one lead nowhere from now on."""
    row = lock_row(RatingPoint, point.pk)
    policy_for("rating").require(actor, "open", row.team)
    row.token = secrets.token_urlsafe(12)
    row.save()
    record("competitions.rating.renewed", row, actor=actor, now=now)
    return row


def device_index(secret: str, day: dt.date) -> str:
    """The device on that day: the same phone is unknown again tomorrow."""
    return blind_index(f"rating-device:{day}:{secret}")


def network_index(address: str, day: dt.date) -> str:
    return blind_index(f"rating-network:{day}:{address}")


@transaction.atomic
def rate(
    *,
    actor: Actor,
    point: RatingPoint,
    scores: dict[str, int],
    remark: str,
    device: str,
    network: str,
    now: dt.datetime,
) -> Rating:
    """One rating of the public: marks 1–5 on the five dimensions. ``device``: the secret of the phone's cookie;
    ``network``: its address; neither is kept.

    Once per device, day and team: raises Conflict the second time. A burst is left out at once, with the reason.
    """
    with system_scope("the code at the window names the team"):
        row = lock_row(RatingPoint, point.pk)
        policy_for("rating").require(actor, "give", row)
        wrong = {name: [_("请选择1到5分。")] for name in Dimension.values if scores.get(name) not in range(1, 6)}
        if len(remark) > MAX_REMARK:
            wrong["remark"] = [_("最多%d个字。") % MAX_REMARK]
        if wrong:
            raise invalid(wrong)
        day, remark = local_date(now), remark.strip()
        rating = Rating(
            point=row, day=day, at=now, remark=remark, device=device_index(device, day),
            remark_status=RemarkStatus.PENDING if remark else RemarkStatus.NONE, network=network_index(network, day),
            **{name: scores[name] for name in Dimension.values},
        )  # fmt: skip
        try:
            with transaction.atomic():
                rating.save()
        except IntegrityError as error:  # competitions_rating_once_a_day
            raise Conflict(_("这台设备今天已经评价过，感谢您的参与，欢迎明天再来。")) from error
        record("competitions.rating.given", rating, actor=actor, now=now)
        _leave_out_bursts(rating, actor, now)
        return rating


def _leave_out_bursts(rating: Rating, actor: Actor, now: dt.datetime) -> None:
    """Looks at the last minutes of the point (its row is locked). What a person has judged is not judged again."""
    recent = list(Rating.objects.filter(point=rating.point, at__gte=now - 2 * WINDOW, at__lte=now).order_by("at", "pk"))
    mine = [r for r in recent if r.network == rating.network]
    found: dict[int, str] = {}
    for rows, most, words in (
        (recent, MOST_OF_POINT, _("10分钟内评价超过%d次，疑似集中刷评")),
        (mine, MOST_OF_NETWORK, _("10分钟内同一网络评价超过%d次，疑似集中刷评")),
    ):
        for place in bursts([r.at for r in rows], most):
            found[rows[place].pk] = words % most
    fresh = {r.pk for r in recent if not r.left_out and not r.left_out_reason}
    for reason in set(found.values()):
        keys = [pk for pk, words in found.items() if words == reason and pk in fresh]
        if keys:
            Rating.objects.filter(pk__in=keys).update(left_out=True, left_out_reason=reason)
            record("competitions.rating.flagged", rating, actor=actor, now=now, ratings=len(keys), reason=reason)


@transaction.atomic
def judge(*, actor: Actor, rating: Rating, left_out: bool, reason: str, now: dt.datetime) -> Rating:
    """The union above says whether a rating counts, and why; machines do not change it afterwards."""
    row = lock_row(Rating, rating.pk)
    policy_for("rating").require(actor, "judge", row.point)
    if not reason.strip():
        raise invalid({"reason": [_("请说明理由。")]})
    before = row.left_out
    row.left_out, row.left_out_reason = left_out, reason.strip()[:200]
    row.save()
    record(
        "competitions.rating.judged",
        row,
        actor=actor,
        now=now,
        before={"left_out": before},
        after={"left_out": left_out},
        reason=row.left_out_reason,
    )
    return row


@transaction.atomic
def moderate(*, actor: Actor, rating: Rating, shown: bool, reason: str, now: dt.datetime) -> Rating:
    """A remark may be read by other unions, or not (with a reason); the unit and the union above keep seeing it."""
    row = lock_row(Rating, rating.pk)
    policy_for("rating").require(actor, "judge", row.point)
    if row.remark_status == RemarkStatus.NONE:
        raise Conflict(_("这次评价没有留言。"))
    if not shown and not reason.strip():
        raise invalid({"reason": [_("不予公开的，请说明理由。")]})
    row.remark_status = RemarkStatus.SHOWN if shown else RemarkStatus.HIDDEN
    row.remark_reason = "" if shown else reason.strip()[:200]
    row.save()
    record("competitions.rating.moderated", row, actor=actor, now=now, status=row.remark_status)
    return row


def scores_of(data: dict[str, Any]) -> dict[str, int]:
    """The five marks out of a form's clean data."""
    return {name: int(data[name]) for name in Dimension.values}

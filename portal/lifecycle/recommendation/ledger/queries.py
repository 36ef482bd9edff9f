"""Reading the ledger of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.programmes.models import Cycle, QuotaAllocation, Track
from portal.lifecycle.programmes.place_models import PlacePosting, Purse
from portal.lifecycle.programmes.places.posting import SCOPE
from portal.lifecycle.recommendation.queries import nominating_unions
from portal.lifecycle.recommendation.rules import recommendation_params

if TYPE_CHECKING:
    from portal.core.context import Actor


def accounts(*, actor: Actor) -> QuerySet[QuotaAllocation]:
    """Accounts of the desk's union and of the unions below it, with what a line shows."""
    return (
        QuotaAllocation.objects.filter(organisation__path__startswith=actor.path)
        .select_related("cycle__programme", "cycle__owner", "organisation", "track")
        .annotate(left=F("count") - F("used") - F("lapsed"))
        .order_by("-cycle__year", "cycle", "organisation__path", "pk")
    )


def statement(account: QuotaAllocation) -> QuerySet[PlacePosting]:
    """流水 of one account, newest first. The other side of a posting may stand above the desk: the account is the key."""
    with system_scope(SCOPE):
        return (
            PlacePosting.objects.filter(Q(giver=account) | Q(taker=account))
            .select_related("giver__organisation", "taker__organisation", "giver__cycle__owner", "taker__cycle__owner", "organisation", "posted_by", "entry", "reversal", "reverses")
            .order_by("-pk")
        )  # fmt: skip


def postings(*, actor: Actor) -> QuerySet[PlacePosting]:
    """What the desk's own union has posted."""
    return PlacePosting.objects.filter(organisation__path=actor.path).select_related(
        "giver__cycle__owner", "taker__cycle__owner", "giver__organisation", "taker__organisation"
    )


def receivers(account: QuotaAllocation, *, actor: Actor) -> QuerySet[Organisation]:
    """Unions to which places of the account can go: on the route, below it; for the organiser also the other nominating ones."""
    params = recommendation_params(account.cycle)
    below = Q(path__startswith=account.organisation.path, level__in=list(params.route) if params else [])
    if actor.path == account.cycle.owner.path:
        below |= Q(pk__in=nominating_unions(account.cycle).values("pk"))
    return Organisation.objects.filter(below, is_active=True).exclude(pk=account.organisation_id).order_by("path")


def account_above(account: QuotaAllocation) -> QuotaAllocation | None:
    """The account of the nearest union above, to which places go back; None = they go back to the organiser."""
    prefixes = path_prefixes(account.organisation.path)[:-1]
    with system_scope(SCOPE):
        rows = QuotaAllocation.objects.filter(
            cycle=account.cycle_id, track=account.track_id, organisation__path__in=prefixes
        )
        return rows.select_related("organisation").order_by("-organisation__path").first()


@dataclass(frozen=True)
class Holding:
    """Places of a union and of all below it to which it has handed some."""

    count: int = 0
    reserves: int = 0
    used: int = 0
    reserves_used: int = 0
    own_free: int = 0
    own_reserves_free: int = 0


def holdings(cycle: Cycle, track: Track | None = None) -> dict[int, Holding]:
    """By nominating union (id): what the organiser has given it, wherever below it lies now. Two queries."""
    rows = list(QuotaAllocation.objects.filter(cycle=cycle, track=track).select_related("organisation"))
    found = {}
    for union in nominating_unions(cycle):
        part = [row for row in rows if row.organisation.path.startswith(union.path)]
        if not part:
            continue
        own = next((row for row in part if row.organisation_id == union.pk), None)
        found[union.pk] = Holding(
            count=sum(row.count for row in part),
            reserves=sum(row.reserves for row in part),
            used=sum(row.used for row in part),
            reserves_used=sum(row.reserves_used for row in part),
            own_free=own.free if own else 0,
            own_reserves_free=own.reserves_free if own else 0,
        )
    return found


def differences(subject: Cycle | QuotaAllocation) -> list[str]:
    """核对: accounts (of a cycle, or the one given) whose figures are not what their postings add up to, in words.

    Empty = the books are right.
    """
    chosen = Q(cycle=subject) if isinstance(subject, Cycle) else Q(pk=subject.pk)
    with system_scope(SCOPE):
        rows = list(QuotaAllocation.objects.filter(chosen).select_related("organisation"))
        keys = [row.pk for row in rows]
        into = _sums(PlacePosting.objects.filter(taker__in=keys), "taker")
        out = _sums(PlacePosting.objects.filter(giver__in=keys), "giver")
    wrong = []
    for row in rows:
        net = {key: into.get((row.pk, *key), 0) - out.get((row.pk, *key), 0) for key in _KEYS}
        figures = {
            (False, Purse.FREE): row.free,
            (False, Purse.USED): row.used,
            (False, Purse.LAPSED): row.lapsed,
            (True, Purse.FREE): row.reserves_free,
            (True, Purse.USED): row.reserves_used,
            (True, Purse.LAPSED): row.reserves_lapsed,
        }
        wrong += [
            _("%(union)s：%(purse)s余额%(is)d，流水合计%(should)d")
            % {"union": row.organisation, "purse": Purse(key[1]).label, "is": figures[key], "should": net[key]}
            for key in _KEYS
            if figures[key] != net[key]
        ]
    return wrong


_KEYS = [(reserve, purse) for reserve in (False, True) for purse in (Purse.FREE, Purse.USED, Purse.LAPSED)]


def _sums(rows: QuerySet, side: str) -> dict[tuple[int, bool, str], int]:
    keys = (f"{side}_id", "is_reserve", f"{side}_purse")
    return {
        tuple(row[key] for key in keys): row["n"] for row in rows.order_by().values(*keys).annotate(n=Sum("amount"))
    }

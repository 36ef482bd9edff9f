"""Problems, challenges and claims in the active scope; the topic list per industry."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from competitions.challenges.enums import DROPPED, LIVE, Audience, ChallengeState, ClaimState, ProblemState
from competitions.challenges.models import Challenge, Claim, ClaimMilestone, ClaimProgress, Problem
from competitions.filings.enums import FilingState
from competitions.filings.models import CompetitionFiling
from portal.core.scoping import path_prefixes

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


def problems() -> QuerySet[Problem]:
    """With ``challenge_state`` and ``challenge_pk`` of the newest challenge."""
    newest = Challenge.objects.filter(problem=OuterRef("pk")).order_by("-published_at", "-pk")
    rows = Problem.objects.select_related("owner", "checked_at", "employer", "filing__owner")
    return rows.annotate(
        challenge_state=Subquery(newest.values("state")[:1]), challenge_pk=Subquery(newest.values("pk")[:1])
    )


def exportable(rows: QuerySet[Problem], actor: Actor) -> QuerySet[Problem]:
    """What may leave the portal as a file: a secret problem only with its own union."""
    return rows.filter(Q(is_secret=False) | Q(owner__path=actor.path))


def exportable_challenges(rows: QuerySet[Challenge], actor: Actor) -> QuerySet[Challenge]:
    return rows.filter(~Q(audience=Audience.INVITED) | Q(owner__path=actor.path))


def has_live_challenge(problem: Problem) -> bool:
    return Challenge.objects.filter(problem=problem, state__in=LIVE).exists()


def linkable(problem: Problem, actor: Actor) -> QuerySet[CompetitionFiling]:
    """Competitions that may stand for the problem: of its union or of one above it, as far as the desk sees them."""
    rows = CompetitionFiling.objects.select_related("owner").exclude(state=FilingState.WITHDRAWN)
    return rows.filter(owner__path__in=path_prefixes(problem.owner.path), year__gte=problem.year - 1).order_by(
        "-year", "title"
    )


def topics(rows: QuerySet[Problem]) -> list[dict]:
    """One line per industry: problems handed in, picked, with a competition, challenged, solved, 元 saved."""
    handed_in = rows.exclude(state__in=(ProblemState.DRAFT, *DROPPED)).order_by()
    return list(
        handed_in.values("industry")
        .annotate(
            stated=Count("pk"),
            picked=Count("pk", filter=Q(state__in=(ProblemState.PICKED, ProblemState.SOLVED))),
            contests=Count("pk", filter=Q(filing__isnull=False)),
            challenged=Count("pk", filter=Q(challenge_state__isnull=False)),
            solved=Count("pk", filter=Q(state=ProblemState.SOLVED)),
            saved=Coalesce(Sum("cost_saved", filter=Q(state=ProblemState.SOLVED)), 0, output_field=Problem._meta.get_field("cost_saved")),
        )
        .order_by("-stated", "industry")
    )  # fmt: skip


def challenges(actor: Actor) -> QuerySet[Challenge]:
    """With ``claim_count`` of the claims the desk sees and ``mine``, the state of its own newest claim."""
    seen = Claim.objects.filter(challenge=OuterRef("pk")).exclude(state=ClaimState.WITHDRAWN).order_by()
    own = Claim.objects.filter(challenge=OuterRef("pk"), organisation__path=actor.path).order_by("-claimed_at")
    return Challenge.objects.select_related("owner", "publisher").annotate(
        claim_count=Coalesce(Subquery(seen.values("challenge").annotate(n=Count("pk")).values("n")), 0),
        mine=Subquery(own.values("state")[:1]),
    )


def public_challenges() -> QuerySet[Challenge]:
    """What the scope of the public leaves; nothing that names a person."""
    return (
        Challenge.objects.select_related("owner")
        .only(
            "title", "industry", "kind", "task", "wished", "reward", "state", "claim_until", "finish_by",
            "published_at", "audience", "owner__name",
        )
        .order_by("claim_until", "-pk")
    )  # fmt: skip


def claims() -> QuerySet[Claim]:
    """Only of challenges the desk sees itself: a union above a claimer does not learn of a secret one through it."""
    latest = ClaimProgress.objects.filter(claim=OuterRef("pk")).order_by("-written_at", "-pk")
    late = ClaimMilestone.objects.filter(claim=OuterRef("pk"), done_on=None).order_by("due_on")
    rows = Claim.objects.filter(challenge__in=Challenge.objects.order_by().values("pk"))
    return rows.select_related("challenge__owner", "organisation").annotate(
        percent=Subquery(latest.values("percent")[:1]), next_due=Subquery(late.values("due_on")[:1])
    )


def progress(claim: Claim) -> QuerySet[ClaimProgress]:
    return ClaimProgress.objects.filter(claim=claim).select_related("milestone", "written_by")


def progress_files() -> QuerySet[ClaimProgress]:
    rows = ClaimProgress.objects.filter(claim__challenge__in=Challenge.objects.order_by().values("pk"))
    return rows.exclude(file="").select_related("claim__challenge__owner", "claim__organisation")


def due_milestones(path: str, until: dt.date) -> QuerySet[ClaimMilestone]:
    rows = ClaimMilestone.objects.filter(claim__organisation__path=path, claim__state=ClaimState.ACCEPTED)
    return rows.filter(done_on=None, due_on__lte=until).select_related("claim__challenge")


def invitations(path: str, today: dt.date) -> QuerySet[Challenge]:
    """Open challenges this union was asked for and has not claimed."""
    claimed = Claim.objects.filter(organisation__path=path).order_by().values("challenge")
    rows = Challenge.objects.filter(
        audience=Audience.INVITED, seen_by__contains=[path], state=ChallengeState.OPEN, claim_until__gte=today
    )
    return rows.exclude(pk__in=claimed).select_related("publisher")


def gains(challenge: Challenge) -> dict:
    """Of the claims that passed: the best improvement, the sum of what was saved."""
    passed = Claim.objects.filter(challenge=challenge, state=ClaimState.PASSED)
    return passed.aggregate(
        quality_gain=Max("quality_gain"), productivity_gain=Max("productivity_gain"), cost_saved=Sum(F("cost_saved"))
    )

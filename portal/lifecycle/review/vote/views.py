"""Pages of the votes: the organiser's overview, the ballot for the public and for staff."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.context import current_client
from portal.core.decisions import Decision
from portal.core.errors import DomainError, Invalid
from portal.core.policies import may
from portal.lifecycle.programmes.queries import in_turn, params_of
from portal.lifecycle.review.tables import stage_badge
from portal.lifecycle.review.vote import domain, queries
from portal.web.columns import Column, DueColumn, LinkColumn
from portal.web.filters import FilterSet, SearchFilter
from portal.web.ratelimit import limit
from portal.web.tables import Table
from portal.web.templatetags.components import state_badge
from portal.web.ui import Action, Crumb, Empty, PageContext
from portal.web.views import ActionView, ListView, PageView

COOKIE = "vote"
SALT = "portal.vote"
TRIES = 20  # acts an hour and client, counted ballots or not


@dataclass(frozen=True)
class WindowState:
    label: str
    tone: str


def window_state(window: Any, now: dt.datetime) -> WindowState:
    """未开启, 投票中, 已结束 – of a vote that may not have been opened."""
    if window is None:
        return WindowState(_("未开启"), "neutral")
    return WindowState(_("已结束"), "ok") if window.is_over_at(now) else WindowState(_("投票中"), "waiting")


class VoteStageTable(Table):
    cycle = LinkColumn(gettext_lazy("届次"), url="lifecycle:vote.overview", sort="cycle__year", phone="title")
    status = Column(gettext_lazy("环节状态"), sort="status", phone="fact")
    state = Column(gettext_lazy("投票"), phone="fact")
    closes = DueColumn(gettext_lazy("投票截止"), open_while=lambda stage: stage.vote_window.is_open_at(timezone.now()))

    class Meta:
        default_sort = "turn"
        empty = Empty(
            gettext_lazy("没有设投票的届次"), gettext_lazy("评审环节设有投票的届次会列在这里。"), icon="thumb-up"
        )

    def value(self, record: Any, column: Column) -> Any:
        window = getattr(record, "vote_window", None)
        if column.name == "closes":
            return window and window.closes_at
        return (
            window_state(window, self.context["now"]).label if column.name == "state" else super().value(record, column)
        )

    def render_status(self, row: Any, value: Any) -> Any:
        return stage_badge(row)

    def render_state(self, row: Any, value: Any) -> Any:
        return state_badge(window_state(getattr(row, "vote_window", None), self.context["now"]))


class VoteStageFilters(FilterSet):
    q = SearchFilter(gettext_lazy("届次"), fields=("cycle__label", "cycle__programme__title"))


class VoteStages(ListView):
    policy_action = "vote.view"
    table_class = VoteStageTable
    filters_class = VoteStageFilters
    title = gettext_lazy("投票")
    subtitle = gettext_lazy("开启和截止投票、查看参与情况；点届次办理。")

    def get_queryset(self) -> Any:
        return in_turn(queries.vote_stages(actor=self.actor))

    def table_context(self) -> dict[str, Any]:
        return {"now": self.now}


class VoteOverview(PageView):
    """The window, where to vote, and – once it has closed – the count, for reference only."""

    policy_action = "vote.view"
    template_name = "lifecycle/vote_overview.html"
    context_name = "stage"

    def get_queryset(self) -> Any:
        return queries.vote_stages(actor=self.actor)

    @cached_property
    def window(self) -> Any:
        return getattr(self.object, "vote_window", None)

    def page(self) -> PageContext:
        stage, actions = self.object, []
        if self.window is None and may(self.actor, "vote.open", stage):
            days = params_of(stage).vote.days
            actions.append(
                Action(
                    _("开始投票"), reverse("lifecycle:vote.open", args=[stage.pk]), icon="thumb-up", kind="primary",
                    post=True, confirm=_("投票立即开始，为期 %d 天，开始后选票不能增减。确定开始？") % days,
                )
            )  # fmt: skip
        elif self.window is not None and not self.window.is_over_at(self.now):
            actions.append(Action(_("打开投票页"), address_of(self.window), icon="external-link", new_tab=True))
        crumbs = [Crumb(_("投票"), reverse("lifecycle:vote.stages"))]
        badge = window_state(self.window, self.now)
        return PageContext(title=_("%s · 投票") % stage.cycle, crumbs=crumbs, actions=actions, badge=badge)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        window = self.window
        over = window is not None and window.is_over_at(self.now)
        return self.render(
            window=window,
            params=params_of(self.object).vote,
            over=over,
            standings=queries.standings(window, self.now) if over else [],
            bursts=queries.bursts(window) if window else [],
            candidates=list(queries.candidates(window)) if window and not over else [],
            address=request.build_absolute_uri(address_of(window)) if window else "",
        )


def address_of(window: Any) -> str:
    name = "lifecycle:vote.public" if window.audience == "public" else "lifecycle:vote.staff"
    return reverse(name, kwargs={"token": window.token})


class OpenVote(ActionView):
    policy_action = "vote.open"

    def get_queryset(self) -> Any:
        return queries.vote_stages(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:vote.overview", args=[self.object.pk])

    def perform(self) -> HttpResponse:
        domain.open_vote(actor=self.actor, stage=self.object, now=self.now)
        return self.done(_("投票已经开始。"), self.get_failure_url())


class BallotPage(PageView):
    """The ballot; after voting, and after the end, it says so. Nobody sees a count while it runs."""

    abstract = True
    lookup_field = "token"
    context_name = "window"
    audience = ""

    def get_queryset(self) -> Any:
        return queries.windows().filter(audience=self.audience)

    def page(self) -> PageContext:
        return PageContext(title=_("%s · 投票") % self.object.title)

    @property
    def voter(self) -> str:
        return ""

    def show(self, *, status: int = 200, problem: str = "", chosen: list[int] | None = None) -> HttpResponse:
        window = self.object
        return self.render(
            status=status,
            template="lifecycle/vote_ballot.html",
            candidates=list(queries.candidates(window)),
            open=window.is_open_at(self.now),
            over=window.is_over_at(self.now),
            voted=bool(self.voter) and domain.has_voted(window, self.voter),
            problem=problem,
            chosen=chosen or [],
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = [int(pk) for pk in request.POST.getlist("candidate") if pk.isdigit()]
        try:
            limit("vote", times=TRIES, seconds=3600)
            domain.cast_ballot(
                actor=self.actor, window=self.object, candidates=chosen, voter=self.voter, address=current_client(),
                now=self.now,
            )  # fmt: skip
        except DomainError as error:
            status = 422 if isinstance(error, Invalid) else error.status
            return self.show(status=status, problem=error.message, chosen=chosen)
        return self.done(_("投票成功，感谢您的参与。"), request.path)


class PublicBallot(BallotPage):
    """One voice per browser: a signed cookie, given with the page; the address caps what one network can do."""

    public = True
    layout = "public"
    audience = "public"

    @cached_property
    def voter(self) -> str:
        return self.request.get_signed_cookie(COOKIE, default="", salt=SALT)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.show()
        response["Cache-Control"] = "no-store"
        if not self.voter:
            response.set_signed_cookie(
                COOKIE, secrets.token_urlsafe(24), salt=SALT, max_age=90 * 86400, httponly=True, samesite="Lax",
                secure=request.is_secure(),
            )  # fmt: skip
        return response


class StaffBallot(BallotPage):
    """For signed-in staff of the owner's tree."""

    policy_action = "vote.cast"
    audience = "staff"

    @property
    def voter(self) -> str:
        return f"user:{self.actor.user_id}"

    def may_see(self, obj: Any) -> Decision:
        return may(self.actor, "vote.cast", obj)

    def check_policy(self) -> None:
        if self.object is None:
            raise Http404
        super().check_policy()

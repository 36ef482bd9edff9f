"""Pages without a sign-in: a worker's own answer, and the door for people without a unit. Made for a phone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competitions.rosters import forms, queries
from competitions.rosters.domain import consent, people
from competitions.rosters.enums import ConsentState
from competitions.rosters.views.base import url
from portal.core.errors import DomainError, Invalid
from portal.core.text import mask_name
from portal.web.ratelimit import limit
from portal.web.ui import Fact, PageContext
from portal.web.views import PageView

WRONG_ADDRESSES = 30  # an hour and client: a phone mistypes none, a guesser all
TRIES = 10  # an hour, client and person: the last four characters
ENTRIES = 60  # an hour and client: a canteen's network is one address
HOUR = 3600


class PrivatePage(PageView):
    """Reached by a secret address: never cached, never indexed, its address not handed on."""

    abstract = True
    public = True
    layout = "public"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"  # CSRF needs the referrer on this site, nobody else gets it
        return response

    def unknown(self) -> None:
        """Counts a wrong address, then says 404: guessing is slow, and finds nothing."""
        limit("roster-address", times=WRONG_ADDRESSES, seconds=HOUR)
        raise Http404


class TakingPart(PrivatePage):
    """告知书, 同意 or 不同意 – and once agreed, 退出."""

    template_name = "competitions/public_taking_part.html"
    title = _("参赛知情同意")

    @cached_property
    def person(self) -> Any:
        return queries.by_link(self.kwargs["token"]) or self.unknown()

    def page(self) -> PageContext:
        return PageContext(title=_("参赛个人信息告知与同意"), subtitle=self.person.roster.filing.title, narrow=True)

    def show(self, form: Any = None, status: int = 200) -> HttpResponse:
        row = self.person
        return self.render(
            status=status,
            form=form or forms.LastFourForm(),
            sections=consent.words_for(row.roster),
            agreed=row.consent == ConsentState.GIVEN,
            contact=" ".join(part for part in (row.roster.contact, row.roster.contact_phone) if part),
            facts=[
                Fact(_("职工"), mask_name(row.name)),
                Fact(_("证件号码"), row.masked_id),
                Fact(_("登记单位"), row.roster.who),
                Fact(_("班组、岗位"), " ".join(w for w in (row.team.name if row.team_id else "", row.trade) if w) or "—"),
            ],
        )  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.LastFourForm(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        act = consent.agree if request.POST.get("answer") == "given" else consent.leave
        try:
            limit(f"roster-four:{self.person.pk}", times=TRIES, seconds=HOUR)
            act(actor=self.actor, participation=self.person, last_four=form.cleaned_data["last_four"], now=self.now)
        except DomainError as error:
            form.add_domain_error(error)
            return self.show(form, 422 if isinstance(error, Invalid) else error.status)
        if act is consent.leave:
            return self.done("", url("public.left"))
        return self.done(_("您已同意参赛，感谢参与。"), request.path)


class Left(PrivatePage):
    """Nothing on this page says who left."""

    template_name = "competitions/public_left.html"
    title = _("已退出参赛名单")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()


class Enlist(PrivatePage):
    """扫码登记: who has no fixed unit enters himself."""

    template_name = "competitions/public_enlist.html"

    @cached_property
    def roster(self) -> Any:
        return queries.by_door(self.kwargs["token"], now=self.now) or self.unknown()

    def page(self) -> PageContext:
        return PageContext(title=_("参赛登记"), subtitle=self.roster.filing.title, narrow=True)

    def show(self, form: Any = None, status: int = 200) -> HttpResponse:
        roster = self.roster
        return self.render(
            status=status, form=form or forms.EnlistForm(now=self.now), roster=roster,
            sections=consent.words_for(roster), entered=self.request.GET.get("entered") == "1",
        )  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limit("roster-door", times=ENTRIES, seconds=HOUR)
        form = forms.EnlistForm(request.POST, now=self.now)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            row = people.apply_at_door(
                actor=self.actor, roster=self.roster, person=form.person, facts=form.facts, now=self.now
            )
        except DomainError as error:
            form.add_domain_error(error)
            return self.show(form, 422 if isinstance(error, Invalid) else error.status)
        return self.done(
            _("已登记，等待工会接收。请保存本页地址，以后可以在这里查看和退出。"),
            url("public.taking_part", token=row.token),
        )

"""The meeting on a member's own screen: what is being discussed, and the ballot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.errors import DomainError
from portal.lifecycle.review.meeting import domain, queries
from portal.lifecycle.review.meeting.models import BallotRound
from portal.web.columns import Column, LinkColumn
from portal.web.tables import Table
from portal.web.ui import Crumb, Empty
from portal.web.views import ActionView, ListView, PageView


class OwnMeetingTable(Table):
    title = LinkColumn(gettext_lazy("会议名称"), url="lifecycle:meeting.room", kwargs={"pk": "pk"}, phone="title")
    state = Column(gettext_lazy("状态"), accessor="get_state_display", phone="fact")
    starts_at = Column(gettext_lazy("时间"), sort="starts_at", phone="fact")
    place = Column(gettext_lazy("地点"), phone="fact")

    class Meta:
        default_sort = "-starts_at"
        empty = Empty(gettext_lazy("没有评审会"), gettext_lazy("主办工会召集评审会后，会列在这里。"), icon="gavel")


class OwnMeetings(ListView):
    policy_action = "meeting.attend"
    table_class = OwnMeetingTable
    title = gettext_lazy("评审会")

    def get_queryset(self) -> Any:
        return queries.own_meetings(actor=self.actor)


class Room(PageView):
    """Asks every few seconds whether something has changed, and is redrawn only then."""

    policy_action = "meeting.attend"
    view_action = "meeting.attend"
    template_name = "lifecycle/meeting/room.html"
    fragment_name = "lifecycle/meeting/_room.html"
    context_name = "meeting"
    narrow = True

    def get_queryset(self) -> Any:
        return queries.own_meetings(actor=self.actor)

    def page_title(self) -> Any:
        return str(self.object)

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("我参加的评审会"), reverse("lifecycle:meeting.own"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seen = queries.member_view(self.object, actor=self.actor)
        parts = (
            self.object.state, seen.item.pk if seen.item else 0, seen.hidden, seen.ballot.pk if seen.ballot else 0,
            seen.has_voted, len(seen.rounds),
        )  # fmt: skip
        key = "-".join(str(part) for part in parts)
        if self.wants_fragment and request.GET.get("seen") == key:
            return HttpResponse(status=204)
        return self.render(seen=seen, key=key, running=queries.is_running(self.object))


class Cast(ActionView):
    """One ballot; there is no way back."""

    policy_action = "meeting.attend"
    view_action = "meeting.attend"

    def get_queryset(self) -> Any:
        return queries.own_meetings(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:meeting.room", args=[self.object.pk])

    def perform(self) -> HttpResponse:
        url, number = self.get_failure_url(), self.request.POST.get("ballot", "")
        rows = BallotRound.objects.filter(item__meeting=self.object)
        ballot = rows.filter(pk=number).first() if number.isdigit() else None
        if ballot is None:
            return self.fail(_("现在没有可投的选票。"), url)
        try:
            choice = self.request.POST.get("choice", "")
            domain.cast_ballot(actor=self.actor, ballot=ballot, choice=choice, now=self.now)
        except DomainError as error:
            return self.fail(error.message, url)
        return self.done(_("选票已计入，谢谢。"), url)

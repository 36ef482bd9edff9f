"""Leading a meeting at the organiser's desk."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policies import may
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.meeting import domain, queries
from portal.lifecycle.review.meeting.forms import DISCUSSED, CallForm, NoteForm, PresentForm
from portal.lifecycle.review.meeting.minutes import minutes
from portal.lifecycle.review.meeting.models import ItemState, MeetingState, Turnout
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.queries.conflicts import entries_of_panel
from portal.lifecycle.review.views.stages import StageMixin
from portal.web.columns import Column, LinkColumn
from portal.web.tables import Table
from portal.web.ui import Action, Crumb, Empty
from portal.web.views import ActionView, FileDownloadView, FormView, ListView, PageView

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TONES = {"planned": "neutral", "under_way": "waiting", "closed": "ok"}
ITEM_TONES = {"waiting": "neutral", "current": "waiting", "passed": "ok", "failed": "stopped", "put_off": "neutral"}


class MeetingTable(Table):
    title = LinkColumn(gettext_lazy("会议名称"), url="lifecycle:meeting.detail", kwargs={"pk": "pk"}, phone="title")
    state = Column(gettext_lazy("状态"), accessor="get_state_display", phone="fact")
    starts_at = Column(gettext_lazy("时间"), sort="starts_at", phone="fact")
    panel = Column(gettext_lazy("评审组"), phone="fact")
    done = Column(gettext_lazy("已表决"), align="end", phone="fact")

    class Meta:
        default_sort = "-starts_at"
        empty = Empty(
            gettext_lazy("还没有评审会"),
            gettext_lazy("召集后，评委在各自屏幕上看到当前议题，无记名投票，会后生成纪要。"),
            icon="gavel",
        )

    def render_done(self, row: Any, value: Any) -> str:
        return f"{row.done} / {row.total}"


class MeetingStageMixin(StageMixin):
    """Below a review stage whose blueprint knows meetings; 404 elsewhere."""

    policy_action = "meeting.view"

    @cached_property
    def rules(self) -> Any:
        found = params_of(self.stage).meeting
        if found is None:
            raise Http404
        return found


class MeetingList(MeetingStageMixin, ListView):
    table_class = MeetingTable

    def get_queryset(self) -> Any:
        _rules = self.rules
        return queries.meetings_of(self.stage)

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "meeting.lead", self.stage):
            return []
        url = reverse("lifecycle:meeting.call", args=[self.stage.pk])
        return [Action(_("召集评审会"), url, icon="gavel", kind="primary")]


class CallMeeting(MeetingStageMixin, FormView):
    policy_action = "meeting.lead"
    form_class = CallForm
    title, submit_label = gettext_lazy("召集评审会"), gettext_lazy("召集")
    page_title = FormView.page_title
    page_tabs = FormView.page_tabs
    has_object = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"panels": board.panels_of(self.stage)}

    def get_initial(self) -> dict[str, Any]:
        return {"title": _("%s专家评审会") % self.stage.cycle}

    def context(self) -> dict[str, Any]:
        rules = self.rules
        text = _("投票人数达到应投票人数的%(q)s有效，同意票达到实投票数的%(m)s为通过，最多 %(r)s 轮，无记名。") % {
            "q": rules.quorum.label, "m": rules.majority.label, "r": rules.rounds,
        }  # fmt: skip
        return super().context() | {"intro": text}

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("评审会"), reverse("lifecycle:meeting.list", args=[self.stage.pk]))]

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        panel = form.panels[data["panel"]]
        rows = entries_of_panel(panel)
        if data["agenda"] == DISCUSSED:
            rows = rows.filter(pk__in=Discussion.objects.filter(settled_at=None).values("entry"))
        meeting = domain.call_meeting(
            actor=self.actor, panel=panel, title=data["title"], place=data["place"], starts_at=data["starts_at"],
            entries=list(rows.values_list("pk", flat=True)), now=self.now,
        )  # fmt: skip
        return self.done(
            _("已召集，评委在“评审会”中可以看到。"), reverse("lifecycle:meeting.detail", args=[meeting.pk])
        )


class MeetingMixin:
    """About one meeting at the organiser's desk."""

    policy_action = "meeting.lead"
    view_action = "meeting.view"
    context_name = "meeting"

    def get_queryset(self) -> Any:
        return queries.meetings(actor=self.actor)

    @property
    def url(self) -> str:
        return reverse("lifecycle:meeting.detail", args=[self.object.pk])

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(str(self.object), self.url)]

    def get_failure_url(self) -> str:
        return self.url


class MeetingDetail(MeetingMixin, PageView):
    """Agenda, the item under discussion, ballots; redrawn while the meeting runs."""

    policy_action = "meeting.view"
    template_name = "lifecycle/meeting/detail.html"
    fragment_name = "lifecycle/meeting/_detail.html"

    def page_title(self) -> Any:
        return str(self.object)

    def page_crumbs(self) -> list[Crumb]:
        stage = self.object.panel.stage
        return [
            Crumb(_("评审组织"), reverse("lifecycle:review.stages")),
            Crumb(str(stage.cycle), reverse("lifecycle:meeting.list", args=[stage.pk])),
        ]

    def page_actions(self) -> list[Action]:
        row = self.object
        if row.state == MeetingState.CLOSED:
            url = reverse("lifecycle:meeting.minutes", args=[row.pk])
            return [Action(_("下载会议纪要（Word）"), url, icon="file-text", kind="primary", download=True)]
        if not may(self.actor, "meeting.lead", row):
            return []
        if row.state == MeetingState.PLANNED:
            url = reverse("lifecycle:meeting.open", args=[row.pk])
            return [Action(_("签到并开始"), url, icon="player-play", kind="primary")]
        text = _("结束后不能再讨论和表决，没有表决的议题记为缓议。确定结束吗？")
        url = reverse("lifecycle:meeting.close", args=[row.pk])
        return [Action(_("结束会议"), url, icon="checks", post=True, confirm=text)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        agenda = queries.agenda(self.object)
        current = next((v for v in agenda if v.item.state == ItemState.CURRENT), None)
        ballot = current.open_round if current else None
        cast = Turnout.objects.filter(round_id=ballot.pk).count() if ballot else 0
        key = f"{self.object.state}-{current.item.pk if current else 0}-{ballot.pk if ballot else 0}-{cast}"
        if self.wants_fragment and request.GET.get("seen") == key:
            return HttpResponse(status=204)
        members = queries.members(self.object)
        return self.render(
            agenda=[(v, ITEM_TONES[v.item.state]) for v in agenda], current=current, ballot=ballot, cast=cast, key=key,
            members=members, present=sum(m.is_present for m in members), tone=TONES[self.object.state],
            may_lead=may(self.actor, "meeting.lead", self.object), running=self.object.state == MeetingState.UNDER_WAY,
        )  # fmt: skip


class OpenMeeting(MeetingMixin, FormView):
    form_class = PresentForm
    title, submit_label = gettext_lazy("签到并开始"), gettext_lazy("开始会议")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"members": queries.members(self.object)}

    def perform(self, form: Any) -> HttpResponse:
        present = [int(pk) for pk in form.cleaned_data["present"]]
        domain.open_meeting(actor=self.actor, meeting=self.object, present=present, now=self.now)
        return self.done(_("会议开始。请在议程中选择要讨论的议题。"), self.url)


class CloseMeeting(MeetingMixin, ActionView):
    def perform(self) -> HttpResponse:
        domain.close_meeting(actor=self.actor, meeting=self.object, now=self.now)
        return self.done(_("会议已结束，可以下载纪要。"), self.url)


class Minutes(MeetingMixin, FileDownloadView):
    policy_action = "meeting.view"

    def get_file(self) -> tuple[Any, str, str]:
        if self.object.state != MeetingState.CLOSED:
            raise Http404
        return minutes(self.object), f"{self.object.title}纪要.docx", DOCX


class ItemMixin:
    """About one item of an agenda."""

    policy_action = "meeting.lead"
    view_action = "meeting.view"

    def get_queryset(self) -> Any:
        return queries.items(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.meeting

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "meeting.view", obj.meeting)

    @property
    def url(self) -> str:
        return reverse("lifecycle:meeting.detail", args=[self.object.meeting_id])

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(str(self.object.meeting), self.url)]

    def get_failure_url(self) -> str:
        return self.url


class TakeUp(ItemMixin, ActionView):
    def perform(self) -> HttpResponse:
        domain.take_up(actor=self.actor, item=self.object, now=self.now)
        return self.done("", self.url)


class PutOff(ItemMixin, FormView):
    form_class = NoteForm
    title, submit_label = gettext_lazy("缓议"), gettext_lazy("记为缓议")

    def perform(self, form: Any) -> HttpResponse:
        domain.put_off(actor=self.actor, item=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已记为缓议。"), self.url)


class OpenBallot(ItemMixin, ActionView):
    def perform(self) -> HttpResponse:
        domain.open_ballot(actor=self.actor, item=self.object, now=self.now)
        return self.done(_("开始投票，评委屏幕上已出现选票。"), self.url)


class CloseBallot(FormView):
    """Ends the round; the counts appear with it."""

    policy_action = "meeting.lead"
    view_action = "meeting.view"
    form_class = NoteForm
    title, submit_label = gettext_lazy("结束投票并计票"), gettext_lazy("结束投票并计票")

    def get_queryset(self) -> Any:
        return queries.ballots(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.item.meeting

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "meeting.view", obj.item.meeting)

    @property
    def url(self) -> str:
        return reverse("lifecycle:meeting.detail", args=[self.object.item.meeting_id])

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(str(self.object.item.meeting), self.url)]

    def context(self) -> dict[str, Any]:
        return super().context() | {"intro": _("结束后不能再投票，票数立即显示。")}

    def perform(self, form: Any) -> HttpResponse:
        found = domain.close_ballot(actor=self.actor, ballot=self.object, now=self.now, **form.cleaned_data)
        return self.done(str(queries.OUTCOMES[found.outcome]), self.url)

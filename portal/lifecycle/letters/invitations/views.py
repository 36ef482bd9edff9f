"""Pages of invitations that go out by letter."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.display import invitation_status
from portal.core.policies import may
from portal.jobs.models import JobRun
from portal.lifecycle.letters.invitations import domain, queries
from portal.lifecycle.letters.invitations.forms import InvitationLetterForm
from portal.lifecycle.letters.invitations.models import InviteState
from portal.lifecycle.letters.invitations.tables import InvitationLetterFilters, InvitationLetterTable
from portal.lifecycle.letters.invitations.words import filled
from portal.lifecycle.letters.tabs import TABS
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, BulkActionView, DetailView, FormView, ListView, Tabbed


def _url(name: str, pk: int) -> str:
    return reverse(f"lifecycle:invitation_letter.{name}", args=[pk])


def _list_url() -> str:
    return reverse("lifecycle:invitation_letter.list")


class InvitationLetterList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "invitation_letter.view"
    table_class = InvitationLetterTable
    filters_class = InvitationLetterFilters
    title = _("邀请函")
    export_name = _("邀请函")
    saved_views = (
        SavedView(_("待发送"), f"state={InviteState.DRAFT}"),
        SavedView(_("发送失败"), f"state={InviteState.FAILED}"),
    )

    def get_queryset(self) -> Any:
        return queries.letters()

    def page_actions(self) -> list[Action]:
        url = reverse("accounts:invitation.create")
        return [Action(_("发出邀请"), url, icon="plus", kind="primary", policy_action="member.invite")]


class _OneLetter:
    actor: Any
    object: Any

    def get_queryset(self) -> Any:
        return queries.letters()

    def get_failure_url(self) -> str:
        return _url("detail", self.object.pk)

    def get_cancel_url(self) -> str:
        return _url("detail", self.object.pk)

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("邀请函"), _list_url()), Crumb(self.object.invitation.name, _url("detail", self.object.pk))]


class InvitationLetterDetail(_OneLetter, DetailView):
    """The letter as its reader will see it, without the link, which does not exist before it leaves."""

    policy_action = "invitation_letter.view"
    template_name = "lifecycle/letters/invitation.html"
    context_name = "letter"

    def page(self) -> PageContext:
        letter = self.object
        return PageContext(
            title=letter.invitation.name,
            badge=letter.badge,
            crumbs=[Crumb(_("邀请函"), _list_url())],
            actions=self._actions(letter) if letter.invitation.is_open else [],
        )

    def _actions(self, letter: Any) -> list[Action]:
        draft, send = (
            may(self.actor, "invitation_letter.draft", letter),
            may(self.actor, "invitation_letter.send", letter),
        )
        way = letter.get_channel_display()
        if letter.state in {InviteState.DRAFT, InviteState.LEFT_OUT}:
            label, confirm = _("发送"), _t("将以%(way)s发给%(name)s，发出后不能收回。确认发送？")
        else:
            label, confirm = (
                _("重新发送"),
                _t("将以%(way)s再发给%(name)s：信中是新的链接，以前的链接立即失效。确认发送？"),
            )
        words = confirm % {"way": way, "name": letter.invitation.name}
        found = [
            Action(_("修改"), _url("change", letter.pk), icon="edit", decision=draft),
            Action(
                label, _url("send", letter.pk), icon="send", kind="primary", post=True, decision=send, confirm=words
            ),
        ]
        if letter.state in {InviteState.DRAFT, InviteState.FAILED}:
            url, ask = _url("leave_out", letter.pk), _t("不发这封邀请函，邀请本身仍然有效。确定？")
            found.insert(0, Action(_("不发"), url, icon="ban", post=True, decision=draft, confirm=ask))
        return found

    def context(self) -> dict[str, Any]:
        letter, invitation = self.object, self.object.invitation
        known = {"sender": letter.sender.name, "link": "", "until": None}
        run = JobRun.objects.filter(key=f"{domain.JOB}:{letter.run_key}").first() if letter.run_key else None
        facts = [
            Fact(_t("收件人"), invitation.name),
            Fact(_t("发送方式"), letter.get_channel_display()),
            Fact(_t("工会组织"), invitation.organisation.name),
            Fact(_t("角色"), invitation.get_role_display()),
            Fact(_t("邀请"), invitation_status(invitation, self.now).label),
        ]
        if letter.sent_at:
            facts.append(Fact(_t("发送时间"), cn_datetime(letter.sent_at)))
        return {
            "heading": filled(letter.heading, invitation, **known),
            "body": filled(letter.body, invitation, **known),
            "facts": facts,
            "job": run if letter.state == InviteState.QUEUED else None,
            "invitation_url": reverse("accounts:invitation.detail", args=[invitation.pk]),
        }


class InvitationLetterChange(_OneLetter, FormView):
    policy_action = "invitation_letter.draft"
    form_class = InvitationLetterForm
    title = _("修改邀请函")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"ways": queries.ways_to(self.object)}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("channel", "heading", "body")}

    def perform(self, form: Any) -> HttpResponse:
        domain.edit_letter(letter=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("邀请函已修改，请再核对一遍。"), _url("detail", self.object.pk))


class InvitationLetterSend(_OneLetter, ActionView):
    policy_action = "invitation_letter.send"

    def perform(self) -> HttpResponse:
        base = self.request.build_absolute_uri("/")
        domain.send_letters(chosen=[self.object], actor=self.actor, base_url=base, now=self.now)
        return self.done(_t("已开始发送，可以离开本页。"), _url("detail", self.object.pk))


class InvitationLetterLeaveOut(_OneLetter, ActionView):
    policy_action = "invitation_letter.draft"

    def perform(self) -> HttpResponse:
        domain.leave_out(letter=self.object, actor=self.actor, now=self.now)
        return self.done(_t("这封邀请函不会发出；需要时可以直接发送。"), _url("detail", self.object.pk))


class InvitationLettersSend(BulkActionView):
    """Several drafts at once, after they were read."""

    policy_action = "invitation_letter.send"
    label = _("发送邀请函")

    def get_queryset(self) -> Any:
        return queries.letters()

    def back_url(self) -> str:
        return _list_url()

    def row_title(self, obj: Any) -> str:
        return f"{obj.invitation.name}（{obj.invitation.organisation.name}，{obj.get_channel_display()}）"

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        base = self.request.build_absolute_uri("/")
        domain.send_letters(chosen=objects, actor=self.actor, base_url=base, now=self.now)
        return self.done(_t("已开始发送%s封，可以离开本页。") % len(objects), self.back_url())

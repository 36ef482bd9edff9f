"""The letter of an invitation: its words, never its link."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Invitation, Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.blueprints.letters import HEADING_LENGTH
from portal.lifecycle.letters.models import Channel
from portal.web.ui import Badge


class InviteState(models.TextChoices):
    DRAFT = "draft", _("拟稿")
    QUEUED = "queued", _("正在发送")
    SENDING = "sending", _("结果待确认")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
    LEFT_OUT = "left_out", _("不发")


TONES = {
    "draft": "waiting", "queued": "info", "sending": "waiting", "sent": "ok", "failed": "stopped", "left_out": "neutral",
}  # fmt: skip


class InvitationLetter(ScopedModel, TimeStamped):
    """邀请函: one invitation's letter. The text keeps its words in braces until it leaves, so no link is ever stored.

    ``SENDING`` is written before it leaves: when the worker is lost in between, nobody knows whether it arrived.
    People may send it again; the new link then makes the former one void.
    """

    scope_owner = "invitation__organisation__path"

    invitation = models.OneToOneField(
        Invitation, verbose_name=_("邀请"), on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    sender = models.ForeignKey(Organisation, verbose_name=_("发件工会"), on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("发送方式"), max_length=10, choices=Channel)
    heading = models.CharField(_("标题"), max_length=HEADING_LENGTH)
    body = models.TextField(_("正文"))
    state = models.CharField(_("状态"), max_length=10, choices=InviteState, default=InviteState.DRAFT)
    error = models.CharField(_("失败原因"), max_length=200, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    link_until = models.DateTimeField(_("信中链接有效期至"), null=True)
    run_key = models.CharField(max_length=80, blank=True)  # of the job that sends it now, or sent it last

    class Meta:
        verbose_name = verbose_name_plural = _("邀请函")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.invitation.name}：{self.heading}"

    @property
    def badge(self) -> Badge:
        if self.invitation.accepted_at:
            return Badge(_("已接受"), "ok")
        if self.invitation.cancelled_at:
            return Badge(_("邀请已撤回"), "neutral")
        return Badge(InviteState(self.state).label, TONES[self.state])

    @property
    def has_dead_link(self) -> bool:
        """The link in the letter was replaced by a newer one."""
        return self.state == InviteState.SENT and self.link_until != self.invitation.expires_at

    def audit_paths(self) -> tuple[str, str]:
        return self.invitation.organisation.path, self.sender.path

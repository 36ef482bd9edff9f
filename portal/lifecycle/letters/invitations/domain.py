"""Letters of invitation: drafted by the portal, read and changed by people, sent with a link that is made on leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.domain.invitations import renew_invitation
from portal.accounts.models import Invitation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.policies import policy_for
from portal.jobs.domain import start
from portal.jobs.models import JobRun, JobState
from portal.lifecycle.blueprints.letters import HEADING_LENGTH
from portal.lifecycle.letters.channels import ChannelError, send_mail_to, send_text_to
from portal.lifecycle.letters.invitations.models import InvitationLetter, InviteState
from portal.lifecycle.letters.invitations.queries import letters, ways_to
from portal.lifecycle.letters.invitations.words import BODY, HEADING, filled, problems, text_message
from portal.lifecycle.letters.models import Channel

JOB = "lifecycle.send_invitations"
Report = Callable[[int, int, str], None]


def draft_letter(*, invitation: Invitation, actor: Actor, now: dt.datetime) -> InvitationLetter:
    """The letter in the usual words, to be read before it is sent. One that was left out is a draft again.

    Raises Invalid when the installation has no way to the person (text messages may not be set up), Refused.
    """
    policy_for("member").require(actor, "invite", invitation.organisation)
    letter = InvitationLetter(
        invitation=invitation, sender_id=actor.at_desk.organisation_id, heading=HEADING, body=BODY
    )
    ways = ways_to(letter)
    if not ways:
        sentence = _("平台没有开通短信，请填写电子邮箱，或者选择由您转交链接。")
        raise Invalid(sentence, fields={"email": [sentence]})
    letter.channel = ways[0]
    with transaction.atomic():
        letter, _made = InvitationLetter.objects.select_for_update().get_or_create(
            pk=invitation.pk,
            defaults={name: getattr(letter, name) for name in ("sender_id", "heading", "body", "channel")},
        )
        if letter.state == InviteState.LEFT_OUT:
            letter.state = InviteState.DRAFT
            letter.save(update_fields=["state", "updated_at"])
        record("lifecycle.invitation_letter.drafted", letter, actor=actor, name=invitation.name, now=now)
    return letter


def edit_letter(
    *, letter: InvitationLetter, heading: str, body: str, channel: str, actor: Actor, now: dt.datetime
) -> InvitationLetter:
    """Other words, or another way. Raises Invalid beside the field, Conflict while it is being sent, Refused."""
    policy_for("invitation_letter").require(actor, "draft", letter)
    faults = problems(heading, body)
    if len(heading) > HEADING_LENGTH:
        faults.setdefault("heading", []).append(_("不能超过 %s 字") % HEADING_LENGTH)
    if channel not in ways_to(letter):
        faults["channel"] = [_("没有对方的这种联系方式，或者平台没有开通。")]
    if faults:
        raise Invalid(_("请修改标出的内容。"), fields=faults)
    with transaction.atomic():
        locked = _changeable(letter)
        before = {name: getattr(locked, name) for name in ("heading", "body", "channel")}
        locked.heading, locked.body, locked.channel = heading, body, channel
        locked.save(update_fields=["heading", "body", "channel", "updated_at"])
        after = {"heading": heading, "body": body, "channel": channel}
        record("lifecycle.invitation_letter.edited", locked, actor=actor, before=before, after=after, now=now)
    return locked


def leave_out(*, letter: InvitationLetter, actor: Actor, now: dt.datetime) -> InvitationLetter:
    """It is not sent; the invitation itself stays. Raises Conflict when it went out or is being sent, Refused."""
    policy_for("invitation_letter").require(actor, "draft", letter)
    with transaction.atomic():
        locked = _changeable(letter)
        if locked.state not in {InviteState.DRAFT, InviteState.FAILED}:
            raise Conflict(_("这封邀请函已经发出或作废。"))
        locked.state = InviteState.LEFT_OUT
        locked.save(update_fields=["state", "updated_at"])
        record("lifecycle.invitation_letter.left_out", locked, actor=actor, now=now)
    return locked


def send_letters(*, chosen: Sequence[InvitationLetter], actor: Actor, base_url: str, now: dt.datetime) -> JobRun:
    """Starts sending; a letter that was sent before goes again with a new link, and the former link is void then.

    ``base_url`` is where the portal is reached. Raises Conflict when one is under way, used or cancelled, Refused.
    """
    policy = policy_for("invitation_letter")
    pks = sorted({letter.pk for letter in chosen})
    key = f"{pks[0]}-{len(pks)}-{now:%Y%m%d%H%M%S%f}"
    with transaction.atomic():
        for pk in pks:
            letter = _changeable(InvitationLetter(pk=pk))
            policy.require(actor, "send", letter)
            if not letter.invitation.is_open:
                raise Conflict(_("“%s”的邀请已经使用或撤回，不必再发。") % letter.invitation.name)
            letter.state, letter.error, letter.run_key, letter.sent_by = InviteState.QUEUED, "", key, actor.user
            letter.save(update_fields=["state", "error", "run_key", "sent_by", "updated_at"])
            record("lifecycle.invitation_letter.sending", letter, actor=actor, channel=letter.channel, now=now)
        title = _("发送邀请函（%s封）") % len(pks)
        params = {"letter_ids": pks, "base_url": base_url.rstrip("/")}
        return start(JOB, key=key, actor=actor, params=params, title=title, now=now)


def _changeable(letter: InvitationLetter) -> InvitationLetter:
    lock_row(InvitationLetter, letter.pk)
    locked = letters().get(pk=letter.pk)
    if locked.state == InviteState.QUEUED and not _is_stuck(locked):
        raise Conflict(_("这封邀请函正在发送，请稍候。"))
    return locked


def _is_stuck(letter: InvitationLetter) -> bool:
    """Its worker gave up."""
    return JobRun.objects.filter(key=f"{JOB}:{letter.run_key}", state=JobState.FAILED).exists()


def deliver(*, pks: Sequence[int], base_url: str, actor: Actor, now: dt.datetime, report: Report) -> dict[str, int]:
    """The job's work, letter by letter: claim, make the link, let it leave. Safe to run twice: what left is left alone.

    Returns how many were ``sent`` and how many ``failed``.
    """
    for number, pk in enumerate(pks, 1):
        claimed = _claim(pk, actor, now)
        if claimed is not None:
            letter, token = claimed
            link = f"{base_url}{reverse('accounts:invitation.accept', kwargs={'token': token})}"
            _hand_over(letter, link, actor, now)
        report(number, len(pks), str(_("发送邀请函")))
    states = list(InvitationLetter.objects.filter(pk__in=pks).values_list("state", flat=True))
    return {"sent": states.count(InviteState.SENT), "failed": states.count(InviteState.FAILED)}


def _claim(pk: int, actor: Actor, now: dt.datetime) -> tuple[InvitationLetter, str] | None:
    """The letter with a fresh token, which lives in this process only; None when there is nothing to send."""
    with transaction.atomic():
        lock_row(InvitationLetter, pk)
        letter = letters().get(pk=pk)
        if letter.state != InviteState.QUEUED:
            return None
        try:
            with transaction.atomic():
                letter.invitation, token = renew_invitation(actor=actor, invitation=letter.invitation, now=now)
        except DomainError as error:
            _settle(letter, InviteState.FAILED, actor, now, error=error.message)
            return None
        letter.state, letter.link_until = InviteState.SENDING, letter.invitation.expires_at
        letter.save(update_fields=["state", "link_until", "updated_at"])
    return letter, token


def _hand_over(letter: InvitationLetter, link: str, actor: Actor, now: dt.datetime) -> None:
    invitation, sender, until = letter.invitation, letter.sender.name, letter.link_until
    try:
        if letter.channel == Channel.EMAIL:
            heading = filled(letter.heading, invitation, sender=sender, link="", until=until)
            body = filled(letter.body, invitation, sender=sender, link=link, until=until)
            send_mail_to(invitation.mail_address, heading=heading, body=body, sender=sender)
        else:
            send_text_to(invitation.mobile, text_message(invitation, sender=sender, link=link, until=until))
    except ChannelError as error:
        _settle(letter, InviteState.FAILED, actor, now, error=str(error))
    else:
        _settle(letter, InviteState.SENT, actor, now)


def _settle(letter: InvitationLetter, state: str, actor: Actor, now: dt.datetime, error: str = "") -> None:
    with transaction.atomic():
        letter.state, letter.error = state, error[:200]
        letter.sent_at = now if state == InviteState.SENT else letter.sent_at
        letter.save(update_fields=["state", "error", "sent_at", "updated_at"])
        if state == InviteState.SENT:
            record("lifecycle.invitation_letter.sent", letter, actor=actor, channel=letter.channel, now=now)
        else:
            record("lifecycle.invitation_letter.failed", letter, actor=actor, channel=letter.channel, now=now)

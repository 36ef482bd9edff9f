"""邀请: a link that lets a person take up a role. Only the token's hash is stored; it expires after seven days.

The link is shown once to the inviter, or goes out by letter: then it is made when the letter is sent, not before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.domain.memberships import check_role, give_role
from portal.accounts.models import Invitation, Organisation, User
from portal.accounts.policies import MemberPolicy
from portal.accounts.signals import invitation_letter_wanted
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.identifiers import IdentifierError, validate_mobile
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from portal.accounts.models import Membership

policy = MemberPolicy()
LIFETIME = dt.timedelta(days=7)
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person states who comes with an invitation and has no account yet."""

    username: str
    password: str
    phone: str = ""


def new_token() -> tuple[str, str]:
    """A token for the link, and what is stored of it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is asked to which role; address and telephone are for the letter."""

    organisation: Organisation
    role: str
    name: str
    title: str = ""
    email: str = ""
    phone: str = ""


def invite(
    *,
    actor: Actor,
    organisation: Organisation,
    role: str,
    name: str,
    email: str = "",
    phone: str = "",
    title: str = "",
    now: dt.datetime,
) -> tuple[Invitation, str]:
    """The invitation and its token, which is shown once and never stored. Raises Invalid (name, role), Refused."""
    invitee = Invitee(organisation, role, name, title, email, phone)
    token, token_hash = new_token()
    with transaction.atomic():
        invitation = _checked(actor, invitee)
        invitation.token_hash, invitation.expires_at = token_hash, now + LIFETIME
        invitation.save()
        _note(invitation, actor, now)
    return invitation, token


def invite_by_letter(*, actor: Actor, invitee: Invitee, now: dt.datetime) -> Invitation:
    """The invitation without a link, and the draft of its letter; nothing leaves before the letter is sent.

    Raises Invalid (name, role, email when there is neither an address nor a telephone), Refused.
    """
    with transaction.atomic():
        invitation = _checked(actor, invitee)
        _check_reach(invitation)
        invitation.by_letter = True
        invitation.save()
        _note(invitation, actor, now, by_letter=True)
        invitation_letter_wanted.send(Invitation, invitation=invitation, actor=actor, now=now)
    return invitation


def ask_for_letter(*, actor: Actor, invitation: Invitation, now: dt.datetime) -> Invitation:
    """A letter for an invitation that was made without one; its present link works until the letter is sent.

    Raises Conflict when it was used or cancelled, Invalid when the person cannot be written to, Refused.
    """
    policy.require(actor, "invite", invitation.organisation)
    with transaction.atomic():
        invitation = _open(invitation)
        _check_reach(invitation)
        invitation.by_letter = True
        invitation.save(update_fields=["by_letter"])
        invitation_letter_wanted.send(Invitation, invitation=invitation, actor=actor, now=now)
    return invitation


def _checked(actor: Actor, invitee: Invitee) -> Invitation:
    policy.require(actor, "invite", invitee.organisation)
    check_role(invitee.organisation, invitee.role)
    if not invitee.name.strip():
        raise Invalid(fields={"name": [_("请填写被邀请人姓名。")]})
    return Invitation(
        organisation=invitee.organisation,
        role=invitee.role,
        name=invitee.name.strip(),
        email=invitee.email.strip(),
        phone=_phone(invitee.phone) if invitee.phone.strip() else "",
        title=invitee.title.strip(),
        invited_by=actor.user,
    )


def _check_reach(invitation: Invitation) -> None:
    if not (invitation.mail_address or invitation.mobile):
        sentence = _("没有电子邮箱和手机号，平台发不出邀请函；请补充，或者选择由您转交链接。")
        raise Invalid(sentence, fields={"email": [sentence]})


def _note(invitation: Invitation, actor: Actor, now: dt.datetime, **more: object) -> None:
    record(
        "accounts.invitation.sent",
        invitation,
        actor=actor,
        organisation=invitation.organisation_id,
        role=invitation.role,
        name=invitation.name,
        now=now,
        **more,
    )


def _open(invitation: Invitation) -> Invitation:
    locked = lock_row(Invitation, invitation.pk)
    if not locked.is_open:
        raise Conflict(_("这份邀请已经使用或撤回，请另发一份。"))
    return locked


def problem_of(invitation: Invitation, *, now: dt.datetime) -> str:
    """Why the link does not work (any more), in words; empty when it does."""
    if invitation.cancelled_at is not None:
        return _("这份邀请已被撤回。如仍需开通，请联系邀请人重新发出。")
    if invitation.accepted_at is not None:
        return _("这份邀请已经使用过，每份邀请只能使用一次。请直接登录。")
    if invitation.expires_at is None or now >= invitation.expires_at:
        return _("这份邀请已超过7天有效期，请联系邀请人重新发出。")
    if not invitation.organisation.is_active:
        return _("邀请您的组织已停用，请联系上级工会。")
    return ""


def accept_invitation(
    *, invitation: Invitation, user: User | None = None, account: NewAccount | None = None, now: dt.datetime
) -> tuple[User, Membership]:
    """Gives the role to ``user`` (signed in), or to a new account made of ``account``.

    An invitation that names a user (bulk import) only sets that user's first password. Of two acceptances at once one
    wins. Raises Conflict when the link does not work any more, Invalid (username, password, phone, role).
    """
    # Whoever accepts has no desk yet, or another one: the invitation itself is the right to these rows.
    with system_scope("accepting an invitation"), transaction.atomic():
        invitation = lock_row(Invitation, invitation.pk)
        problem = problem_of(invitation, now=now)
        if problem:
            raise Conflict(problem)
        has_new_account = user is None and invitation.user_id is None
        if user is None:
            user = _person(invitation, account, now)
        elif invitation.user_id is not None and invitation.user_id != user.pk:
            raise Invalid(_("这份邀请是发给%(name)s的，请先退出当前账号。") % {"name": invitation.name})
        membership, _is_new = give_role(
            user=user, organisation=invitation.organisation, role=invitation.role, title=invitation.title
        )
        invitation.accepted_by, invitation.accepted_at = user, now
        invitation.save(update_fields=["accepted_by", "accepted_at"])
        record(
            "accounts.invitation.accepted",
            invitation,
            actor=Actor(user=user),
            membership=membership.pk,
            role=invitation.role,
            username=user.username,
            new_account=has_new_account,
            now=now,
        )
    return user, membership


def _person(invitation: Invitation, account: NewAccount | None, now: dt.datetime) -> User:
    if account is None:
        raise Invalid(_("请登录，或填写用户名和密码。"))
    user = invitation.user or User(username=User.normalize_username(account.username.strip()), name=invitation.name)
    user.email = user.email or invitation.email
    user.phone = user.phone or invitation.phone
    if account.phone.strip():
        user.phone = _phone(account.phone)
    try:
        validate_password(account.password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": error.messages}) from error
    user.set_password(account.password)
    user.password_changed_at, user.must_change_password = now, False
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Invalid(fields={"username": [_("这个用户名已被使用，请换一个。")]}) from error
    return user


def _phone(raw: str) -> str:
    try:
        return validate_mobile(raw)
    except IdentifierError as error:
        raise Invalid(fields={"phone": [str(error)]}) from error


def cancel_invitation(*, actor: Actor, invitation: Invitation, now: dt.datetime) -> Invitation:
    """The link stops working. Raises Conflict when it was used or cancelled already, Refused."""
    policy.require(actor, "invite", invitation.organisation)
    with transaction.atomic():
        invitation = lock_row(Invitation, invitation.pk)
        if invitation.accepted_at is not None:
            raise Conflict(_("%(name)s已经接受了邀请，可在人员列表中停用其角色。") % {"name": invitation.name})
        if invitation.cancelled_at is not None:
            raise Conflict(_("这份邀请已经撤回。"))
        invitation.cancelled_at = now
        invitation.save(update_fields=["cancelled_at"])
        record("accounts.invitation.cancelled", invitation, actor=actor, now=now)
    return invitation


def renew_invitation(*, actor: Actor, invitation: Invitation, now: dt.datetime) -> tuple[Invitation, str]:
    """A new link (or the first) for seven days; an old one stops working. Raises Conflict when it was used or cancelled."""
    policy.require(actor, "invite", invitation.organisation)
    with transaction.atomic():
        invitation = _open(invitation)
        first = invitation.token_hash is None
        token, invitation.token_hash = new_token()
        invitation.expires_at = now + LIFETIME
        invitation.save(update_fields=["token_hash", "expires_at"])
        record("accounts.invitation.sent", invitation, actor=actor, renewed=not first, role=invitation.role, now=now)
    return invitation, token

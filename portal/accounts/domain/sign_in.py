"""Accounts as means of signing in: reset, unlock, own data, API tokens, sign-in history."""

from __future__ import annotations

import datetime as dt
import secrets
import string
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from axes.utils import reset as axes_reset
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import ApiToken, Membership, SignInEvent, User
from portal.accounts.policies import MemberPolicy
from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.identifiers import IdentifierError, validate_mobile
from portal.core.text import mask_phone

if TYPE_CHECKING:
    from portal.core.context import Actor

policy = MemberPolicy()
MAX_TOKENS = 5
# Without characters that are mistaken for each other when a password is read out on the telephone.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
FIGURES = "23456789"


def one_time_password() -> str:
    """Sixteen characters in groups of four, of three kinds: easy to read out, ~75 bits."""
    groups = ["".join(secrets.choice(LETTERS + FIGURES) for _i in range(4)) for _j in range(3)]
    start = secrets.choice(string.ascii_uppercase.replace("I", "").replace("O", ""))
    return "-".join([start + secrets.choice(FIGURES) + "".join(secrets.choice(LETTERS) for _i in range(2)), *groups])


def reset_password(*, actor: Actor, membership: Membership, now: dt.datetime) -> str:
    """A one-time password, shown once to the manager; it must be changed at the first sign-in.

    Ends all sessions and tokens of the person, and the lock-out. Raises Refused when the actor does not stand above all
    the person's desks.
    """
    policy.require(actor, "reset", membership)
    password = one_time_password()
    with transaction.atomic():
        user = lock_row(User, membership.user_id)
        user.set_password(password)
        user.must_change_password, user.password_changed_at = True, now
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        ApiToken.objects.filter(user=user).delete()
        axes_reset(username=user.username)
        record("accounts.user.password_reset", membership, actor=actor, user=user.pk, now=now)
    return password


def reset_second_factor(*, actor: Actor, membership: Membership, now: dt.datetime) -> None:
    """The lost telephone: the person sets up a new one at the next sign-in. Raises Conflict when there is none."""
    policy.require(actor, "reset", membership)
    with transaction.atomic():
        deleted, _details = Authenticator.objects.filter(user_id=membership.user_id).delete()
        if not deleted:
            raise Conflict(_("该账号没有启用动态口令。"))
        record("accounts.user.second_factor_reset", membership, actor=actor, user=membership.user_id, now=now)


def unlock(*, actor: Actor, membership: Membership, now: dt.datetime) -> None:
    """Ends the lock-out after too many failures. Raises Conflict when the account is not locked."""
    policy.require(actor, "reset", membership)
    with transaction.atomic():
        if not axes_reset(username=membership.user.username):
            raise Conflict(_("该账号没有被锁定。"))
        record("accounts.user.unlocked", membership, actor=actor, user=membership.user_id, now=now)


def change_own_data(*, actor: Actor, email: str, phone: str, now: dt.datetime) -> User:
    """Telephone and e-mail of the person who is signed in. Raises Invalid (email, phone)."""
    fields: dict[str, list[str]] = {}
    email, phone = email.strip(), phone.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        fields["email"] = [_("电子邮箱格式不正确。")]
    try:
        phone = validate_mobile(phone) if phone else ""
    except IdentifierError as error:
        fields["phone"] = [str(error)]
    if fields:
        raise Invalid(fields=fields)
    with transaction.atomic():
        user = lock_row(User, actor.user_id)
        before = {"email": user.email, "phone": mask_phone(user.phone)}
        user.email, user.phone = email, phone
        user.save(update_fields=["email", "phone"])
        after = {"email": user.email, "phone": mask_phone(user.phone)}
        record("accounts.user.changed", user, actor=actor, before=before, after=after, now=now)
    return user


def create_token(*, actor: Actor, name: str, now: dt.datetime) -> tuple[ApiToken, str]:
    """An API token for the own desks; the text is shown once. Raises Invalid (name), Conflict at ``MAX_TOKENS``."""
    name = name.strip()
    if not name:
        raise Invalid(fields={"name": [_("请填写用途，便于以后辨认。")]})
    with transaction.atomic():
        lock_row(User, actor.user_id)
        if ApiToken.objects.filter(user=actor.user).count() >= MAX_TOKENS:
            raise Invalid(_("最多%(n)s个令牌，请先吊销不用的。") % {"n": MAX_TOKENS})
        token, text = ApiToken.objects.create(user=actor.user, name=name[:60])
        record("accounts.token.created", actor.user, actor=actor, name=name, key=token.token_key[:8], now=now)
    return token, text


def revoke_token(*, actor: Actor, token: ApiToken, now: dt.datetime) -> None:
    """The token stops working at once. Raises Conflict when it is gone already."""
    with transaction.atomic():
        deleted, _details = ApiToken.objects.filter(pk=token.pk, user=actor.user).delete()
        if not deleted:
            raise Conflict(_("这个令牌已经吊销。"))
        record("accounts.token.revoked", actor.user, actor=actor, name=token.name, key=token.token_key[:8], now=now)


def note_sign_in(
    *, outcome: str, username: str, user: User | None, client: str, device: str, now: dt.datetime
) -> SignInEvent:
    """One line of the sign-in history (kept at least six months); names of unknown users are cut to the field."""
    return SignInEvent.objects.create(
        user=user, username=username[:60], outcome=outcome, client=client[:64], device=device[:200], at=now
    )

"""The ways out of the house: one function each. Text messages go through whatever ``SMS_GATEWAY`` names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.lifecycle.letters.models import Channel

if TYPE_CHECKING:
    from portal.accounts.models import User


class ChannelError(Exception):
    """It did not go out; the message is for the sender, without addresses or numbers."""


class SmsGateway(Protocol):
    """What a provider's adapter offers; raises ChannelError when the message was not taken."""

    def send(self, *, phone: str, text: str) -> None: ...


class FileGateway:
    """Writes text messages to a file instead of sending them: for demonstration and tests."""

    def send(self, *, phone: str, text: str) -> None:
        path = Path(settings.DATA_DIR) / "sms.jsonl"
        with path.open("a", encoding="utf-8") as file:
            line = {"at": timezone.now().isoformat(), "to": f"…{phone[-4:]}", "text": text}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def offered() -> list[str]:
    """The ways that this installation has, the inbox first."""
    found = [Channel.SITE, Channel.EMAIL]
    return [*found, Channel.SMS] if settings.SMS_GATEWAY else found


def reaches(channel: str, user: User) -> bool:
    """Whether the person can be reached this way at all."""
    return {Channel.SITE: True, Channel.EMAIL: bool(user.email), Channel.SMS: bool(user.phone)}[Channel(channel)]


def send_out(channel: str, user: User, *, heading: str, body: str, sender: str) -> None:
    """Mail: heading and text. Text message: the heading only, the rest is read after signing in.

    Raises ChannelError with a reason that names neither address nor number.
    """
    if channel == Channel.EMAIL:
        send_mail_to(user.email, heading=heading, body=body, sender=sender)
    elif channel == Channel.SMS:
        send_text_to(user.phone, _("%(heading)s，请登录平台查看。") % {"heading": heading})


def send_mail_to(address: str, *, heading: str, body: str, sender: str) -> None:
    """One mail to whoever has the address, with or without an account. Raises ChannelError."""
    footer = _("此邮件由平台代“%s”发出，请勿直接回复。") % sender
    with _refusals():
        EmailMessage(heading, f"{body}\n\n{footer}", None, [address]).send()


def send_text_to(phone: str, text: str) -> None:
    """One text message. Raises ChannelError."""
    with _refusals():
        gateway: SmsGateway = import_string(settings.SMS_GATEWAY)()
        gateway.send(phone=phone, text=text)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except ChannelError:
        raise
    except (OSError, ImportError) as error:  # SMTP errors are OSError too
        raise ChannelError(_("服务没有接收（%s），稍后可以重发") % type(error).__name__) from error

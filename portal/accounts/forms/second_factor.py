"""The one-time code's forms with the words of our pages: a summary of errors names 动态口令, not “代码”."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _


class _NamesTheCode:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("动态口令")
        code.widget.attrs.update(placeholder="", inputmode="numeric")


class AuthenticateForm(_NamesTheCode, base.AuthenticateForm):
    """At sign-in; a recovery code is taken too, so letters stay possible."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("inputmode")


class ReauthenticateForm(_NamesTheCode, base.ReauthenticateForm):
    pass


class ActivateForm(_NamesTheCode, totp.ActivateTOTPForm):
    pass

"""Changing the words of an invitation's letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.letters import BODY_LENGTH, HEADING_LENGTH
from portal.lifecycle.letters.invitations.words import WORDS
from portal.lifecycle.letters.models import Channel
from portal.web.forms import BaseForm


class InvitationLetterForm(BaseForm):
    channel = forms.ChoiceField(
        label=_("发送方式"), widget=forms.RadioSelect, help_text=_("短信只含邀请的说明和链接，不含下面的正文。")
    )
    heading = forms.CharField(label=_("标题"), max_length=HEADING_LENGTH)
    body = forms.CharField(label=_("正文"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: Any, ways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(code, Channel(code).label) for code in ways]
        words = "、".join(f"{{{word}}}" for word in WORDS)
        self.fields["body"].help_text = _("花括号里的词发送时填入，可用的有：%s；必须保留{邀请链接}。") % words

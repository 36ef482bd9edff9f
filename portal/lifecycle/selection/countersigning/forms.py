"""Input of countersigning."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.selection.countersigning.domain import MAX_TEXT
from portal.lifecycle.selection.countersigning.models import SignVerdict
from portal.web.forms import BaseForm


class SignForm(BaseForm):
    verdict = forms.ChoiceField(label=_("会签意见"), choices=SignVerdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不同意的须写明原因，主办工会据此调整名单或答复。"),
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class AnswerForm(BaseForm):
    answer = forms.CharField(
        label=_("答复意见"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("对方可以看到；名单不变，请其复议。需要调整名单的，请返回本轮调整或重新产生。"),
    )

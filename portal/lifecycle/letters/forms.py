"""Forms of letters and of the reminder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.letters import BODY_LENGTH, HEADING_LENGTH, WORDS, LetterEvent
from portal.lifecycle.letters.channels import offered
from portal.lifecycle.letters.domain.reading import HOURS
from portal.lifecycle.letters.models import Channel, Frequency
from portal.web.forms import BaseForm


def _channels() -> list[tuple[str, Any]]:
    return [(code, Channel(code).label) for code in offered()]


READERS = {
    LetterEvent.CALL: _("发给下一级工会"),
    LetterEvent.REMINDER: _("发给有申报件待审核的工会"),
    LetterEvent.REVIEW: _("发给有评分任务的专家"),
    LetterEvent.PROPOSED: _("发给正在公示的单位"),
    LetterEvent.DECLINED: _("公示期满后发给未入选的单位"),
    LetterEvent.CONFERRED: _("决定印发后发给获得荣誉（补助）的单位"),
}


def _events() -> list[tuple[str, str]]:
    return [(event, f"{event.label} · {READERS[event]}") for event in LetterEvent]


class DraftForm(BaseForm):
    cycle = forms.ModelChoiceField(label=_("届次"), queryset=None, empty_label=_("请选择届次"))
    event = forms.ChoiceField(
        label=_("告知事项"),
        choices=_events,
        widget=forms.RadioSelect,
        help_text=_("收件对象由届次的现状确定；起草后逐封可看、可改，不会自动发出。"),
    )

    def __init__(self, *args: Any, cycles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles


class TextForm(BaseForm):
    """Words of one letter."""

    heading = forms.CharField(label=_("标题"), max_length=300)
    body = forms.CharField(label=_("正文"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 14}))


class BatchForm(TextForm):
    """Words of a batch; the words in braces are explained below the text."""

    channels = forms.MultipleChoiceField(
        label=_("发送方式"),
        choices=_channels,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("站内必选。邮件和短信只发给登记了邮箱、手机的人员；短信只含标题，不含正文。"),
    )

    def __init__(self, *args: Any, event: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = "、".join(f"{{{word}}}" for word in WORDS[event])
        self.fields["heading"].max_length = HEADING_LENGTH
        self.fields["body"].help_text = _("花括号里的词按收件人填入，可用的有：%s") % words


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DigestForm(BaseForm):
    frequency = forms.ChoiceField(label=_("提醒频次"), choices=Frequency.choices, widget=forms.RadioSelect)
    hour = forms.TypedChoiceField(label=_("时间"), coerce=int, choices=[(hour, f"{hour}:00") for hour in HOURS])
    only_due = forms.BooleanField(label=_("只在有逾期或当天到期的事项时提醒"), required=False)
    channels = forms.MultipleChoiceField(
        label=_("提醒方式"), choices=_channels, widget=forms.CheckboxSelectMultiple, required=False
    )

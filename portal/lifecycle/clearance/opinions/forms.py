"""Input of the co-host's opinion, and of the owner's answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.clearance.opinions.domain import ACCEPT, MAX_MB, MAX_NOTE, HostAnswer
from portal.lifecycle.clearance.opinions.models import HostVerdict
from portal.web.forms import BaseForm
from portal.web.widgets import MB, FileInput


class OpinionForm(BaseForm):
    verdict = forms.ChoiceField(label=_("本单位意见"), choices=HostVerdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不同意的须写明原因。"),
    )
    scan = forms.FileField(
        label=_("盖章扫描件"),
        required=False,
        widget=FileInput(accept=",".join(f".{kind}" for kind in ACCEPT), max_bytes=MAX_MB * MB),
    )

    def answer(self) -> HostAnswer:
        data: dict[str, Any] = self.cleaned_data
        return HostAnswer(data["verdict"], data["note"], data["scan"])


class BulkOpinionForm(BaseForm):
    note = forms.CharField(
        label=_("说明"), required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class OverruleForm(BaseForm):
    reason = forms.CharField(
        label=_("继续办理的理由"),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("如核实情况、会议研究决定；记入办理记录，对方可以看到。"),
    )

"""Input about staff who keep away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm

if TYPE_CHECKING:
    from django.db.models import QuerySet

MAX_REASON = 300


class RecusalForm(BaseForm):
    user = forms.ModelChoiceField(label=_("回避人"), queryset=None, help_text=_("本人申请回避的，选自己。"))
    deputy = forms.ModelChoiceField(label=_("代办人"), queryset=None, help_text=_("回避期间由代办人办理这件申报。"))
    reason = forms.CharField(
        label=_("回避事由"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("如：与申报人是近亲属；曾在申报单位任职；与申报事项有利害关系。"),
    )  # fmt: skip

    def __init__(self, *args: Any, staff: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = staff
        self.fields["deputy"].queryset = staff


class EndForm(BaseForm):
    reason = forms.CharField(
        label=_("解除理由"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明核实情况；解除后回避人可以重新看到并办理这件申报。"),
    )  # fmt: skip

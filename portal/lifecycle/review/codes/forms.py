"""Input about codes: reasons, and the word of the second person; marks use the form of the results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm


class DrawForm(BaseForm):
    """A first draw asks nothing; drawing again needs a reason."""

    reason = forms.CharField(
        label=_("重新抽签原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("原密码表作废，原因记入办理记录。"),
    )  # fmt: skip

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["reason"]


class DecodeForm(BaseForm):
    reason = forms.CharField(
        label=_("代保管人确认的原因"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("保管人本人确认时不填。"),
    )  # fmt: skip


class ConfirmMarksForm(BaseForm):
    checked = forms.BooleanField(label=_("已与裁判组签字的原始成绩单逐码核对，成绩无误"))


class ReturnMarkForm(BaseForm):
    reason = forms.CharField(
        label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明哪一项与原始成绩单不符；只写码，不写姓名和单位。"),
    )  # fmt: skip

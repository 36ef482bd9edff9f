"""Input of the ledger: how many, of which kind, to whom, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm

MAX_REASON = 300
MAIN, RESERVE = "main", "reserve"


class MoveForm(BaseForm):
    kind = forms.ChoiceField(label=_("名额种类"), choices=[(MAIN, _("正选")), (RESERVE, _("递补"))], initial=MAIN)
    amount = forms.IntegerField(label=_("数量"), min_value=1, max_value=9999)
    reason = forms.CharField(
        label=_("原因"),
        help_text=_("记入名额流水，双方都能看到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_REASON,
    )

    def facts(self) -> dict[str, Any]:
        """What the domain function takes."""
        data = dict(self.cleaned_data)
        return data | {"is_reserve": data.pop("kind") == RESERVE}


class TransferForm(MoveForm):
    organisation = forms.ModelChoiceField(label=_("划给"), queryset=None, empty_label=_("请选择工会"))
    field_order = ("organisation", "kind", "amount", "reason")

    def __init__(self, *args: Any, unions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = unions


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("冲销原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_REASON)

"""Which letters to make."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.clearance.departments.domain import MAX_DAYS
from portal.web.forms import BaseForm

KINDS = [("inquiry", _("征求意见函和意见表")), ("reminder", _("催复函（只列尚未回复的）"))]


class LettersForm(BaseForm):
    cycle = forms.ModelChoiceField(label=_("届次"), queryset=None)
    kind = forms.ChoiceField(label=_("函件"), choices=KINDS, initial="inquiry", widget=forms.RadioSelect)
    working_days = forms.IntegerField(
        label=_("答复期限（工作日）"),
        initial=10,
        min_value=1,
        max_value=MAX_DAYS,
        help_text=_("自今日起算，函中写明截止日期。"),
    )

    def __init__(self, *args: Any, cycles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles
        self.fields["cycle"].initial = next(iter(cycles), None)

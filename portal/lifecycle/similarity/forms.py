"""What a person makes of a pair."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.similarity.models import Verdict
from portal.web.forms import BaseForm


class VerdictForm(BaseForm):
    verdict = forms.ChoiceField(
        label=_("结论"),
        choices=[(v, v.label) for v in (Verdict.DIFFERENT, Verdict.SAME)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明比对了什么、依据是什么；结论不会自动改变申报件的状态。"),
    )  # fmt: skip

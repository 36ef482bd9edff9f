"""Which letters to make."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.validate_stages import MAX_REPLY_DAYS
from portal.lifecycle.clearance.departments.queries import reply_days
from portal.lifecycle.clearance.departments.register import ACCEPT, MAX_MB, MAX_NOTE
from portal.lifecycle.clearance.domain import Answer
from portal.lifecycle.clearance.forms import OpinionsForm
from portal.lifecycle.clearance.models import Opinion
from portal.web.forms import BaseForm
from portal.web.widgets import MB, FileInput

KINDS = [("inquiry", _("征求意见函和意见表")), ("reminder", _("催复函（只列尚未回复的）"))]


class CycleField(forms.ModelChoiceField):
    """Says of every cycle how long its rules give departments."""

    def label_from_instance(self, obj: Any) -> str:
        return _t("%(cycle)s（答复期限 %(days)s 个工作日）") % {"cycle": obj, "days": reply_days(obj)}


def _days_field(help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("答复期限（工作日）"), required=False, min_value=1, max_value=MAX_REPLY_DAYS, help_text=help_text
    )


class LettersForm(BaseForm):
    cycle = CycleField(label=_("届次"), queryset=None)
    kind = forms.ChoiceField(label=_("函件"), choices=KINDS, initial="inquiry", widget=forms.RadioSelect)
    working_days = _days_field(_("不填按所选届次的规定。自今日起算，函中写明截止日期。"))

    def __init__(self, *args: Any, cycles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles
        self.fields["cycle"].initial = next(iter(cycles), None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("cycle") and not data.get("working_days") and "working_days" not in self.errors:
            data["working_days"] = reply_days(data["cycle"])
        return data


class SentForm(BaseForm):
    """登记已发函: for one department of one cycle."""

    request = forms.ChoiceField(label=_("部门"), help_text=_("列出还有对象没有发函的部门。"))
    number = forms.CharField(label=_("发函文号"), max_length=60)
    sent_on = forms.DateField(label=_("发函日期"))
    working_days = _days_field(_("不填按该届的规定，自发函之日起算。"))

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.key: line for line in lines if line.unsent}
        self.fields["request"].choices = [
            (key, f"{line.department}（{line.cycle}，{line.unsent}）") for key, line in self.lines.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("request") and not data.get("working_days") and "working_days" not in self.errors:
            data["working_days"] = reply_days(self.lines[data["request"]].cycle)
        return data


class RepliesForm(OpinionsForm):
    """The department's answer to one letter, line by line, with the paper it came on."""

    received_on = forms.DateField(label=_("收到日期"))
    scan = forms.FileField(
        label=_("回函扫描件"),
        required=False,
        help_text=_("PDF 或照片，不超过20兆。"),
        widget=FileInput(accept=",".join(f".{kind}" for kind in ACCEPT), max_bytes=MAX_MB * MB),
    )
    reason = forms.CharField(
        label=_("更正原因"), required=False, max_length=MAX_NOTE, help_text=_("只在更正已登记的意见时填写。")
    )

    def replies(self) -> dict[int, Answer]:
        """Answers by the keys of requests: rows of different entries carry the same name."""
        data, everything = self.cleaned_data, "all_agreed" in self.data
        return {
            row.pk: Answer(Opinion.AGREED if everything else data[f"opinion_{row.pk}"], data[f"note_{row.pk}"])
            for row in self.rows
        }


class WaiverForm(BaseForm):
    decision = forms.CharField(
        label=_("研究决定的会议或文号"), max_length=120, help_text=_("如“市总工会主席办公会2026年第8次会议”。")
    )
    reason = forms.CharField(label=_("理由"), max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 4}))

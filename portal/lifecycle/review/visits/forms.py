"""Input of the visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.visits.models import Conclusion
from portal.web.forms import BaseForm
from portal.web.ui import Section

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.review_blocks import VisitParams

NAME_LENGTH, NAMES_MAX = 20, 10


class PlanForm(BaseForm):
    """When the selected entries are visited, by whom."""

    planned_on = forms.DateField(label=_("考察日期"))
    visitors = forms.MultipleChoiceField(
        label=_("考察人员"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("本会工作人员。")
    )
    others = forms.CharField(
        label=_("其他考察人员"), max_length=200, required=False, help_text=_("专家、外单位人员的姓名，用顿号分开。")
    )
    agenda = forms.CharField(
        label=_("议程"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("如：听取汇报、查阅资料、现场察看、职工座谈、反馈意见。"),
    )  # fmt: skip

    def __init__(self, *args: Any, staff: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = {str(user.pk): user for user in staff}
        self.fields["visitors"].choices = [(pk, str(user)) for pk, user in self.staff.items()]

    def clean_visitors(self) -> list[Any]:
        return [self.staff[pk] for pk in self.cleaned_data["visitors"]]

    def clean_others(self) -> list[str]:
        text = self.cleaned_data["others"].replace("，", "、").replace(",", "、").replace(" ", "、")
        names = [name for name in text.split("、") if name]
        if len(names) > NAMES_MAX or any(len(name) > NAME_LENGTH for name in names):
            raise forms.ValidationError(_("请只填姓名，最多 10 人。"))
        return list(dict.fromkeys(names))


class RecordForm(BaseForm):
    """The sheet of one visit, as it is filled in on the spot."""

    visited_on = forms.DateField(label=_("考察日期"), required=False)
    conclusion = forms.ChoiceField(
        label=_("考察结论"), required=False, choices=Conclusion.choices, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label=_("综合意见"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, params: VisitParams, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        findings = {}
        for item in params.items:
            findings[f"finding-{item.code}"] = forms.CharField(
                label=item.title, help_text=item.help, max_length=500, required=False,
                widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
            )  # fmt: skip
        self.fields = (
            {"visited_on": self.fields["visited_on"]}
            | findings
            | {name: self.fields[name] for name in ("conclusion", "summary")}
        )
        self.sections = (
            Section(_("考察情况"), ("visited_on", *findings)),
            Section(_("考察意见"), ("conclusion", "summary")),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """Keyword arguments of ``save_visit``."""
        data = self.cleaned_data
        found = {k.removeprefix("finding-"): v for k, v in data.items() if k.startswith("finding-")}
        return {key: data[key] for key in ("visited_on", "conclusion", "summary")} | {"findings": found}


class ReopenForm(BaseForm):
    reason = forms.CharField(label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

"""Input of results: a workbook, one result by hand, a reason for sending one back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.imports.reading import MAX_BYTES
from portal.lifecycle.blueprints.stages import ReviewParams
from portal.lifecycle.review.sheet import plain
from portal.web.forms import BaseForm
from portal.web.widgets import FileInput


class ResultsUploadForm(BaseForm):
    file = forms.FileField(label=_("填好的成绩单"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过10MB，请分批导入。"))
        return file


class ResultForm(BaseForm):
    """One field for each part of the rubric; the domain reads the figures."""

    absent = forms.BooleanField(label=_("缺考"), required=False, help_text=_("没有参加竞赛的勾选，各项成绩留空。"))
    note = forms.CharField(label=_("备注"), required=False, max_length=200)

    def __init__(self, *args: Any, params: ReviewParams, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = {}
        for criterion in params.rubric:
            field = forms.CharField(
                label=criterion.title,
                required=False,
                max_length=12,
                help_text=_("0 至 %(max)s 分，最小单位 %(step)s 分，占总分 %(weight)s%%。")
                % {"max": plain(criterion.max_score), "step": plain(criterion.step), "weight": plain(criterion.weight)},
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control"}),
            )
            fields[f"mark_{criterion.code}"] = field
        self.fields = fields | self.fields
        self.codes = [criterion.code for criterion in params.rubric]

    @property
    def typed(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"mark_{code}", "") for code in self.codes}


class ReturnForm(BaseForm):
    reason = forms.CharField(
        label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明哪一项与原始成绩单不符；会记入办理记录。"),
    )  # fmt: skip


class ConfirmAllForm(BaseForm):
    checked = forms.BooleanField(label=_("已与裁判组签字的原始成绩单逐件核对，成绩无误"))

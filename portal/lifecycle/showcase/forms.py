from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm


class PublishForm(BaseForm):
    summary = forms.CharField(
        label=_("摘要"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("显示在列表和页首，一两句话说清成果和成效。"),
    )
    picture = forms.ModelChoiceField(
        label=_("图片"),
        queryset=None,
        required=False,
        empty_label=_("不用图片"),
        help_text=_("只能用申报时上传、已同意公开的图片。"),
    )

    def __init__(self, *args: Any, pictures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].queryset = pictures

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm


class ConferralForm(BaseForm):
    title = forms.CharField(label=_("标题"), max_length=160)
    document_number = forms.CharField(
        label=_("发文字号"), max_length=60, help_text=_("如：津工发〔2026〕12号，顺序号前不加“第”和“0”。")
    )
    decided_on = forms.DateField(label=_("决定日期"), help_text=_("会议决定的日期，证书和登记以此为准。"))
    body = forms.CharField(
        label=_("正文"), widget=forms.Textarea(attrs={"rows": 10}), help_text=_("名单自动列在正文之后。")
    )


class RevokeForm(BaseForm):
    reason = forms.CharField(
        label=_("撤销依据和原因"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=300,
        help_text=_("写明依据的决定或文件；公众核验时会看到“已撤销”和日期，不显示原因。"),
    )

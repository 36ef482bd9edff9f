from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.conferral.models import WithdrawalGrounds
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
    grounds = forms.ChoiceField(label=_("撤销情形"), choices=WithdrawalGrounds.choices, widget=forms.RadioSelect)
    document_number = forms.CharField(
        label=_("撤销决定文号"), max_length=60, help_text=_("如：津工发〔2026〕30号。公众核验时会看到文号和日期。")
    )
    decided_on = forms.DateField(label=_("决定日期"))
    reason = forms.CharField(
        label=_("事实和依据"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=300,
        help_text=_("记入荣誉登记和审计日志，不对公众显示。"),
    )

"""补登早年荣誉: validation only; the domain writes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm
from portal.web.ui import Section


class EarlierForm(BaseForm):
    honour = forms.CharField(label=_("荣誉名称"), max_length=120, help_text=_("与证书一致，例如：天津市五一劳动奖章。"))
    recipient = forms.CharField(label=_("获得者"), max_length=200)
    id_number = forms.CharField(
        label=_("身份证号"), max_length=20, required=False,
        help_text=_("个人荣誉填写，只保存不可还原的指纹，用来在职工成长档案里找到；集体荣誉不填。"),
    )  # fmt: skip
    unit_name = forms.CharField(label=_("单位"), max_length=120)
    unit_code = forms.CharField(label=_("所属工会编号"), max_length=30, help_text=_("获得者所在单位工会的内部编号。"))
    conferred_on = forms.DateField(label=_("命名日期"))
    certificate_number = forms.CharField(label=_("证书编号"), max_length=60)
    document_number = forms.CharField(label=_("发文字号"), max_length=60, required=False)
    sections = (
        Section(_("荣誉"), ["honour", "conferred_on", "certificate_number", "document_number"], key="what"),
        Section(_("获得者"), ["recipient", "id_number", "unit_name", "unit_code"], key="who"),
    )

"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.learning.domain.resources import FACTS, MAX_MB, PAPERS
from competitions.learning.enums import Licence, Reach, ResourceKind
from portal.accounts.imports.reading import MAX_BYTES
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"
ACCEPT = ",".join(f".{kind}" for kind in PAPERS)


class ResourceForm(BaseForm):
    title = forms.CharField(
        label=_("名称"), max_length=80, help_text=_("与课程名称一致，导入的结业记录会自动归到这项资源。")
    )
    kind = forms.ChoiceField(label=_("类型"), choices=ResourceKind)
    field = forms.CharField(label=_("工种或领域"), max_length=60, help_text=_("例如：焊工、数控加工、安全生产。"))
    audience = forms.CharField(label=_("适合人群"), max_length=120, help_text=_("例如：一线电工，有初级工基础。"))
    hours = forms.DecimalField(label=_("学时"), min_value=0, max_digits=6, decimal_places=1, initial=0)
    summary = forms.CharField(label=_("内容简介"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    link = forms.URLField(
        label=_("学习链接"), max_length=300, required=False, assume_scheme="https",
        help_text=_("国家或市级学习平台上的地址，以 https:// 开头；没有就上传文件。"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("资源文件"), required=False, widget=FileInput(accept=ACCEPT, max_bytes=MAX_MB * MB),
        help_text=_("课件、题库、视频等；修改时不重新上传就保留原文件。"),
    )  # fmt: skip
    place = forms.CharField(
        label=_("地点和联系方式"), max_length=200, required=False, help_text=_("实训基地填写地址、开放时间和办公电话。")
    )
    rights_holder = forms.CharField(
        label=_("版权所有人"), max_length=120, help_text=_("单位或个人；实训基地填写产权单位。")
    )
    licence = forms.ChoiceField(label=_("使用权利"), choices=Licence, help_text=_("凭什么可以提供给职工使用。"))
    rights_until = forms.DateField(label=_("授权截止"), required=False, help_text=_("长期有效的不填。"))
    is_free = forms.BooleanField(label=_("对职工免费"), required=False, initial=True)
    fee_note = forms.CharField(label=_("收费说明"), max_length=120, required=False)
    reach = forms.ChoiceField(label=_("开放范围"), choices=Reach, initial=Reach.FEDERATION)
    sections = (
        Section(_("学什么"), ["title", "kind", "field", "audience", "hours", "summary"], key="what"),
        Section(_("怎么学"), ["link", "file", "place"], key="how"),
        Section(_("版权和开放"), ["rights_holder", "licence", "rights_until", "reach", "is_free", "fee_note"], key="rights"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "field", "hours", "licence", "rights_until", "reach"):
            self.fields[name].span = HALF
        self.fields["hours"].unit = _("学时")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CompletionUploadForm(BaseForm):
    file = forms.FileField(label=_("填好的名单"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))

"""Forms of employers and their yearly figures."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.codes.economic_types import ownership_of
from portal.accounts.domain.employers import FIRST_YEAR, EmployerFacts, YearFigures
from portal.accounts.enums import EmergingKind, OwnershipClass
from portal.accounts.forms.organisations import district_choices
from portal.accounts.forms.pickers import ActorForm, OrganisationField
from portal.accounts.models import CodeList
from portal.accounts.queries import codes
from portal.accounts.queries.organisations import units
from portal.core.identifiers import credit_code_problem
from portal.web.forms import BaseForm
from portal.web.ui import Section

MANY = 100_000_000
YES_NO = (("", _("不清楚")), ("yes", _("是，规模以上")), ("no", _("否，规模以下")))


def _list_choices(name: str) -> Any:
    return lambda: [("", _t("请选择")), *codes.choices(name)]


class EmployerForm(ActorForm):
    organisation = OrganisationField(label=_("所属基层工会"), rows=units)
    name = forms.CharField(label=_("单位名称"), max_length=120, help_text=_("与营业执照或登记证书一致。"))
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=24,
        required=False,
        help_text=_("企业91开头，机关11、事业单位12、社会组织51–53开头。"),
    )
    economic_type = forms.ChoiceField(
        label=_("经济类型"), required=False, choices=_list_choices(CodeList.ECONOMIC_TYPE)
    )
    ownership = forms.ChoiceField(
        label=_("所有制"),
        required=False,
        choices=[("", _("按经济类型确定")), *OwnershipClass.choices],
        help_text=_("有限责任公司、股份公司等须按实际控制人填写。"),
    )
    emerging_kind = forms.ChoiceField(
        label=_("三新和八大群体"),
        required=False,
        choices=[("", _("都不是")), *EmergingKind.choices],
        help_text=_(
            "几类都符合的选排在前面的一类。平台企业及其合作的快递、外卖、网约车用工单位选“新就业群体用工单位”，"
            "货运、护理、家政、商场、房产中介、保安等用工单位选“八大群体用工单位”。"
        ),
    )
    industry = forms.ChoiceField(label=_("行业门类"), required=False, choices=_list_choices(CodeList.INDUSTRY))
    division = forms.CharField(
        label=_("行业大类代码"), max_length=4, required=False, help_text=_("2至4位数字，例如 34；用于判定企业规模。")
    )
    district_code = forms.ChoiceField(label=_("所在区"), required=False, choices=district_choices)
    address = forms.CharField(label=_("经营地址"), max_length=200, required=False)
    established_on = forms.DateField(label=_("成立日期"), required=False)

    class Meta:
        sections = (
            Section(_("单位"), ("organisation", "name", "credit_code")),
            Section(_("分类"), ("economic_type", "ownership", "industry", "division", "emerging_kind")),
            Section(_("其他"), ("district_code", "established_on", "address")),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("economic_type", "ownership", "industry", "division", "district_code", "established_on"):
            self.fields[name].span = "half"

    def clean_credit_code(self) -> str:
        code = self.cleaned_data["credit_code"]
        problem = credit_code_problem(code) if code else ""
        if problem:
            raise forms.ValidationError(problem)
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        division = data.get("division", "")
        if division:
            if not re.fullmatch(r"\d{2,4}", division):
                self.add_error("division", _t("请填写2至4位数字。"))
            elif not data.get("industry"):
                self.add_error("industry", _t("请同时选择行业门类。"))
            elif not codes.division_fits(data["industry"], division):
                self.add_error("division", _t("这个大类不属于所选的门类，请核对。"))
        decided = ownership_of(data.get("economic_type", ""))
        stated = data.get("ownership")
        if decided and stated and stated != decided:
            label = OwnershipClass(decided).label
            self.add_error("ownership", _t("该经济类型属于“%(label)s”，请核对。") % {"label": label})
        return data

    def facts(self) -> EmployerFacts:
        data = dict(self.cleaned_data)
        data.pop("organisation")
        data["industry"] += data.pop("division")
        return EmployerFacts(**data)


class YearForm(BaseForm):
    """Figures of one year; every number at the end of that year."""

    year = forms.IntegerField(label=_("年度"), min_value=FIRST_YEAR, max_value=2100)
    employees = forms.IntegerField(label=_("职工数"), min_value=0, max_value=MANY)
    members = forms.IntegerField(label=_("会员数"), min_value=0, max_value=MANY, initial=0)
    frontline = forms.IntegerField(label=_("一线职工数"), min_value=0, max_value=MANY, initial=0)
    migrant = forms.IntegerField(label=_("农民工数"), min_value=0, max_value=MANY, initial=0)
    revenue = forms.IntegerField(label=_("营业收入"), min_value=0, max_value=10**12, required=False)
    assets = forms.IntegerField(label=_("资产总额"), min_value=0, max_value=10**12, required=False)
    is_above_scale = forms.ChoiceField(
        label=_("规模以上"), choices=YES_NO, required=False, help_text=_("以统计部门认定的“规上”名录为准。")
    )

    class Meta:
        sections = (
            Section(_("年末人数"), ("year", "employees", "members", "frontline", "migrant")),
            Section(
                _("经营情况"),
                ("revenue", "assets", "is_above_scale"),
                help=_("用于判定企业规模和统计规模以上单位的覆盖面。"),
            ),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, unit in (("employees", "人"), ("members", "人"), ("frontline", "人"), ("migrant", "人")):
            self.fields[name].unit, self.fields[name].span = unit, "half"
        for name in ("revenue", "assets"):
            self.fields[name].unit, self.fields[name].span = _("万元"), "half"

    def clean_is_above_scale(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["is_above_scale"])

    def figures(self) -> YearFigures:
        return YearFigures(**{k: v for k, v in self.cleaned_data.items() if k != "year"})

"""Forms of the union tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.domain.organisations import OrganisationFacts
from portal.accounts.enums import LEVEL_OF_KIND, LEVEL_ORDER, OrganisationKind, may_stand_below
from portal.accounts.forms.pickers import ActorForm, EmployerField, OrganisationField
from portal.accounts.models import CodeList, Employer, Organisation
from portal.accounts.queries import codes
from portal.accounts.queries.organisations import managed, possible_parents
from portal.core.identifiers import credit_code_problem
from portal.web.ui import Section


def kind_choices(parent: Organisation | None, present: str = "") -> list[Any]:
    """Kinds that may stand below ``parent``, grouped by level."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for value, label in OrganisationKind.choices:
        if value == present or parent is None or may_stand_below(value, parent.kind):
            groups.setdefault(LEVEL_OF_KIND[value], []).append((value, label))
    ordered = sorted(groups.items(), key=lambda item: LEVEL_ORDER.index(item[0]))
    return [("", _t("请选择")), *((LEVEL_OF_KIND[rows[0][0]].label, rows) for _level, rows in ordered)]


def district_choices() -> list[tuple[str, Any]]:
    return [("", _t("不限（全市）")), *codes.choices(CodeList.DISTRICT)]


class OrganisationForm(ActorForm):
    """Facts of an organisation; the parent is shown on creation only (a move is an act of its own)."""

    parent = OrganisationField(label=_("上级工会"), rows=lambda actor: possible_parents(actor=actor))
    kind = forms.ChoiceField(label=_("组织类型"))
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("与公章一致的全称。"))
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    code = forms.CharField(
        label=_("内部编号"), max_length=30, required=False, help_text=_("留空时自动生成；导入时按编号识别。")
    )
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=24,
        required=False,
        help_text=_("取得法人资格的工会填写，81开头；没有的留空。"),
    )
    district_code = forms.ChoiceField(label=_("所在区"), required=False, choices=district_choices)
    member_count = forms.IntegerField(label=_("会员数"), min_value=0, max_value=10_000_000, initial=0)

    class Meta:
        sections = (
            Section(_("位置"), ("parent", "kind")),
            Section(_("名称和编号"), ("name", "short_name", "code", "credit_code")),
            Section(_("基本情况"), ("district_code", "member_count")),
        )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("short_name", "code", "district_code", "member_count"):
            self.fields[name].span = "half"
        self.fields["member_count"].unit = _("人")
        if organisation is None:
            parent = self.initial.get("parent")
            self.fields["kind"].choices = kind_choices(parent if isinstance(parent, Organisation) else None)
        else:
            del self.fields["parent"]
            self.fields["kind"].choices = kind_choices(organisation.parent, organisation.kind)
            self.fields["code"].required = True

    def clean_credit_code(self) -> str:
        code = self.cleaned_data["credit_code"]
        problem = credit_code_problem(code) if code else ""
        if problem:
            raise forms.ValidationError(problem)
        return code

    def facts(self) -> OrganisationFacts:
        data = {k: v for k, v in self.cleaned_data.items() if k not in {"parent", "kind"}}
        return OrganisationFacts(**data)


class MoveForm(ActorForm):
    parent = OrganisationField(label=_("新的上级工会"), rows=lambda actor: possible_parents(actor=actor))


class MergeForm(ActorForm):
    into = OrganisationField(
        label=_("并入"),
        rows=lambda actor: possible_parents(actor=actor),
        help_text=_("用人单位、人员角色、下级组织和推荐关系都转到对方名下；本组织停用，历史记录保留。"),
    )


class ReportingForm(ActorForm):
    """推荐关系; the view hands over the programmes, which stand to the right of this package."""

    parent = OrganisationField(
        label=_("经由哪个工会推荐"), rows=managed, help_text=_("例如区内企业参加市级评选时由所属集团公司工会推荐。")
    )
    scheme = forms.ChoiceField(label=_("适用项目"), required=False)
    year = forms.IntegerField(
        label=_("适用年度"), min_value=2015, max_value=2100, required=False, help_text=_("留空表示长期。")
    )

    def __init__(self, *args: Any, schemes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [("", _t("全部项目")), *schemes]


class CoverageForm(ActorForm):
    employer = EmployerField(label=_("用人单位"), rows=lambda actor: Employer.objects.select_related("organisation"))

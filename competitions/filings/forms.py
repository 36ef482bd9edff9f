"""The form of a filing and the small ones around it: validation only; the domain writes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.filings import queries
from competitions.filings.domain.content import FACTS, LISTS, Content
from competitions.filings.domain.files import MAX_MB, PAPERS
from competitions.filings.enums import Area, CatalogueGroup, FilePurpose, FundSource, Layer, Library, Seat, Sight
from portal.accounts.forms.pickers import ActorForm
from portal.accounts.models import CodeList, Organisation
from portal.accounts.queries import codes
from portal.core.dates import local_date
from portal.lifecycle.notice.forms import MultipleFiles
from portal.web.forms import BaseForm
from portal.web.rows import RowsField
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF, THIRD = "half", "third"
SPLIT = re.compile(r"[、，,;；\s]+")
TAGS = (CatalogueGroup.STRATEGY, CatalogueGroup.FOCUS, CatalogueGroup.CHAIN)
FILES = (FilePurpose.BASIS, FilePurpose.COMMITTEE, FilePurpose.SCHEME)


def files_field(label: Any, help_text: Any = "", *, kinds: tuple[str, ...] = PAPERS) -> MultipleFiles:
    accept = ",".join(f".{kind}" for kind in kinds)
    widget = FileInput(accept=accept, max_bytes=MAX_MB * MB, multiple=True)
    return MultipleFiles(label=label, required=False, widget=widget, help_text=help_text)


def prose(
    label: Any, help_text: Any = "", *, rows: int = 4, required: bool = True, most: int = 3000
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


def count(label: Any, unit: Any, **options: Any) -> forms.IntegerField:
    field = forms.IntegerField(label=label, min_value=0, required=False, **options)
    field.unit, field.span = unit, HALF
    return field


def days(initial: int, label: Any = "") -> forms.IntegerField:
    field = forms.IntegerField(
        label=label or _("办理期限"), initial=initial, min_value=1, max_value=60, help_text=_("自今天起计算。")
    )
    field.unit = _("个工作日")
    return field


def _text(label: Any, most: int, *, span: str = "", help_text: Any = "") -> forms.CharField:
    field = forms.CharField(label=label, max_length=most, required=False, help_text=help_text)
    field.span = span
    return field


def _day(label: Any, *, span: str = HALF) -> forms.DateField:
    field = forms.DateField(label=label, required=False)
    field.span = span
    return field


def _choice(label: Any, choices: Any, *, span: str = HALF, help_text: Any = "") -> forms.ChoiceField:
    field = forms.ChoiceField(label=label, choices=[("", _("不选")), *choices], required=False, help_text=help_text)
    field.span = span
    return field


def wide(field: forms.Field) -> forms.Field:
    field.width = "wide"
    return field


def narrow(field: forms.Field) -> forms.Field:
    field.width = "narrow"
    return field


def amount(label: Any, unit: Any = "", **options: Any) -> forms.DecimalField:
    field = forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=2, **options)
    field.unit = unit
    return field


class ItemField(forms.ModelChoiceField):
    """One item of the catalogue."""

    def __init__(self, group: str, **kwargs: Any) -> None:
        super().__init__(queryset=queries.CatalogueItem._base_manager.none(), **kwargs)
        self.group, self.span = group, HALF


class FilingForm(ActorForm):
    """Everything a filing says, in the order of the paper form. A draft needs year, title and kind only."""

    year = forms.IntegerField(label=_("年度"), min_value=2020, max_value=2100)
    title = forms.CharField(
        label=_("竞赛名称"), max_length=120, help_text=_("写全称，如：2026年某某公司装配钳工技能竞赛。")
    )
    kind = ItemField(CatalogueGroup.KIND, label=_("竞赛形式"), empty_label=_("请选择"))
    campaign = ItemField(CatalogueGroup.CAMPAIGN, label=_("所属竞赛活动"), required=False, empty_label=_("不选"))
    layer = _choice(_("竞赛层面"), Layer.choices)
    area = _choice(_("双城格局"), Area.choices)
    industry = _choice(_("行业门类"), ())
    district_code = _choice(_("所在区"), ())
    library = forms.ChoiceField(label=_("引领性竞赛项目库"), choices=Library.choices, initial=Library.NONE)
    trades = _text(_("工种"), 400, help_text=_("多个工种用顿号隔开，如：装配钳工、电工。"))
    strategy = forms.ModelMultipleChoiceField(label=_("战略任务"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)  # fmt: skip
    focus = forms.ModelMultipleChoiceField(label=_("重点领域"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)  # fmt: skip
    chain = forms.ModelMultipleChoiceField(label=_("产业链"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)  # fmt: skip
    basis_title = _text(_("文件名称"), 160)
    basis_issuer = _text(_("发文单位"), 80, span=HALF)
    basis_number = _text(_("文号"), 60, span=HALF)
    basis_on = _day(_("发文日期"))
    basis_files = files_field(_("依据文件"))
    committee = RowsField(
        label=_("竞赛委员会成员"),
        columns={
            "seat": narrow(forms.ChoiceField(label=_("职责"), choices=Seat.choices, initial=Seat.MEMBER)),
            "name": narrow(forms.CharField(label=_("姓名"), max_length=40)),
            "post": wide(forms.CharField(label=_("单位及职务"), max_length=80)),
            "is_administrative": narrow(forms.BooleanField(label=_("行政领导"), required=False)),
        },
        max_rows=40,
        help_text=_("至少一名主任。行政单位、部门的领导请勾选“行政领导”，用来统计党政支持情况。"),
    )
    committee_office = _text(_("办公室设在"), 80, span=HALF)
    committee_document = _text(_("成立文件文号"), 60, span=HALF)
    committee_from = _day(_("任期起"))
    committee_until = _day(_("任期止"))
    committee_files = files_field(_("成立文件"))
    topic = prose(_("突破的重点难点"), _("企业、产业发展的哪些难点，竞赛要解决到什么程度。"), rows=3, required=False)
    scheme = prose(
        _("竞赛方案"), _("组织形式、比赛内容、评比办法；也可以只上传方案文件。"), rows=8, required=False, most=8000
    )
    scheme_files = files_field(_("竞赛方案文件"))
    awards = prose(_("奖励办法"), rows=3, required=False)
    indicators = RowsField(
        label=_("竞赛指标"),
        columns={
            "name": wide(forms.CharField(label=_("指标"), max_length=60)),
            "unit": narrow(forms.CharField(label=_("单位"), max_length=20)),
            "target": amount(_("目标值")),
        },
        help_text=_("年终总结时逐项填报完成值。"),
    )
    budget = RowsField(
        label=_("经费预算"),
        columns={
            "source": narrow(forms.ChoiceField(label=_("资金来源"), choices=FundSource.choices)),
            "purpose": wide(forms.CharField(label=_("用途"), max_length=80)),
            "amount": amount(_("预算"), _("元")),
        },
        help_text=_("没有经费的可不填。撬动效应＝行政、企业、其他投入÷工会经费，由系统计算。"),
    )
    starts_on = _day(_("开始日期"))
    ends_on = _day(_("结束日期"))
    expected_people = count(_("预计参赛职工"), _("人"), initial=0)
    expected_units = count(_("预计参赛单位"), _("个"), initial=0)
    phases = RowsField(
        label=_("阶段"),
        columns={
            "title": forms.CharField(label=_("阶段"), max_length=60),
            "starts_on": forms.DateField(label=_("起")),
            "ends_on": forms.DateField(label=_("止")),
            "tasks": wide(forms.CharField(label=_("主要工作"), max_length=200, required=False)),
        },
        max_rows=12,
        help_text=_("备案后，每个阶段结束10个工作日内报送阶段报告；跨6月30日的竞赛另有年中检查。"),
    )
    contact = _text(_("联系科室及电话"), 80)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sections = (
        Section(_("竞赛"), ["year", "title", "kind", "campaign", "layer", "area", "industry", "district_code", "library", "trades"], key="basics"),
        Section(_("标签"), ["strategy", "focus", "chain"], key="tags", help=_("市总工会按标签统计，能对上的都勾选。")),
        Section(_("依据文件"), ["basis_title", "basis_issuer", "basis_number", "basis_on", "basis_files"], key="basis"),
        Section(_("组织机构"), ["committee", "committee_office", "committee_document", "committee_from", "committee_until", "committee_files"], key="committee"),
        Section(_("方案和指标"), ["topic", "scheme", "scheme_files", "awards", "indicators"], key="scheme"),
        Section(_("时间安排"), ["starts_on", "ends_on", "expected_people", "expected_units", "phases", "contact"], key="time"),
        Section(_("经费"), ["budget"], key="money"),
    )  # fmt: skip

    def __init__(self, *args: Any, tree: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = [("", _("不选")), *codes.choices(CodeList.INDUSTRY)]
        self.fields["district_code"].choices = [("", _("不选")), *codes.choices(CodeList.DISTRICT)]
        for name in ("kind", "campaign"):
            self.fields[name].queryset = queries.choosable(self.actor, name) | self._chosen(name)
        if not self.fields["kind"].queryset.exists():
            self.fields["kind"].help_text = _("目录里还没有竞赛形式，请市总工会管理员在“竞赛目录”页载入。")
        for group in TAGS:
            self.fields[group].queryset = queries.choosable(self.actor, group)
        for name in ("library", "year"):
            self.fields[name].span = HALF

    def _chosen(self, name: str) -> Any:
        """What the filing names already stays choosable, also when it has been withdrawn since."""
        item = self.initial.get(name)
        return queries.catalogue(self.actor, name).filter(pk=item.pk if item else None)

    def clean_trades(self) -> list[str]:
        names = [name for name in SPLIT.split(self.cleaned_data["trades"]) if name]
        if any(len(name) > 60 for name in names):
            raise forms.ValidationError(_("一个工种名称最多60个字。"))
        return list(dict.fromkeys(names))

    @property
    def content(self) -> Content:
        data = self.cleaned_data
        facts = {name: data[name] for name in FACTS}
        facts |= {name: data[name] or 0 for name in ("expected_people", "expected_units")}
        return Content(facts, {name: data[name] for name in LISTS}, [item for group in TAGS for item in data[group]])

    @property
    def uploads(self) -> dict[str, list[Any]]:
        return {purpose: self.cleaned_data[f"{purpose}_files"] for purpose in FILES}

    @staticmethod
    def initial_of(content: Content, revision: int) -> dict[str, Any]:
        tags = {group: [item.pk for item in content.tags if item.group == group] for group in TAGS}
        facts = dict(content.facts) | {"trades": "、".join(content.facts["trades"])}
        return facts | dict(content.lists) | tags | {"revision": revision}

    @staticmethod
    def blank(actor: Any, now: Any) -> dict[str, Any]:
        organisation = Organisation.objects.get(pk=actor.at_desk.organisation_id)
        return {"year": local_date(now).year, "district_code": organisation.district_code, "revision": 0}


class AmendForm(FilingForm):
    reason = prose(_("变更原因"), _("上级工会会看到变更内容和原因。"), rows=3, most=300)
    sections = (Section(_("变更"), ["reason"], key="reason"), *FilingForm.sections)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].disabled = True


class ReturnForm(BaseForm):
    reason = prose(_("退回原因"), _("报备工会会看到，请写清要补正什么。"))
    days = days(5, _("补正期限"))


class AcceptForm(BaseForm):
    opinion = prose(_("审核意见"), _("可不填。"), rows=3, required=False, most=500)


class WithdrawForm(BaseForm):
    reason = prose(_("撤回原因"), rows=3, most=500)


class CoHostForm(BaseForm):
    """A co-host with what it may see."""

    organisation = forms.ModelChoiceField(
        label=_("对应工作台"), queryset=None, required=False, empty_label=_("没有工作台，只列名"),
        help_text=_("选定后，对方用自己的账号查看并确认；北京、河北等外省市总工会只看得到约定的内容。"),
    )  # fmt: skip
    name = _text(_("单位名称"), 120, help_text=_("没有工作台的单位填写全称；选了工作台可不填。"))
    duty = _text(_("分工"), 120, help_text=_("如：承办选拔赛、提供场地。"))
    sight = forms.MultipleChoiceField(
        label=_("另外可查看"), choices=Sight.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("方案、组织机构、时间安排报备后即可查看；经费和报告由主办工会决定给不给看。"),
    )  # fmt: skip

    def __init__(self, *args: Any, desks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = desks


class SightForm(BaseForm):
    duty = _text(_("分工"), 120)
    sight = forms.MultipleChoiceField(
        label=_("另外可查看"), choices=Sight.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("改变可查看的内容后，对方需要重新确认。"),
    )  # fmt: skip


class ItemForm(BaseForm):
    """One item of the catalogue."""

    group = forms.ChoiceField(label=_("类别"), choices=CatalogueGroup.choices)
    name = forms.CharField(label=_("名称"), max_length=60)
    note = _text(_("说明"), 200)
    first_year = forms.IntegerField(label=_("启用年度"), required=False, min_value=2000, max_value=2100)
    last_year = forms.IntegerField(label=_("截止年度"), required=False, min_value=2000, max_value=2100)
    is_new_form = forms.BooleanField(
        label=_("计入“创新竞赛形式”"), required=False, help_text=_("只对竞赛形式有意义，年报按启用年度统计。")
    )

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["group"]
        for name in ("first_year", "last_year"):
            self.fields[name].span = HALF

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("first_year") and data.get("last_year") and data["last_year"] < data["first_year"]:
            self.add_error("last_year", _("截止年度不能早于启用年度。"))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "note", "first_year", "last_year", "is_new_form")}

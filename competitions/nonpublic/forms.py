"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import Layer
from competitions.nonpublic.domain.pool import FACTS
from competitions.nonpublic.domain.records import MAX_MB, PAPERS
from competitions.nonpublic.domain.weak import FACTS as WEAK_FACTS
from competitions.nonpublic.enums import NEXT_STAGES, Answer, Benefit, Engagement, Stage, Support
from competitions.nonpublic.models import Cultivated
from competitions.nonpublic.queries import BELOW_LARGE
from portal.accounts.enums import EmergingKind, OwnershipClass, SizeClass
from portal.accounts.forms.pickers import ActorForm, EmployerField
from portal.accounts.models import Employer
from portal.core.context import Actor
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"
WORDS = _(
    "贵单位本年度还没有备案的劳动和技能竞赛。请结合生产经营实际，选择技能比武、岗位练兵、“五小”创新、安全生产等形式开展竞赛并办理立项备案；确有困难的请说明情况。"
)


def words_field(label: Any, help_text: Any = "", *, rows: int = 4, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=3000, required=required, widget=widget, help_text=help_text)


def money_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    field = forms.DecimalField(
        label=label, min_value=0, max_digits=14, decimal_places=2, required=False, help_text=help_text
    )
    field.unit, field.span = _("元"), HALF
    return field


def proof_field(help_text: Any) -> forms.FileField:
    accept = ",".join(f".{kind}" for kind in PAPERS)
    widget = FileInput(accept=accept, max_bytes=MAX_MB * MB)
    return forms.FileField(label=_("佐证材料"), required=False, widget=widget, help_text=help_text)


def every_employer(actor: Actor) -> QuerySet[Employer]:
    return Employer.objects.filter(organisation__is_active=True)


def non_public(actor: Actor) -> QuerySet[Employer]:
    return every_employer(actor).filter(ownership=OwnershipClass.NON_PUBLIC)


def weak_firms(actor: Actor) -> QuerySet[Employer]:
    return non_public(actor).filter(size_class__in=BELOW_LARGE)


class RemindForm(BaseForm):
    words = words_field(_("提醒内容"), _("所属工会会在工作台看到。"))
    days = forms.IntegerField(
        label=_("反馈期限"), initial=10, min_value=1, max_value=60, help_text=_("自今天起计算，到期未反馈的列为逾期。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].initial = WORDS
        self.fields["days"].unit = _("个工作日")


class AnswerForm(BaseForm):
    answer = forms.ChoiceField(label=_("反馈"), choices=Answer, widget=forms.RadioSelect)
    planned_on = forms.DateField(label=_("计划开展日期"), required=False, help_text=_("选择“计划开展”时填写。"))
    words = words_field(_("说明"), _("打算开展什么竞赛；暂不具备条件的，说明困难和需要的帮助。"), required=False)


class SnapshotForm(BaseForm):
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    reason = forms.CharField(
        label=_("更正原因"), max_length=300, required=False, help_text=_("本年度已有时点数据时必须填写，旧版本保留。")
    )

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(y, _("%d年") % y) for y in (this_year, this_year - 1)]


class CultivatedForm(ActorForm):
    """``employer`` is chosen when the enterprise is taken in, and stays."""

    employer = EmployerField(label=_("企业"), rows=non_public, help_text=_("已建工会的非公有制企业。"))
    coach = forms.CharField(label=_("联系指导人"), max_length=60, help_text=_("本级工会负责联系指导的干部。"))
    helper = EmployerField(
        label=_("结对帮扶单位"), required=False, rows=every_employer, help_text=_("由竞赛基础好的单位带一带，可不填。")
    )
    highlights = words_field(_("竞赛亮点"), _("为什么值得培育：开展了什么竞赛，职工参与和成效怎样。"))
    plan = words_field(_("培育措施"), _("准备怎样指导、补齐什么短板。"), required=False)
    goal_year = forms.IntegerField(label=_("目标申报年度"), min_value=2020, max_value=2100)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["employer"]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class StepForm(BaseForm):
    on = forms.DateField(label=_("日期"))
    stage = forms.ChoiceField(label=_("做完后的阶段"), choices=Stage, help_text=_("没有变化就选当前阶段。"))
    words = words_field(_("做了什么"), _("走访指导、帮助完善方案、组织观摩、推荐申报等。"))

    def __init__(self, *args: Any, cultivated: Cultivated, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = (cultivated.stage, *NEXT_STAGES[cultivated.stage])
        self.fields["stage"].choices = [(s, Stage(s).label) for s in possible]


class WeakForm(ActorForm):
    """``employer`` is chosen when the enterprise is put on the list, and stays."""

    employer = EmployerField(label=_("企业"), rows=weak_firms, help_text=_("已建工会的中小微非公有制企业。"))
    helper = EmployerField(
        label=_("帮扶单位"),
        required=False,
        rows=every_employer,
        help_text=_("由竞赛基础好的单位结对；不在下拉中的写在下一栏。"),
    )
    helper_name = forms.CharField(label=_("其他帮扶单位"), max_length=120, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=80, help_text=_("本级工会负责联系的干部。"))
    plan = words_field(_("帮扶计划"), _("缺什么、帮什么：班子、方案、技术指导、经费、与谁联合开展。"))
    due_on = forms.DateField(label=_("帮扶期限"), help_text=_("希望到这一天开展起竞赛。"))

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["employer"]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WEAK_FACTS}


class SupportForm(BaseForm):
    words = forms.CharField(label=_("措施"), max_length=200, help_text=_("一项一条，如“上门帮助制定焊工比武方案”。"))
    due_on = forms.DateField(label=_("计划完成"))


class SupportDoneForm(BaseForm):
    done_on = forms.DateField(label=_("完成日期"))
    result = words_field(_("完成情况"), _("做了什么，企业有什么变化。"), rows=3)


class SupportEndForm(BaseForm):
    status = forms.ChoiceField(
        label=_("结果"), choices=[c for c in Support.choices if c[0] != Support.ACTIVE], widget=forms.RadioSelect
    )
    filing = forms.ModelChoiceField(
        label=_("开展的竞赛"), queryset=None, required=False, empty_label=_("请选择"),
        help_text=_("选择“已开展竞赛”时填写；只列出该企业工会列入帮扶当年和以后备案的竞赛。"),
    )  # fmt: skip
    reason = words_field(_("原因"), _("选择“暂不具备条件”时填写。"), rows=3, required=False)

    def __init__(self, *args: Any, filings: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing"].queryset = filings


def kinds_choice(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class GuidanceForm(BaseForm):
    title = forms.CharField(label=_("模板名称"), max_length=120, help_text=_("如“货运企业安全行车竞赛方案（模板）”。"))
    ownerships = kinds_choice(_("所有制"), OwnershipClass.choices, _("一个都不选就是不限，下同。"))
    sizes = kinds_choice(_("规模"), SizeClass.choices)
    emerging = kinds_choice(_("三新和八大群体"), EmergingKind.choices)
    layers = kinds_choice(_("四个层面"), Layer.choices)
    aims = words_field(_("竞赛目标"), _("解决什么问题、达到什么效果。"))
    indicators = words_field(_("竞赛指标"), _("一行一条，写明怎样计算。"))
    procedure = words_field(_("组织步骤"), _("一行一步：发动、练兵、比赛、评比、总结。"), rows=6)
    rewards = words_field(_("奖励办法"), rows=3)
    sections = (
        Section(_("适用范围"), ["title", "ownerships", "sizes", "emerging", "layers"], key="for"),
        Section(_("方案"), ["aims", "indicators", "procedure", "rewards"], key="what"),
    )


class WithdrawForm(BaseForm):
    reason = forms.CharField(label=_("撤回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RecordForm(ActorForm):
    employer = EmployerField(label=_("单位"), rows=every_employer)
    on = forms.DateField(label=_("日期"))
    file = proof_field("")

    def __init__(self, *args: Any, only: Employer | None = None, today: dt.date, **kwargs: Any) -> None:
        """``only``: the one employer of a unit's union, filled in."""
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["on"].span = HALF
        if only is not None:
            self.fields["employer"].initial = only

    @property
    def facts(self) -> dict[str, Any]:
        return {n: v for n, v in self.cleaned_data.items() if n not in {"employer", "file"}}


class EngagementForm(RecordForm):
    kind = forms.ChoiceField(label=_("参与方式"), choices=Engagement)
    leader = forms.CharField(label=_("负责人"), max_length=60)
    post = forms.CharField(label=_("职务"), max_length=60)
    amount = money_field(_("金额"), _("“安排竞赛经费”必须填写。"))
    words = words_field(_("说明"), _("承诺了什么、研究了什么、安排了多少经费等。"))
    sections = (
        Section(_("参与"), ["employer", "on", "kind", "leader", "post"], key="who"),
        Section(_("内容"), ["words", "amount", "file"], key="what"),
    )


class BenefitForm(RecordForm):
    kind = forms.ChoiceField(label=_("受益类别"), choices=Benefit)
    contest = forms.CharField(label=_("竞赛名称"), max_length=120, help_text=_("因哪项竞赛受益。"))
    headcount = forms.IntegerField(
        label=_("受益职工"), min_value=0, initial=0, help_text=_("一人只计一次；企业效益可填0。")
    )
    amount = money_field(_("金额"), _("奖金总额或经财务确认的效益；没有金额填0。"))
    words = words_field(_("说明"), rows=3)
    sections = (
        Section(_("受益"), ["employer", "on", "kind", "contest", "headcount", "amount"], key="what"),
        Section(_("说明和佐证"), ["words", "file"], key="proof"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["headcount"].unit, self.fields["headcount"].span = _("人"), HALF

    def clean_amount(self) -> Any:
        return self.cleaned_data["amount"] or 0

"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.challenges.domain.outcome import MAX_MB, PAPERS
from competitions.challenges.enums import Audience, ProblemKind, ProblemState
from competitions.challenges.models import Claim, Problem
from portal.accounts.forms.pickers import ActorForm, EmployerField, OrganisationField
from portal.accounts.models import CodeList, Employer, Organisation
from portal.accounts.queries import codes
from portal.core.context import Actor
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"
INVITED = ("invited_1", "invited_2", "invited_3", "invited_4")
NO_STATE_SECRETS = _("国家秘密不得录入本系统，也不得上传附件；这里只登记可以在工作范围内知悉的内容。")


def words(label: Any, help_text: Any = "", *, rows: int = 4, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, required=required, widget=area, help_text=help_text)


def paper(label: Any, help_text: Any) -> forms.FileField:
    accept = ",".join(f".{kind}" for kind in PAPERS)
    return forms.FileField(
        label=label, required=False, widget=FileInput(accept=accept, max_bytes=MAX_MB * MB), help_text=help_text
    )


def figure(label: Any, unit: Any, help_text: Any, *, digits: int, most: int | None = None) -> forms.DecimalField:
    field = forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        max_digits=digits,
        decimal_places=2,
        help_text=help_text,
    )
    field.unit, field.span = unit, HALF
    return field


def own_employers(actor: Actor) -> Any:
    return Employer.objects.filter(organisation__is_active=True, organisation__path__startswith=actor.path)


def unions(actor: Actor) -> Any:
    return Organisation.objects.filter(is_active=True)


class ProblemForm(ActorForm):
    employer = EmployerField(
        label=_("企业"), rows=own_employers, required=False, help_text=_("难题所在的企业；行业共性难题可不填。")
    )
    title = forms.CharField(label=_("难题名称"), max_length=80, help_text=_("一句话点明，例如：薄壁壳体焊接变形超差。"))
    industry = forms.ChoiceField(label=_("行业门类"))
    kind = forms.ChoiceField(label=_("难题类别"), choices=ProblemKind)
    description = words(_("难点描述"), _("卡在哪里，影响多大，试过什么办法。"), rows=6)
    wished = words(_("期望成果"), _("达到什么指标就算解决。"), rows=3)
    contact = forms.CharField(label=_("联系科室及电话"), max_length=80, help_text=_("只供上级工会联系，不对外公开。"))
    is_secret = forms.BooleanField(
        label=_("涉密不公开"),
        required=False,
        help_text=_("商业秘密、工作秘密请选择：不上公众网，不导出，只能定向邀请揭榜。"),
    )
    secret_grounds = forms.CharField(
        label=_("不公开的依据"), max_length=300, required=False, help_text=_("例如：企业保密制度第几条、合同保密条款。")
    )
    sections = (
        Section(_("难题"), ["employer", "title", "industry", "kind", "description", "wished", "contact"], key="what"),
        Section(_("保密"), ["is_secret", "secret_grounds"], help=NO_STATE_SECRETS, key="secrecy"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = [("", _("请选择")), *codes.choices(CodeList.INDUSTRY)]
        self.fields["industry"].span = self.fields["kind"].span = HALF

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_secret") and not data.get("secret_grounds", "").strip():
            self.add_error("secret_grounds", _("选择涉密不公开的，请写明依据。"))
        return data


class PickForm(BaseForm):
    verdict = forms.ChoiceField(
        label=_("遴选结论"), widget=forms.RadioSelect, initial=ProblemState.PICKED,
        choices=[(s.value, s.label) for s in (ProblemState.PICKED, ProblemState.RETURNED, ProblemState.PASSED_OVER)],
    )  # fmt: skip
    opinion = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("退回和暂不入选的必须写明原因，提出工会能看到。"),
    )  # fmt: skip


class LinkForm(BaseForm):
    filing = forms.ModelChoiceField(
        label=_("对应竞赛"), queryset=None, required=False, empty_label=_("暂不对应"),
        help_text=_("本工会或上级工会备案的竞赛；没有的请先到“竞赛备案”立项。"),
    )  # fmt: skip

    def __init__(self, *args: Any, filings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing"].queryset = filings
        self.fields["filing"].label_from_instance = lambda f: f"{f.year}年　{f.title}（{f.owner.label}）"


class ClassifyForm(BaseForm):
    secret_grounds = forms.CharField(
        label=_("不公开的依据"), max_length=300, help_text=_("例如：企业保密制度第几条、合同保密条款。")
    )


class OutcomeForm(BaseForm):
    """``row``: what was given before keeps its papers."""

    outcome = words(_("攻关成果"), _("做成了什么，达到什么指标，怎样验证的。"), rows=5)
    quality_gain = figure(_("质量提升"), "%", _("合格率、精度等的改善幅度；没有影响不填。"), digits=7, most=1000)
    productivity_gain = figure(_("劳动生产率提升"), "%", _("与攻关前同口径比较。"), digits=7, most=1000)
    cost_saved = figure(_("年降本增效"), _("元"), _("按年计算；填写金额须附财务证明。"), digits=16)
    proof = paper(_("成果证明"), _("检测报告、应用证明、现场照片等。"))
    finance = paper(_("财务证明"), _("财务部门盖章的效益证明。"))
    sections = (
        Section(_("成果"), ["outcome"], key="what"),
        Section(_("提质增效"), ["quality_gain", "productivity_gain", "cost_saved"], key="figures"),
        Section(_("证明"), ["proof", "finance"], key="papers"),
    )

    def __init__(self, *args: Any, row: Problem | Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("proof", "finance"):
            if getattr(row, name):
                self.fields[name].help_text = _("已上传：%s；不再上传就沿用。") % getattr(row, f"{name}_name")


class PublishForm(ActorForm):
    title = forms.CharField(label=_("榜单名称"), max_length=80)
    task = words(_("攻关任务"), _("写给揭榜者看的内容，请去掉企业不愿公开的细节。"), rows=5)
    wished = words(_("验收标准"), _("达到什么指标算攻关成功。"), rows=3)
    reward = forms.CharField(
        label=_("激励办法"), max_length=200, required=False, help_text=_("例如：攻关补助、优先推荐创新成果。")
    )
    contact = forms.CharField(label=_("联系科室及电话"), max_length=80, help_text=_("各级工会能看到；公众网不显示。"))
    claim_until = forms.DateField(label=_("揭榜截止"))
    finish_by = forms.DateField(label=_("攻关完成期限"))
    audience = forms.ChoiceField(label=_("张榜范围"), choices=Audience, widget=forms.RadioSelect)
    invited_1 = OrganisationField(label=_("邀请的工会（一）"), rows=unions, required=False)
    invited_2 = OrganisationField(label=_("邀请的工会（二）"), rows=unions, required=False)
    invited_3 = OrganisationField(label=_("邀请的工会（三）"), rows=unions, required=False)
    invited_4 = OrganisationField(label=_("邀请的工会（四）"), rows=unions, required=False)
    sections = (
        Section(_("榜单"), ["title", "task", "wished", "reward", "contact", "claim_until", "finish_by"], key="what"),
        Section(_("张榜范围"), ["audience", *INVITED], help=_("选择“仅限定向邀请”时填写邀请的工会。"), key="who"),
    )

    def __init__(self, *args: Any, is_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("claim_until", "finish_by", *INVITED):
            self.fields[name].span = HALF
        if is_secret:
            self.fields["audience"].choices = [(Audience.INVITED.value, Audience.INVITED.label)]
            self.fields["audience"].help_text = _("这项难题涉密不公开，只能定向邀请。")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in INVITED}

    @property
    def invited(self) -> list[Organisation]:
        return [self.cleaned_data[name] for name in INVITED if self.cleaned_data.get(name)]


class ExtendForm(BaseForm):
    claim_until = forms.DateField(label=_("揭榜截止"))
    finish_by = forms.DateField(label=_("攻关完成期限"))


class ClaimForm(BaseForm):
    team = forms.CharField(label=_("攻关团队"), max_length=80, help_text=_("例如：某公司数控创新工作室。"))
    leader = forms.CharField(label=_("领衔人"), max_length=60)
    headcount = forms.IntegerField(label=_("团队人数"), min_value=1, max_value=500)
    strength = words(_("攻关基础"), _("设备、经验、做过的类似项目。"), rows=3)
    plan = words(_("攻关思路"), _("准备怎样解决，大致步骤和时间。"), rows=5)
    contact = forms.CharField(label=_("联系电话"), max_length=60, help_text=_("只供难题提出工会和发榜工会联系。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["headcount"].unit = _("人")
        self.fields["leader"].span = self.fields["headcount"].span = HALF


class OpinionForm(BaseForm):
    opinion = forms.CharField(label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opinion"].required = required


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class MilestoneForm(BaseForm):
    title = forms.CharField(label=_("节点"), max_length=80, help_text=_("例如：完成工艺试验、小批试制合格。"))
    due_on = forms.DateField(label=_("计划完成"))


class ProgressForm(BaseForm):
    percent = forms.IntegerField(label=_("总体进度"), min_value=0, max_value=100)
    milestone = forms.ModelChoiceField(
        label=_("完成的节点"), queryset=None, required=False, empty_label=_("没有完成节点")
    )
    words = words(_("进展和困难"), _("做了什么，遇到什么困难，下一步怎么办。"), rows=4)
    file = paper(_("附件"), _("试验记录、照片等，可不传。"))

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = claim.milestones.filter(done_on=None)
        self.fields["percent"].unit = "%"

"""Forms of the key projects: validation only; the domain writes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.projects.domain.files import MAX_MB, PAPERS, PICTURES
from competitions.projects.domain.progress import field_of
from competitions.projects.domain.register import FACTS
from competitions.projects.enums import (
    Cadence,
    Duty,
    FundSource,
    ProjectKind,
    ProjectLevel,
    ProjectStatus,
    TicketCategory,
)
from competitions.projects.models import KeyProject, Period
from competitions.projects.queries import open_projects
from competitions.projects.scoring import Definition
from portal.accounts.forms.pickers import ActorForm, OrganisationField, PickerField
from portal.accounts.models import CodeList
from portal.accounts.queries import codes
from portal.accounts.queries.organisations import managed
from portal.lifecycle.notice.forms import MultipleFiles
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"


def _files(label: Any, help_text: Any = "", *, kinds: tuple[str, ...] = PAPERS) -> MultipleFiles:
    accept = ",".join(f".{kind}" for kind in kinds)
    widget = FileInput(accept=accept, max_bytes=MAX_MB * MB, multiple=True)
    return MultipleFiles(label=label, required=False, widget=widget, help_text=help_text)


def _words(label: Any, help_text: Any = "", *, rows: int = 4, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=3000, required=required, widget=widget, help_text=help_text)


def _count(label: Any, unit: Any, **options: Any) -> forms.IntegerField:
    field = forms.IntegerField(label=label, min_value=0, required=False, **options)
    field.unit, field.span = unit, HALF
    return field


def _amount(label: Any, unit: Any, *, span: str = HALF, **options: Any) -> forms.DecimalField:
    field = forms.DecimalField(label=label, min_value=0, decimal_places=2, **({"max_digits": 14} | options))
    field.unit, field.span = unit, span
    return field


def _days(initial: int, help_text: Any) -> forms.IntegerField:
    field = forms.IntegerField(label=_("办理期限"), initial=initial, min_value=1, max_value=120, help_text=help_text)
    field.unit = _("个工作日")
    return field


class ProjectForm(ActorForm):
    """The register's card of a project."""

    name = forms.CharField(label=_("工程名称"), max_length=120)
    approval_code = forms.CharField(
        label=_("项目代码"),
        max_length=40,
        required=False,
        help_text=_("全国投资项目在线审批监管平台代码，没有可不填。"),
    )
    level = forms.ChoiceField(label=_("级别"), choices=ProjectLevel)
    kind = forms.ChoiceField(label=_("类别"), choices=ProjectKind)
    status = forms.ChoiceField(
        label=_("建设状态"), choices=[c for c in ProjectStatus.choices if c[0] != ProjectStatus.FINISHED],
        initial=ProjectStatus.BUILDING, help_text=_("完工请在工程页面办理“收尾”。"),
    )  # fmt: skip
    districts = forms.MultipleChoiceField(
        label=_("所在区"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("跨区工程可选多个。")
    )
    place = forms.CharField(
        label=_("市外地点"), max_length=120, required=False, help_text=_("市外工程填写，如：川藏铁路沿线。")
    )
    is_regional = forms.BooleanField(label=_("京津冀协同项目"), required=False)
    client = forms.CharField(label=_("建设单位"), max_length=120)
    contractor = forms.CharField(label=_("总承包单位"), max_length=120, required=False)
    supervisor = forms.CharField(label=_("监理单位"), max_length=120, required=False)
    committee = forms.CharField(
        label=_("竞赛委员会"),
        max_length=300,
        required=False,
        help_text=_("主任及成员单位，如：建设单位牵头，总包、监理参加。"),
    )
    reporter = OrganisationField(
        label=_("填报单位工会"), required=False, rows=managed,
        help_text=_("牵头或总包单位的基层工会，由它报送进展；不填则由本级工会报送。"),
    )  # fmt: skip
    investment = _amount(_("总投资"), _("万元"), required=False)
    workers = _count(_("参建职工"), _("人"), initial=0)
    migrant_workers = _count(_("其中农民工"), _("人"), initial=0)
    teams = _count(_("班组数"), _("个"), initial=0)
    starts_on = forms.DateField(label=_("开工日期"))
    ends_on = forms.DateField(label=_("计划竣工日期"))
    cadence = forms.ChoiceField(label=_("报送周期"), choices=Cadence)
    report_days = forms.IntegerField(
        label=_("报送期限"), initial=5, min_value=1, max_value=30, help_text=_("每期结束后几个工作日内报送。")
    )
    named_year = forms.IntegerField(
        label=_("示范工程命名年度"), required=False, min_value=2000, max_value=2100, help_text=_("未命名不填。")
    )
    sections = (
        Section(_("工程"), ["name", "approval_code", "level", "kind", "status"], key="project"),
        Section(_("地点"), ["districts", "place", "is_regional"], key="place"),
        Section(_("单位与组织"), ["client", "contractor", "supervisor", "committee", "reporter"], key="units"),
        Section(_("规模"), ["investment", "workers", "migrant_workers", "teams"], key="size"),
        Section(_("工期与报送"), ["starts_on", "ends_on", "cadence", "report_days", "named_year"], key="time"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["districts"].choices = codes.choices(CodeList.DISTRICT)
        self.fields["report_days"].unit = _("个工作日")
        for name in ("level", "kind", "starts_on", "ends_on", "cadence", "report_days"):
            self.fields[name].span = HALF

    @property
    def facts(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in FACTS}
        return data | {name: data[name] or 0 for name in ("workers", "migrant_workers", "teams")}

    @staticmethod
    def initial_of(project: KeyProject) -> dict[str, Any]:
        return {name: getattr(project, name) for name in (*FACTS, "reporter")}


class ProjectField(PickerField):
    """One project out of many: typed, with suggestions."""

    url_name = "competitions:project.pick"
    placeholder = _("输入工程名称或编号，从提示中选择")
    not_found = _("没有找到这个工程，请输入名称或编号后从提示中选择。")

    def prepare_value(self, value: Any) -> Any:
        return self.text_of(value) if isinstance(value, KeyProject) else value

    def exactly(self, text: str) -> Q:
        return Q(number=text) | Q(name=text)

    @staticmethod
    def text_of(row: KeyProject) -> str:
        return f"{row.name}（{row.number}）"


class ChooseForm(ActorForm):
    project = ProjectField(label=_("工程"), rows=open_projects)


class PlanForm(BaseForm):
    """Planned percent at the end of every period; what was reported is fixed."""

    files = _files(_("竞赛方案"), _("盖章的竞赛方案。首次备案必须上传，变更计划可不再上传。"))

    def __init__(self, *args: Any, slots: list[tuple[dt.date, dt.date, Decimal, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = slots
        for start, end, planned, is_fixed in slots:
            field = _amount(Period(starts_on=start, ends_on=end).label, "%", max_value=100, max_digits=5)
            field.initial, field.disabled = planned, is_fixed
            field.help_text = _("已报送，不再修改。") if is_fixed else ""
            field.widget.attrs["class"] = "form-control"
            self.fields[field_of(start)] = field

    def declared_sections(self) -> list[Section]:
        names = [field_of(start) for start, *_rest in self.slots]
        note = _("到每期末累计应完成的形象进度。已按工期平均铺开，请按施工组织设计调整；最后一期须为100%。")
        return [Section(_("竞赛方案"), ["files"], key="files"), Section(_("计划进度"), names, help=note, key="plan")]

    @property
    def percents(self) -> dict[dt.date, Decimal]:
        return {start: self.cleaned_data[field_of(start)] for start, _e, _p, fixed in self.slots if not fixed}


class ReportForm(BaseForm):
    percent = _amount(_("形象进度"), "%", max_value=100, max_digits=5, help_text=_("到本期末累计完成的百分比。"))
    invested = _amount(_("累计完成投资"), _("万元"), required=False)
    pass_rate = _amount(_("一次验收合格率"), "%", max_value=100, max_digits=5, required=False)
    accidents = _count(_("质量安全事故"), _("起"), initial=0)
    hazards = _count(_("查出隐患"), _("处"), initial=0)
    hazards_fixed = _count(_("已整改"), _("处"), initial=0)
    innovations = _count(_("技术创新成果"), _("项"), initial=0, help_text=_("工法、QC 成果、“五小”成果等。"))
    events = _count(_("竞赛活动"), _("场"), initial=0)
    people = _count(_("参赛"), _("人次"), initial=0)
    words = _words(_("进展情况"), _("本期完成的主要工程、节点和竞赛活动。"), rows=5)
    difficulties = _words(_("困难问题"), _("需要上级协调的，报送后可在工程页面提出问题单。"), rows=3, required=False)
    files = _files(_("佐证材料"), _("形象进度照片、监理月报等，可多选。"))
    sections = (
        Section(_("进度"), ["percent", "invested"], key="progress"),
        Section(_("质量安全"), ["pass_rate", "accidents", "hazards", "hazards_fixed"], key="safety"),
        Section(_("竞赛活动"), ["innovations", "events", "people"], key="contest"),
        Section(_("情况"), ["words", "difficulties", "files"], key="words"),
    )

    @property
    def figures(self) -> dict[str, Any]:
        left = {"words", "difficulties", "files"}
        counted = {n: v for n, v in self.cleaned_data.items() if n not in left}
        return {n: v or 0 if isinstance(self.fields[n], forms.IntegerField) else v for n, v in counted.items()}


class ReturnForm(BaseForm):
    reason = _words(_("退回意见"), _("填报单位会看到。"))
    days = _days(3, _("自今天起计算。"))


class ReopenForm(BaseForm):
    reason = _words(_("退回重办的原因"), _("责任单位会看到，并须重新上传办结证明。"))
    days = _days(5, _("自今天起计算。"))


class EscalateForm(BaseForm):
    reason = _words(_("升级督办的原因"), _("上一级工会会看到，责任单位不变。"))


class ParticipantForm(ActorForm):
    organisation = OrganisationField(
        label=_("工会"), rows=managed, help_text=_("加入后，该工会及其上级可以查看本工程。")
    )
    duty = forms.ChoiceField(label=_("参与方式"), choices=Duty)


class MilestoneForm(BaseForm):
    title = forms.CharField(label=_("节点"), max_length=80, help_text=_("如：主体结构封顶、全线贯通。"))
    planned_on = forms.DateField(label=_("计划完成"))


class MilestoneDoneForm(BaseForm):
    done_on = forms.DateField(label=_("实际完成"))


class ScorecardForm(BaseForm):
    """One field for each dimension of the definition in force."""

    scored_on = forms.DateField(label=_("评分日期"))
    veto = forms.ChoiceField(label=_("一票否决情形"), required=False)
    words = _words(_("评语"), rows=3, required=False)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields["veto"].choices = [("", _("没有")), *((v, v) for v in definition.vetoes)]
        for d in definition.dimensions:
            unit = _("分 / 满分%s") % f"{d.max.normalize():f}"
            field = _amount(d.title, unit, max_digits=5, max_value=d.max, help_text=d.asks)
            field.widget.attrs["class"] = "form-control"
            self.fields[f"mark_{d.code}"] = field

    def declared_sections(self) -> list[Section]:
        names = [f"mark_{d.code}" for d in self.definition.dimensions]
        return [
            Section(_("评分"), ["scored_on"], key="day"),
            Section(_("六个维度"), names, key="marks"),
            Section(_("评语"), ["veto", "words"], key="words"),
        ]

    @property
    def marks(self) -> dict[str, Decimal]:
        return {d.code: self.cleaned_data[f"mark_{d.code}"] for d in self.definition.dimensions}


class VisitForm(BaseForm):
    planned_on = forms.DateField(label=_("计划日期"))
    team = forms.CharField(label=_("带队及成员"), max_length=200)
    agenda = forms.CharField(
        label=_("安排"), max_length=300, required=False, help_text=_("如：座谈汇报、实地考察、查阅资料、反馈意见。")
    )


class VisitRecordForm(BaseForm):
    visited_on = forms.DateField(label=_("实际日期"))
    findings = _words(_("情况及意见"), _("看到的情况、好的做法、存在的问题；问题可在登记后转为问题单。"), rows=6)
    score = _amount(_("现场评分"), _("分"), max_value=100, max_digits=5, required=False)
    photos = _files(_("现场照片"), _("可多选，照片中的拍摄地点等信息会自动去除。"), kinds=PICTURES)


class TicketForm(BaseForm):
    category = forms.ChoiceField(label=_("类别"), choices=TicketCategory)
    title = forms.CharField(label=_("问题"), max_length=120, help_text=_("一句话写清楚。"))
    text = _words(_("具体情况"), _("地点、影响、希望怎样解决。"))
    responsible = forms.ChoiceField(label=_("责任单位"), help_text=_("负责办理并反馈的工会。"))
    department = forms.CharField(
        label=_("协调部门"), max_length=80, help_text=_("如：区住房建设部门、市总权益保障部。")
    )
    days = _days(10, _("自今天起计算；到期没有反馈，自动升级由上一级工会督办。"))

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {str(row.pk): row for row in choices}
        self.fields["responsible"].choices = [(pk, row.name) for pk, row in self.organisations.items()]

    def clean_responsible(self) -> Any:
        return self.organisations[self.cleaned_data["responsible"]]


class RemindForm(BaseForm):
    """The words that a person reads, and changes, before they leave."""

    words = _words(
        _("催办函正文"), _("发给对方单位的填报、审核和管理人员（站内和邮件）；所列事项和期限会自动附在后面。")
    )


class RemindReportsForm(RemindForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].initial = _("下列重点工程进展已超过报送期限，请尽快登录平台报送；有困难的请说明原因。")


class RemindTicketsForm(RemindForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].initial = _("下列问题已超过办理期限，请尽快办理并登录平台反馈结果、上传办结证明。")


class SolveForm(BaseForm):
    solution = _words(_("办理结果"), _("采取了什么措施，问题是否解决。"))
    files = _files(_("办结证明"), _("整改照片、支付凭证、会议纪要等，至少一份。"))


class CareForm(BaseForm):
    on = forms.DateField(label=_("慰问日期"))
    leaders = forms.CharField(label=_("带队领导"), max_length=200, help_text=_("填写职务即可。"))
    recipients = _words(_("慰问对象"), _("班组或岗位；名单可作为附件上传。"), rows=3)
    headcount = forms.IntegerField(label=_("慰问人数"), min_value=1)
    goods = _words(_("慰问品清单"), _("品名、数量。"), rows=3, required=False)
    amount = _amount(_("金额"), _("元"), max_digits=12)
    source = forms.ChoiceField(label=_("资金来源"), choices=FundSource)
    approval_number = forms.CharField(
        label=_("审批文号"), max_length=60, required=False, help_text=_("使用工会经费必须填写。")
    )
    files = _files(_("慰问凭证"), _("签收单、票据、照片；有金额的至少一份。"))
    sections = (
        Section(_("慰问"), ["on", "leaders", "recipients", "headcount"], key="who"),
        Section(_("钱物"), ["goods", "amount", "source", "approval_number", "files"], key="what"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["headcount"].unit = _("人")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "files"}


class CloseForm(BaseForm):
    finished_on = forms.DateField(label=_("实际竣工日期"))
    summary = _words(_("竞赛总结"), _("组织情况、完成的进度质量安全目标、表彰建议。"), rows=6)
    experience = _words(_("典型经验做法"), _("可供其他工程借鉴的做法，收尾后进入案例。"), rows=6, required=False)
    files = _files(_("附件"), _("总结报告、验收文件等。"))

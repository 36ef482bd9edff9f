"""Forms of the green contest: validation only; the domain writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.green.domain.dictionary import GROUP_FACTS, formula_words
from competitions.green.domain.files import MAX_MB, PAPERS
from competitions.green.enums import BenchmarkKind, Direction, Proposer, SavingKind, SubjectLevel
from competitions.green.models import BenchmarkGroup, Indicator
from competitions.green.models.subjects import month_words
from portal.accounts.models import Organisation
from portal.lifecycle.notice.forms import MultipleFiles
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput, MonthInput

HALF = "half"
INPUTS = 6  # most inputs of an indicator added in the browser


def _files(label: Any, help_text: Any = "") -> MultipleFiles:
    accept = ",".join(f".{kind}" for kind in PAPERS)
    widget = FileInput(accept=accept, max_bytes=MAX_MB * MB, multiple=True)
    return MultipleFiles(label=label, required=False, widget=widget, help_text=help_text)


def _words(label: Any, help_text: Any = "", *, rows: int = 3, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, required=required, widget=widget, help_text=help_text)


def _number(label: Any, unit: Any, *, places: int = 4, **options: Any) -> forms.DecimalField:
    field = forms.DecimalField(label=label, **({"min_value": 0, "decimal_places": places, "max_digits": 16} | options))
    field.unit, field.span = unit, HALF
    return field


def _month(label: Any, **options: Any) -> forms.DateField:
    field = forms.DateField(label=label, input_formats=["%Y-%m", "%Y-%m-%d"], widget=MonthInput(), **options)
    field.span = HALF
    return field


class GroupForm(BaseForm):
    name = forms.CharField(label=_("对标组"), max_length=60, help_text=_("如：电炉炼钢、空压站。"))
    product = forms.CharField(label=_("产品或工序"), max_length=60, help_text=_("同类产品或同一工序才可比较。"))
    boundary = _words(_("统计边界"), _("包括哪些设备和能源，不包括哪些。"))
    indicator = forms.ChoiceField(label=_("对标指标"))
    benchmark = _number(_("标杆值"), _("按指标单位"))
    benchmark_kind = forms.ChoiceField(label=_("标杆来源"), choices=BenchmarkKind)
    basis = forms.CharField(label=_("标准号或出处"), max_length=120)
    is_seasonal = forms.BooleanField(
        label=_("季节性工序"), required=False, help_text=_("供热、制冷等：改善幅度与上一年同月比较。")
    )
    cohost = forms.ChoiceField(label=_("联合主办部门"), required=False, help_text=_("该部门可以查看本组数据。"))
    is_open = forms.BooleanField(label=_("接受参赛"), required=False, initial=True)
    sections = (
        Section(_("可比范围"), ["name", "product", "boundary"], key="what"),
        Section(_("指标与标杆"), ["indicator", "benchmark", "benchmark_kind", "basis", "is_seasonal"], key="how"),
        Section(_("组织"), ["cohost", "is_open"], key="who"),
    )

    def __init__(
        self, *args: Any, indicators: Sequence[Indicator], departments: Sequence[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = {str(row.pk): row for row in indicators}
        self.departments = {str(row.pk): row for row in departments}
        self.fields["indicator"].choices = [
            (pk, _("%(name)s 第%(n)d版") % {"name": row, "n": row.version}) for pk, row in self.indicators.items()
        ]
        self.fields["cohost"].choices = [("", _("没有")), *((pk, row.name) for pk, row in self.departments.items())]

    @property
    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["indicator"] = self.indicators[data["indicator"]]
        data["cohost"] = self.departments.get(data["cohost"])
        return data

    @staticmethod
    def initial_of(group: BenchmarkGroup) -> dict[str, Any]:
        data = {name: getattr(group, name) for name in GROUP_FACTS}
        return data | {"indicator": str(group.indicator_id), "cohost": str(group.cohost_id or "")}


class SubjectForm(BaseForm):
    group = forms.ChoiceField(label=_("对标组"), help_text=_("只与同组、同层级的参赛主体比较。"))
    level = forms.ChoiceField(label=_("层级"), choices=SubjectLevel, initial=SubjectLevel.TEAM)
    name = forms.CharField(
        label=_("参赛主体"), max_length=60, help_text=_("企业、班组或岗位名称，如：炼钢厂转炉甲班。")
    )
    people = forms.IntegerField(label=_("参赛职工"), min_value=1)
    leader = forms.CharField(label=_("负责人"), max_length=20, required=False)
    first_month = _month(_("开始填报月份"), help_text=_("从这个月起每月填报；可以补报以前的月份。"))

    def __init__(self, *args: Any, groups: Sequence[BenchmarkGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(row.pk): row for row in groups}
        self.fields["group"].choices = [(pk, f"{row.name}（{row.product}）") for pk, row in self.groups.items()]
        self.fields["people"].unit = _("人")
        for name in ("level", "people", "leader"):
            self.fields[name].span = HALF

    def clean_group(self) -> BenchmarkGroup:
        return self.groups[self.cleaned_data["group"]]


class SubjectChangeForm(BaseForm):
    people = forms.IntegerField(label=_("参赛职工"), min_value=1)
    leader = forms.CharField(label=_("负责人"), max_length=20, required=False)
    last = _month(_("最后填报月份"), required=False, help_text=_("退出对标时填写；此后不再要求填报。"))


class BaselineForm(BaseForm):
    starts_on = _month(_("基准期起"))
    ends_on = _month(_("基准期止"))
    value = _number(_("基准值"), "", help_text=_("基准期的平均水平，口径与月报一致。"))
    note = _words(_("说明"), required=False)
    files = _files(_("基准期凭证"), _("能源报表、抄表记录等，至少一份。"))

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].unit = unit


class ReadingForm(BaseForm):
    """One field for each input of the indicator; the value is calculated by the portal."""

    month = forms.ChoiceField(label=_("月份"))
    note = _words(_("说明"), _("数据有异常波动的请说明；更正已核定的月报必须写明原因。"), required=False)
    files = _files(_("能耗凭证"), _("抄表记录、能源报表，至少一份。"))

    def __init__(self, *args: Any, indicator: Indicator, months: Sequence[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.fields["month"].choices = [(m.isoformat(), month_words(m)) for m in months]
        for entry in indicator.inputs:
            field = _number(entry["label"], entry["unit"])
            field.widget.attrs["class"] = "form-control"
            self.fields[f"input_{entry['code']}"] = field

    def declared_sections(self) -> list[Section]:
        names = [f"input_{entry['code']}" for entry in self.indicator.inputs]
        note = _("指标值由平台按公式和当年系数计算：%s") % formula_words(self.indicator)
        return [
            Section(_("月份"), ["month"], key="month"),
            Section(_("计量数据"), names, help=note, key="inputs"),
            Section(_("凭证"), ["files", "note"], key="files"),
        ]

    @property
    def inputs(self) -> dict[str, Decimal]:
        return {entry["code"]: self.cleaned_data[f"input_{entry['code']}"] for entry in self.indicator.inputs}

    def clean_month(self) -> dt.date:
        return dt.date.fromisoformat(self.cleaned_data["month"])

    def add_domain_error(self, error: Any) -> None:
        codes = {entry["code"] for entry in self.indicator.inputs}
        error.fields = {f"input_{k}" if k in codes else k: v for k, v in error.fields.items()}
        super().add_domain_error(error)


class WorkbookForm(BaseForm):
    workbook = forms.FileField(
        label=_("填好的表"),
        widget=FileInput(accept=".xlsx", max_bytes=10 * MB),
        help_text=_("用本组下载的模板，不改表头。"),
    )
    files = _files(_("能耗凭证"), _("覆盖表中各月的能源报表或抄表记录；只检查时可不传。"))
    dry = forms.BooleanField(label=_("只检查，不写入"), required=False, initial=True)


class ReasonForm(BaseForm):
    reason = _words(_("原因"), _("填报单位会看到。"))


class SavingForm(BaseForm):
    """Electricity, other energy and money a year: estimated or verified."""

    kwh = _number(_("年节电"), _("千瓦时"), places=0, required=False)
    other = _number(
        _("年节约其他能源"), _("吨标准煤"), places=2, required=False, help_text=_("煤、油、气、热折标准煤。")
    )
    yuan = _number(_("年经济效益"), _("元"), places=2, required=False)


class SuggestionForm(SavingForm):
    title = forms.CharField(label=_("建议名称"), max_length=80)
    kind = forms.ChoiceField(label=_("节能类别"), choices=SavingKind)
    proposer_kind = forms.ChoiceField(label=_("建议人类别"), choices=Proposer)
    proposer = forms.CharField(label=_("建议人"), max_length=40, help_text=_("班组名称或职工姓名。"))
    subject = forms.ChoiceField(label=_("参赛主体"), required=False, help_text=_("与某个参赛主体有关的请选择。"))
    baseline = forms.CharField(
        label=_("基准期与数据"), max_length=200, help_text=_("如：2025年循环水泵用电120万千瓦时。")
    )
    measures = _words(_("措施"), rows=5)
    investment = _number(_("投资"), _("元"), places=2, required=False)
    sections = (
        Section(_("建议"), ["title", "kind", "proposer_kind", "proposer", "subject"], key="what"),
        Section(_("措施"), ["baseline", "measures", "investment"], key="how"),
        Section(
            _("预计每年节约"), ["kwh", "other", "yuan"], help=_("折标准煤和减碳量由平台按当年系数计算。"), key="saving"
        ),
    )

    def __init__(self, *args: Any, subjects: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = {str(row.pk): row for row in subjects}
        self.fields["subject"].choices = [("", _("不针对某个主体")), *((pk, str(r)) for pk, r in self.subjects.items())]
        self.fields["kind"].span = self.fields["proposer_kind"].span = self.fields["proposer"].span = HALF

    @property
    def facts(self) -> dict[str, Any]:
        left = {"kwh", "other", "yuan"}
        data = {name: value for name, value in self.cleaned_data.items() if name not in left}
        return data | {"subject": self.subjects.get(data["subject"])}

    @property
    def figures(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kwh", "other", "yuan")}


class ClaimForm(SavingForm):
    verifier = forms.CharField(label=_("核实单位"), max_length=60, help_text=_("单位能源管理部门或第三方机构。"))
    done_on = forms.DateField(label=_("实施完成日期"))
    files = _files(_("节能量核实证明"), _("盖章的核实报告、计量记录，至少一份。"))
    sections = (
        Section(_("核实的每年节约"), ["kwh", "other", "yuan"], key="saving"),
        Section(_("核实"), ["verifier", "done_on", "files"], key="proof"),
    )


class ProposeForm(BaseForm):
    reason = _words(_("推荐理由"), _("写入即时授予建议，单位据此起草推荐材料。"), rows=4)


class CoefficientsForm(BaseForm):
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    source = forms.CharField(label=_("来源"), max_length=300, help_text=_("标准号、公告名称和年份。"))

    def __init__(self, *args: Any, entries: dict[str, dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for code, entry in entries.items():
            field = _number(entry["label"], entry["unit"], places=6)
            field.initial = Decimal(entry["value"])
            field.widget.attrs["class"] = "form-control"
            self.fields[code] = field

    def declared_sections(self) -> list[Section]:
        note = _("变动的系数从本版起生效；已经计算的结果保留当时的版本。")
        return [
            Section(_("年度与来源"), ["year", "source"], key="year"),
            Section(_("系数"), list(self.entries), help=note, key="values"),
        ]

    @property
    def values(self) -> dict[str, dict[str, str]]:
        return {
            code: {**entry, "value": f"{self.cleaned_data[code].normalize():f}"} for code, entry in self.entries.items()
        }


class IndicatorForm(BaseForm):
    """A new indicator, or the next version of one; inputs as lines ``代码 名称 单位``."""

    code = forms.RegexField(
        label=_("代码"),
        regex=r"^[a-z][a-z0-9_]{1,39}$",
        help_text=_("小写字母、数字和下划线；与已有代码相同即为新版本。"),
    )
    name = forms.CharField(label=_("指标"), max_length=60)
    unit = forms.CharField(label=_("单位"), max_length=20)
    direction = forms.ChoiceField(label=_("方向"), choices=Direction)
    inputs = _words(_("填报项"), _("每行一项：代码 名称 单位，以空格分开，如：power 电力 kWh。"), rows=4)
    formula = forms.CharField(
        label=_("公式"),
        max_length=300,
        help_text=_("用填报项和系数的代码，可用 + − × ÷ 和括号，如：power * k_power / output。"),
    )
    weight = forms.CharField(label=_("权数"), max_length=40, help_text=_("作为分母的填报项代码，求平均值时用。"))
    saving = forms.CharField(
        label=_("折标准煤公式"), max_length=300, required=False, help_text=_("由节约量 saved 折算吨标准煤，可不填。")
    )
    co2 = forms.CharField(label=_("折二氧化碳公式"), max_length=300, required=False)
    source = forms.CharField(label=_("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "name", "unit", "direction", "weight", "source"):
            self.fields[name].span = HALF

    def clean_inputs(self) -> list[dict[str, str]]:
        lines = [line.split() for line in self.cleaned_data["inputs"].splitlines() if line.strip()]
        if any(len(parts) != 3 or not parts[0].isidentifier() or not parts[0].islower() for parts in lines):
            raise forms.ValidationError(_("每行须是“代码 名称 单位”三部分，代码用小写字母。"))
        if len(lines) > INPUTS:
            raise forms.ValidationError(_("最多%d个填报项。") % INPUTS)
        return [{"code": code, "label": label, "unit": unit} for code, label, unit in lines]

    @staticmethod
    def initial_of(row: Indicator) -> dict[str, Any]:
        names = ("code", "name", "unit", "direction", "formula", "weight", "saving", "co2", "source")
        lines = "\n".join(f"{e['code']} {e['label']} {e['unit']}" for e in row.inputs)
        return {name: getattr(row, name) for name in names} | {"inputs": lines}

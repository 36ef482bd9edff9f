"""Forms of the sub-plans; the scheme's form has two fields for each task, in the plan's chapters."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput
from portal.workplans.domain.files import ACCEPT, MAX_MB
from portal.workplans.domain.schemes import LineDraft
from portal.workplans.models import SchemeLine

ACCEPTED = ",".join(f".{kind}" for kind in ACCEPT)


def _days(label: Any, initial: int, help_text: Any) -> forms.IntegerField:
    field = forms.IntegerField(label=label, initial=initial, min_value=1, max_value=120, help_text=help_text)
    field.unit = _("个工作日")
    return field


class YearForm(BaseForm):
    year = forms.IntegerField(label=_("年度"))
    scheme_days = _days(_("实施方案报送期限"), 20, _("自今天起计算，各单位须在此期限内报送。"))
    review_days = _days(_("市总工会审核期限"), 10, _("自报送之日起计算。"))
    report_days = _days(_("季度进展报送期限"), 10, _("自每季度末起计算。"))


class ReturnForm(BaseForm):
    reason = forms.CharField(
        label=_("退回意见"), widget=forms.Textarea(attrs={"rows": 5}), max_length=1000, help_text=_("报送单位会看到。")
    )
    days = _days(_("修改期限"), 5, _("自今天起计算。"))


class FileForm(BaseForm):
    file = forms.FileField(
        label=_("实施方案文件"),
        widget=FileInput(accept=ACCEPTED, max_bytes=MAX_MB * MB),
        help_text=_("盖章的实施方案及附表，可多次上传。"),
    )


class ReportForm(BaseForm):
    value = forms.DecimalField(label=_("完成数"), max_digits=12, decimal_places=2, min_value=0, required=False)
    words = forms.CharField(label=_("进展情况"), widget=forms.Textarea(attrs={"rows": 6}), max_length=2000)
    evidence = forms.FileField(
        label=_("佐证材料"), required=False, widget=FileInput(accept=ACCEPTED, max_bytes=MAX_MB * MB)
    )

    def __init__(self, *args: Any, line: SchemeLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        field.label = line.task.measure
        field.unit = line.task.unit
        field.help_text = _("填本季度新增数。") if line.task.accumulates else _("填到本季度末达到的水平。")


def _figure(label: Any, line: SchemeLine) -> forms.DecimalField:
    field = forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=0, required=False)
    field.unit = line.task.unit
    return field


class LinesForm(BaseForm):
    """Fields by line, grouped by the plan's chapters."""

    def __init__(self, *args: Any, lines: list[SchemeLine], **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(*args, **kwargs)

    def names(self, line: SchemeLine) -> list[str]:
        raise NotImplementedError

    def declared_sections(self) -> list[Section]:
        groups = groupby(self.lines, key=lambda line: line.task.chapter)
        return [
            Section(title, [n for line in rows for n in self.names(line)], key=f"chapter-{i}")
            for i, (title, rows) in enumerate(groups, start=1)
        ]


class AssignForm(LinesForm):
    """任务分解: the federation's figures for one union."""

    def __init__(self, *args: Any, lines: list[SchemeLine], **kwargs: Any) -> None:
        super().__init__(*args, lines=lines, **kwargs)
        for line in lines:
            field = self.fields[self.names(line)[0]] = _figure(f"{line.task}：{line.task.measure}", line)
            field.initial = None if line.assigned is None else f"{line.assigned.normalize():f}"
            field.span = "half"
            self._dress(field)

    def _dress(self, field: forms.Field) -> None:
        field.widget.attrs["class"] = "form-control"

    def names(self, line: SchemeLine) -> list[str]:
        return [f"assigned_{line.pk}"]

    @property
    def targets(self) -> dict[int, Any]:
        return {line.pk: self.cleaned_data[f"assigned_{line.pk}"] for line in self.lines}


class SchemeForm(LinesForm):
    """The union's scheme: the text, and for each task target and steps. May be saved incomplete."""

    def __init__(self, *args: Any, lines: list[SchemeLine], text: str, **kwargs: Any) -> None:
        super().__init__(*args, lines=lines, **kwargs)
        self.fields["text"] = forms.CharField(
            label=_("实施方案正文"),
            required=False,
            max_length=20_000,
            initial=text,
            widget=forms.Textarea(attrs={"rows": 10, "class": "form-control"}),
            help_text=_("结合本地区、本系统实际，写明组织领导、工作安排和保障措施。"),
        )
        for line in lines:
            target, steps = self.names(line)
            label = f"{line.task}：{line.task.measure}"
            self.fields[target] = field = _figure(label, line)
            field.initial, field.help_text = line.target, self._hint(line)
            self.fields[steps] = forms.CharField(
                label=_("%s：工作举措") % line.task.title,
                required=False,
                max_length=1000,
                initial=line.steps,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            )
            field.widget.attrs["class"] = "form-control"

    def _hint(self, line: SchemeLine) -> Any:
        if line.assigned is None:
            return _("市总未下达指标，可不设数量目标。")
        return _("市总下达指标：%(n)s%(unit)s，目标不得低于此数。") % {
            "n": f"{line.assigned.normalize():f}",
            "unit": line.task.unit,
        }

    def names(self, line: SchemeLine) -> list[str]:
        return [f"target_{line.pk}", f"steps_{line.pk}"]

    def declared_sections(self) -> list[Section]:
        return [Section(_("总体安排"), ["text"], key="text"), *super().declared_sections()]

    @property
    def drafts(self) -> dict[int, LineDraft]:
        data = self.cleaned_data
        return {line.pk: LineDraft(*(data[name] for name in self.names(line))) for line in self.lines}

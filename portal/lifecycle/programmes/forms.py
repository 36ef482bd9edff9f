"""Input of the pages about cycles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.models import Cycle, Programme, StageStatus
from portal.web.forms import BaseForm, dress
from portal.web.ui import Section

REASON_MAX = 500


class OpenCycleForm(BaseForm):
    programme = forms.ModelChoiceField(label=_("项目"), queryset=Programme.objects.none())
    year = forms.IntegerField(label=_("评选年度"), min_value=2021, max_value=2099)
    start_date = forms.DateField(
        label=_("申报开始日期"),
        help_text=_("其余各环节的日期按方案规定的天数和工作日自动排出，开设后可以调整。"),
    )

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
        self.fields["programme"].empty_label = _("请选择项目")


class CopyCycleForm(BaseForm):
    year = forms.IntegerField(label=_("评选年度"), min_value=2021, max_value=2099)
    start_date = forms.DateField(
        label=_("申报开始日期"), help_text=_("各环节沿用上届的间隔，落在休息日的顺延到下一个工作日。")
    )


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}))


class ReopenForm(ReasonForm):
    closes_at = forms.DateTimeField(label=_("新的结束时间"))
    field_order = ("closes_at", "reason")


class AmendForm(BaseForm):
    """Facts of the cycle, and two dates for each stage that is not closed."""

    label = forms.CharField(label=_("届次名称"), max_length=60)
    call_number = forms.CharField(label=_("通知文号"), max_length=60, required=False)
    period_start = forms.DateField(label=_("成果起始日期"))
    period_end = forms.DateField(label=_("成果截止日期"))

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("call_number", "label", "period_start", "period_end"):
            self.fields[name].span = "half"
        self.stages = [stage for stage in cycle.stages.all() if stage.status != StageStatus.CLOSED]
        sections = [Section(_("届次"), ("label", "call_number", "period_start", "period_end"), key="cycle")]
        for stage in self.stages:
            names = (f"opens_{stage.pk}", f"closes_{stage.pk}")
            for name, text in zip(names, (_("开始"), _("结束")), strict=True):
                self.fields[name] = _date_time(text)
            sections.append(Section(stage.title, names, key=f"stage-{stage.pk}"))
        self.fields["reason"] = forms.CharField(
            label=_("调整原因"),
            max_length=REASON_MAX,
            help_text=_("调整会记入办理记录，各级工会都能看到。"),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        sections.append(Section(_("原因"), ("reason",), key="reason"))
        self.sections = sections

        for field in self.fields.values():
            dress(field)

    def dates(self) -> dict[int, tuple[Any, Any]]:
        data = self.cleaned_data
        return {stage.pk: (data[f"opens_{stage.pk}"], data[f"closes_{stage.pk}"]) for stage in self.stages}

    @staticmethod
    def initial_of(cycle: Cycle) -> dict[str, Any]:
        facts = {name: getattr(cycle, name) for name in ("label", "call_number", "period_start", "period_end")}
        for stage in cycle.stages.all():
            facts |= {f"opens_{stage.pk}": stage.opens_at, f"closes_{stage.pk}": stage.closes_at}
        return facts


def _date_time(label: Any) -> forms.DateTimeField:
    field = forms.DateTimeField(label=label)
    field.span = "half"
    return field

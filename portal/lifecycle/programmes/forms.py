"""Input of the pages about cycles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.copying import copy_parts
from portal.lifecycle.programmes.models import Cycle, Programme
from portal.lifecycle.programmes.schedule import CLOSES, OPENS, Slot
from portal.web.forms import BaseForm, dress

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
    """Year and first day of the new cycle, and what it takes over (``copying.copy_parts``)."""

    year = forms.IntegerField(label=_("评选年度"), min_value=2021, max_value=2099)
    start_date = forms.DateField(
        label=_("申报开始日期"), help_text=_("各环节沿用上届的间隔，落在休息日的顺延到下一个工作日。")
    )
    chosen = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)  # the boxes were shown
    parts = forms.MultipleChoiceField(label=_("沿用"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].span = self.fields["start_date"].span = "half"
        self.fields["parts"].choices = [(part.key, part.title) for part in copy_parts()]

    def chosen_parts(self) -> list[str]:
        """The parts that were ticked; all of them when the form was sent without the boxes."""
        data = self.cleaned_data
        return data["parts"] if data["chosen"] else [part.key for part in copy_parts()]


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}))


class ReopenForm(ReasonForm):
    closes_at = forms.DateTimeField(label=_("新的结束时间"))
    field_order = ("closes_at", "reason")


class TimelineForm(BaseForm):
    """Two dates for each stage that is not finished: the truth behind the drawn bars."""

    guard_leaving = True

    def __init__(self, *args: Any, slots: Sequence[Slot], **kwargs: Any) -> None:
        initial = {f"opens_{slot.key}": slot.opens for slot in slots}
        initial |= {f"closes_{slot.key}": slot.closes for slot in slots}
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.slots = list(slots)
        for slot in self.movable:
            for side, text in ((OPENS, _("%(stage)s开始")), (CLOSES, _("%(stage)s结束"))):
                field = forms.DateTimeField(label=text % {"stage": slot.title})
                dress(field)
                self.fields[f"{side}_{slot.key}"] = field

    @property
    def movable(self) -> list[Slot]:
        return [slot for slot in self.slots if not slot.is_fixed]

    def clean(self) -> dict[str, Any]:
        """Keeps the dates as they were sent: a field that is refused later loses its cleaned value."""
        data = super().clean() or self.cleaned_data
        self._sent = self._read(data)
        return data

    def dates(self) -> dict[int, tuple[Any, Any]]:
        """What was sent and can be read; a time that shows the same minute as before is the one of before."""
        return getattr(self, "_sent", {})

    def _read(self, data: dict[str, Any]) -> dict[int, tuple[Any, Any]]:
        found = {}
        for slot in self.movable:
            opens, closes = (data.get(f"{side}_{slot.key}") for side in (OPENS, CLOSES))
            if opens and closes:
                found[slot.key] = (_unchanged(opens, slot.opens), _unchanged(closes, slot.closes))
        return found


def _unchanged(value: Any, before: Any) -> Any:
    return before if value == before.replace(second=0, microsecond=0) else value


class AmendForm(TimelineForm):
    """Facts of the cycle, the dates of its stages, and why."""

    label = forms.CharField(label=_("届次名称"), max_length=60)
    call_number = forms.CharField(label=_("通知文号"), max_length=60, required=False)
    period_start = forms.DateField(label=_("成果起始日期"))
    period_end = forms.DateField(label=_("成果截止日期"))
    reason = forms.CharField(
        label=_("调整原因"),
        max_length=REASON_MAX,
        help_text=_("调整会记入办理记录，并通知有关的工会、单位和专家。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_public = forms.BooleanField(label=_("同时在公开的征集页面公布这次调整"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FACTS:
            self.fields[name].span = "half"

    @staticmethod
    def initial_of(cycle: Cycle) -> dict[str, Any]:
        return {name: getattr(cycle, name) for name in FACTS}


FACTS = ("label", "call_number", "period_start", "period_end")

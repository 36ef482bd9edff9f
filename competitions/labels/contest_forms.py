"""Forms of 班组竞赛: validation only; the domain writes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.labels.enums import Among, Rhythm
from competitions.labels.forms import halves, words_field
from competitions.labels.models import TeamContestant, TeamContestItem, WorkTeam
from portal.web.forms import BaseForm
from portal.web.ui import Section

FACTS = ("title", "rhythm", "among", "words", "starts_on", "ends_on")


class StartForm(BaseForm):
    title = forms.CharField(label=_("竞赛名称"), max_length=80)
    rhythm = forms.ChoiceField(label=_("计分周期"), choices=Rhythm)
    among = forms.ChoiceField(label=_("参赛对象"), choices=Among)
    starts_on = forms.DateField(label=_("开始"))
    ends_on = forms.DateField(label=_("结束"))
    words = words_field(_("规则"), _("怎样记录、怎样公布、怎样奖励。"), most=1000, required=False)
    items = words_field(
        _("计分项目"),
        _("一行一个：项目，单位，每单位分值，每期最多。扣分项分值写负数，最后一项可以不填。"),
        rows=7,
        most=1000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "rhythm", "among", "starts_on", "ends_on")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class PeopleForm(BaseForm):
    teams = forms.ModelMultipleChoiceField(
        label=_("本单位已登记的班组"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    names = words_field(_("其他班组或职工"), _("一行一个名称或姓名。"), rows=6, most=4000, required=False)

    def __init__(self, *args: Any, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = WorkTeam.objects.filter(organisation__path=path, is_active=True)


class ScoreForm(BaseForm):
    """A section for each contestant, a number for each item; empty means none."""

    def __init__(
        self, *args: Any, contestants: list[TeamContestant], items: list[TeamContestItem], day: dt.date,
        values: dict[tuple[int, int], Decimal], **kwargs: Any,
    ) -> None:  # fmt: skip
        self.keys = [(c.pk, i.pk) for c in contestants for i in items]
        fields: dict[str, forms.Field] = {"day": forms.DateField(label=_("日期"), initial=day)}
        for contestant in contestants:
            for item in items:
                field = forms.DecimalField(
                    label=item.title, required=False, max_digits=12, decimal_places=2,
                    initial=values.get((contestant.pk, item.pk)),
                )  # fmt: skip
                field.unit, field.span = item.unit, "half"
                fields[f"v_{contestant.pk}_{item.pk}"] = field
        self.base_fields = fields
        self.sections = (
            Section(_("日期"), ["day"], key="day"),
            *(Section(c.name, [f"v_{c.pk}_{i.pk}" for i in items], key=f"c{c.pk}") for c in contestants),
        )
        super().__init__(*args, **kwargs)

    @property
    def values(self) -> dict[tuple[int, int], Decimal | None]:
        return {(c, i): self.cleaned_data.get(f"v_{c}_{i}") for c, i in self.keys}


class CloseForm(BaseForm):
    summary = words_field(_("总结"), _("效果、名次和奖励，会显示在竞赛页面。"), most=1000, required=False)

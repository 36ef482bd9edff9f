"""Input of the selection room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.selection.outcomes import QuotaRule, Share
from portal.lifecycle.selection.what_if import shares_from
from portal.web.forms import BaseForm


class DecisionForm(BaseForm):
    """Approval or rejection with its note."""

    note = forms.CharField(
        label=_("审定意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明审定会议的名称、日期和决定；会印在评选材料上，并记入办理记录。"),
    )  # fmt: skip


class ApproveForm(DecisionForm):
    """With ``unproved`` entries somebody says that they were checked by hand."""

    def __init__(self, *args: Any, unproved: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unproved:
            self.fields["checked_by_hand"] = forms.BooleanField(
                label=_("已人工核对第二套算法未能核对的%d处") % unproved,
                error_messages={"required": _("请先人工核对，再勾选。")},
                help_text=_("这些申报件落选的理由过于复杂，第二套程序在限定步数内不能确认，也没有发现不一致。"),
            )


class LineForm(BaseForm):
    """What the meeting decided about an entry."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[("selected", _("入选")), ("reserve", _("递补")), ("not_selected", _("不列入"))],
        widget=forms.RadioSelect,
    )
    order = forms.IntegerField(
        label=_("递补次序"), required=False, min_value=1, max_value=999,
        help_text=_("只在列为递补时填写；不填的按议定先后排列。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明会议研究的意见；会印在评选材料上，并记入办理记录。"),
    )  # fmt: skip


class LinesForm(LineForm):
    """The same outcome and reason for several entries; reserves follow in the order of the list."""

    order = None


class TieForm(BaseForm):
    """The settled order of tied entries: one place per entry, each used once."""

    reason = forms.CharField(
        label=_("议定依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("如：评审组表决 5 票对 2 票；或主席办公会议定。"),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        places = [("", _("请选择")), *((str(n), str(n)) for n in range(1, len(rows) + 1))]
        fields = {}
        for number, row in enumerate(rows):
            title = f"{row.entry.title}（{row.entry.organisation.label}）"
            field = forms.ChoiceField(label=title, choices=places)
            field.widget.attrs["class"] = "form-select"
            field.error_messages["required"] = _("请选择次序。")
            fields[f"place_{number}"] = field
        self.fields = fields | self.fields

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        places = [data.get(f"place_{n}") for n in range(len(self.rows))]
        if all(places) and len(set(places)) != len(places):
            for number, place in enumerate(places):
                if places.count(place) > 1:
                    self.add_error(f"place_{number}", _("次序重复，每个次序只能用一次。"))
        return data

    @property
    def codes(self) -> list[str]:
        """Codes of the entries, best first."""
        order = sorted(range(len(self.rows)), key=lambda n: int(self.cleaned_data[f"place_{n}"]))
        return [self.rows[n].entry.code for n in order]


class WhatIfForm(BaseForm):
    """Another rule to try: places, caps and shares; an empty field means no limit. Starts with the frozen rule."""

    def __init__(self, *args: Any, rule: QuotaRule, shares: Sequence[Share], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.shares = rule, shares
        if rule.track_places is None:
            self._number("places", _("名额"), rule.places)
        for track, places in (rule.track_places or {}).items():
            self._number(f"track_{track}", _("类别 %s 的名额") % track, places)
        self._number("cap_per_nominating", _("每家推荐单位最多"), rule.cap_per_nominating, least=1)
        self._number("cap_per_employer", _("每个用人单位最多"), rule.cap_per_employer, least=1)
        for share in shares:
            self._percent(f"least_{share.code}", _("%s不低于（%%）") % share.title, share.at_least)
            self._percent(f"most_{share.code}", _("%s不高于（%%）") % share.title, share.at_most)
        for field in self.fields.values():
            field.span = "half"

    def _number(self, name: str, label: Any, value: int | None, least: int = 0) -> None:
        self.fields[name] = forms.IntegerField(
            label=label, required=False, min_value=least, max_value=9999, initial=value,
            widget=forms.NumberInput(attrs={"class": "form-control"}),
        )  # fmt: skip

    def _percent(self, name: str, label: Any, value: Decimal | None) -> None:
        self.fields[name] = forms.DecimalField(
            label=label, required=False, min_value=0, max_value=100, decimal_places=2,
            initial=None if value is None else f"{value.normalize():f}",
            widget=forms.NumberInput(attrs={"class": "form-control", "step": "any"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for share in self.shares:
            low, high = data.get(f"least_{share.code}"), data.get(f"most_{share.code}")
            if low is not None and high is not None and low > high:
                self.add_error(f"most_{share.code}", _("不能小于“不低于”的比例。"))
        return data

    @property
    def wanted(self) -> QuotaRule:
        """The rule as typed; reserves and the minimum score stay."""
        data = self.cleaned_data
        limits = {s.code: (data.get(f"least_{s.code}"), data.get(f"most_{s.code}")) for s in self.shares}
        tracks = self.rule.track_places
        return replace(
            self.rule,
            places=self.rule.places if tracks is not None else data.get("places"),
            track_places=None if tracks is None else {t: data.get(f"track_{t}") or 0 for t in tracks},
            cap_per_nominating=data.get("cap_per_nominating"),
            cap_per_employer=data.get("cap_per_employer"),
            shares=shares_from(self.shares, limits),
        )

"""Input of the clearance pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.clearance.domain import Answer
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.engine.perform import MAX_REASON
from portal.web.forms import BaseForm, dress
from portal.web.ui import Section

NOTE_MAX = 500


class OpinionsForm(BaseForm):
    """One choice and one note for every check and every department."""

    def __init__(self, *args: Any, rows: Sequence[Clearance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.sections = []
        for row in rows:
            names = (f"opinion_{row.pk}", f"note_{row.pk}")
            self.fields[names[0]] = forms.ChoiceField(
                label=_("意见"), choices=Opinion.choices, initial=row.opinion, widget=forms.RadioSelect
            )
            self.fields[names[1]] = forms.CharField(
                label=_("说明"),
                help_text=_("有保留或不同意时必填。"),
                initial=row.note,
                required=False,
                max_length=NOTE_MAX,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            for name in names:
                dress(self.fields[name])
            self.sections.append(Section(row.title, names, key=f"clearance-{row.pk}"))

    def answers(self) -> dict[str, Answer]:
        data = self.cleaned_data
        return {row.key: Answer(data[f"opinion_{row.pk}"], data[f"note_{row.pk}"]) for row in self.rows}

    def add_domain_error(self, error: Any) -> None:
        """The domain names errors by key; the form's fields are named by row."""
        names = {f"note_{row.key}": f"note_{row.pk}" for row in self.rows}
        error.fields = {names.get(name, name): messages for name, messages in error.fields.items()}
        super().add_domain_error(error)


class DisqualifyForm(BaseForm):
    reason = forms.CharField(
        label=_("取消资格的原因"),
        help_text=_("申报单位和推荐工会会看到；该件占用的推荐名额随之释放。"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

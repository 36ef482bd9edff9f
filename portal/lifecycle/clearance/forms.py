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

NOTE_MAX = 500


class OpinionsForm(BaseForm):
    """One choice and one note for every check and every department."""

    def __init__(self, *args: Any, rows: Sequence[Clearance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            opinion = forms.ChoiceField(
                label=f"{row.title} {_('意见')}", choices=Opinion.choices, initial=row.opinion, widget=forms.RadioSelect
            )
            note = forms.CharField(label=_("说明"), initial=row.note, required=False, max_length=NOTE_MAX)
            for name, field in ((f"opinion_{row.pk}", opinion), (f"note_{row.pk}", note)):
                dress(field)
                self.fields[name] = field

    def lines(self) -> list[tuple[Clearance, Any, Any]]:
        """Each row with its two bound fields, for the table."""
        return [(row, self[f"opinion_{row.pk}"], self[f"note_{row.pk}"]) for row in self.rows]

    def answers(self) -> dict[str, Answer]:
        data = self.cleaned_data
        everything = "all_agreed" in self.data
        return {
            row.key: Answer(Opinion.AGREED if everything else data[f"opinion_{row.pk}"], data[f"note_{row.pk}"])
            for row in self.rows
        }

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

"""Input of the selection room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import BaseForm


class DecisionForm(BaseForm):
    """Approval or rejection with its note."""

    note = forms.CharField(
        label=_("审定意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明审定会议的名称、日期和决定；会印在评选材料上，并记入办理记录。"),
    )  # fmt: skip


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

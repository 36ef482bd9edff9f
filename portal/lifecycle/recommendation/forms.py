"""Input of the union's decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.schema import FieldSpec
from portal.lifecycle.engine.perform import MAX_REASON
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.recommendation.rules import recommendation_params
from portal.web.forms import BaseForm, dress
from portal.web.ui import Section

DEFAULT_OPINION = _("经审核，情况属实，同意推荐。")


class EndorseForm(BaseForm):
    """Opinion, and – where the blueprint names vetoes – the word that they were checked."""

    opinion = forms.CharField(
        label=_("推荐意见"), widget=forms.Textarea(attrs={"rows": 3}), initial=DEFAULT_OPINION, max_length=MAX_REASON
    )
    vetoes_checked = forms.BooleanField(label=_("已逐项核对一票否决情形，均不存在"), required=False)
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cycle: Cycle | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cycle is None:
            return
        params = recommendation_params(cycle)
        if params is not None:
            self.fields["opinion"].max_length = params.opinion_max
            self.fields["opinion"].widget.attrs["data-count-chars"] = params.opinion_max
        if not cycle.rules.vetoes:
            del self.fields["vetoes_checked"]


class BulkEndorseForm(BaseForm):
    """For several entries of perhaps several programmes: the same words for all of them."""

    opinion = forms.CharField(
        label=_("推荐意见"), widget=forms.Textarea(attrs={"rows": 3}), initial=DEFAULT_OPINION, max_length=500
    )
    vetoes_checked = forms.BooleanField(label=_("已逐件核对一票否决情形，均不存在"), required=False)


class ReturnForm(BaseForm):
    """Why, until when, and – where it helps – field by field."""

    reason = forms.CharField(
        label=_("退回原因"),
        help_text=_("填报单位会看到，请写清要补什么、改什么。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MAX_REASON,
    )
    due_on = forms.DateField(label=_("补正期限"), help_text=_("当日17:00前重新提交。"))
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.specs = {}
        self.sections = [Section(_("退回"), ("reason", "due_on"), key="return")]
        for section in entry.cycle.rules.sections:
            names = [self._add(spec) for spec in section.fields if spec.is_answer or spec.accept]
            if names:
                self.sections.append(Section(section.title, names, key=f"fields-{section.code}"))

    def _add(self, spec: FieldSpec) -> str:
        name = f"field_{spec.code}"
        field = forms.CharField(label=spec.label, required=False, max_length=300)
        field.span = "half"
        dress(field)
        self.fields[name], self.specs[name] = field, spec
        return name

    def groups(self) -> list[dict[str, Any]]:
        """The form's own sections, each opened when something has been written in it."""
        found = []
        for group in self.section_list()[1:]:
            written = [bound for bound in group["fields"] if bound.value() or bound.errors]
            found.append(group | {"is_open": bool(written)})
        return found

    def field_reasons(self) -> dict[str, str]:
        filled = {self.specs[name].code: self.cleaned_data.get(name, "") for name in self.specs}
        return {code: text for code, text in filled.items() if text}


class DeclineForm(BaseForm):
    reason = forms.CharField(
        label=_("不予推荐的理由"),
        help_text=_("填报单位会看到。不予推荐后，这件申报在本届即告结束。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MAX_REASON,
    )
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

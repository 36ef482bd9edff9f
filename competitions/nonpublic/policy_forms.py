"""Forms of policies and their self-assessment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic.enums import Reached
from competitions.nonpublic.forms import HALF, proof_field, words_field
from competitions.nonpublic.models import SelfAnswer
from portal.web.forms import BaseForm
from portal.web.rows import RowsField
from portal.web.ui import Section


def _wide(field: forms.Field) -> forms.Field:
    field.width = "wide"
    return field


class PolicyForm(BaseForm):
    title = forms.CharField(label=_("文件名称"), max_length=160)
    issuer = forms.CharField(label=_("发文单位"), max_length=80)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    issued_on = forms.DateField(label=_("发文日期"), required=False)
    link = forms.URLField(label=_("原文链接"), max_length=300, required=False, assume_scheme="https")
    file = proof_field("")
    items = RowsField(
        label=_("检查项目"),
        required=True,
        columns={
            "words": _wide(forms.CharField(label=_("检查什么"), max_length=300)),
            "evidence": _wide(forms.CharField(label=_("看什么材料"), max_length=300, required=False)),
        },
        max_rows=40,
        help_text=_("由市总工会根据文件要求自拟，一行一项；已经布置的自评仍按布置时的项目。"),
    )
    sections = (
        Section(_("文件"), ["title", "issuer", "document_number", "issued_on", "link", "file"], key="paper"),
        Section(_("检查项目"), ["items"], key="items"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("文件扫描件")
        for name in ("issuer", "document_number", "issued_on", "link"):
            self.fields[name].span = HALF

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class OpenForm(BaseForm):
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    due_on = forms.DateField(label=_("报送截止"), help_text=_("到期前七天起出现在各单位工作台。"))

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, _("%d年") % year) for year in (this_year, this_year - 1)]


class MarksForm(BaseForm):
    """One part for each check item; a draft may leave anything open."""

    def __init__(self, *args: Any, answer: SelfAnswer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.sections = answer.assessment.items, []
        for number, item in enumerate(self.items):
            mark = answer.mark(number)
            self.fields[f"reached_{number}"] = forms.ChoiceField(
                label=_("落实情况"), choices=Reached.choices, required=False, widget=forms.RadioSelect,
                initial=mark.get("reached", ""),
            )  # fmt: skip
            words = words_field(_("说明"), _("怎么做的、效果怎样；没有落实的写原因和打算。"), rows=3, required=False)
            words.initial = mark.get("words", "")
            self.fields[f"words_{number}"] = words
            title = _("%(n)d. %(words)s") % {"n": number + 1, "words": item["words"]}
            names = [f"reached_{number}", f"words_{number}"]
            self.sections.append(Section(title, names, help=item["evidence"], key=f"item-{number}"))

    @property
    def marks(self) -> dict[str, dict[str, str]]:
        data = self.cleaned_data
        return {
            str(n): {"reached": data[f"reached_{n}"], "words": data[f"words_{n}"].strip()}
            for n in range(len(self.items))
        }


class EvidenceForm(BaseForm):
    item = forms.TypedChoiceField(label=_("检查项目"), coerce=int)
    file = proof_field(_("一次上传一份，每个检查项目最多五份。"))

    def __init__(self, *args: Any, answer: SelfAnswer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = True
        items = answer.assessment.items
        self.fields["item"].choices = [(n, f"{n + 1}. {item['words'][:40]}") for n, item in enumerate(items)]


class ReturnForm(BaseForm):
    reason = forms.CharField(label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

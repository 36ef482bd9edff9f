"""Input around an entry: starting one, the reason for looking at personal numbers, withdrawing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Employer
from portal.lifecycle.entries.domain.reveal import MAX_REASON, MIN_REASON
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, Track
from portal.web.forms import BaseForm


class StartForm(BaseForm):
    """新建申报: the name, the track where there are several, the employer where the union covers several."""

    title = forms.CharField(label=_("名称"), max_length=200)

    def __init__(
        self, *args: Any, cycle: Cycle, employers: list[Employer], sources: list[Entry], **kwargs: Any
    ) -> None:
        self.cycle, self.employers, self.sources = cycle, employers, sources
        super().__init__(*args, **kwargs)
        rules = cycle.rules
        spec = rules.field(rules.programme.subject_field)
        self.fields["title"].label = spec.label
        self.fields["title"].help_text = spec.help or _("之后还可以修改。")
        if spec.max_length:
            self.fields["title"].max_length = spec.max_length
            self.fields["title"].validators.append(_at_most(spec.max_length))
        tracks = list(cycle.tracks.all())
        if len(tracks) > 1:
            self._add_choice("track", _("申报类别"), [(track.pk, track.title) for track in tracks], required=True)
        if len(employers) > 1:
            self._add_choice("employer", _("用人单位"), [(row.pk, row.name) for row in employers], required=True)
        if sources:
            options = [(row.code, f"{row.cycle.label}《{row.title or row.code}》") for row in sources]
            self._add_choice("source", _("从往届复制"), options, required=False, blank=_("不复制，从空白表开始"))
            self.fields["source"].help_text = _("复制往届填报的内容；附件、声明和同意需要重新上传、勾选。")
            self.fields["title"].required = False
            self.fields["title"].help_text = _("从往届复制时可以不填，沿用往届的名称。")

    def _add_choice(
        self, name: str, label: Any, options: list[tuple[Any, str]], *, required: bool, blank: Any = ""
    ) -> None:
        choices = [("", blank or _("请选择")), *options]
        field = forms.ChoiceField(label=label, choices=choices, required=required, widget=forms.Select)
        field.error_messages["required"] = _("请选择。")
        field.widget.attrs["class"] = "form-select"
        self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("title") and not data.get("source") and "title" not in self.errors:
            self.add_error("title", _("请填写此项。"))
        return data

    @property
    def track(self) -> Track | None:
        chosen = self.cleaned_data.get("track")
        return next((t for t in self.cycle.tracks.all() if str(t.pk) == str(chosen)), None)

    @property
    def employer(self) -> Employer | None:
        chosen = self.cleaned_data.get("employer")
        return next((row for row in self.employers if str(row.pk) == str(chosen)), None)

    @property
    def source(self) -> Entry | None:
        chosen = self.cleaned_data.get("source")
        return next((row for row in self.sources if row.code == chosen), None)


def _at_most(limit: int) -> Any:
    def check(value: str) -> None:
        if len(value) > limit:
            raise forms.ValidationError(
                _("最多 %(limit)d 字，现有 %(now)d 字，超出 %(over)d 字。")
                % {"limit": limit, "now": len(value), "over": len(value) - limit}
            )

    return check


class RevealForm(BaseForm):
    reason = forms.CharField(
        label=_("查看原因"),
        min_length=MIN_REASON,
        max_length=MAX_REASON,
        help_text=_("例如：电话核实申报人身份。查看会连同原因记入审计日志。"),
    )


class WithdrawForm(BaseForm):
    reason = forms.CharField(
        label=_("撤回原因"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

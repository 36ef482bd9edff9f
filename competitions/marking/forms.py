"""Forms of marking: validation only; the domain writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.marking.models import Judge, SubCriterion
from competitions.marking.scoring import JUDGES
from portal.accounts.imports.reading import MAX_BYTES
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.widgets import FileInput


class OpenForm(BaseForm):
    contest = forms.ChoiceField(
        label=_("赛项"),
        required=False,
        help_text=_("列出本单位主办、还没有建立评分的赛项；不在列表中的填写下面的名称。"),
    )
    title = forms.CharField(
        label=_("赛项名称"), required=False, max_length=160,
        help_text=_("没有登记的赛项填写，如：某公司职工技能比武·焊工；工位用 Excel 导入。"),
    )  # fmt: skip

    def __init__(self, *args: Any, contests: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contests = {str(c.pk): c for c in contests}
        self.fields["contest"].choices = [("", _("请选择")), *((pk, str(c)) for pk, c in self.contests.items())]

    def clean_contest(self) -> Any:
        return self.contests.get(self.cleaned_data["contest"])


class SchemeForm(BaseForm):
    file = forms.FileField(
        label=_("填好的评分方案"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES),
        help_text=_("上传后先逐行检查；有错误不会写入。"),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过10MB。"))
        return file


class BenchesForm(SchemeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("填好的工位名单")


class ReasonForm(BaseForm):
    reason = forms.CharField(
        label=_("变更原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("评分已经开始，更换方案的原因会写入记录。"),
    )  # fmt: skip


class ReopenForm(BaseForm):
    reason = forms.CharField(
        label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明要更正哪个评分点、哪个工位。"),
    )  # fmt: skip


class JudgesForm(BaseForm):
    """Experts of the pool as judges, one of them the chief."""

    judges = forms.MultipleChoiceField(
        label=_("裁判"), widget=forms.CheckboxSelectMultiple, help_text=_("从专家库选择；同单位有选手的裁判不能选。")
    )
    chief = forms.ChoiceField(label=_("裁判长"), help_text=_("锁定小项、退回重评由裁判长办理。"))

    def __init__(self, *args: Any, experts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(pk), label) for pk, label in experts]
        self.fields["judges"].choices = choices
        self.fields["chief"].choices = [("", _("请选择")), *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("chief") and data["chief"] not in data.get("judges", ()):
            self.add_error("chief", _("裁判长须在裁判名单中。"))
        return data


class SeatsForm(BaseForm):
    """Who sits where: three seats for every sub-criterion."""

    def __init__(self, *args: Any, parts: list[SubCriterion], judges: list[Judge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        choices = [("", "—"), *((str(j.pk), str(j)) for j in judges)]
        for part in parts:
            for number in range(1, JUDGES + 1):
                field = forms.ChoiceField(label=_("席位%d") % number, choices=choices, required=False)
                field.span = "third"
                self.fields[seat_field(part.pk, number)] = field

    def declared_sections(self) -> list[Section]:
        return [
            Section(
                str(part), [seat_field(part.pk, n) for n in range(1, JUDGES + 1)],
                help=_("第%d天。") % part.day, key=f"part{part.pk}",
            )
            for part in self.parts
        ]  # fmt: skip

    @property
    def seats(self) -> dict[tuple[int, int], int | None]:
        return {
            (part.pk, n): int(self.cleaned_data[seat_field(part.pk, n)] or 0) or None
            for part in self.parts for n in range(1, JUDGES + 1)
        }  # fmt: skip


class AbsentForm(BaseForm):
    absent = forms.MultipleChoiceField(
        label=_("缺考的工位"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("没有到场的选手：不评分，成绩按缺考移交。已经评过分的工位不列出。"),
    )  # fmt: skip

    def __init__(self, *args: Any, benches: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["absent"].choices = [(str(b.pk), f"{b.code} {b.session}".strip()) for b in benches]


def seat_field(part: int, number: int) -> str:
    return f"seat_{part}_{number}"


class BoardForm(BaseForm):
    freezes_at = forms.DateTimeField(
        label=_("封存时间"), required=False,
        help_text=_("通常为结束前一小时：到时榜单停在当时的名次，揭晓后公布最终名次。不填则不自动封存。"),
    )  # fmt: skip

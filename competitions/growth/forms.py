"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.growth.calculations import CRITERIA
from competitions.growth.domain.drills import FACTS as DRILL_FACTS
from competitions.growth.domain.drills import MAX_MB, PAPERS
from competitions.growth.domain.mentoring import FACTS
from competitions.growth.enums import DrillKind, DrillLevel, PurgeBasis, SkillLevel
from competitions.rosters.enums import IdKind
from portal.accounts.imports.reading import MAX_BYTES
from portal.web.forms import BaseForm, dress
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"
PAIR = {"mentor": _("师傅"), "apprentice": _("徒弟")}
WHO = {**PAIR, "worker": _("职工")}


def halves(form: BaseForm, *names: str) -> None:
    for name in names:
        if name in form.fields:
            form.fields[name].span = HALF


class TermForm(BaseForm):
    """What the contract says, beside who signs it."""

    trade = forms.CharField(label=_("工种"), max_length=60, help_text=_("例如：焊工、数控车工。"))
    starts_on = forms.DateField(label=_("开始日期"))
    ends_on = forms.DateField(label=_("结束日期"), help_text=_("期限在4周至3年之间。"))
    allowance = forms.DecimalField(
        label=_("师傅津贴（每月）"),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        initial=0,
        help_text=_("没有津贴填0。"),
    )
    goals = forms.CharField(
        label=_("培养目标"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("出师时徒弟要会做什么、达到什么等级。"),
    )  # fmt: skip
    plan = forms.CharField(
        label=_("帮教计划"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("按月或按阶段写清教什么、怎么教。"),
    )  # fmt: skip
    sections = (Section(_("合同内容"), ["trade", "allowance", "starts_on", "ends_on", "goals", "plan"], key="terms"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "trade", "allowance", "starts_on", "ends_on")
        self.fields["allowance"].unit = _("元")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


def person_fields(who: str) -> dict[str, forms.Field]:
    label = WHO[who]
    return {
        f"{who}_known": forms.ChoiceField(
            label=_("%s：从本单位档案和参赛名单选择") % label, required=False,
            help_text=_("名单里没有的，在下面填写姓名和证件号码。"),
        ),
        f"{who}_name": forms.CharField(label=_("%s姓名") % label, max_length=60, required=False),
        f"{who}_id_number": forms.CharField(
            label=_("%s证件号码") % label, max_length=20, required=False, help_text=_("逐位校验，加密保存，页面上只显示首尾。")
        ),
        f"{who}_id_kind": forms.ChoiceField(label=_("%s证件类型") % label, choices=IdKind, required=False),
    }  # fmt: skip


class PersonMixin:
    """Who is meant: somebody the unit knows, or a name with a number."""

    persons: tuple[str, ...] = ()

    def add_persons(self, choices: list[tuple[str, str]]) -> None:

        for who in self.persons:
            for name, field in person_fields(who).items():
                dress(field)
                field.span = "" if name.endswith("_known") else HALF
                self.fields[name] = field
            self.fields[f"{who}_known"].choices = [("", _("（请选择，或在下面填写）")), *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for who in self.persons:
            typed = [data.get(f"{who}_name"), data.get(f"{who}_id_number")]
            if data.get(f"{who}_known") and any(typed):
                self.add_error(f"{who}_known", _("选择名单中的人和填写姓名号码，请只用一种。"))
            elif not data.get(f"{who}_known"):
                for part, value in zip(("name", "id_number"), typed, strict=True):
                    if not value:
                        self.add_error(f"{who}_{part}", _("请填写此项，或在上面选择。"))
        return data


class MentorshipForm(PersonMixin, TermForm):
    persons = ("mentor", "apprentice")
    sections = (
        *(Section(label, [f"{who}_{part}" for part in ("known", "name", "id_number", "id_kind")], key=who) for who, label in PAIR.items()),
        *TermForm.sections,
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_persons(choices)


class SignForm(BaseForm):
    mentor_signed_on = forms.DateField(label=_("师傅签字日期"))
    apprentice_signed_on = forms.DateField(label=_("徒弟签字日期"))
    agreed = forms.BooleanField(
        label=_("已核对：师傅、徒弟本人都已阅读合同、同意内容，并在打印的合同上签字，纸质合同由单位存档。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "mentor_signed_on", "apprentice_signed_on")


class MonthForm(BaseForm):
    content = forms.CharField(label=_("帮教内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    progress = forms.CharField(
        label=_("徒弟学习情况"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    hours = forms.DecimalField(
        label=_("帮教学时"), min_value=0, max_value=300, max_digits=5, decimal_places=1, initial=0
    )


class AssessForm(BaseForm):
    opinion = forms.CharField(label=_("考核意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opinion = self.fields.pop("opinion")

        for key, title, most in CRITERIA:
            field = forms.IntegerField(label=f"{title}（0—{most}分）", min_value=0, max_value=most)
            dress(field)
            field.span, field.unit = HALF, _("分")
            self.fields[key] = field
        self.fields["opinion"] = opinion

    @property
    def marks(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key, _title, _most in CRITERIA}


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class FileFactsForm(BaseForm):
    """Trade and level of a worker."""

    trade = forms.CharField(label=_("工种"), max_length=60, required=False)
    level = forms.ChoiceField(label=_("技能等级"), choices=SkillLevel, required=False)
    level_certificate = forms.CharField(label=_("等级证书编号"), max_length=60, required=False)
    joined_on = forms.DateField(label=_("参加工作日期"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "trade", "level", "level_certificate", "joined_on")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("trade", "level", "level_certificate", "joined_on")}


class WorkerFileForm(PersonMixin, FileFactsForm):
    """Opening a file: who it is, then what is known."""

    persons = ("worker",)
    sections = (
        Section(_("职工"), [f"worker_{part}" for part in ("known", "name", "id_number", "id_kind")], key="who"),
        Section(_("工种和技能等级"), ["trade", "level", "level_certificate", "joined_on"], key="what"),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_persons(choices)


class DrillForm(BaseForm):
    kind = forms.ChoiceField(label=_("类别"), choices=DrillKind)
    level = forms.ChoiceField(
        label=_("层级"),
        choices=DrillLevel,
        help_text=_("由主办的工会登记：单位登记企业级，区、集团登记到区县·集团级。"),
    )
    title = forms.CharField(label=_("名称"), max_length=120)
    trade = forms.CharField(label=_("工种"), max_length=60)
    people = forms.IntegerField(label=_("参加人数"), min_value=1, max_value=200000)
    starts_on = forms.DateField(label=_("开始日期"))
    ends_on = forms.DateField(label=_("结束日期"))
    summary = forms.CharField(
        label=_("内容和效果"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("练什么、比什么，解决了哪些生产实际问题。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "kind", "level", "trade", "people", "starts_on", "ends_on")
        self.fields["people"].unit = _("人")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DRILL_FACTS}


class ResultForm(PersonMixin, BaseForm):
    persons = ("worker",)
    rank = forms.IntegerField(label=_("名次"), min_value=1, max_value=10000, required=False)
    mark = forms.DecimalField(
        label=_("成绩"), min_value=0, max_value=1000, max_digits=6, decimal_places=2, required=False,
        help_text=_("名次和成绩至少填写一项。"),
    )  # fmt: skip
    sections = (
        Section(_("职工"), [f"worker_{part}" for part in ("known", "name", "id_number", "id_kind")], key="who"),
        Section(_("名次和成绩"), ["rank", "mark"], key="what"),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "rank", "mark")
        self.add_persons(choices)


class EvidenceForm(BaseForm):
    file = forms.FileField(
        label=_("佐证材料"), widget=FileInput(accept=",".join(f".{kind}" for kind in PAPERS), max_bytes=MAX_MB * MB),
        help_text=_("通知、现场照片、成绩单等。"),
    )  # fmt: skip


class ResultUploadForm(BaseForm):
    file = forms.FileField(label=_("填好的成绩表"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))


class PurgeForm(BaseForm):
    basis = forms.ChoiceField(label=_("依据"), choices=[("", _("请选择")), *PurgeBasis.choices])
    reason = forms.CharField(
        label=_("说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：职工本人书面申请，申请书存本单位工会。不要写姓名和证件号码。"),
    )  # fmt: skip


class PurgeDecisionForm(BaseForm):
    agree = forms.TypedChoiceField(
        label=_("复核意见"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=(("1", _("同意，立即删除")), ("0", _("不同意"))),
    )  # fmt: skip
    verdict = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

"""Forms of reports, commendations, checks and complaints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.filings.domain.complaints import ACCEPTED, MAX_GROUNDS
from competitions.filings.domain.files import PICTURES
from competitions.filings.domain.reports import FIGURES, WORDS
from competitions.filings.enums import CheckResult, ComplaintKind, ComplaintOutcome, ReportKind, Subject
from competitions.filings.forms import HALF, amount, count, days, files_field, narrow, prose, wide
from competitions.filings.models import BudgetLine, FilingIndicator, FilingReport
from portal.web.forms import BaseForm
from portal.web.rows import RowsField
from portal.web.ui import Section


class ReportForm(BaseForm):
    """A stage report, the mid-term check, or – with indicators and accounts – the summary."""

    people = count(_("参赛职工"), _("人"), help_text=_("每人只计一次。"))
    times = count(_("参赛人次"), _("人次"), help_text=_("一人参加几场计几次。"))
    units = count(_("参赛单位"), _("个"))
    events = count(_("活动场次"), _("场"))
    promoted = count(_("技能晋级"), _("人"))
    suggestions = count(_("合理化建议"), _("条"))
    benefit = amount(_("经济效益"), _("万元"), required=False)
    words = prose(_("工作情况"), _("组织了哪些活动，完成得怎样。"), rows=6)
    results = prose(_("主要成果"), rows=4, required=False)
    problems = prose(_("问题和打算"), rows=4, required=False)
    experience = prose(_("经验做法"), _("可供其他单位借鉴的做法。"), rows=4, required=False)
    files = files_field(_("附件"), _("报告原文、照片、成绩单等，可多选。"))

    def __init__(self, *args: Any, report: FilingReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["benefit"].span = HALF
        self.indicators: list[FilingIndicator] = []
        self.lines: list[BudgetLine] = []
        if report.kind == ReportKind.SUMMARY:
            self.indicators = list(report.filing.indicators.all())
            self.lines = list(report.filing.budget.all())
        else:
            del self.fields["experience"]
        for row in self.indicators:
            field = amount(
                row.name, row.unit, help_text=_("目标值 %s") % f"{row.target.normalize():f}", initial=row.actual
            )
            self._add(f"actual_{row.pk}", field)
        for line in self.lines:
            plan = _("%(source)s，预算 %(amount)s 元") % {
                "source": line.get_source_display(),
                "amount": f"{line.amount:,}",
            }
            self._add(f"spent_{line.pk}", amount(line.purpose, _("元"), help_text=plan, initial=line.spent))

    def _add(self, name: str, field: forms.Field) -> None:
        field.span, field.widget.attrs["class"] = HALF, "form-control"
        self.fields[name] = field

    def declared_sections(self) -> list[Section]:
        figures = Section(_("参与和效果"), [*FIGURES], key="figures")
        told = Section(_("文字"), [*WORDS, "files"], key="words")
        if not self.indicators and not self.lines:
            return [figures, told]
        actual = Section(_("指标完成值"), [f"actual_{row.pk}" for row in self.indicators], key="actual")
        spent = Section(_("经费决算"), [f"spent_{row.pk}" for row in self.lines], key="spent")
        return [figures, actual, spent, told]

    @property
    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "figures": {name: data[name] for name in FIGURES},
            "words": {name: data.get(name, "") for name in WORDS},
            "actuals": {row.pk: data[f"actual_{row.pk}"] for row in self.indicators},
            "spent": {row.pk: data[f"spent_{row.pk}"] for row in self.lines},
            "files": data["files"],
        }


class ReportReturnForm(BaseForm):
    reason = prose(_("退回意见"), _("报送工会会看到。"))
    days = days(5)


class ReportAcceptForm(BaseForm):
    opinion = prose(_("审核意见"), _("可不填；年中检查请写明检查情况和要求。"), rows=4, required=False, most=1000)


class CommendationForm(BaseForm):
    rows = RowsField(
        label=_("建议表彰的集体和个人"),
        columns={
            "subject": narrow(forms.ChoiceField(label=_("对象"), choices=Subject.choices)),
            "name": forms.CharField(label=_("集体名称或姓名"), max_length=80),
            "unit": forms.CharField(label=_("所在单位"), max_length=120),
            "honour": forms.CharField(label=_("建议授予"), max_length=60),
            "deeds": wide(forms.CharField(label=_("主要事迹"), max_length=300)),
        },
        max_rows=60,
        help_text=_("按推荐顺序填写。移交后不能再改。"),
    )


class DrawForm(BaseForm):
    year = forms.IntegerField(label=_("年度"), min_value=2020, max_value=2100)
    title = forms.CharField(label=_("名称"), max_length=80, help_text=_("如：2026年第四季度竞赛过程抽查。"))
    size = forms.IntegerField(label=_("抽取数"), min_value=1, max_value=200)
    due_on = forms.DateField(label=_("检查期限"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["size"].unit = _("项")
        for name in ("year", "size", "due_on"):
            self.fields[name].span = HALF


class CheckForm(BaseForm):
    result = forms.ChoiceField(
        label=_("结果"), choices=[c for c in CheckResult.choices if c[0] != CheckResult.WAITING], widget=forms.RadioSelect
    )  # fmt: skip
    checked_on = forms.DateField(label=_("检查日期"))
    checkers = forms.CharField(label=_("检查人员"), max_length=120)
    findings = prose(_("检查情况"), _("看了什么、问了谁、有什么问题。"), rows=6)
    photos = files_field(_("现场照片"), _("照片中的拍摄地点等信息会自动去除。"), kinds=PICTURES)


class RectifyForm(BaseForm):
    words = prose(_("整改情况"), _("采取了什么措施，结果怎样。"), rows=6)


class ComplaintForm(BaseForm):
    """Anybody's: by name or not."""

    kind = forms.ChoiceField(label=_("类别"), choices=ComplaintKind.choices)
    grounds = prose(_("反映的情况"), _("请写清时间、地点、事实。"), rows=8, most=MAX_GROUNDS)
    files = files_field(_("证明材料"), _("最多5个文件。"), kinds=ACCEPTED)
    name = forms.CharField(label=_("姓名"), max_length=40, required=False, help_text=_("匿名可不填。"))
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    sections = (
        Section(_("反映的情况"), ["kind", "grounds", "files"], key="what"),
        Section(
            _("您的信息"), ["name", "phone"], key="who",
            help=_("可以匿名。姓名和电话加密保存，只有受理的上级工会能看到，被反映的单位看不到。"),
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "phone"):
            self.fields[name].span = HALF


class QueryForm(BaseForm):
    code = forms.CharField(label=_("查询码"), max_length=20, help_text=_("提交投诉后显示的那一串字符。"))


class AnswerForm(BaseForm):
    outcome = forms.ChoiceField(label=_("结论"), choices=ComplaintOutcome.choices, widget=forms.RadioSelect)
    answer = prose(_("答复"), _("投诉人凭查询码可以看到；请不要写入能认出投诉人的内容。"), rows=6)


class RevealForm(BaseForm):
    reason = prose(_("查看原因"), _("会记入审计日志。"), rows=2, most=200)

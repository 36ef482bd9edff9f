"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.learning.domain.doors import MAX_MB as PICTURE_MB
from competitions.learning.domain.doors import PICTURES
from competitions.learning.domain.quizzes import LETTERS
from competitions.learning.domain.resources import FACTS, MAX_MB, PAPERS
from competitions.learning.enums import NATIONAL, Licence, Platform, Reach, ResourceKind, Theme
from portal.accounts.imports.reading import MAX_BYTES
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"
ACCEPT = ",".join(f".{kind}" for kind in PAPERS)


class ResourceForm(BaseForm):
    title = forms.CharField(
        label=_("名称"), max_length=80, help_text=_("与课程名称一致，导入的结业记录会自动归到这项资源。")
    )
    kind = forms.ChoiceField(label=_("类型"), choices=ResourceKind, help_text=_("在线测验先保存，再出题。"))
    theme = forms.ChoiceField(label=_("主题"), choices=Theme)
    platform = forms.ChoiceField(
        label=_("学习平台"), choices=Platform, help_text=_("国家平台上的课程只作链接，版权归原平台。")
    )
    field = forms.CharField(label=_("工种或领域"), max_length=60, help_text=_("例如：焊工、数控加工、安全生产。"))
    audience = forms.CharField(label=_("适合人群"), max_length=120, help_text=_("例如：一线电工，有初级工基础。"))
    hours = forms.DecimalField(label=_("学时"), min_value=0, max_digits=6, decimal_places=1, initial=0)
    summary = forms.CharField(label=_("内容简介"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    link = forms.URLField(
        label=_("学习链接"), max_length=300, required=False, assume_scheme="https",
        help_text=_("国家或市级学习平台上的地址，以 https:// 开头；没有就上传文件。"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("资源文件"), required=False, widget=FileInput(accept=ACCEPT, max_bytes=MAX_MB * MB),
        help_text=_("课件、题库、视频等；修改时不重新上传就保留原文件。"),
    )  # fmt: skip
    place = forms.CharField(
        label=_("地点和联系方式"), max_length=200, required=False, help_text=_("实训基地填写地址、开放时间和办公电话。")
    )
    pass_mark = forms.IntegerField(
        label=_("测验合格线"),
        min_value=1,
        max_value=100,
        initial=60,
        help_text=_("答对题目的百分比；不是测验的不用改。"),
    )
    rights_holder = forms.CharField(
        label=_("版权所有人"), max_length=120, help_text=_("单位或个人；实训基地填写产权单位。")
    )
    licence = forms.ChoiceField(label=_("使用权利"), choices=Licence, help_text=_("凭什么可以提供给职工使用。"))
    rights_until = forms.DateField(label=_("授权截止"), required=False, help_text=_("长期有效的不填。"))
    is_free = forms.BooleanField(label=_("对职工免费"), required=False, initial=True)
    fee_note = forms.CharField(label=_("收费说明"), max_length=120, required=False)
    reach = forms.ChoiceField(label=_("开放范围"), choices=Reach, initial=Reach.FEDERATION)
    sections = (
        Section(_("学什么"), ["title", "kind", "theme", "platform", "field", "audience", "hours", "summary"], key="what"),
        Section(_("怎么学"), ["link", "file", "place", "pass_mark"], key="how"),
        Section(_("版权和开放"), ["rights_holder", "licence", "rights_until", "reach", "is_free", "fee_note"], key="rights"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "theme", "platform", "field", "hours", "licence", "rights_until", "reach"):
            self.fields[name].span = HALF
        self.fields["hours"].unit = _("学时")
        self.fields["pass_mark"].unit = "%"

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CompletionUploadForm(BaseForm):
    file = forms.FileField(label=_("填好的名单"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))


class QuestionForm(BaseForm):
    text = forms.CharField(label=_("题目"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    options = forms.CharField(
        label=_("选项"), max_length=1300, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一个，2至6个；按先后就是A、B、C……"),
    )  # fmt: skip
    right = forms.CharField(label=_("正确选项"), max_length=12, help_text=_("填字母；有几个就是多选题，如 ABD。"))
    explanation = forms.CharField(
        label=_("解析"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("答完后显示，帮助职工弄懂。"),
    )  # fmt: skip


class SheetForm(BaseForm):
    file = forms.FileField(label=_("填好的模板"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))


class TrainingForm(BaseForm):
    resource = forms.TypedChoiceField(
        label=_("培训资源"), coerce=int, help_text=_("选手在比赛日以前学完其中任何一项，就算赛前受过培训。")
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resource"].choices = [("", _("请选择")), *choices]


class WhoForm(BaseForm):
    """Who learns: the first fields of every page behind the unit's address."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    id_number = forms.CharField(
        label=_("身份证号"), max_length=20, help_text=_("只用于登记您的学习成绩，加密保存，页面上不显示。")
    )


class QuizForm(WhoForm):
    """The person, then one field a question: one choice where one is right, several where several are."""

    def __init__(self, *args: Any, questions: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, question in enumerate(questions, 1):
            many = question.is_multiple
            kind = forms.TypedMultipleChoiceField if many else forms.TypedChoiceField
            field = kind(
                label=f"{number}. {question.text}", coerce=int,
                choices=[(place, f"{LETTERS[place]}. {text}") for place, text in enumerate(question.options)],
                widget=forms.CheckboxSelectMultiple() if many else forms.RadioSelect(),
                help_text=_("多选题") if many else "", error_messages={"required": _("请选择答案。")},
            )  # fmt: skip
            self.fields[f"q{question.pk}"] = field

    @property
    def answers(self) -> dict[int, list[int]]:
        found = {q.pk: self.cleaned_data[f"q{q.pk}"] for q in self.questions}
        return {key: value if isinstance(value, list) else [value] for key, value in found.items()}


class ProofForm(WhoForm):
    platform = forms.ChoiceField(label=_("学习平台"), choices=[(p.value, p.label) for p in NATIONAL])
    as_of = forms.DateField(label=_("截图日期"))
    points = forms.IntegerField(label=_("总积分"), min_value=1, help_text=_("与截图上的数字一致。"))
    file = forms.FileField(
        label=_("积分截图"), help_text=_("截图上应能看到姓名（或昵称）、总积分和日期。"),
        widget=FileInput(accept=",".join(f".{kind}" for kind in PICTURES), max_bytes=PICTURE_MB * MB),
    )  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class CheckForm(BaseForm):
    accept = forms.TypedChoiceField(
        label=_("核对结果"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=(("1", _("认定：截图清楚，积分与填写一致")), ("0", _("不认定"))),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("不认定的原因"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

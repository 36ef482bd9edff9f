"""Forms of the skill contests: validation only; the domain writes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests import queries
from competitions.contests.domain.marks import Entered
from competitions.contests.domain.plan import FACTS, MAX_MB, PAPERS
from competitions.contests.enums import AppealKind, ContestClass, Group, Level, Medium, PartKind, Ruling, Sex, TieKey
from competitions.contests.rules import rules
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.identifiers import citizen_id_problem, mobile_problem
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"


def _file(label: Any, kinds: tuple[str, ...], help_text: Any = "", *, required: bool = True) -> forms.FileField:
    widget = FileInput(accept=",".join(f".{kind}" for kind in kinds), max_bytes=MAX_MB * MB)
    return forms.FileField(label=label, widget=widget, help_text=help_text, required=required)


class ContestForm(BaseForm):
    """The card of a contest in the year's plan."""

    year = forms.IntegerField(label=_("年度"), min_value=2020, max_value=2100)
    trade = forms.ModelChoiceField(label=_("工种"), queryset=None, empty_label=_("请选择"))
    name = forms.CharField(label=_("赛项名称"), max_length=120, help_text=_("如：“海河工匠杯”技能大赛焊工赛项。"))
    klass = forms.ChoiceField(label=_("竞赛等级"), choices=ContestClass)
    group = forms.ChoiceField(label=_("组别"), choices=Group)
    team_size = forms.IntegerField(label=_("每队人数"), initial=1, min_value=1, max_value=20,
                                   help_text=_("单人项目填1；只有单人项目可申报技术能手等荣誉。"))  # fmt: skip
    cohosts = forms.CharField(label=_("联合主办、承办单位"), max_length=300, required=False)
    planned_on = forms.DateField(label=_("比赛日期"))
    ends_on = forms.DateField(label=_("结束日期"))
    venue = forms.CharField(label=_("赛场"), max_length=120, required=False)
    entry_until = forms.DateTimeField(label=_("报名截止"), required=False, help_text=_("开放报名前必须填写。"))
    per_delegation = forms.IntegerField(label=_("每队选手上限"), initial=3, min_value=1, max_value=100)
    min_field = forms.IntegerField(label=_("最少参赛人数"), min_value=1, max_value=1000, required=False,
                                   help_text=_("不填按竞赛等级的规定：市级30人，区级15人，企业、院校级10人。"))  # fmt: skip
    min_level = forms.ChoiceField(label=_("技能等级要求"), required=False,
                                  choices=[("", _("不要求")), *[c for c in Level.choices if c[0] != "0"]])  # fmt: skip
    min_years = forms.IntegerField(label=_("工种年限要求"), initial=0, min_value=0, max_value=40)
    theory = forms.DecimalField(label=_("理论权重"), min_value=0, max_value=100, initial=30, decimal_places=2)
    practical = forms.DecimalField(label=_("实操权重"), min_value=0, max_value=100, initial=70, decimal_places=2)
    ties = forms.MultipleChoiceField(label=_("同分规则"), choices=TieKey, required=False,
                                     widget=forms.CheckboxSelectMultiple,
                                     help_text=_("按列出的次序比较，仍相同的名次并列。"))  # fmt: skip
    with_medals = forms.BooleanField(label=_("设金、银、铜牌"), required=False)
    medal_gap = forms.DecimalField(label=_("并列奖牌分差"), min_value=0, max_value=20, initial=0, decimal_places=2,
                                   help_text=_("0 表示按名次；世界技能大赛做法填 2（700分制）。"))  # fmt: skip
    with_scale = forms.BooleanField(label=_("出具700分制报告"), required=False)
    scale_k = forms.IntegerField(label=_("700分制系数"), initial=50, min_value=1, max_value=200)
    sections = (
        Section(_("赛项"), ["year", "trade", "name", "klass", "group", "team_size", "cohosts"], key="contest"),
        Section(_("时间地点"), ["planned_on", "ends_on", "venue", "entry_until"], key="time"),
        Section(_("参赛要求"), ["per_delegation", "min_field", "min_level", "min_years"], key="field"),
        Section(_("成绩"), ["theory", "practical", "ties", "with_medals", "medal_gap", "with_scale", "scale_k"],
                key="marks", help=_("理论不超过30%，两部分合计100%。")),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = queries.trades()
        for name in ("theory", "practical"):
            self.fields[name].unit = "%"
        for name in ("year", "klass", "group", "team_size", "planned_on", "ends_on", "per_delegation", "min_field",
                     "min_level", "min_years", "theory", "practical", "medal_gap", "scale_k"):  # fmt: skip
            self.fields[name].span = HALF

    @property
    def facts(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in FACTS}
        data["min_field"] = data["min_field"] or rules().classes[data["klass"]].min_field
        data["ties"] = [key for key in TieKey.values if key in data["ties"]]
        return data

    @property
    def weights(self) -> dict[str, Decimal]:
        return {PartKind.THEORY: self.cleaned_data["theory"], PartKind.PRACTICAL: self.cleaned_data["practical"]}

    @staticmethod
    def initial_of(contest: Any) -> dict[str, Any]:
        found = {name: getattr(contest, name) for name in FACTS}
        return found | {"theory": 0, "practical": 0} | {p.kind: p.weight for p in contest.parts.all()}


class TargetForm(BaseForm):
    target = forms.IntegerField(label=_("目标工种数"), min_value=1, max_value=1000)
    basis = forms.CharField(label=_("依据"), max_length=300, required=False)


class SessionForm(BaseForm):
    part = forms.ModelChoiceField(label=_("部分"), queryset=None, empty_label=None)
    title = forms.CharField(label=_("场次"), max_length=60, help_text=_("如：第一场。"))
    starts_at = forms.DateTimeField(label=_("开始"))
    ends_at = forms.DateTimeField(label=_("结束"))
    venue = forms.CharField(label=_("赛场"), max_length=120)
    benches = forms.IntegerField(label=_("工位数"), min_value=1, max_value=1000)

    def __init__(self, *args: Any, contest: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].queryset = queries.parts().filter(contest=contest)
        self.fields["part"].label_from_instance = lambda part: part.title
        for name in ("starts_at", "ends_at"):
            self.fields[name].span = HALF


class DocumentForm(BaseForm):
    upload = _file(_("技术文件"), PAPERS, _("发布后各代表队和公众可以下载；再次上传即发布新版，旧版保留。"))
    note = forms.CharField(label=_("版本说明"), max_length=200, required=False)


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class DelegationForm(BaseForm):
    leader = forms.CharField(label=_("领队"), max_length=40)
    leader_phone = forms.CharField(label=_("领队手机"), max_length=11)
    coach = forms.CharField(label=_("技术指导"), max_length=40, required=False)

    def clean_leader_phone(self) -> str:
        return _phone(self.cleaned_data["leader_phone"])


def _phone(value: str) -> str:
    if value and (problem := mobile_problem(value)):
        raise forms.ValidationError(problem)
    return value


class CompetitorForm(BaseForm):
    name = forms.CharField(label=_("姓名"), max_length=60)
    id_number = forms.CharField(label=_("身份证号"), max_length=18, help_text=_("加密保存，页面只显示首尾。"))
    sex = forms.ChoiceField(label=_("性别"), choices=Sex)
    phone = forms.CharField(label=_("手机"), max_length=11, required=False)
    employer = forms.CharField(label=_("所在单位"), max_length=120)
    level = forms.ChoiceField(label=_("现有技能等级"), choices=Level)
    certificate_number = forms.CharField(label=_("等级证书编号"), max_length=40, required=False)
    trade_years = forms.IntegerField(label=_("工种年限"), min_value=0, max_value=60)
    training_hours = forms.IntegerField(label=_("赛前集训学时"), min_value=0, max_value=2000, initial=0)
    is_insured = forms.BooleanField(label=_("在本市缴纳社会保险"), required=False)
    is_employed = forms.BooleanField(label=_("在岗职工"), required=False)
    is_champion = forms.BooleanField(label=_("已获同职业技术能手及以上称号"), required=False)
    is_nonpublic = forms.BooleanField(label=_("非公企业职工"), required=False)

    def __init__(self, *args: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        for name in (
            "name",
            "id_number",
            "sex",
            "phone",
            "level",
            "certificate_number",
            "trade_years",
            "training_hours",
        ):
            self.fields[name].span = HALF

    def clean_id_number(self) -> str:
        value = self.cleaned_data["id_number"].strip().upper()
        if problem := citizen_id_problem(value, today=local_date(self.now), allow_unassigned_area=True):
            raise forms.ValidationError(problem)
        return value

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])


class WorkbookForm(BaseForm):
    upload = _file(_("填好的工作簿"), ("xlsx",))


class DecideForm(BaseForm):
    passes = forms.TypedChoiceField(
        label=_("结论"), choices=[("yes", _("资格通过")), ("no", _("资格不通过"))], coerce=lambda v: v == "yes"
    )
    words = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class MarksForm(BaseForm):
    """One line per competitor, by code: mark of 100 (empty = absent) and minutes used."""

    def __init__(self, *args: Any, people: list[Any], there: dict[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for person in people:
            mark = there.get(person.pk)
            field = forms.DecimalField(
                label=_t("%(code)s 成绩") % {"code": person.code}, min_value=0, max_value=100, decimal_places=2,
                required=False, initial=mark.mark if mark else None, help_text=_("缺考留空。"),
            )  # fmt: skip
            minutes = forms.DecimalField(
                label=_t("%(code)s 用时") % {"code": person.code}, min_value=0, max_value=5000, decimal_places=2,
                required=False, initial=mark.seconds / Decimal(60) if mark and mark.seconds is not None else None,
            )  # fmt: skip
            field.unit, minutes.unit = _("分"), _("分钟")
            field.span = minutes.span = HALF
            self.fields[f"mark_{person.pk}"], self.fields[f"minutes_{person.pk}"] = field, minutes

    @property
    def marks(self) -> dict[int, Entered]:
        found = {}
        for person in self.people:
            minutes = self.cleaned_data[f"minutes_{person.pk}"]
            seconds = int(minutes * 60) if minutes is not None else None
            found[person.pk] = Entered(self.cleaned_data[f"mark_{person.pk}"], seconds)
        return found


class AppealForm(BaseForm):
    kind = forms.ChoiceField(
        label=_("申诉事项"), choices=AppealKind, help_text=_("过程：该场结束后2小时内；成绩：公布后24小时内。")
    )
    session = forms.ModelChoiceField(label=_("场次"), queryset=None, required=False, empty_label=_("对成绩申诉不选"))
    words = forms.CharField(label=_("事实和理由"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))
    upload = _file(_("申诉书（领队签字）"), PAPERS, required=False)

    def __init__(self, *args: Any, contest: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = queries.sessions().filter(contest=contest)


class RuleForm(BaseForm):
    ruling = forms.ChoiceField(label=_("裁决"), choices=Ruling)
    reasons = forms.CharField(label=_("裁决理由"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))


class CorrectForm(BaseForm):
    competitor = forms.ModelChoiceField(label=_("选手"), queryset=None, empty_label=None)
    part = forms.ModelChoiceField(label=_("部分"), queryset=None, empty_label=None)
    mark = forms.DecimalField(label=_("更正后成绩"), min_value=0, max_value=100, decimal_places=2)

    def __init__(self, *args: Any, appeal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competitor"].queryset = queries.competitors().filter(
            contest=appeal.contest_id, draw_number__isnull=False
        )
        self.fields["competitor"].label_from_instance = lambda c: f"{c.code} {c.masked_name}"
        self.fields["part"].queryset = queries.parts().filter(contest=appeal.contest_id)
        self.fields["part"].label_from_instance = lambda part: part.title


class HandDownForm(BaseForm):
    unit = forms.CharField(label=_("推荐单位"), max_length=120, help_text=_("选手所在基层工会的全称或内部编号。"))

    def __init__(self, *args: Any, above: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.above = above

    def clean_unit(self) -> Organisation:
        words = self.cleaned_data["unit"].strip()
        rows = Organisation.objects.filter(Q(name=words) | Q(code=words), path__startswith=self.above, is_active=True)
        found = [row for row in rows[:20] if row.is_unit]
        if len(found) != 1:
            raise forms.ValidationError(_("本级管理范围内没有（或不止一个）这样的基层工会，请填写内部编号。"))
        return found[0]


class GrantForm(BaseForm):
    certificate_number = forms.CharField(label=_("新证书编号"), max_length=40)


class MediaForm(BaseForm):
    year = forms.IntegerField(
        label=_("大赛年度"), min_value=2000, max_value=2100, help_text=_("报道的是哪一年的大赛。")
    )
    title = forms.CharField(label=_("标题"), max_length=120)
    outlet = forms.CharField(label=_("媒体"), max_length=60, help_text=_("例如：天津工人报。"))
    medium = forms.ChoiceField(label=_("媒体类别"), choices=Medium)
    published_on = forms.DateField(label=_("刊发日期"))
    link = forms.URLField(label=_("链接"), max_length=300, required=False, assume_scheme="https")

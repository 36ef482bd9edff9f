"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.exchange import tags as tagging
from competitions.exchange.domain.cases import MAX_MB, PAPERS
from competitions.exchange.domain.duties import MOST
from competitions.exchange.enums import CaseKind, EventKind, Saving, Subject
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"


def words(label: Any, help_text: Any = "", *, rows: int = 5, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, required=required, widget=area, help_text=help_text)


def people_field(label: Any, **more: Any) -> forms.IntegerField:
    field = forms.IntegerField(label=label, min_value=more.pop("least", 1), max_value=5000, **more)
    field.unit = _("人")
    return field


class CaseForm(BaseForm):
    title = forms.CharField(
        label=_("标题"), max_length=80, help_text=_("一句话点明做法，例如：“师徒同台”让青工一年出师。")
    )
    kind = forms.ChoiceField(label=_("案例类别"), choices=CaseKind, help_text=_("订阅了这一类的工会自动收到。"))
    saving = forms.ChoiceField(
        label=_("节能类型"), choices=[("", _("不是节能故事")), *Saving.choices], required=False,
        help_text=_("节能降碳的经验请选择，方便别人按类型查找。"),
    )  # fmt: skip
    subject = forms.ChoiceField(label=_("典型类型"), choices=Subject)
    model_name = forms.CharField(label=_("典型名称"), max_length=80, help_text=_("个人、班组、单位或项目的名称。"))
    honour = forms.CharField(
        label=_("所获荣誉"), max_length=120, required=False, help_text=_("例如：2025年市工人先锋号；没有可不填。")
    )
    field = forms.CharField(label=_("领域"), max_length=60, help_text=_("例如：技能竞赛、班组建设、安全生产。"))
    practice = words(_("主要做法"), _("分几条写清怎么做的，别人照着能做。"), rows=8)
    effect = words(_("成效"), _("用前后对比的数据说明。"))
    hint = words(_("推广提示"), _("需要什么条件，走过哪些弯路。"), rows=3, required=False)
    tags = forms.MultipleChoiceField(
        label=_("常用标签"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选后别人按标签就能查到；没有合适的，在下面另写。"),
    )  # fmt: skip
    more_tags = forms.CharField(
        label=_("其他标签"), max_length=80, required=False,
        help_text=_("用顿号隔开，例如：数字化、青工培养；连同勾选的最多%(most)d个，每个不超过%(longest)d个字。")
        % {"most": tagging.MOST, "longest": tagging.LONGEST},
    )  # fmt: skip
    sections = (
        Section(_("典型"), ["title", "kind", "saving", "subject", "field", "model_name", "honour"], key="who"),
        Section(_("经验"), ["practice", "effect", "hint"], key="what"),
        Section(_("标签"), ["tags", "more_tags"], key="tags"),
    )

    def __init__(self, *args: Any, used: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.initial.get("tags", ())
        self.fields["tags"].choices = [(tag, tag) for tag in tagging.cleaned([*own, *tagging.offered(used)])]
        for name in ("kind", "saving", "subject", "field"):
            self.fields[name].span = HALF

    def clean(self) -> dict[str, Any]:
        """``tags`` holds both what was ticked and what was written."""
        found = super().clean() or self.cleaned_data
        found["tags"] = tagging.cleaned([*found.get("tags", ()), *tagging.split(found.pop("more_tags", "") or "")])
        return found


class CaseFileForm(BaseForm):
    file = forms.FileField(
        label=_("照片、资料或视频"), help_text=_("出镜人已同意，没有商业秘密。"),
        widget=FileInput(accept=",".join(f".{kind}" for kind in PAPERS), max_bytes=MAX_MB * MB),
    )  # fmt: skip


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RemindForm(BaseForm):
    due_on = forms.DateField(label=_("请于此前报送"))
    words = words(_("提醒内容"), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].initial = _(
            "贵单位（或所属集体、个人）获得命名后，请总结经验做法，通过“交流互鉴”报送案例、开放参观或参加交流活动，发挥示范带动作用。"
        )


class FollowForm(BaseForm):
    words = words(_("准备怎样学用"), _("在哪里用、什么时候开始、预期达到什么效果。"), rows=4)


class DutyForm(BaseForm):
    wanted = forms.IntegerField(label=_("本年度交流次数"), min_value=1, max_value=MOST, initial=1)
    due_on = forms.DateField(label=_("完成期限"))
    words = words(_("任务内容"), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].unit = _("次")
        self.fields["words"].initial = _("发布经验案例、主办交流活动或开放参观，创经验、当表率、作示范。")


class DutyReportForm(BaseForm):
    report = words(_("完成情况"), _("写明分享了什么、谁来学、带动了什么。次数由平台按登记的案例、活动、参观计算。"))


class DutyCheckForm(BaseForm):
    passed = forms.TypedChoiceField(
        label=_("检查结论"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=(("1", _("已履行")), ("0", _("未履行"))),
    )  # fmt: skip
    verdict = forms.CharField(label=_("检查意见"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class EventForm(BaseForm):
    title = forms.CharField(label=_("活动名称"), max_length=80)
    kind = forms.ChoiceField(label=_("形式"), choices=EventKind)
    capacity = people_field(_("名额"))
    starts_at = forms.DateTimeField(label=_("开始"))
    ends_at = forms.DateTimeField(label=_("结束"))
    register_until = forms.DateTimeField(label=_("报名截止"), help_text=_("不晚于活动开始。"))
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    link = forms.URLField(label=_("线上地址"), max_length=300, required=False, assume_scheme="https")
    agenda = words(_("议程"), _("谁介绍什么经验、看什么现场。"))
    sections = (
        Section(_("活动"), ["title", "kind", "capacity", "agenda"], key="what"),
        Section(_("时间地点"), ["starts_at", "ends_at", "register_until", "place", "link"], key="when"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "capacity", "starts_at", "ends_at"):
            self.fields[name].span = HALF


class RegisterForm(BaseForm):
    people = people_field(_("人数"))
    contact = forms.CharField(label=_("联系人"), max_length=60)


class HoldForm(BaseForm):
    """One number of people for each union that registered."""

    def __init__(self, *args: Any, registrations: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in registrations:
            name = f"came_{row.pk}"
            self.fields[name] = people_field(
                row.organisation.name, least=0, initial=row.people, help_text=_("实到人数")
            )
            self.fields[name].span = HALF
        self.fields["minutes"] = words(_("活动小结"), _("交流了什么，形成了什么共识，后续怎么推广。"))

    @property
    def came(self) -> dict[int, int]:
        found = {name: value for name, value in self.cleaned_data.items() if name.startswith("came_")}
        return {int(name.removeprefix("came_")): value for name, value in found.items()}


class FeedbackForm(BaseForm):
    score = forms.TypedChoiceField(
        label=_("评价"), coerce=int, widget=forms.RadioSelect,
        choices=((5, _("很有收获")), (4, _("有收获")), (3, _("一般")), (2, _("收获不大")), (1, _("没有收获"))),
    )  # fmt: skip
    words = words(_("收获和建议"), rows=4, required=False)


class OpenDayForm(BaseForm):
    topic = forms.CharField(label=_("交流主题"), max_length=80, help_text=_("来的人能看到、学到什么。"))
    on = forms.DateField(label=_("日期"))
    hours = forms.CharField(label=_("时间"), max_length=40, help_text=_("例如：14:00—16:00。"))
    place = forms.CharField(label=_("地点"), max_length=120)
    capacity = people_field(_("可接待人数"))
    notes = words(_("参观要求"), _("安全、着装、车辆等。"), rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("on", "hours"):
            self.fields[name].span = HALF


class BookForm(BaseForm):
    people = people_field(_("人数"))
    contact = forms.CharField(label=_("联系人"), max_length=60)
    purpose = words(_("想学什么"), _("对方据此准备介绍的内容。"), rows=3)


class AnswerForm(BaseForm):
    accept = forms.TypedChoiceField(
        label=_("答复"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=(("1", _("接受")), ("0", _("谢绝"))),
    )  # fmt: skip
    words = words(_("说明"), _("接受的写明集合地点和注意事项；谢绝的说明原因。"), rows=3, required=False)


class RecordForm(BaseForm):
    came = people_field(_("实到人数"), least=0)
    words = words(_("接待记录"), _("看了什么、问了什么、对方准备怎样用。"), rows=4)

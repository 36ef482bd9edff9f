"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.labels import queries
from competitions.labels.domain.ratings import MAX_REMARK
from competitions.labels.domain.rechecks import MAX_FILES, MAX_MB, PAPERS
from competitions.labels.domain.teams import FACTS
from competitions.labels.enums import Dimension, Met, TeamKind
from competitions.labels.kinds import choices, given_here
from portal.accounts.forms.pickers import ActorForm, EmployerField
from portal.accounts.imports.reading import MAX_BYTES
from portal.accounts.models import Employer
from portal.lifecycle.notice.forms import MultipleFiles
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"


def words_field(label: Any, help_text: Any = "", *, rows: int = 4, most: int = 300, required: bool = True) -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


def halves(form: forms.Form, *names: str) -> None:
    for name in names:
        if name in form.fields:
            form.fields[name].span = HALF


class TeamForm(ActorForm):
    """``employer`` is chosen when the team is registered, and stays."""

    employer = EmployerField(label=_("所在单位"), rows=queries.employers)
    name = forms.CharField(label=_("班组名称"), max_length=80, help_text=_("写全称，与命名文件、牌匾一致。"))
    kind = forms.ChoiceField(label=_("类别"), choices=TeamKind)
    leader = forms.CharField(label=_("班组长"), max_length=40, required=False)
    headcount = forms.IntegerField(label=_("人数"), min_value=1, required=False)
    founded_on = forms.DateField(label=_("成立日期"), required=False)
    covenant = forms.CharField(label=_("创建公约（口号）"), max_length=120, required=False)
    is_active = forms.BooleanField(
        label=_("仍在运行"), required=False, initial=True, help_text=_("班组撤并的取消勾选，历史保留，评价码停用。")
    )
    sections = (
        Section(_("班组"), ["employer", "name", "kind", "headcount", "leader", "founded_on"], key="team"),
        Section(_("创建"), ["covenant", "is_active"], key="more"),
    )

    def __init__(self, *args: Any, is_new: bool = True, only: Employer | None = None, **kwargs: Any) -> None:
        """``only``: the one employer of a unit's union, filled in."""
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["is_active"]
            self.fields["employer"].initial = only
        else:
            del self.fields["employer"]
        self.fields["headcount"].unit = _("人")
        halves(self, "kind", "headcount", "leader", "founded_on")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class GiveForm(BaseForm):
    kind = forms.ChoiceField(
        label=_("称号"), help_text=_("天津市工人先锋号等经市级评选的称号随命名决定自动登记，不在这里授予。")
    )
    basis_title = forms.CharField(label=_("依据文件"), max_length=160, required=False)
    basis_number = forms.CharField(label=_("文号"), max_length=60)
    given_on = forms.DateField(label=_("授予日期"))
    valid_until = forms.DateField(label=_("有效期至"), required=False, help_text=_("不填按称号目录规定的年限计算。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = given_here()
        halves(self, "given_on", "valid_until")


class RemovalForm(BaseForm):
    reason = words_field(_("摘牌的事实和理由"), _("写明发生了什么、依据哪一条。由另一人复核后生效，班组页面会显示。"))


class DecideForm(BaseForm):
    agreed = forms.ChoiceField(
        label=_("复核结论"), choices=(("1", _("同意摘牌")), ("0", _("不予摘牌，称号保留"))), widget=forms.RadioSelect
    )
    words = words_field(_("复核意见"), _("不予摘牌的必须说明理由。"), required=False)


class UploadForm(BaseForm):
    file = forms.FileField(label=_("填好的表格"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))


class CampaignForm(BaseForm):
    kind = forms.ChoiceField(label=_("复查哪项称号"))
    due_on = forms.DateField(label=_("自查截止"), help_text=_("各单位在这一天以前报送自查。"))
    words = words_field(_("要求"), _("持有单位在报送页面看到。"), most=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices()


class SelfCheckForm(BaseForm):
    """Two fields for each criterion of the campaign, then evidence."""

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], answers: dict[str, Any], **kwargs: Any) -> None:
        super_fields = self._of(criteria, answers)
        self.base_fields = super_fields | {
            "words": words_field(_("总的情况"), _("一年来的主要做法和数据。"), most=2000, required=False),
            "files": MultipleFiles(
                label=_("佐证材料"), required=False,
                widget=FileInput(accept=",".join(f".{k}" for k in PAPERS), max_bytes=MAX_MB * MB, multiple=True),
                help_text=_("记录、台账、照片等，最多%d个；整改后重新报送的可以只传新的。") % MAX_FILES,
            ),
        }  # fmt: skip
        self.criteria = criteria
        self.sections = (
            *(
                Section(f"{n}. {c['text']}" + (str(_("（否决项）")) if c["veto"] else ""),
                        [f"met_{c['code']}", f"words_{c['code']}"], key=c["code"])
                for n, c in enumerate(criteria, start=1)
            ),
            Section(_("说明和佐证"), ["words", "files"], key="proof"),
        )  # fmt: skip
        super().__init__(*args, **kwargs)

    @staticmethod
    def _of(criteria: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for criterion in criteria:
            code, before = criterion["code"], answers.get(criterion["code"], {})
            found[f"met_{code}"] = forms.ChoiceField(
                label=_("是否符合"), choices=Met, widget=forms.RadioSelect, initial=before.get("met", "")
            )
            found[f"words_{code}"] = words_field(
                _("情况说明"), _("基本符合、不符合的必须填写。"), rows=2, most=500, required=False
            )
            found[f"words_{code}"].initial = before.get("words", "")
        return found

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        data = self.cleaned_data
        return {
            c["code"]: {"met": data[f"met_{c['code']}"], "words": data[f"words_{c['code']}"]} for c in self.criteria
        }


class ConfirmForm(BaseForm):
    words = words_field(_("审核意见"), required=False)


class MendForm(BaseForm):
    words = words_field(_("要整改什么"))
    due_on = forms.DateField(label=_("整改期限"))


class PointForm(BaseForm):
    service = forms.CharField(
        label=_("服务事项"), max_length=120, help_text=_("公众扫码后看到，如“职工入会、困难帮扶、法律援助”。")
    )


class JudgeForm(BaseForm):
    left_out = forms.ChoiceField(
        label=_("是否计入"), choices=(("0", _("计入统计")), ("1", _("不计入统计"))), widget=forms.RadioSelect
    )
    reason = words_field(_("理由"), most=200, rows=3)


class ModerateForm(BaseForm):
    shown = forms.ChoiceField(
        label=_("审看结论"),
        choices=(("1", _("可以公开：上级工会可以看到")), ("0", _("不予公开：含个人信息、辱骂或与服务无关"))),
        widget=forms.RadioSelect,
    )
    reason = words_field(_("不予公开的理由"), most=200, rows=3, required=False)


MARKS = (("1", _("很不满意")), ("2", _("不满意")), ("3", _("一般")), ("4", _("满意")), ("5", _("很满意")))


def mark_field(dimension: Dimension) -> forms.ChoiceField:
    return forms.ChoiceField(label=dimension.label, choices=MARKS, widget=forms.RadioSelect)


class RateForm(BaseForm):
    """On the phone: five marks and, if one likes, a remark."""

    guard_leaving = False
    attitude = mark_field(Dimension.ATTITUDE)
    quality = mark_field(Dimension.QUALITY)
    innovation = mark_field(Dimension.INNOVATION)
    ability = mark_field(Dimension.ABILITY)
    efficiency = mark_field(Dimension.EFFICIENCY)
    remark = words_field(
        _("留言（可不填）"),
        _("请不要填写姓名、电话等个人信息。留言由上级工会审看。"),
        rows=3,
        most=MAX_REMARK,
        required=False,
    )

    def marks(self) -> list[Any]:
        """The five marks, to be drawn as scales."""
        return [self[name] for name in Dimension.values]

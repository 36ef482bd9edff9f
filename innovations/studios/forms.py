"""Forms of the room: validation only; the domain writes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from innovations.studios import queries
from innovations.studios.domain.checks import MAX_FILES
from innovations.studios.domain.common import MAX_MB, PAPERS
from innovations.studios.domain.studios import FACTS, levels_for
from innovations.studios.enums import (
    ActivityKind,
    GrowthKind,
    MoneyKind,
    Reach,
    RequestKind,
    RequestReason,
    ResultKind,
    StudioKind,
    StudioLevel,
)
from innovations.studios.models import Studio, Topic
from portal.accounts.forms.pickers import ActorForm, EmployerField
from portal.accounts.models import Employer
from portal.lifecycle.notice.forms import MultipleFiles
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import FileInput

HALF = "half"
ACCEPT = ",".join(f".{kind}" for kind in PAPERS)


def words_field(label: Any, help_text: Any = "", *, rows: int = 4, most: int = 300, required: bool = True) -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


def proof_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.FileField:
    widget = FileInput(accept=ACCEPT, max_bytes=MAX_MB * MB)
    return forms.FileField(label=label, required=required, widget=widget, help_text=help_text)


def yuan_field(label: Any, help_text: Any = "", *, least: Decimal = Decimal(0), required: bool = True) -> Any:
    field = forms.DecimalField(
        label=label, min_value=least, max_digits=14, decimal_places=2, required=required, help_text=help_text
    )
    field.unit = _("元")
    return field


def halves(form: forms.Form, *names: str) -> None:
    for name in names:
        if name in form.fields:
            form.fields[name].span = HALF


class StudioForm(ActorForm):
    """``employer`` is chosen when the studio is registered, and stays."""

    employer = EmployerField(label=_("所在单位"), rows=queries.employers)
    name = forms.CharField(label=_("工作室名称"), max_length=60, help_text=_("与命名文件、牌匾一致。"))
    kind = forms.ChoiceField(label=_("类型"), choices=StudioKind)
    founded_on = forms.DateField(label=_("成立日期"))
    direction = forms.CharField(label=_("专业方向"), max_length=60, help_text=_("如焊接工艺、设备智能化改造。"))
    leader = forms.CharField(label=_("领衔人"), max_length=40)
    leader_post = forms.CharField(label=_("岗位、职务"), max_length=60, required=False)
    honour_number = forms.CharField(
        label=_("荣誉证书编号"), max_length=60, required=False,
        help_text=_("本平台颁发的荣誉填证书编号，自动从荣誉登记带出名称；其他荣誉写在下一项。"),
    )  # fmt: skip
    leader_honour = forms.CharField(label=_("主要荣誉"), max_length=120, required=False)
    place = forms.CharField(label=_("场所"), max_length=120, required=False)
    area = forms.DecimalField(label=_("面积"), min_value=1, max_digits=8, decimal_places=1, required=False)
    equipment = words_field(_("主要设备"), rows=3, most=1000, required=False)
    rules = words_field(_("制度"), _("培训、管理、激励制度的名称和文号。"), rows=3, most=1000, required=False)
    sections = (
        Section(_("工作室"), ["employer", "name", "kind", "founded_on", "direction"], key="studio"),
        Section(_("领衔人"), ["leader", "leader_post", "honour_number", "leader_honour"], key="leader"),
        Section(_("条件"), ["place", "area", "equipment", "rules"], key="place"),
    )

    def __init__(self, *args: Any, is_new: bool = True, only: Employer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            self.fields["employer"].initial = only
        else:
            del self.fields["employer"]
        self.fields["area"].unit = _("m²")
        halves(self, "kind", "founded_on", "leader", "leader_post", "honour_number", "leader_honour")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.honour_item = queries.honour_by_number(data.get("honour_number", ""))
        if data.get("honour_number") and self.honour_item is None:
            self.add_error("honour_number", _("没有找到这个证书编号，或荣誉已撤销。其他荣誉请写在“主要荣誉”。"))
        elif self.honour_item is not None and not data.get("leader_honour"):
            data["leader_honour"] = self.honour_item.entry.cycle.programme.title[:120]
        return data

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class NameForm(BaseForm):
    level = forms.ChoiceField(label=_("命名级别"))
    number = forms.CharField(label=_("命名文号"), max_length=60)
    named_on = forms.DateField(label=_("命名日期"))
    reconfirm_on = forms.DateField(label=_("复核到期日"), required=False, help_text=_("不填按命名后两年计算。"))

    def __init__(self, *args: Any, union_level: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(x.value, StudioLevel(x).label) for x in levels_for(union_level)]
        halves(self, "level", "number", "named_on", "reconfirm_on")


class ReconfirmForm(BaseForm):
    until = forms.DateField(label=_("确认有效至"))
    number = forms.CharField(label=_("复核确认文号"), max_length=60)
    words = words_field(_("复核意见"), required=False)


class MemberForm(BaseForm):
    name = forms.CharField(label=_("姓名"), max_length=40)
    trade = forms.CharField(label=_("岗位、工种"), max_length=60)
    skill = forms.CharField(label=_("技能等级、职称"), max_length=40, required=False)
    role = forms.CharField(label=_("分工"), max_length=80, required=False)
    joined_on = forms.DateField(label=_("加入日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "name", "trade", "skill", "joined_on")


class RecordForm(BaseForm):
    """A record of a studio; everything but the proof are its facts."""

    def __init__(self, *args: Any, studio: Studio, **kwargs: Any) -> None:
        self.studio = studio
        super().__init__(*args, **kwargs)
        halves(self, *getattr(self, "half", ()))

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class TopicForm(RecordForm):
    half = ("year", "due_on", "head", "budget")
    title = forms.CharField(label=_("课题名称"), max_length=120)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    due_on = forms.DateField(label=_("计划完成"))
    head = forms.CharField(label=_("课题负责人"), max_length=40)
    budget = yuan_field(_("预算"))
    goal = words_field(_("要解决的问题和目标"), most=1000)
    file = proof_field(_("立项材料"), _("单位立项书、计划书，可以以后补。"))


class ApproveForm(BaseForm):
    number = forms.CharField(label=_("单位立项文号"), max_length=60, help_text=_("单位批准立项的文件或会议纪要编号。"))
    on = forms.DateField(label=_("立项日期"))


class FinishForm(BaseForm):
    outcome = words_field(_("完成情况"), _("解决了什么问题，效果如何。"), most=1000)
    benefit = yuan_field(_("年效益"), _("没有经济效益的填0。"))
    on = forms.DateField(label=_("完成日期"))
    file = proof_field(_("结题材料、效益证明"), _("填报效益的必须上传，由单位财务部门盖章。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        halves(self, "benefit", "on")


class ReasonForm(BaseForm):
    reason = words_field(_("原因"), most=300, rows=3)


class ResultForm(RecordForm):
    half = ("kind", "number", "on", "benefit")
    title = forms.CharField(label=_("成果名称"), max_length=120)
    topic = forms.ModelChoiceField(label=_("来自课题"), queryset=None, required=False, empty_label=_("不属于课题"))
    kind = forms.ChoiceField(label=_("类别"), choices=ResultKind)
    number = forms.CharField(label=_("编号"), max_length=60, required=False, help_text=_("专利号、成果编号。"))
    on = forms.DateField(label=_("取得日期"))
    benefit = yuan_field(_("年效益"), _("没有经济效益的填0。"))
    applied_in = forms.CharField(label=_("应用单位"), max_length=120)
    file = proof_field(_("成果证明、效益证明"), _("填报效益的必须上传，由单位财务部门盖章。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.filter(studio=self.studio)


class ActivityForm(RecordForm):
    half = ("on", "kind", "reach", "sessions", "people")
    title = forms.CharField(label=_("主题"), max_length=120)
    on = forms.DateField(label=_("日期"))
    kind = forms.ChoiceField(label=_("形式"), choices=ActivityKind)
    reach = forms.ChoiceField(label=_("范围"), choices=Reach)
    sessions = forms.IntegerField(label=_("场次"), min_value=1, initial=1)
    people = forms.IntegerField(label=_("人次"), min_value=1)
    file = proof_field(_("签到、照片"))


class GrowthForm(RecordForm):
    half = ("kind", "name", "trade", "on", "mentor", "until", "before", "after")
    kind = forms.ChoiceField(label=_("类别"), choices=GrowthKind)
    name = forms.CharField(label=_("姓名"), max_length=40, help_text=_("徒弟，或晋级的成员。"))
    trade = forms.CharField(label=_("工种、专业"), max_length=60)
    on = forms.DateField(label=_("日期"), help_text=_("拜师日期，或晋级日期。"))
    mentor = forms.CharField(label=_("师傅（带徒填）"), max_length=40, required=False)
    until = forms.DateField(label=_("出徒日期（带徒填）"), required=False)
    before = forms.CharField(label=_("晋级前（晋级填）"), max_length=40, required=False)
    after = forms.CharField(label=_("晋级后（晋级填）"), max_length=40, required=False)
    file = proof_field(_("师徒协议、等级证书"))


class MoneyForm(RecordForm):
    half = ("on", "kind", "amount", "voucher")
    on = forms.DateField(label=_("日期"))
    kind = forms.ChoiceField(
        label=_("科目"),
        choices=(
            (_("收入"), [(x.value, x.label) for x in (MoneyKind.GRANT, MoneyKind.EMPLOYER, MoneyKind.AWARD)]),
            (_("支出"), [(x.value, x.label) for x in (MoneyKind.MATERIAL, MoneyKind.EQUIPMENT, MoneyKind.TRAINING,
                                                     MoneyKind.REWARD, MoneyKind.OTHER)]),
        ),
    )  # fmt: skip
    amount = yuan_field(_("金额"), _("只填正数，收入还是支出由科目决定。"), least=Decimal("0.01"))
    voucher = forms.CharField(label=_("凭证号"), max_length=40)
    words = forms.CharField(label=_("摘要"), max_length=120)
    overdraft = forms.CharField(
        label=_("垫支说明"), max_length=200, required=False, help_text=_("余额不够、由单位先垫支时写明来源。")
    )
    file = proof_field(_("凭证"), _("发票、拨款单、明细的扫描件或照片。"))


class OpenForm(BaseForm):
    year = forms.IntegerField(label=_("考核年度"), min_value=2000, max_value=2100)
    due_on = forms.DateField(label=_("自评截止"), help_text=_("各工作室在这一天以前报送自评。"))


class MarksForm(BaseForm):
    """One mark for each criterion of the check, then ``rest`` of the subclass."""

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], given: dict[str, str], **kwargs: Any) -> None:
        self.criteria = criteria
        marks: dict[str, forms.Field] = {}
        for criterion in criteria:
            field = forms.DecimalField(
                label=criterion["title"], min_value=0, max_value=criterion["max"], decimal_places=1, max_digits=4,
                help_text=criterion["text"], initial=given.get(criterion["code"]),
            )  # fmt: skip
            field.unit = _("分，满分%d") % criterion["max"]
            marks[f"mark_{criterion['code']}"] = field
        self.base_fields = marks | type(self).base_fields
        super().__init__(*args, **kwargs)

    @property
    def marks(self) -> dict[str, Decimal | None]:
        return {c["code"]: self.cleaned_data.get(f"mark_{c['code']}") for c in self.criteria}


class SelfForm(MarksForm):
    summary = words_field(_("年度工作总结"), _("课题、成果、带徒和推广的主要情况与数据。"), rows=6, most=3000)
    plan = words_field(_("下一年计划"), most=1500, required=False)
    files = MultipleFiles(
        label=_("佐证材料"), required=False,
        widget=FileInput(accept=ACCEPT, max_bytes=MAX_MB * MB, multiple=True),
        help_text=_("制度、台账、照片等，最多%d个；补充材料时可以只传新的。") % MAX_FILES,
    )  # fmt: skip


class MarkForm(MarksForm):
    opinion = words_field(_("考核意见"), _("工作室会看到；低于60分的写明要整改什么。"), most=1000)


class ReturnForm(BaseForm):
    words = words_field(_("要补充什么"))
    due_on = forms.DateField(label=_("补充期限"))


class RemovalForm(BaseForm):
    reason = words_field(_("摘牌的事实和理由"), _("写明发生了什么、依据哪一条。由另一人复核后生效。"))


class DecideForm(BaseForm):
    agreed = forms.ChoiceField(
        label=_("复核结论"), choices=(("1", _("同意摘牌")), ("0", _("不予摘牌"))), widget=forms.RadioSelect
    )
    words = words_field(_("复核意见"), _("不予摘牌的必须说明理由。"), required=False)


class RequestForm(RecordForm):
    half = ("new_leader", "new_post")
    kind = forms.ChoiceField(label=_("申请事项"), choices=RequestKind, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("原因"), choices=RequestReason)
    on = forms.DateField(label=_("发生日期"))
    words = words_field(_("说明"), most=1000)
    new_leader = forms.CharField(label=_("新领衔人"), max_length=40, required=False, help_text=_("变更领衔人时填。"))
    new_post = forms.CharField(label=_("新领衔人岗位、职务"), max_length=60, required=False)
    new_honour = forms.CharField(label=_("新领衔人主要荣誉"), max_length=120, required=False)
    file = proof_field(_("证明材料"))


class RequestDecideForm(BaseForm):
    agreed = forms.ChoiceField(
        label=_("审核结论"), choices=(("1", _("同意")), ("0", _("不同意"))), widget=forms.RadioSelect
    )
    opinion = words_field(_("审核意见"), _("不同意的必须说明理由。"), required=False)


class AllianceForm(BaseForm):
    name = forms.CharField(label=_("联盟名称"), max_length=60)
    direction = forms.CharField(label=_("共同方向"), max_length=120)
    founded_on = forms.DateField(label=_("成立日期"))
    charter = words_field(_("共建约定"), rows=5, most=2000, required=False)


class JoinForm(BaseForm):
    studio = forms.ModelChoiceField(label=_("工作室"), queryset=None)
    share = forms.CharField(label=_("承担任务"), max_length=120)
    leads = forms.BooleanField(label=_("牵头工作室"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["studio"].queryset = queries.to_ally()
        self.fields["studio"].label_from_instance = lambda row: f"{row.name}（{row.employer.name}）"

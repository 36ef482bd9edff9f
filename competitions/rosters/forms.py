"""Forms of the rosters: validation only; the domain writes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.rosters.domain.consent import MAX_MB, PAPERS
from competitions.rosters.domain.people import Facts, checked_person
from competitions.rosters.enums import Duty, IdKind, NewGroup, RosterKind, Sex, TeamKind
from competitions.rosters.models import Participation, Roster
from competitions.rosters.persons import Person
from portal.accounts.imports.reading import MAX_BYTES
from portal.core.errors import Invalid
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.uploads import MB
from portal.web.widgets import DateInput, FileInput

BLANK = ("", _("请选择"))
NO_GROUP = ("", _("不属于"))
HALF = "half"


def _half(field: forms.Field) -> forms.Field:
    field.span = HALF
    return field


class OpenForm(BaseForm):
    """A new roster. ``filings`` and ``employers`` are what the desk may choose from."""

    filing = forms.ChoiceField(label=_("竞赛"), help_text=_("已备案或进行中、本单位可以参加的竞赛。"))
    kind = forms.ChoiceField(label=_("名单类型"), choices=RosterKind, widget=forms.RadioSelect, initial=RosterKind.UNIT)
    employer = forms.ChoiceField(label=_("用人单位"), required=False, help_text=_("联合基层工会请选择职工所在单位。"))
    title = forms.CharField(
        label=_("群体（平台、协会）名称"), max_length=80, required=False,
        help_text=_("只在登记无固定单位群体时填写，如“友谊路街道货车司机”。"),
    )  # fmt: skip
    contact = _half(
        forms.CharField(label=_("联系人"), max_length=60, help_text=_("职工在告知书上会看到，可向其查询、更正或退出。"))
    )
    contact_phone = _half(forms.CharField(label=_("联系电话"), max_length=30))

    def __init__(self, *args: Any, filings: Any, employers: Any, group_only: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filings, self.employers = {str(f.pk): f for f in filings}, {str(e.pk): e for e in employers}
        self.fields["filing"].choices = [
            BLANK,
            *((k, f"{f.year}年 {f.title}（{f.owner.label}）") for k, f in self.filings.items()),
        ]
        self.fields["employer"].choices = [("", _("不区分单位")), *((key, e.name) for key, e in self.employers.items())]
        if group_only:
            self.fields["kind"].choices = [(RosterKind.GROUP.value, RosterKind.GROUP.label)]
            self.fields["kind"].initial = RosterKind.GROUP
            del self.fields["employer"]
        elif len(self.employers) == 1:
            self.fields["employer"].initial = next(iter(self.employers))

    def clean_filing(self) -> Any:
        return self.filings[self.cleaned_data["filing"]]

    def clean_employer(self) -> Any:
        return self.employers.get(self.cleaned_data["employer"] or "")


class ContactForm(BaseForm):
    contact = forms.CharField(label=_("联系人"), max_length=60, help_text=_("职工在告知书上会看到。"))
    contact_phone = forms.CharField(label=_("联系电话"), max_length=30)


class TeamForm(BaseForm):
    name = forms.CharField(label=_("班组（队）名称"), max_length=60)
    kind = forms.ChoiceField(label=_("类型"), choices=TeamKind)


class FactsForm(BaseForm):
    """What a roster says about a person."""

    team = _half(forms.ChoiceField(label=_("班组（队）"), required=False))
    trade = _half(forms.CharField(label=_("工种或岗位"), max_length=60, required=False))
    duty = _half(forms.ChoiceField(label=_("身份"), choices=Duty, initial=Duty.MEMBER))
    group = _half(forms.ChoiceField(label=_("新就业形态群体"), choices=[NO_GROUP, *NewGroup.choices], required=False))
    is_frontline = forms.BooleanField(label=_("一线职工"), required=False)
    is_migrant = forms.BooleanField(label=_("农民工"), required=False)

    def __init__(self, *args: Any, roster: Roster, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {str(team.pk): team for team in roster.teams.all()}
        self.fields["team"].choices = [("", _("不分班组")), *((key, team.name) for key, team in self.teams.items())]

    @property
    def facts(self) -> Facts:
        names = ("trade", "duty", "is_frontline", "is_migrant", "group")
        return Facts(**{name: self.cleaned_data[name] for name in names})

    @property
    def chosen_team(self) -> Any:
        return self.teams.get(self.cleaned_data["team"] or "")

    @staticmethod
    def initial_of(row: Participation) -> dict[str, Any]:
        names = ("trade", "duty", "is_frontline", "is_migrant", "group")
        return {name: getattr(row, name) for name in names} | {"team": str(row.team_id or "")}


class WithPerson(forms.Form):
    """Name and document, checked digit by digit; ``person`` is there when the form is valid."""

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.person = now, None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.person: Person | None = checked_person(
                    name=data["name"],
                    id_kind=data["id_kind"],
                    id_number=data["id_number"],
                    sex=data["sex"],
                    now=self.now,
                )
            except Invalid as error:
                self.add_domain_error(error)
        return data


def _name() -> forms.CharField:
    return _half(forms.CharField(label=_("姓名"), max_length=60))


def _id_number() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return _half(
        forms.CharField(label=_("证件号码"), max_length=30, widget=widget, help_text=_("加密保存，各处只显示一部分。"))
    )


def _id_kind() -> forms.ChoiceField:
    return _half(forms.ChoiceField(label=_("证件类型"), choices=IdKind, initial=IdKind.CITIZEN))


def _sex() -> forms.ChoiceField:
    return _half(forms.ChoiceField(label=_("性别"), choices=[("", _("按证件号码识别")), *Sex.choices], required=False))


class PersonForm(WithPerson, FactsForm):
    """One worker, entered by the unit."""

    name, id_number, id_kind, sex = _name(), _id_number(), _id_kind(), _sex()

    class Meta:
        sections = (
            Section(_("职工"), ("name", "id_number", "id_kind", "sex")),
            Section(_("参赛"), ("team", "trade", "duty", "group", "is_frontline", "is_migrant")),
        )


class DoorForm(BaseForm):
    until = forms.DateField(label=_("开放到"), widget=DateInput(), help_text=_("当天24时自动关闭，也可以随时关闭。"))


class EnlistForm(WithPerson, BaseForm):
    """What somebody writes on the public page."""

    name, id_number, id_kind, sex = _name(), _id_number(), _id_kind(), _sex()
    group = _half(forms.ChoiceField(label=_("您的职业"), choices=[BLANK, *NewGroup.choices]))
    street = _half(forms.CharField(label=_("主要工作的街道、乡镇"), max_length=60))
    trade = forms.CharField(label=_("所在平台、车队或站点"), max_length=60, required=False)
    agreed = forms.BooleanField(label=_("我已阅读上面的告知书，同意为参加这项竞赛处理我的个人信息"))

    @property
    def facts(self) -> Facts:
        data = self.cleaned_data
        return Facts(trade=data["trade"], group=data["group"], street=data["street"].strip())


class LastFourForm(BaseForm):
    last_four = forms.CharField(
        label=_("证件号码后四位"), min_length=4, max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("用来确认是您本人，末位是字母X的请填X。"),
    )  # fmt: skip


class RosterUploadForm(BaseForm):
    file = forms.FileField(label=_("填好的名单"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))


class RemoveForm(BaseForm):
    own_wish = forms.ChoiceField(
        label=_("原因"), widget=forms.RadioSelect,
        choices=(("1", _("本人提出退出，撤回同意")), ("0", _("登记有误，或调离、不再参赛"))),
    )  # fmt: skip


class RejectForm(BaseForm):
    reason = forms.CharField(
        label=_("不接收的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不要写个人信息；人员的姓名、号码随即删除。"),
    )  # fmt: skip


class BatchConsentForm(BaseForm):
    """Who signed on paper, and the scan."""

    chosen = forms.MultipleChoiceField(label=_("已签字的职工"), widget=forms.CheckboxSelectMultiple)
    signed_on = _half(forms.DateField(label=_("签字日期"), widget=DateInput()))
    file = forms.FileField(
        label=_("签字表扫描件"), help_text=_("PDF或照片；签字表上应印有告知书全文。"),
        widget=FileInput(accept=",".join(f".{kind}" for kind in PAPERS), max_bytes=MAX_MB * MB),
    )  # fmt: skip
    note = forms.CharField(label=_("说明"), max_length=300, required=False, help_text=_("如“6月1日班前会集中签字”。"))

    def __init__(self, *args: Any, people: list[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [
            (str(row.pk), f"{row.worker.name}（{row.masked_id}）{row.team.name if row.team_id else ''}")
            for row in people
        ]

    def clean_chosen(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["chosen"]]


class SignForm(BaseForm):
    reason = forms.CharField(
        label=_("更正原因"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needed:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("本年度已经确认过，再次确认须写明更正原因；以前的快照保留。")
        else:
            del self.fields["reason"]

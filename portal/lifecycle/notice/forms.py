"""Forms of notices and objections: shape only; the domain decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.notice.models import Category, Ruling
from portal.lifecycle.notice.objections import ACCEPTED, MAX_FILE_MB, MAX_GROUNDS
from portal.web.forms import BaseForm
from portal.web.ui import Section
from portal.web.widgets import MB, FileInput


class NoticeForm(BaseForm):
    title = forms.CharField(label=_("标题"), max_length=160)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False, help_text=_("没有文号可以留空。"))
    body = forms.CharField(
        label=_("正文"), widget=forms.Textarea(attrs={"rows": 9}), help_text=_("名单会自动列在正文之后，不必在此抄写。")
    )
    working_days = forms.IntegerField(
        label=_("公示工作日"), min_value=5, help_text=_("发布当日不计，按国务院节假日安排计算；不少于5个工作日。")
    )
    contact = forms.CharField(
        label=_("异议受理联系方式"), max_length=300, help_text=_("部门、电话、通讯地址，会在公示中公开。")
    )

    class Meta:
        sections = (
            Section(_("公示内容"), ("title", "document_number", "body")),
            Section(_("期限与联系"), ("working_days", "contact")),
        )


class NewNoticeForm(NoticeForm):
    """With the list: all that may be shown are ticked, a person takes out what must wait."""

    entries = forms.MultipleChoiceField(
        label=_("公示名单"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选列入本次公示的申报件，顺序即为公示顺序。"),
        error_messages={"required": _("公示名单为空，请至少勾选一项。")},
    )

    class Meta:
        sections = (
            Section(_("公示名单"), ("entries",)),
            Section(_("公示内容"), ("title", "document_number", "body")),
            Section(_("期限与联系"), ("working_days", "contact")),
        )

    def __init__(self, *args: Any, entries: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].choices = [(str(e.pk), f"{e.title}（{e.organisation.name}）") for e in entries]


class ReasonForm(BaseForm):
    reason = forms.CharField(label=_("原因"), widget=forms.Textarea(attrs={"rows": 4}), max_length=500)


class RulingForm(BaseForm):
    ruling = forms.ChoiceField(
        label=_("结论"),
        choices=Ruling.choices,
        widget=forms.RadioSelect,
        help_text=_("认定成立的，该对象取消资格，有递补名单的由下一位递补，递补对象须另行公示。"),
    )
    text = forms.CharField(
        label=_("答复意见"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("异议人凭查询码可以看到；请写明查证情况和依据，不写异议人信息。"),
    )


class MultipleFiles(forms.FileField):
    """Several files in one field; each is checked by content in the domain."""

    def clean(self, data: Any, initial: Any = None) -> list:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(MultipleFiles, self).clean(f, initial) for f in files if f]


class ObjectionForm(BaseForm):
    entry = forms.ChoiceField(label=_("异议对象"), required=False)
    category = forms.ChoiceField(label=_("异议类别"), choices=Category.choices, initial=Category.FACTS, required=False)
    grounds = forms.CharField(
        label=_("事实与理由"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=MAX_GROUNDS,
        help_text=_("请写清时间、地点、事实，只反映事实；有证据的请在下方上传。"),
    )
    files = MultipleFiles(
        label=_("证明材料"),
        required=False,
        widget=FileInput(accept=",".join(f".{kind}" for kind in ACCEPTED), max_bytes=MAX_FILE_MB * MB, multiple=True),
        help_text=_("最多5个文件，如照片、扫描件、聊天记录截图。"),
    )
    is_named = forms.ChoiceField(
        label=_("署名方式"),
        choices=(("1", _("实名：便于核实，并会得到书面答复")), ("0", _("匿名：凭查询码在本站查看结果"))),
        widget=forms.RadioSelect,
        initial="1",
    )
    name = forms.CharField(label=_("姓名或单位名称"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=30,
        required=False,
        help_text=_("加密保存，只用于核实本件异议，不会告知被反映单位。"),
    )

    class Meta:
        sections = (
            Section(_("反映的情况"), ("entry", "category", "grounds", "files")),
            Section(_("您的信息"), ("is_named", "name", "phone")),
        )

    def __init__(self, *args: Any, items: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(str(i.entry_id), f"{i.position}. {i.shown['title']}（{i.shown['unit']}）") for i in items]
        self.fields["entry"].choices = [("", _("整份名单")), *lines]

    def clean_is_named(self) -> bool:
        return self.cleaned_data["is_named"] == "1"


class QueryForm(BaseForm):
    code = forms.CharField(label=_("查询码"), max_length=20, help_text=_("提交异议时页面上显示的10位字母和数字。"))
    guard_leaving = False

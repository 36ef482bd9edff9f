"""Forms of staff, invitations and the own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.forms.pickers import ActorForm, OrganisationField
from portal.accounts.models import User
from portal.accounts.queries.organisations import managed
from portal.web.forms import BaseForm
from portal.web.ui import Section

ROLE_HELP = _("填报：填写申报；审核：审核推荐；管理：组织、人员与届次；评审专家、监督、审计只设在区级以上。")


class _RoleForm(ActorForm):
    organisation = OrganisationField(label=_("工会组织"), rows=managed)
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices], help_text=ROLE_HELP)
    title = forms.CharField(label=_("职务"), max_length=60, required=False, help_text=_("例如：经济技术部部长。"))


class GrantForm(_RoleForm):
    """For people who have an account; named by the user name, so that no list of people is offered."""

    username = forms.CharField(
        label=_("用户名"), max_length=60, help_text=_("对方已有账号的用户名；没有账号的请发出邀请。")
    )

    class Meta:
        sections = (Section("", ("username", "organisation", "role", "title")),)

    def clean_username(self) -> User:
        found = User.objects.filter(username=self.cleaned_data["username"].strip(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("没有这个用户名。没有账号的人员请改用“发出邀请”。"))
        return found


class InviteForm(_RoleForm):
    name = forms.CharField(label=_("被邀请人姓名"), max_length=60)
    way = forms.ChoiceField(
        label=_("邀请链接怎样交给本人"),
        choices=(
            ("letter", _("由平台发邀请函：先起草，您核对后再发出")),
            ("page", _("由我转交：在页面上显示一次链接")),
        ),
        widget=forms.RadioSelect,
        initial="letter",
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    phone = forms.CharField(
        label=_("手机号码"), max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"}),
        help_text=_("由平台发函的，邮箱和手机至少填一项（平台开通短信的才能发到手机）；都没有的，请选择由您转交。"),
    )  # fmt: skip

    class Meta:
        sections = (Section("", ("name", "organisation", "role", "title", "way", "email", "phone")),)


class EndForm(BaseForm):
    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea({"rows": 3}), help_text=_("例如：调离、退休。")
    )


class AcceptForm(BaseForm):
    """For people without an account: the name is the inviter's, the rest is theirs."""

    username = forms.CharField(
        label=_("用户名"), max_length=60, min_length=3, help_text=_("用于登录，建议用姓名拼音或手机号。"),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("手机号码"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    password = forms.CharField(
        label=_("密码"), max_length=128, widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少10位，包含大写字母、小写字母、数字、符号中的三种。"),
    )  # fmt: skip
    repeat = forms.CharField(
        label=_("再输一次密码"), max_length=128, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, has_account: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_account:
            del self.fields["username"], self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("password") and data.get("repeat") and data["password"] != data["repeat"]:
            self.add_error("repeat", _("两次输入的密码不一致。"))
        return data


class ProfileForm(BaseForm):
    phone = forms.CharField(
        label=_("手机号码"), max_length=20, required=False, help_text=_("加密保存，只用于工作联系。"),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    email = forms.EmailField(label=_("电子邮箱"), required=False, widget=forms.EmailInput({"autocomplete": "email"}))


class TokenForm(BaseForm):
    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("例如：与集团人事系统同步。"))


class HolidayForm(BaseForm):
    day = forms.DateField(label=_("日期"))
    is_workday = forms.TypedChoiceField(
        label=_("安排"), choices=(("no", _("放假")), ("yes", _("调休上班"))), coerce=lambda value: value == "yes"
    )
    name = forms.CharField(label=_("名称"), max_length=50, required=False, help_text=_("例如：国庆节、国庆节调休。"))

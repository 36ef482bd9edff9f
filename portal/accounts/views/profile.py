"""The own account: desks, data, password and second factor, sign-in history, API tokens."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.authentication import DESK_HEADER
from portal.accounts.domain import sign_in as domain
from portal.accounts.domain.desks import switch_desk
from portal.accounts.forms.members import ProfileForm, TokenForm
from portal.accounts.middleware import SESSION_KEY
from portal.accounts.models import ApiToken
from portal.accounts.queries import sign_in as queries
from portal.accounts.tables import SignInFilters, SignInTable
from portal.core.text import mask_phone
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, Tab
from portal.web.views import ActionView, FormView, ListView, PageView


def profile_tabs(current: str) -> list[Tab]:
    names = (
        ("accounts:profile", _("个人资料")),
        ("accounts:profile.sign_ins", _("登录记录")),
        ("accounts:feed.list", _("日历订阅")),
        ("accounts:token.list", _("接口令牌")),
    )
    return [Tab(label, reverse(name), name == current) for name, label in names]


class DeskSwitch(ActionView):
    """切换工作台: POST from the top bar."""

    policy_action = "profile.switch"

    def get_failure_url(self) -> str:
        return reverse("lifecycle:worklist.home")

    def perform(self) -> HttpResponse:
        membership = switch_desk(actor=self.actor, membership_id=self.kwargs["membership_id"], now=self.now)
        self.request.session[SESSION_KEY] = membership.pk
        message = _t("现在使用“%(name)s · %(role)s”的工作台。") % {
            "name": membership.organisation.name,
            "role": membership.get_role_display(),
        }
        return self.done(message, reverse("lifecycle:worklist.home"))


class Profile(PageView):
    policy_action = "profile.view"
    template_name = "accounts/profile.html"
    title = _("个人中心")

    def page_tabs(self) -> list[Tab]:
        return profile_tabs("accounts:profile")

    def page_actions(self) -> list[Action]:
        return [Action(_("修改联系方式"), reverse("accounts:profile.change"), icon="edit")]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.actor.user
        facts = [
            Fact(_t("姓名"), user.name),
            Fact(_t("用户名"), user.username),
            Fact(_t("手机号码"), mask_phone(user.phone) or "—"),
            Fact(_t("电子邮箱"), user.email or "—"),
        ]
        has_second_factor = any(m.has_second_factor for m in request.memberships)
        return self.render(
            facts=facts,
            memberships=request.memberships,
            current=request.membership,
            has_second_factor=has_second_factor,
            last=queries.last_sign_in_before_this(user),
        )


class ProfileChange(FormView):
    policy_action = "profile.change"
    form_class = ProfileForm
    title = _("修改联系方式")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_t("个人中心"), reverse("accounts:profile"))]

    def get_initial(self) -> dict[str, Any]:
        return {"phone": self.actor.user.phone, "email": self.actor.user.email}

    def perform(self, form: ProfileForm) -> HttpResponse:
        domain.change_own_data(actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("联系方式已更新。"), reverse("accounts:profile"))


class SignInHistory(ListView):
    """登录记录 of the own account, failed attempts included."""

    policy_action = "profile.view"
    table_class = SignInTable
    filters_class = SignInFilters
    title = _("登录记录")

    def get_queryset(self) -> QuerySet:
        return queries.sign_ins_of(self.actor.user)

    def page_tabs(self) -> list[Tab]:
        return profile_tabs("accounts:profile.sign_ins")


class Tokens(PageView):
    policy_action = "profile.tokens"
    template_name = "accounts/tokens.html"
    title = _("接口令牌")

    def page_tabs(self) -> list[Tab]:
        return profile_tabs("accounts:token.list")

    def page_actions(self) -> list[Action]:
        return [Action(_("新建令牌"), reverse("accounts:token.create"), icon="plus", kind="primary")]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(tokens=queries.tokens_of(self.actor.user))


class TokenCreate(FormView):
    policy_action = "profile.tokens"
    form_class = TokenForm
    title = _("新建接口令牌")
    submit_label = _("新建令牌")
    intro = _("令牌供其他程序以您的身份调用接口，能看到和办理的与您本人相同。请像密码一样保管，不用时及时吊销。")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_t("接口令牌"), reverse("accounts:token.list"))]

    def perform(self, form: TokenForm) -> HttpResponse:
        token, text = domain.create_token(actor=self.actor, name=form.cleaned_data["name"], now=self.now)
        response = self.render(
            template="accounts/token_once.html",
            token=token,
            text=text,
            expiry=cn_datetime(token.expiry),
            header=DESK_HEADER,
            memberships=self.request.memberships,
        )
        response["Cache-Control"] = "no-store"
        return response


class TokenRevoke(ActionView):
    policy_action = "profile.tokens"
    lookup_field = "token_key"

    def get_queryset(self) -> QuerySet[ApiToken]:
        return queries.tokens_of(self.actor.user)

    def policy_object(self) -> Any:
        return None

    def get_failure_url(self) -> str:
        return reverse("accounts:token.list")

    def perform(self) -> HttpResponse:
        domain.revoke_token(actor=self.actor, token=self.object, now=self.now)
        return self.done(
            _t("令牌“%(name)s”已吊销，立即失效。") % {"name": self.object.name}, reverse("accounts:token.list")
        )

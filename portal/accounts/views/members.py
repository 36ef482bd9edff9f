"""Pages of staff: who holds which role where, and the accounts behind them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import display
from portal.accounts.domain import sign_in
from portal.accounts.domain.memberships import end_role, grant_role
from portal.accounts.forms.members import EndForm, GrantForm
from portal.accounts.models import Membership
from portal.accounts.queries import memberships as queries
from portal.accounts.queries.organisations import managed
from portal.accounts.queries.sign_in import sign_ins_of
from portal.accounts.tables import MemberFilters, MemberTable, SignInFilters, SignInTable
from portal.core.context import Actor
from portal.core.policies import may
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, Tab
from portal.web.views import ActionView, DetailView, FormView, ListView


def list_crumb() -> Crumb:
    return Crumb(_t("人员与角色"), reverse("accounts:member.list"))


def page_of(membership: Membership) -> str:
    return reverse("accounts:member.detail", kwargs={"pk": membership.pk})


def list_tabs(actor: Actor, current: str) -> list[Tab]:
    names = [("accounts:member.list", _("人员"))]
    if may(actor, "member.invite"):
        names += [("accounts:invitation.list", _("邀请")), ("lifecycle:invitation_letter.list", _("邀请函"))]
    return [Tab(label, reverse(name), name == current) for name, label in names]


def list_actions() -> list[Action]:
    upload = f"{reverse('accounts:import.create')}?kind=staff"
    return [
        Action(_("批量导入"), upload, icon="table-import", policy_action="organisation.import"),
        Action(_("授予角色"), reverse("accounts:member.grant"), icon="user-plus", policy_action="member.grant"),
        Action(
            _("发出邀请"),
            reverse("accounts:invitation.create"),
            icon="mail",
            kind="primary",
            policy_action="member.invite",
        ),
    ]


class MemberMixin:
    context_name = "membership"

    def get_queryset(self) -> QuerySet[Membership]:
        return queries.member_list(now=self.now)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.user.name, page_of(self.object))]

    def get_cancel_url(self) -> str:
        return page_of(self.object)

    def get_failure_url(self) -> str:
        return page_of(self.object)


class MemberList(ListView):
    policy_action = "member.view"
    table_class = MemberTable
    filters_class = MemberFilters
    title = _("人员与角色")
    export_name = _("人员与角色")

    def get_queryset(self) -> QuerySet[Membership]:
        rows = queries.member_list(now=self.now)
        return rows if self.request.GET.get("ended") else rows.filter(is_active=True)

    def page_tabs(self) -> list[Tab]:
        return list_tabs(self.actor, "accounts:member.list")

    def page_actions(self) -> list[Action]:
        return list_actions()


class MemberDetail(MemberMixin, DetailView):
    policy_action = "member.view"
    template_name = "accounts/member_detail.html"

    def page(self) -> PageContext:
        membership = self.object
        return PageContext(
            title=membership.user.name,
            badge=display.membership_status(membership),
            subtitle=f"{membership.organisation.name} · {membership.get_role_display()}",
            crumbs=[list_crumb()],
            actions=self._actions(),
            tabs=detail_tabs(self.actor, membership, "accounts:member.detail"),
        )

    def _actions(self) -> list[Action]:
        if not self.object.is_active:
            return []
        url = reverse("accounts:member.end", kwargs={"pk": self.object.pk})
        decision = may(self.actor, "member.end", self.object)
        return [Action(_("停用这个角色"), url, icon="user-minus", kind="danger", decision=decision)]

    def context(self) -> dict[str, Any]:
        user, until = self.object.user, queries.locked_until(self.object.user, now=self.now)
        return {
            "roles": queries.memberships_in_scope(user),
            "facts": [
                Fact(_t("用户名"), user.username),
                Fact(_t("职务"), self.object.title or "—"),
                Fact(_t("电子邮箱"), user.email or "—"),
                Fact(_t("最近登录"), cn_datetime(user.last_login) if user.last_login else _t("从未登录")),
                Fact(_t("密码更换于"), cn_datetime(user.password_changed_at)),
                Fact(_t("动态口令"), _t("已启用") if self.object.has_second_factor else _t("未启用")),
            ],
            "locked_until": until,
            "account_actions": self._account_actions(is_locked=until is not None),
        }

    def _account_actions(self, *, is_locked: bool) -> list[Action]:
        here, decision = {"pk": self.object.pk}, may(self.actor, "member.reset", self.object)
        actions = []
        if is_locked:
            url = reverse("accounts:member.unlock", kwargs=here)
            actions.append(Action(_("解除锁定"), url, icon="lock-open", post=True, decision=decision))
        actions.append(
            Action(
                _("重置密码"),
                reverse("accounts:member.reset_password", kwargs=here),
                icon="key",
                post=True,
                decision=decision,
                confirm=_("将生成一次性密码，原密码立即失效，本人登录后须另设新密码。确定重置？"),
            )
        )
        if self.object.has_second_factor:
            url = reverse("accounts:member.reset_second_factor", kwargs=here)
            confirm = _("本人下次登录时须重新绑定手机。请先核实本人身份。确定重置？")
            actions.append(
                Action(_("重置动态口令"), url, icon="device-mobile-off", post=True, decision=decision, confirm=confirm)
            )
        return actions


def detail_tabs(actor: Any, membership: Membership, current: str) -> list[Tab]:
    names = [("accounts:member.detail", _("概况"))]
    if may(actor, "member.history"):
        names.append(("accounts:member.sign_ins", _("登录记录")))
    tabs = [Tab(label, reverse(name, kwargs={"pk": membership.pk}), name == current) for name, label in names]
    return tabs if len(tabs) > 1 else []


class MemberSignIns(MemberMixin, ListView):
    """登录记录 of one person, for the managers above."""

    policy_action = "member.history"
    table_class = SignInTable
    filters_class = SignInFilters

    @property
    def membership(self) -> Membership:
        return self.object

    def page_title(self) -> str:
        return self.membership.user.name

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def page_tabs(self) -> list[Tab]:
        return detail_tabs(self.actor, self.membership, "accounts:member.sign_ins")

    def rows(self, filters: Any) -> QuerySet:
        queryset = sign_ins_of(self.membership.user)
        return filters.apply(queryset) if filters else queryset


class MemberGrant(FormView):
    policy_action = "member.grant"
    form_class = GrantForm
    title = _("授予角色")
    submit_label = _("授予角色")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        return wanted_organisation(self)

    def perform(self, form: GrantForm) -> HttpResponse:
        data = form.cleaned_data
        membership = grant_role(
            actor=self.actor,
            user=data["username"],
            organisation=data["organisation"],
            role=data["role"],
            title=data["title"],
            now=self.now,
        )
        message = _t("%(name)s现在是“%(organisation)s”的%(role)s，下次登录即可切换到这个工作台。") % {
            "name": membership.user.name,
            "organisation": membership.organisation.name,
            "role": membership.get_role_display(),
        }
        return self.done(message, page_of(membership))


def wanted_organisation(view: Any) -> dict[str, Any]:
    """The organisation that the link came from, as the form's first choice."""
    from_link = view.request.GET.get("organisation", "")
    found = managed(view.actor).filter(pk=from_link).first() if from_link.isdigit() else None
    return {"organisation": found} if found else {}


class MemberEnd(MemberMixin, FormView):
    policy_action = "member.end"
    form_class = EndForm
    title = _("停用角色")
    submit_label = _("停用角色")
    submit_kind = "danger"
    intro = _("停用后，本人不能再进入这个工作台；他办理过的记录仍然署他的姓名。")

    def perform(self, form: EndForm) -> HttpResponse:
        end_role(actor=self.actor, membership=self.object, reason=form.cleaned_data["reason"], now=self.now)
        return self.done(_t("已停用%(name)s的这个角色。") % {"name": self.object.user.name}, page_of(self.object))


class MemberResetPassword(MemberMixin, ActionView):
    """Shows the one-time password once, on a page that nobody keeps."""

    policy_action = "member.reset"

    def perform(self) -> HttpResponse:
        password = sign_in.reset_password(actor=self.actor, membership=self.object, now=self.now)
        response = self.render(template="accounts/one_time_password.html", password=password, back=page_of(self.object))
        response["Cache-Control"] = "no-store"
        return response

    def page_title(self) -> str:
        return _t("一次性密码")


class MemberResetSecondFactor(MemberMixin, ActionView):
    policy_action = "member.reset"

    def perform(self) -> HttpResponse:
        sign_in.reset_second_factor(actor=self.actor, membership=self.object, now=self.now)
        message = _t("%(name)s的动态口令已重置，下次登录时重新绑定。") % {"name": self.object.user.name}
        return self.done(message, page_of(self.object))


class MemberUnlock(MemberMixin, ActionView):
    policy_action = "member.reset"

    def perform(self) -> HttpResponse:
        sign_in.unlock(actor=self.actor, membership=self.object, now=self.now)
        return self.done(_t("%(name)s可以登录了。") % {"name": self.object.user.name}, page_of(self.object))

"""Invitations: for the manager who sends them, and the public page of the person who comes with a link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import display
from portal.accounts.domain import invitations as domain
from portal.accounts.forms.members import AcceptForm, InviteForm
from portal.accounts.middleware import SESSION_KEY
from portal.accounts.models import Invitation
from portal.accounts.queries import memberships as queries
from portal.accounts.tables import InvitationFilters, InvitationTable
from portal.accounts.views.members import list_actions, list_tabs, wanted_organisation
from portal.core.errors import DomainError
from portal.core.policies import may
from portal.core.text import mask_phone
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, Tab
from portal.web.views import ActionView, DetailView, FormView, ListView, PageView


def list_crumb() -> Crumb:
    return Crumb(_t("邀请"), reverse("accounts:invitation.list"))


def page_of(invitation: Invitation) -> str:
    return reverse("accounts:invitation.detail", kwargs={"pk": invitation.pk})


def letter_of(invitation: Invitation) -> str:
    """Where the letter of an invitation is read and sent."""
    return reverse("lifecycle:invitation_letter.detail", args=[invitation.pk])


class InvitationMixin:
    context_name = "invitation"

    def get_queryset(self) -> QuerySet[Invitation]:
        return queries.invitation_list(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.organisation

    def get_failure_url(self) -> str:
        return page_of(self.object)

    def show_link(self, invitation: Invitation, token: str) -> HttpResponse:
        """The link is shown once: the token is stored nowhere."""
        link = self.request.build_absolute_uri(reverse("accounts:invitation.accept", kwargs={"token": token}))
        response = self.render(template="accounts/invitation_link.html", invitation=invitation, link=link)
        response["Cache-Control"] = "no-store"
        return response


class InvitationList(ListView):
    policy_action = "member.invite"
    table_class = InvitationTable
    filters_class = InvitationFilters
    title = _("邀请")
    export_name = _("邀请")

    def get_queryset(self) -> QuerySet[Invitation]:
        return queries.invitation_list(actor=self.actor)

    def table_context(self) -> dict[str, Any]:
        return {"now": self.now}

    def page_tabs(self) -> list[Tab]:
        return list_tabs(self.actor, "accounts:invitation.list")

    def page_actions(self) -> list[Action]:
        return list_actions()


class InvitationCreate(InvitationMixin, FormView):
    policy_action = "member.invite"
    form_class = InviteForm
    title = _("发出邀请")
    submit_label = _("发出邀请")
    intro = _(
        "邀请链接七天内有效，只能使用一次。由平台发函的，链接在发出时生成；由您转交的，请只交给本人，不要公开发布。"
    )

    def policy_object(self) -> Any:
        return None

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        return wanted_organisation(self)

    def perform(self, form: InviteForm) -> HttpResponse:
        data = form.cleaned_data
        if data.pop("way") == "letter":
            made = domain.invite_by_letter(actor=self.actor, invitee=domain.Invitee(**data), now=self.now)
            return self.done(_t("邀请函已起草，请核对后发送。"), letter_of(made))
        invitation, token = domain.invite(actor=self.actor, now=self.now, **data)
        return self.show_link(invitation, token)


class InvitationDetail(InvitationMixin, DetailView):
    policy_action = "member.invite"
    template_name = "accounts/invitation_detail.html"

    def page(self) -> PageContext:
        invitation = self.object
        status = display.invitation_status(invitation, self.now)
        return PageContext(title=invitation.name, badge=status, crumbs=[list_crumb()], actions=self._actions())

    def _actions(self) -> list[Action]:
        invitation, here = self.object, {"pk": self.object.pk}
        if not invitation.is_open:
            return []
        decision = may(self.actor, "member.invite", invitation.organisation)
        letter = Action(_("查看邀请函"), letter_of(invitation), icon="mail")
        if not invitation.by_letter:
            url = reverse("accounts:invitation.letter", kwargs=here)
            letter = Action(_("起草邀请函"), url, icon="mail", post=True, decision=decision)
        return [
            Action(
                _("撤回"),
                reverse("accounts:invitation.cancel", kwargs=here),
                icon="ban",
                kind="danger",
                post=True,
                decision=decision,
                confirm=_("撤回后链接立即失效。确定撤回？"),
            ),
            letter,
            Action(
                _("重新生成链接") if invitation.expires_at else _("生成链接，由我转交"),
                reverse("accounts:invitation.renew", kwargs=here),
                icon="refresh",
                kind="primary",
                post=True,
                decision=decision,
                confirm=_("新链接七天内有效，以前发出的链接立即失效。确定生成？"),
            ),
        ]

    def context(self) -> dict[str, Any]:
        invitation = self.object
        facts = [
            Fact(_t("工会组织"), invitation.organisation.name),
            Fact(_t("角色"), invitation.get_role_display()),
            Fact(_t("职务"), invitation.title or "—"),
            Fact(_t("电子邮箱"), invitation.email or "—"),
            Fact(_t("手机"), mask_phone(invitation.phone) or "—"),
            Fact(_t("邀请人"), invitation.invited_by.name),
            Fact(_t("发出时间"), cn_datetime(invitation.created_at)),
            Fact(
                _t("有效期至"),
                cn_datetime(invitation.expires_at) if invitation.expires_at else _t("发函或生成链接后七天"),
            ),
        ]
        if invitation.accepted_at:
            facts.append(Fact(_t("接受人"), f"{invitation.accepted_by.name}，{cn_datetime(invitation.accepted_at)}"))
        return {"facts": facts}


class InvitationRenew(InvitationMixin, ActionView):
    policy_action = "member.invite"
    title = _("邀请链接")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def perform(self) -> HttpResponse:
        invitation, token = domain.renew_invitation(actor=self.actor, invitation=self.object, now=self.now)
        return self.show_link(invitation, token)


class InvitationLetterDraft(InvitationMixin, ActionView):
    """The platform writes to somebody who was to get the link by hand."""

    policy_action = "member.invite"

    def perform(self) -> HttpResponse:
        domain.ask_for_letter(actor=self.actor, invitation=self.object, now=self.now)
        return self.done(_t("邀请函已起草，请核对后发送。"), letter_of(self.object))


class InvitationCancel(InvitationMixin, ActionView):
    policy_action = "member.invite"

    def perform(self) -> HttpResponse:
        domain.cancel_invitation(actor=self.actor, invitation=self.object, now=self.now)
        return self.done(_t("邀请已撤回，链接不能再使用。"), page_of(self.object))


class InvitationAccept(PageView):
    """Public: whoever holds the link. People with an account sign in first, others make one here."""

    public = True
    layout = "focus"
    template_name = "accounts/invitation_accept.html"
    title = _("接受邀请")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.invitation = queries.invitation_by_token_hash(domain.hash_of(self.kwargs["token"]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page_with(AcceptForm(has_account=self.has_account))

    @property
    def has_account(self) -> bool:
        return self.invitation is not None and self.invitation.user_id is not None

    def page_with(self, form: AcceptForm, status: int = 200) -> HttpResponse:
        if self.invitation is None:
            raise Http404
        problem = domain.problem_of(self.invitation, now=self.now)
        sign_in = f"{reverse('account_login')}?{urlencode({'next': self.request.path})}"
        response = self.render(
            status=410 if problem else status,
            invitation=self.invitation,
            has_account=self.has_account,
            problem=problem,
            form=form,
            sign_in_url=sign_in,
        )
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.invitation is None:
            raise Http404
        if request.user.is_authenticated:
            return self._accept_as(request)
        form = AcceptForm(data=request.POST, has_account=self.has_account)
        if form.is_valid():
            data = form.cleaned_data
            account = domain.NewAccount(data.get("username", ""), data["password"], data.get("phone", ""))
            try:
                user, membership = domain.accept_invitation(invitation=self.invitation, account=account, now=self.now)
            except DomainError as error:
                form.add_domain_error(error)
                self.invitation.refresh_from_db()
            else:
                login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
                return self._welcome(request, membership.pk)
        return self.page_with(form, status=422)

    def _accept_as(self, request: HttpRequest) -> HttpResponse:
        try:
            _user, membership = domain.accept_invitation(invitation=self.invitation, user=request.user, now=self.now)
        except DomainError as error:
            return self.fail(error.message, request.path)
        return self._welcome(request, membership.pk)

    def _welcome(self, request: HttpRequest, membership_id: int) -> HttpResponse:
        request.session[SESSION_KEY] = membership_id
        name = self.invitation.organisation.name
        messages.success(request, _t("欢迎加入“%(name)s”，这是您的工作台。") % {"name": name})
        return self.redirect(reverse("lifecycle:worklist.home"))

"""Who holds which role where."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.models.organisation import Organisation
from portal.accounts.models.user import User
from portal.core.crypto import EncryptedTextField
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel


class Membership(ScopedModel, TimeStamped):
    """任职: user × organisation × role. Ended ones stay, so that old signatures can be read."""

    scope_owner = "organisation__path"

    user = models.ForeignKey(User, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("工会组织"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    is_active = models.BooleanField(_("在任"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="accounts_membership_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.organisation.path


class Invitation(ScopedModel):
    """邀请: a link that lets a person take up a role; only the token's hash is stored, and it expires.

    An invitation that goes out by letter has no link before the letter is sent, so nothing can leak from the draft.
    """

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("工会组织"), on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = EncryptedTextField(_("手机"), blank=True, default="")
    title = models.CharField(_("职务"), max_length=60, blank=True)
    by_letter = models.BooleanField(_("由平台发邀请函"), default=False)
    user = models.ForeignKey(
        User, verbose_name=_("已有账号"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the account exists already (import): the link only sets its first password
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # null: no link has been made yet
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("发出时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("有效期至"), null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("接受时间"), null=True)
    cancelled_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("邀请")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token_hash__isnull=True, expires_at__isnull=True)
                | models.Q(token_hash__isnull=False, expires_at__isnull=False),
                name="accounts_invitation_link_expires",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Neither used nor cancelled; it may still have expired."""
        return self.accepted_at is None and self.cancelled_at is None

    @property
    def mail_address(self) -> str:
        """Where the person can be written to: as stated in the invitation, else as the account knows."""
        return self.email or (self.user.email if self.user else "")

    @property
    def mobile(self) -> str:
        return self.phone or (self.user.phone if self.user else "")

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.organisation.path

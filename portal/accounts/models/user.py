"""People who sign in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from portal.accounts.enums import SignInOutcome
from portal.core.crypto import EncryptedTextField, blind_index


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """用户: a person with a sign-in. Rights come from memberships only; there is no superuser."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = EncryptedTextField(_("手机"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    is_active = models.BooleanField(_("可以登录"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), default=timezone.now)
    last_membership = models.ForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    # Libraries ask for these; nothing in the portal does (rights come from policies).
    is_staff = False
    is_superuser = False

    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args, **kwargs) -> None:
        self.phone_index = blind_index(self.phone)
        if kwargs.get("update_fields") and "phone" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "phone_index"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class PasswordRecord(models.Model):
    """历史密码: hashes of the last passwords, so that they are not used again (domain.md 15.2)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    password = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("历史密码")
        ordering = ["-created_at"]


class SignInEvent(models.Model):
    """登录记录: kept at least six months (网络安全法); the client's address and nothing more."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    username = models.CharField(_("用户名"), max_length=60)
    outcome = models.CharField(_("结果"), max_length=20, choices=SignInOutcome)
    at = models.DateTimeField(_("时间"), default=timezone.now, db_index=True)
    client = models.CharField(_("来源地址"), max_length=64, blank=True)
    device = models.CharField(_("设备"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("登录记录")
        ordering = ["-at"]


class ApiToken(AbstractAuthToken):
    """接口令牌: lets a program act as its owner, at one of the owner's desks. Only the hash is stored."""

    name = models.CharField(_("用途"), max_length=60, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-created"]

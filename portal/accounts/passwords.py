"""Password rules beyond Django's own (domain.md 15.2: three kinds of characters, not one of the last five)."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import PasswordRecord, User


class CharacterKindsValidator:
    """At least three of: lower case, upper case, digits, other."""

    def validate(self, password: str, user: User | None = None) -> None:
        kinds = [
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        if sum(kinds) < 3:
            raise ValidationError(_("密码须包含大写字母、小写字母、数字、符号中的至少三种。"), code="password_kinds")

    def get_help_text(self) -> str:
        return _("须包含大写字母、小写字母、数字、符号中的至少三种。")


class PasswordHistoryValidator:
    """Not one of the last five."""

    keep = 5

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        records = PasswordRecord.objects.filter(user=user).values_list("password", flat=True)[: self.keep]
        if any(check_password(password, old) for old in [user.password, *records]):
            raise ValidationError(_("不能使用最近五次用过的密码。"), code="password_used")

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is not None and user.pk is not None:
            PasswordRecord.objects.create(user=user, password=user.password)

    def get_help_text(self) -> str:
        return _("不能与最近五次用过的密码相同。")

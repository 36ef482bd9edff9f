"""Explicit grants by a person: the only importer of guardian (design.md 3.7).

Only what has no other source is granted here – *observer of this organisation*. What follows from a role is computed by
the policies and never stored. Each kind of object has a table of its own (direct foreign keys, so that a deleted object
takes its grants along) and a closed set of permissions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase  # noqa: TID251 -- the one module that may

from portal.accounts.models.organisation import Organisation
from portal.audit.domain import record
from portal.core.errors import Invalid

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from portal.accounts.models.user import User
    from portal.core.context import Actor

_tables: dict[type[models.Model], type[GrantTable]] = {}


class GrantTable(UserObjectPermissionBase):
    """Base of all grant tables: subclass with ``content_object`` and ``allowed_permissions``."""

    allowed_permissions: ClassVar[frozenset[str]] = frozenset()

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValidationError for a permission that this table does not hold."""
        if self.permission.codename not in self.allowed_permissions:
            raise ValidationError(f"{type(self).__name__} does not hold {self.permission.codename!r}")
        super().save(*args, **kwargs)


def register_grants(table: type[GrantTable]) -> type[GrantTable]:
    """Class decorator: ``grant`` and ``granted`` find the table by the model of its ``content_object``."""
    if not table.allowed_permissions:
        raise TypeError(f"{table.__name__} sets no allowed_permissions")
    _tables[table._meta.get_field("content_object").remote_field.model] = table
    return table


def grant_tables() -> dict[type[models.Model], type[GrantTable]]:
    return dict(_tables)


@register_grants
class OrganisationGrant(GrantTable):
    """单独授权（组织）: a person may observe an organisation without holding a role there."""

    allowed_permissions = frozenset({"observe_organisation"})

    content_object = models.ForeignKey(
        Organisation, verbose_name=_("工会组织"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta(GrantTable.Meta):
        verbose_name = verbose_name_plural = _("单独授权（组织）")


def _table_of(model: type[Model], permission: str) -> type[GrantTable]:
    table = _tables.get(model)
    if table is None or permission not in table.allowed_permissions:
        raise LookupError(f"nobody can be granted {permission!r} on {model.__name__}")
    return table


@transaction.atomic
def grant(user: User, permission: str, obj: Model, *, actor: Actor) -> bool:
    """Gives one permission on one object; True when it was not there before. Audited.

    Raises LookupError for a permission that no table holds, Invalid for a user who cannot sign in.
    """
    table = _table_of(type(obj), permission)
    if not user.is_active:
        raise Invalid(_("该用户已停用，不能授权。"))
    if table.objects.filter(user=user, permission__codename=permission, content_object=obj).exists():
        return False
    table.objects.assign_perm(permission, user, obj)
    record("accounts.grant.given", obj, actor=actor, user=user.pk, user_name=user.name, permission=permission)
    return True


@transaction.atomic
def revoke(user: User, permission: str, obj: Model, *, actor: Actor) -> bool:
    """Takes it away; True when it was there. Audited. Raises LookupError as ``grant`` does."""
    table = _table_of(type(obj), permission)
    rows = table.objects.filter(user=user, permission__codename=permission, content_object=obj)
    count, _details = rows.delete()
    if count:
        record("accounts.grant.taken", obj, actor=actor, user=user.pk, user_name=user.name, permission=permission)
    return bool(count)


def granted(user: User, permission: str, model: type[Model]) -> QuerySet:
    """Primary keys of the objects of ``model`` on which the person was granted ``permission`` (a subquery).

    Use as ``Model.objects.filter(pk__in=granted(user, "observe_organisation", Organisation))``: the scope still holds.
    """
    table = _table_of(model, permission)
    if not user.is_active:
        return table.objects.none().values("content_object_id")
    return table.objects.filter(user=user, permission__codename=permission).values("content_object_id")


def is_granted(user: User, permission: str, obj: Model) -> bool:
    return granted(user, permission, type(obj)).filter(content_object=obj).exists()


def holders(permission: str, obj: Model) -> QuerySet:
    """The grants on one object, with their people."""
    table = _table_of(type(obj), permission)
    return table.objects.filter(permission__codename=permission, content_object=obj).select_related("user")

"""Menu entries of this package, and what the frame shows about the person and the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.policies import is_department
from portal.web.navigation import Entry, Item, provide, register


@dataclass(frozen=True, slots=True)
class DeskChoice:
    """One line of the desk switcher."""

    label: str
    role_label: Any
    url: str
    current: bool


def desk_choices(request: HttpRequest) -> list[DeskChoice]:
    current = request.membership.pk if request.membership else None
    return [
        DeskChoice(
            membership.organisation.label,
            membership.get_role_display(),
            reverse("accounts:desk.switch", kwargs={"membership_id": membership.pk}),
            membership.pk == current,
        )
        for membership in request.memberships
    ]


def desk_role(request: HttpRequest) -> Any:
    return request.membership.get_role_display() if request.membership else ""


def federation(request: HttpRequest) -> str:
    """Name of the desk's own federation; the installation's for the public."""
    return getattr(getattr(request, "membership", None), "federation", None) or settings.FEDERATION_NAME


def person_links(request: HttpRequest) -> list[Item]:
    return [
        Item(_("个人中心"), reverse("accounts:profile"), "user"),
        Item(_("修改密码"), reverse("account_change_password"), "key"),
        Item(_("动态口令"), reverse("mfa_index"), "device-mobile"),
        Item(_("登录记录"), reverse("accounts:profile.sign_ins"), "history"),
    ]


provide("federation", federation)
provide("desks", desk_choices)
provide("desk_role_label", desk_role)
provide("is_guest", lambda request: is_department(request.actor))
provide("person_links", person_links)

register(
    Entry(_("工会组织"), "accounts:organisation.list", "organisation.view", "people", icon="sitemap", order=10),
    Entry(_("用人单位"), "accounts:employer.list", "organisation.view", "people", icon="building-factory-2", order=20),
    Entry(_("人员与角色"), "accounts:member.list", "member.view", "people", icon="users", order=30, for_guests=True),
    Entry(_("批量导入"), "accounts:import.list", "organisation.import", "people", icon="table-import", order=40),
    Entry(_("节假日与调休"), "accounts:holiday.list", "reference.view", "settings", icon="calendar-event", order=60),
    Entry(_("代码表"), "accounts:code.list", "reference.view", "settings", icon="list-details", order=70),
    Entry(_("审计日志"), "accounts:audit.log", "audit.view", "settings", icon="history", order=80, for_guests=True),
)

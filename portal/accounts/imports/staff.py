"""Import of staff: new people get an account without a password and a link that sets it; known people get the role."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from openpyxl import Workbook

from portal.accounts.domain.invitations import LIFETIME, new_token
from portal.accounts.enums import EXCLUSIVE_ROLES, ROLES_AT_LEVEL, Role
from portal.accounts.imports.plan import Context, Plan, differences, duplicates
from portal.accounts.imports.sheets import STAFF, Row
from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.audit.domain import record_many
from portal.core.crypto import blind_index
from portal.core.db import advisory_lock
from portal.core.identifiers import mobile_problem, validate_mobile
from portal.web.exports import write_sheet

SHEET = STAFF


def lock(context: Context) -> None:
    advisory_lock(f"import-staff:{context.root.path}")


def check(rows: list[Row], context: Context) -> Plan:
    plan = Plan()
    unions = {
        o.code: o
        for o in Organisation.objects.filter(
            code__in={row["organisation"] for row in rows}, path__startswith=context.root.path
        )
    }
    users = {u.username: u for u in User.objects.filter(username__in={_username(row) for row in rows})}
    held = _held(unions, users)
    again = duplicates(rows, lambda row: (_username(row), row["organisation"], row["role"]))
    first: dict[str, Row] = {}
    for row in rows:
        before = len(plan.problems)
        if row.number in again:
            plan.problem(row, SHEET, "username", f"与第{again[row.number]}行重复")
            continue
        user = users.get(_username(row))
        _check_person(plan, row, user, first.setdefault(_username(row), row))
        union = _check_role(plan, row, unions)
        if union is not None:
            _check_exclusive(plan, row, user, union, held)
        if len(plan.problems) == before:
            _note(plan, row, user, union, held)
    return plan


def _username(row: Row) -> str:
    return User.normalize_username(row["username"])


def _held(unions: dict[str, Organisation], users: dict[str, User]) -> dict[tuple[str, int], dict[str, Membership]]:
    """Roles of the people concerned at the organisations concerned: (user name, organisation) → role → membership."""
    held: dict[tuple[str, int], dict[str, Membership]] = {}
    rows = Membership.objects.filter(user__in=users.values(), organisation__in=unions.values()).select_related("user")
    for membership in rows:
        held.setdefault((membership.user.username, membership.organisation_id), {})[membership.role] = membership
    return held


def _check_person(plan: Plan, row: Row, user: User | None, first: Row) -> None:
    if user is not None and user.name != row["name"]:
        plan.problem(row, SHEET, "username", "这个用户名属于另一个人，请换一个")
    if user is not None and not user.is_active:
        plan.problem(row, SHEET, "username", "该账号已停用")
    if first["name"] != row["name"]:
        plan.problem(row, SHEET, "name", f"与第{first.number}行的用户名相同，但姓名不同")
    if row["phone"] and mobile_problem(row["phone"]):
        plan.problem(row, SHEET, "phone", mobile_problem(row["phone"]).rstrip("。"))
    try:
        if row["email"]:
            validate_email(row["email"])
    except ValidationError:
        plan.problem(row, SHEET, "email", "不是正确的邮箱地址")


def _check_role(plan: Plan, row: Row, unions: dict[str, Organisation]) -> Organisation | None:
    union, role = unions.get(row["organisation"]), Role(row["role"])
    if union is None:
        plan.problem(row, SHEET, "organisation", f"管理范围内没有编号为“{row['organisation']}”的组织")
        return None
    if not union.is_active:
        plan.problem(row, SHEET, "organisation", f"“{union.name}”已停用")
        return None
    if role not in ROLES_AT_LEVEL[union.level]:
        plan.problem(row, SHEET, "role", f"{union.get_level_display()}不设“{role.label}”角色")
    return union


def _check_exclusive(plan: Plan, row: Row, user: User | None, union: Organisation, held: dict) -> None:
    roles = held.setdefault((_username(row), union.pk), {})
    for other, membership in roles.items():
        active = membership is None or membership.is_active
        if active and frozenset({other, row["role"]}) in EXCLUSIVE_ROLES:
            plan.problem(row, SHEET, "role", f"“{Role(row['role']).label}”与“{Role(other).label}”不能由同一人兼任")
    roles.setdefault(row["role"], None)  # None: asked for by this file


def _note(plan: Plan, row: Row, user: User | None, union: Organisation, held: dict) -> None:
    title = row["title"] or ""
    present = held[(_username(row), union.pk)][row["role"]]
    what = f"{row['name']} · {union.name} · {Role(row['role']).label}"
    if present is None:
        plan.creates.append((row, union, title))
        plan.change(row, "create", what, [] if user is not None else ["新建账号，生成首次登录链接"])
        return
    if present.is_active and present.title == title:
        plan.unchanged += 1
        return
    details = differences({"title": present.title}, {"title": title}, SHEET)
    plan.updates.append((row, present, title))
    plan.change(row, "update", what, details + ([] if present.is_active else ["恢复任职"]))


def apply(plan: Plan, context: Context) -> dict[str, Any]:
    """Writes the plan; ``links`` in the answer are the lines of the workbook with first sign-in links."""
    users = _users(plan, context)
    memberships, links, invitations = [], [], []
    invited: set[str] = set()
    for row, union, title in plan.creates:
        user = users[_username(row)]
        membership = Membership(user=user, organisation=union, role=row["role"], title=title)
        memberships.append(membership)
        if not user.has_usable_password() and user.username not in invited:
            invited.add(user.username)
            token, token_hash = new_token()
            invitations.append(_invitation(user, union, row, token_hash=token_hash, context=context))
            url = reverse("accounts:invitation.accept", kwargs={"token": token})
            links.append(
                [user.name, user.username, union.name, str(Role(row["role"]).label), f"{context.base_url}{url}"]
            )
    Membership.objects.bulk_create(memberships, batch_size=500)
    Invitation.objects.bulk_create(invitations, batch_size=500)
    granted = [
        (m, {}, {"user": m.user_id, "organisation": m.organisation_id, "role": m.role, "title": m.title})
        for m in memberships
    ]
    for _row, membership, title in plan.updates:
        before = {"title": membership.title, "is_active": membership.is_active}
        membership.title, membership.is_active, membership.updated_at = title, True, context.now
        granted.append((membership, before, {"title": title, "is_active": True}))
    if plan.updates:
        rows = [membership for _row, membership, _title in plan.updates]
        Membership.objects.bulk_update(rows, ["title", "is_active", "updated_at"], batch_size=500)
    record_many("accounts.membership.granted", granted, actor=context.actor, now=context.now)
    return {"links": links}


def _users(plan: Plan, context: Context) -> dict[str, User]:
    wanted = {_username(row): row for row, _union, _title in reversed(plan.creates)}
    users = {u.username: u for u in User.objects.filter(username__in=wanted)}
    fresh = []
    for username, row in wanted.items():
        if username in users:
            continue
        phone = validate_mobile(row["phone"]) if row["phone"] else ""
        fresh.append(
            User(
                username=username,
                name=row["name"],
                email=row["email"] or "",
                phone=phone,
                phone_index=blind_index(phone),
                password=make_password(None),
                password_changed_at=context.now,
            )
        )
    User.objects.bulk_create(fresh, batch_size=500)
    return users | {u.username: u for u in fresh}


def _invitation(user: User, union: Organisation, row: Row, *, token_hash: str, context: Context) -> Invitation:
    return Invitation(
        organisation=union,
        role=row["role"],
        name=user.name,
        email=user.email,
        title=row["title"] or "",
        user=user,
        token_hash=token_hash,
        invited_by=context.actor.user,
        expires_at=context.now + LIFETIME,
    )


def links_workbook(links: list[list[str]]) -> bytes:
    """One line for each new person: to be handed out, then deleted."""
    book = Workbook(write_only=True)
    write_sheet(
        book, "首次登录链接", ["姓名", "用户名", "工会组织", "角色", "首次登录链接（七天内有效，只能使用一次）"], links
    )
    out = BytesIO()
    book.save(out)
    return out.getvalue()

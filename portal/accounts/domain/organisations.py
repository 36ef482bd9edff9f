"""The union tree: create, change, move, merge, close and open organisations.

Paths are written here and nowhere else. Whoever changes the shape of a tree holds that tree's advisory lock, so that two
moves cannot make a circle and nobody is created below a path that is being rewritten.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from portal.accounts.enums import LEVEL_OF_KIND, OrganisationKind, may_stand_below
from portal.accounts.models import Employer, Membership, Organisation, ReportingLine, UnionCoverage
from portal.accounts.policies import OrganisationPolicy
from portal.accounts.queries.organisations import subtree
from portal.accounts.signals import organisation_merged, organisation_moved
from portal.audit.domain import follow_move, record
from portal.core.db import advisory_lock, lock_row, new_ids
from portal.core.errors import Conflict, Invalid
from portal.core.identifiers import IdentifierError, normalise_credit_code, validate_credit_code

if TYPE_CHECKING:
    from portal.core.context import Actor

policy = OrganisationPolicy()
MAX_DEPTH = 20  # what fits into Organisation.path
FACTS = ("name", "short_name", "code", "credit_code", "district_code", "member_count")


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What people state about an organisation; ``code`` may be left empty on creation."""

    name: str
    short_name: str = ""
    code: str = ""
    credit_code: str = ""
    district_code: str = ""
    member_count: int = 0

    def cleaned(self) -> dict[str, Any]:
        """Trimmed values with a checked credit code. Raises Invalid beside the field."""
        values = {name: getattr(self, name) for name in FACTS}
        for name in ("name", "short_name", "code", "district_code"):
            values[name] = values[name].strip()
        if not values["name"]:
            raise Invalid(fields={"name": [_("请填写组织名称。")]})
        try:
            code = normalise_credit_code(values["credit_code"])
            values["credit_code"] = validate_credit_code(code) if code else ""
        except IdentifierError as error:
            raise Invalid(fields={"credit_code": [str(error)]}) from error
        return values


def path_of(parent: Organisation | None, pk: int) -> str:
    return f"{parent.path if parent else ''}{pk:07d}/"


def lock_tree(path: str) -> None:
    """Nobody else changes the shape of the tree of this root until the transaction ends; raises LockTimeout."""
    advisory_lock(f"organisation-tree:{path.split('/', 1)[0]}")


def create_organisation(
    *, actor: Actor, parent: Organisation | None, kind: str, facts: OrganisationFacts, now: dt.datetime
) -> Organisation:
    """A new organisation below ``parent``; only the system makes roots.

    Raises Invalid (fields: kind, parent, name, code, credit_code), Refused, LockTimeout.
    """
    values = facts.cleaned()
    policy.require(actor, "create", parent)
    with transaction.atomic():
        if parent is not None:
            lock_tree(parent.path)
            parent = lock_row(Organisation, parent.pk)
        check_place(kind, parent, is_system=bool(actor.system))
        (pk,) = new_ids(Organisation, 1)
        values["code"] = values["code"] or f"ZZ{pk:07d}"
        organisation = Organisation(pk=pk, parent=parent, kind=kind, path=path_of(parent, pk), **values)
        _save(organisation, force_insert=True)
        record("accounts.organisation.created", organisation, actor=actor, after=_state(organisation), now=now)
    return organisation


def check_place(kind: str, parent: Organisation | None, *, is_system: bool = False) -> None:
    """Raises Invalid unless an organisation of ``kind`` may stand below ``parent``."""
    if parent is None:
        if kind != OrganisationKind.MUNICIPAL or not is_system:
            raise Invalid(fields={"parent": [_("请选择上级工会。")]})
        return
    if not parent.is_active:
        raise Invalid(fields={"parent": [_("上级工会“%(name)s”已停用，请选择在用的组织。") % {"name": parent.name}]})
    if not may_stand_below(kind, parent.kind):
        message = _("“%(kind)s”不能设在“%(parent)s”之下。") % {
            "kind": OrganisationKind(kind).label,
            "parent": parent.get_kind_display(),
        }
        raise Invalid(fields={"kind": [message]})
    if parent.path.count("/") >= MAX_DEPTH:
        raise Invalid(fields={"parent": [_("组织层次过深，最多%(n)s层。") % {"n": MAX_DEPTH}]})


def change_organisation(
    *, actor: Actor, organisation: Organisation, kind: str, facts: OrganisationFacts, now: dt.datetime
) -> Organisation:
    """New facts or another kind; the place in the tree stays. Raises Invalid, Refused, LockTimeout."""
    values = facts.cleaned()
    policy.require(actor, "change", organisation)
    with transaction.atomic():
        lock_tree(organisation.path)
        organisation = lock_row(Organisation, organisation.pk)
        before = _state(organisation)
        if kind != organisation.kind:
            _check_new_kind(organisation, kind)
        values["code"] = values["code"] or organisation.code
        organisation.kind = kind
        for name, value in values.items():
            setattr(organisation, name, value)
        after = _state(organisation)
        if after != before:
            _save(organisation)
            record("accounts.organisation.changed", organisation, actor=actor, before=before, after=after, now=now)
    return organisation


def _check_new_kind(organisation: Organisation, kind: str) -> None:
    """The new kind must fit the parent above and every child below."""
    if organisation.parent_id is None:
        raise Invalid(fields={"kind": [_("市级总工会的类型不能修改。")]})
    check_place(kind, organisation.parent)
    for child_kind in set(Organisation.objects.filter(parent=organisation).values_list("kind", flat=True)):
        if not may_stand_below(child_kind, kind):
            message = _("下面还有“%(child)s”，不能改为“%(kind)s”。") % {
                "child": OrganisationKind(child_kind).label,
                "kind": OrganisationKind(kind).label,
            }
            raise Invalid(fields={"kind": [message]})


def move_organisation(
    *, actor: Actor, organisation: Organisation, parent: Organisation, now: dt.datetime
) -> Organisation:
    """Hangs the organisation with everything below it under another parent of the same tree.

    Rewrites all paths below, and sends ``organisation_moved`` so that other packages rewrite theirs, in one transaction.
    The actor must be manager at or above both places. Raises Invalid, Refused, LockTimeout.
    """
    with transaction.atomic():
        lock_tree(organisation.path)
        organisation = lock_row(Organisation, organisation.pk)
        parent = Organisation.objects.get(pk=parent.pk)
        policy.require(actor, "change", organisation)
        policy.require(actor, "create", parent)
        if organisation.parent_id == parent.pk:
            raise Invalid(fields={"parent": [_("“%(name)s”已经是它的上级。") % {"name": parent.name}]})
        if organisation.path == actor.path:
            raise Invalid(fields={"parent": [_("不能调整自己所在组织的上级，请由上级工会办理。")]})
        check_place(organisation.kind, parent)
        before = {
            "parent": organisation.parent_id,
            "parent_name": organisation.parent.name if organisation.parent else "",
        }
        _hang(organisation, parent)
        record(
            "accounts.organisation.moved",
            organisation,
            actor=actor,
            before=before,
            after={"parent": parent.pk, "parent_name": parent.name},
            now=now,
        )
    return organisation


def _hang(organisation: Organisation, parent: Organisation) -> None:
    old, new = organisation.path, path_of(parent, organisation.pk)
    if parent.path.startswith(old):
        raise Invalid(fields={"parent": [_("不能移到自己的下级组织之下。")]})
    if not parent.path.startswith(old.split("/", 1)[0] + "/"):
        raise Invalid(fields={"parent": [_("只能在同一个市总工会之内调整。")]})
    below = Organisation.objects.filter(path__startswith=old)
    deepest = max(path.count("/") for path in below.values_list("path", flat=True))
    if deepest - old.count("/") + new.count("/") > MAX_DEPTH:
        raise Invalid(fields={"parent": [_("移动后组织层次过深，最多%(n)s层。") % {"n": MAX_DEPTH}]})
    Organisation.objects.filter(pk=organisation.pk).update(parent=parent)
    below.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    organisation.parent, organisation.path = parent, new
    follow_move(old, new)
    organisation_moved.send(Organisation, old_path=old, new_path=new, organisation=organisation)


def merge_organisation(
    *, actor: Actor, organisation: Organisation, into: Organisation, now: dt.datetime
) -> Organisation:
    """Closes an organisation and gives all it has to another: employers, coverage, staff, children, reporting lines.

    The closed one stays in the tree below ``into``, so that its history remains readable there. Sends
    ``organisation_merged``. Raises Invalid, Refused, LockTimeout.
    """
    with transaction.atomic():
        lock_tree(organisation.path)
        organisation, into = lock_row(Organisation, organisation.pk), lock_row(Organisation, into.pk)
        policy.require(actor, "close", organisation)
        policy.require(actor, "change", into)
        _check_merge(organisation, into)
        for child in Organisation.objects.filter(parent=organisation).order_by("pk"):
            _hang(child, into)
        moved = {
            "employers": Employer.objects.filter(organisation=organisation).update(organisation=into),
            "members": _hand_over_members(organisation, into),
        }
        _hand_over_lines(organisation, into)
        if organisation.parent_id != into.pk:
            _hang(organisation, into)
        into.member_count = F("member_count") + organisation.member_count
        into.save(update_fields=["member_count", "level"])
        organisation.is_active, organisation.merged_into = False, into
        organisation.save(update_fields=["is_active", "merged_into", "level"])
        record(
            "accounts.organisation.merged",
            organisation,
            actor=actor,
            now=now,
            into=into.pk,
            into_name=into.name,
            **moved,
        )
        organisation_merged.send(Organisation, organisation=organisation, into=into, actor=actor, now=now)
    return organisation


def _check_merge(organisation: Organisation, into: Organisation) -> None:
    if organisation.pk == into.pk:
        raise Invalid(fields={"into": [_("不能并入自己。")]})
    if not organisation.is_active or not into.is_active:
        raise Invalid(fields={"into": [_("已停用的组织不能合并。")]})
    if into.path.startswith(organisation.path):
        raise Invalid(fields={"into": [_("不能并入自己的下级组织，请先把下级组织移出。")]})
    if LEVEL_OF_KIND[organisation.kind] != LEVEL_OF_KIND[into.kind]:
        raise Invalid(fields={"into": [_("只能并入同一层级的组织。")]})
    for child_kind in set(Organisation.objects.filter(parent=organisation).values_list("kind", flat=True)):
        if not may_stand_below(child_kind, into.kind):
            label = OrganisationKind(child_kind).label
            raise Invalid(fields={"into": [_("下面的“%(kind)s”不能转到对方之下。") % {"kind": label}]})


def _hand_over_members(organisation: Organisation, into: Organisation) -> int:
    """Active roles go along; a role the person holds there already just ends here."""
    members = list(Membership.objects.filter(organisation=organisation, is_active=True))
    held = {(m.user_id, m.role): m for m in Membership.objects.filter(organisation=into)}
    for member in members:
        there = held.get((member.user_id, member.role))
        if there is None:
            Membership.objects.create(user_id=member.user_id, organisation=into, role=member.role, title=member.title)
        elif not there.is_active:
            Membership.objects.filter(pk=there.pk).update(is_active=True, title=member.title)
    Membership.objects.filter(organisation=organisation).update(is_active=False)
    return len(members)


def _hand_over_lines(organisation: Organisation, into: Organisation) -> None:
    covered = UnionCoverage.objects.filter(organisation=into).values("employer_id")
    UnionCoverage.objects.filter(organisation=organisation, employer_id__in=covered).delete()
    UnionCoverage.objects.filter(organisation=organisation).update(organisation=into)
    ReportingLine.objects.filter(organisation=organisation).delete()
    ReportingLine.objects.filter(parent=organisation, organisation=into).delete()
    ReportingLine.objects.filter(parent=organisation).update(parent=into)


def close_organisation(*, actor: Actor, organisation: Organisation, now: dt.datetime) -> Organisation:
    """Takes an organisation out of use; its desks end with it. Raises Invalid while active ones stand below it."""
    with transaction.atomic():
        lock_tree(organisation.path)
        organisation = lock_row(Organisation, organisation.pk)
        policy.require(actor, "close", organisation)
        if not organisation.is_active:
            raise Conflict(_("“%(name)s”已经停用。") % {"name": organisation.name})
        open_below = subtree(organisation).filter(is_active=True).exclude(pk=organisation.pk).count()
        if open_below:
            raise Invalid(_("下面还有%(n)s个在用的组织，请先移出、合并或停用。") % {"n": open_below})
        organisation.is_active = False
        organisation.save(update_fields=["is_active", "level", "updated_at"])
        record("accounts.organisation.closed", organisation, actor=actor, now=now)
    return organisation


def reopen_organisation(*, actor: Actor, organisation: Organisation, now: dt.datetime) -> Organisation:
    """Back into use; refused for merged ones and below a closed parent."""
    with transaction.atomic():
        lock_tree(organisation.path)
        organisation = lock_row(Organisation, organisation.pk)
        policy.require(actor, "change", organisation)
        if organisation.is_active:
            raise Conflict(_("“%(name)s”正在使用。") % {"name": organisation.name})
        if organisation.merged_into_id:
            raise Invalid(_("已并入其他组织，不能恢复。"))
        check_place(organisation.kind, organisation.parent, is_system=True)
        organisation.is_active = True
        organisation.save(update_fields=["is_active", "level", "updated_at"])
        record("accounts.organisation.reopened", organisation, actor=actor, now=now)
    return organisation


def _state(organisation: Organisation) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in (*FACTS, "kind")}


def _save(organisation: Organisation, **options: Any) -> None:
    """The database constraint is the last word on codes, also for rows outside the scope."""
    try:
        with transaction.atomic():
            organisation.save(**options)
    except IntegrityError as error:
        raise Invalid(fields=_taken(error)) from error


def _taken(error: IntegrityError) -> dict[str, list[str]]:
    if "credit_code" in str(error):
        return {"credit_code": [_("这个统一社会信用代码已登记在其他组织名下。")]}
    if "code" in str(error):
        return {"code": [_("这个内部编号已被其他组织使用。")]}
    raise error

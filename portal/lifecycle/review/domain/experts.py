"""The pool of experts and their declared conflicts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation, User
from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.review.domain.marking import recuse_locked
from portal.lifecycle.review.models import Assignment, AssignmentState, DeclaredConflict, ExpertProfile

if TYPE_CHECKING:
    from portal.core.context import Actor

FACTS = ("unit_id", "unit_name", "title", "fields", "max_load", "is_active")


def add_expert(*, actor: Actor, user: User, now: dt.datetime, **facts: Any) -> ExpertProfile:
    """Takes a person into the pool of the actor's federation; they must hold the role of expert there.

    ``facts``: unit, unit_name, title, fields (list of words), max_load. Conflict when the person is in it already.
    """
    policy_for("review").require(actor, "review.experts")
    owner = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    staff = Membership.objects.filter(user=user, organisation=owner, role=Role.EXPERT, is_active=True)
    if not staff.exists():
        text = "此人还没有本会“评审专家”角色，请先在“组织与人员”中邀请或授予。"
        raise Invalid(text, fields={"user": [text]})
    profile = ExpertProfile(user=user, owner=owner, **facts)
    try:
        with transaction.atomic():
            profile.save()
            after = {name: getattr(profile, name) for name in FACTS}
            record("lifecycle.expert.added", profile, actor=actor, after=after, now=now)
    except IntegrityError:
        raise Conflict(f"“{user}”已经在专家库中。") from None
    return profile


def change_expert(*, actor: Actor, expert: ExpertProfile, now: dt.datetime, **facts: Any) -> ExpertProfile:
    """Changes unit, title, fields, load, or takes an expert out of use (``is_active=False``; nothing is deleted)."""
    with transaction.atomic():
        locked = lock_row(ExpertProfile, expert.pk)
        policy_for("review").require(actor, "review.experts", locked)
        before = {name: getattr(locked, name) for name in FACTS}
        for name, value in facts.items():
            setattr(locked, name, value)
        locked.save()
        after = {name: getattr(locked, name) for name in FACTS}
        record("lifecycle.expert.changed", locked, actor=actor, before=before, after=after, now=now)
        return locked


def declare_conflict(
    *, actor: Actor, expert: User, owner: Organisation, organisation: Organisation, reason: str, now: dt.datetime
) -> DeclaredConflict:
    """Records that an expert must not review an organisation and all below it; open sheets on it are recused at once.

    The expert declares for oneself, the pool's manager for others. Conflict when it is recorded already.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid("请写明原因。", fields={"reason": ["请写明原因。"]})
    if actor.user_id != expert.pk:
        policy_for("review").require(actor, "review.experts")
    declared = DeclaredConflict(expert=expert, owner=owner, organisation=organisation, reason=reason, declared_at=now)
    try:
        with transaction.atomic():
            declared.save()
            record(
                "lifecycle.conflict.declared", declared, actor=actor, now=now, expert=expert,
                organisation=organisation, reason=reason,
            )  # fmt: skip
            _recuse_from(declared, actor=actor, now=now)
    except IntegrityError:
        raise Conflict(f"已经登记过对“{organisation}”的回避。") from None
    return declared


def withdraw_conflict(*, actor: Actor, conflict: DeclaredConflict, now: dt.datetime) -> None:
    """Takes a declaration back. Sheets already recused stay so."""
    if actor.user_id != conflict.expert_id:
        policy_for("review").require(actor, "review.experts")
    with transaction.atomic():
        locked = lock_row(DeclaredConflict, conflict.pk)
        record(
            "lifecycle.conflict.withdrawn", locked, actor=actor, now=now,
            expert=locked.expert_id, organisation=locked.organisation_id,
        )  # fmt: skip
        locked.delete()


def _recuse_from(declared: DeclaredConflict, *, actor: Actor, now: dt.datetime) -> None:
    path = declared.organisation.path
    rows = Assignment.objects.filter(
        expert=declared.expert,
        state=AssignmentState.OPEN,
        panel__stage__cycle__owner=declared.owner,
        entry__organisation__path__startswith=path,
    ).select_related("panel__stage__cycle__owner", "entry")
    for assignment in lock_rows(rows):
        recuse_locked(assignment, reason=f"声明回避：{declared.reason}"[:300], actor=actor, now=now)

"""分类指导模板: drafted, published, followed by the next version, withdrawn. What was published is never changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.nonpublic.enums import GuidanceStatus
from competitions.nonpublic.models import GuidanceTemplate
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

KINDS = ("ownerships", "sizes", "emerging", "layers")
FACTS = ("title", *KINDS, "aims", "indicators", "procedure", "rewards")


def _facts(row: GuidanceTemplate) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}


@transaction.atomic
def write_guidance(*, actor: Actor, owner: Organisation, facts: dict[str, Any], now: dt.datetime) -> GuidanceTemplate:
    """A new template in draft."""
    policy_for("guidance").require(actor, "write")
    row = GuidanceTemplate.objects.create(owner=owner, **facts)
    record("competitions.guidance.written", row, actor=actor, now=now, title=row.title, version=row.version)
    return row


@transaction.atomic
def change_guidance(
    *, actor: Actor, template: GuidanceTemplate, facts: dict[str, Any], now: dt.datetime
) -> GuidanceTemplate:
    row = lock_row(GuidanceTemplate, template.pk)
    policy_for("guidance").require(actor, "change", row)
    before = _facts(row)
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    record("competitions.guidance.changed", row, actor=actor, now=now, before=before, after=_facts(row))
    return row


@transaction.atomic
def next_version(*, actor: Actor, template: GuidanceTemplate, now: dt.datetime) -> GuidanceTemplate:
    """A draft that begins as a copy of the published version. Raises Invalid while there is one already."""
    row = lock_row(GuidanceTemplate, template.pk)
    policy_for("guidance").require(actor, "withdraw", row)
    try:
        with transaction.atomic():
            draft = GuidanceTemplate.objects.create(
                owner=row.owner, series=row.series, version=row.version + 1, **_facts(row)
            )
    except IntegrityError as error:  # competitions_guidance_draft or _version
        raise Invalid(_("这个模板已经有一份新版本的草稿。")) from error
    record("competitions.guidance.written", draft, actor=actor, now=now, title=draft.title, version=draft.version)
    return draft


@transaction.atomic
def publish_guidance(*, actor: Actor, template: GuidanceTemplate, now: dt.datetime) -> GuidanceTemplate:
    """Shows the draft to everybody below; the version before it steps down in the same moment."""
    row = lock_row(GuidanceTemplate, template.pk)
    policy_for("guidance").require(actor, "change", row)
    before = GuidanceTemplate.objects.select_for_update().filter(series=row.series, status=GuidanceStatus.PUBLISHED)
    for old in before:
        old.status, old.withdrawn_at = GuidanceStatus.WITHDRAWN, now
        old.withdrawn_reason = _("由第%d版代替") % row.version
        old.save()
    row.status, row.published_by, row.published_at = GuidanceStatus.PUBLISHED, actor.user, now
    row.save()
    record("competitions.guidance.published", row, actor=actor, now=now, title=row.title, version=row.version)
    return row


@transaction.atomic
def withdraw_guidance(*, actor: Actor, template: GuidanceTemplate, reason: str, now: dt.datetime) -> GuidanceTemplate:
    row = lock_row(GuidanceTemplate, template.pk)
    policy_for("guidance").require(actor, "withdraw", row)
    row.status, row.withdrawn_at, row.withdrawn_reason = GuidanceStatus.WITHDRAWN, now, reason.strip()
    row.save()
    record("competitions.guidance.withdrawn", row, actor=actor, now=now, reason=row.withdrawn_reason)
    return row


@transaction.atomic
def discard_draft(*, actor: Actor, template: GuidanceTemplate, now: dt.datetime) -> None:
    row = lock_row(GuidanceTemplate, template.pk)
    policy_for("guidance").require(actor, "change", row)
    record("competitions.guidance.discarded", row, actor=actor, now=now, title=row.title, version=row.version)
    row.delete()

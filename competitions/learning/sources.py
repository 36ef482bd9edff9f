"""What waits: drafts to publish, and resources whose right to be offered ends soon."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.learning import queries
from competitions.learning.enums import ProofState, ResourceState
from competitions.learning.models import PointsProof, TrainingResource
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source

AHEAD = dt.timedelta(days=30)


def _drafts(actor: Actor, now: dt.datetime) -> QuerySet[TrainingResource]:
    return queries.plain_resources().filter(owner__path=actor.path, state=ResourceState.DRAFT)


def _ending(actor: Actor, now: dt.datetime) -> QuerySet[TrainingResource]:
    return queries.expiring(until=local_date(now) + AHEAD).filter(owner__path=actor.path)


def _draft_item(row: TrainingResource, now: dt.datetime) -> WorkItem:
    return WorkItem(row.title, row.get_absolute_url(), _("核对版权并发布"), since=row.created_at)


def _ending_item(row: TrainingResource, now: dt.datetime) -> WorkItem:
    return WorkItem(
        row.title, row.get_absolute_url(), _("续授权或下架"), since=row.published_at, note=row.rights_holder,
        due=row.rights_until,
    )  # fmt: skip


def _proofs(actor: Actor, now: dt.datetime) -> QuerySet[PointsProof]:
    rows = queries.proofs().filter(organisation__path=actor.path, state=ProofState.SUBMITTED)
    return rows.exclude(uploaded_by=actor.user_id) if actor.user_id else rows


def _proof_item(row: PointsProof, now: dt.datetime) -> WorkItem:
    return WorkItem(row.masked_name, row.get_absolute_url(), _("对照截图核对积分"), since=row.uploaded_at)


register_source(
    Source(
        key="learning.proofs", title=_("待核对的积分证明"), policy_action="proof.check", rows=_proofs, item=_proof_item,
        order=95, search=(), list_url="competitions:proof.list", list_query="state=submitted", icon="photo-check",
    ),
    Source(
        key="learning.publish", title=_("待发布的培训资源"), policy_action="learning.publish", rows=_drafts,
        item=_draft_item, order=95, search=("title",), list_url="competitions:learning.list",
        list_query="state=draft&mine=on", icon="school",
    ),
    Source(
        key="learning.ending", title=_("授权即将到期的培训资源"), policy_action="learning.withdraw", rows=_ending,
        item=_ending_item, due="rights_until", order=96, search=("title",), list_url="competitions:learning.list",
        list_query="ending=on&mine=on", icon="clock",
    ),
)  # fmt: skip

"""What waits for a desk in the conferral room."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.conferral.models import Conferral, ConferralStatus
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, CycleStage
from portal.lifecycle.programmes.wording import words_of
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _drafts(actor, now):
    return Conferral.objects.filter(cycle__owner__path=actor.path, status=ConferralStatus.DRAFT)


def _cycles(actor, now):
    """Own cycles whose confirmed list – without a notice, whose selected list – has no decision draft yet."""
    stages = CycleStage.objects.filter(cycle=OuterRef("cycle"))
    selected = Q(state=EntryState.SELECTED) & Exists(stages.filter(kind="conferral"))
    confirmed = Entry.objects.filter(
        Q(state=EntryState.CONFIRMED) | (selected & ~Exists(stages.filter(kind="notice"))), cycle=OuterRef("pk")
    )
    draft = Conferral.objects.filter(cycle=OuterRef("pk"), status=ConferralStatus.DRAFT)
    return Cycle.objects.filter(Exists(confirmed), ~Exists(draft), owner__path=actor.path).select_related(
        "programme", "blueprint"
    )


register_source(
    Source(
        key="conferral.draft",
        title=_("待印发的决定"),
        policy_action="conferral.issue",
        rows=_drafts,
        item=lambda c, now: WorkItem(
            title=c.title,
            url=reverse("lifecycle:conferral.detail", kwargs={"pk": c.pk}),
            action_label=_("核对并印发"),
            since=c.created_at,
        ),
        search=("title", "document_number"),
        list_url="lifecycle:conferral.list",
        list_query="status=draft",
        icon="award",
        order=70,
    ),
    Source(
        key="conferral.ready",
        title=_("公示无异议，可以命名或拨付"),
        policy_action="conferral.draft",
        rows=_cycles,
        item=lambda c, now: WorkItem(
            title=str(c),
            url=reverse("lifecycle:conferral.create", kwargs={"cycle": c.pk}),
            action_label=_("拟定%s") % words_of(c.rules).decision,
        ),
        search=("label", "programme__title"),
        icon="award",
        order=71,
    ),
)

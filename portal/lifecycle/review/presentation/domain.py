"""Drawing the order of the presentations: once per stage, again only with a reason."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.presentation.lots import draw_order
from portal.lifecycle.review.presentation.models import PresentationDraw, PresentationSlot

if TYPE_CHECKING:
    from portal.core.context import Actor


def draw(*, actor: Actor, stage: CycleStage, now: dt.datetime, reason: str = "") -> PresentationDraw:
    """Draws the order of all entries under review; seed and order go into the audit log, so anybody can repeat it.

    Raises Invalid when an order exists and no reason is given, Conflict when the stage is not open, has no
    presentations or no entries. Two people drawing at once follow one another.
    """
    reason = reason.strip()
    with transaction.atomic():
        locked = lock_row(CycleStage, stage.pk)
        policy_for("presentation").require(actor, "presentation.draw", locked)
        if params_of(locked).presentation is None:
            raise Conflict(_("本届评审没有现场展示。"))
        if not locked.is_open_at(now):
            raise Conflict(_("评审环节没有开放，不能抽签。"))
        last = PresentationDraw.objects.filter(stage=locked).order_by("-number").first()
        if last is not None and not reason:
            text = _("已经抽过签，重新抽签须写明原因。")
            raise Invalid(text, fields={"reason": [text]})
        entries = {e.code: e for e in Entry.objects.filter(cycle_id=locked.cycle_id, state=EntryState.IN_REVIEW)}
        if not entries:
            raise Conflict(_("还没有进入评审的申报件，不能抽签。"))
        made = PresentationDraw.objects.create(
            stage=locked, number=last.number + 1 if last else 1, seed=secrets.token_hex(32),
            reason=reason[:300] if last else "", drawn_by=actor.user, drawn_at=now,
        )  # fmt: skip
        order = draw_order(made.seed, entries)
        PresentationSlot.objects.bulk_create(
            PresentationSlot(draw=made, entry=entries[code], place=place) for place, code in enumerate(order, 1)
        )
        record(
            "lifecycle.presentation.drawn", made, actor=actor, now=now, number=made.number, seed=made.seed,
            order=order, reason=made.reason,
        )  # fmt: skip
        return made

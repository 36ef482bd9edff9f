"""Drawing codes, decoding by two people (marks: ``marking``). All acts lock the stage first, so they follow one another."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.decisions import refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.codes import queries
from portal.lifecycle.review.codes.drawing import benches, commitment, first_codes
from portal.lifecycle.review.codes.models import (
    DECODERS_NEEDED,
    FIRST,
    SECOND,
    CodeApproval,
    CodedMark,
    CodeTable,
)
from portal.lifecycle.review.imported.domain import Known, take_over
from portal.lifecycle.review.imported.models import ContestResult

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_REASON = 300
SEED_BYTES = 32


def open_stage(actor: Actor, pk: int, action: str, now: dt.datetime) -> CycleStage:
    """The stage, locked; raises Refused by policy, Conflict without codes, when it is closed or when it is decoded."""
    stage = lock_row(CycleStage, pk)
    policy_for("codes").require(actor, action, stage)
    if not queries.layers_of(stage):
        raise Conflict(_("本届评审不实行抽签加密。"))
    if not stage.is_open_at(now):
        raise Conflict(_("评审环节没有开放。"))
    if queries.is_decoded(stage):
        raise Conflict(_("已经解密，密码和按码成绩不再变动。"))
    return stage


def _pairs(stage: CycleStage, layer: int, seed: str, kept: Mapping[str, str]) -> dict[str, str]:
    if layer == FIRST:
        return first_codes(seed, queries.subjects(stage), kept)
    first = queries.tables(stage).get(FIRST)
    if first is None:
        raise Conflict(_("还没有一次加密，不能二次加密。"))
    return benches(seed, queries.content(first).values(), kept)


def draw(*, actor: Actor, stage: CycleStage, layer: int, now: dt.datetime, reason: str = "") -> CodeTable:
    """Draws the codes of a layer; the actor becomes the holder of its table. Drawing layer 1 again voids layer 2.

    The log keeps the seed's fingerprint; the seed itself is revealed at decoding. Raises Refused when the actor holds
    the other layer, Invalid when a redraw lacks its reason, Conflict when marks exist or nobody takes part.
    """
    reason = reason.strip()[:MAX_REASON]
    with transaction.atomic():
        locked = open_stage(actor, stage.pk, "codes.draw", now)
        if layer not in range(FIRST, queries.layers_of(locked) + 1):
            raise Conflict(_("本届没有这一次加密。"))
        current = queries.tables(locked)
        _require_drawable(actor, locked, layer, current, reason)
        seed = secrets.token_hex(SEED_BYTES)
        table = _pairs(locked, layer, seed, {})
        if not table:
            raise Conflict(_("还没有进入评审的选手，不能抽签。"))
        CodeTable.objects.filter(stage=locked, layer__gte=layer, is_current=True).update(is_current=False)
        number = CodeTable.objects.filter(stage=locked, layer=layer).count() + 1
        made = CodeTable.objects.create(
            stage=locked, layer=layer, number=number, holder=actor.user, seed=seed, commitment=commitment(seed),
            content=json.dumps(table), size=len(table), reason=reason if number > 1 else "", drawn_at=now,
        )  # fmt: skip
        record(
            "lifecycle.codes.drawn", made, actor=actor, now=now, layer=layer, number=number,
            commitment=made.commitment, n=made.size, reason=made.reason,
        )  # fmt: skip
        return made


def _require_drawable(
    actor: Actor, stage: CycleStage, layer: int, current: Mapping[int, CodeTable], reason: str
) -> None:
    other = current.get(SECOND if layer == FIRST else FIRST)
    if layer == SECOND and other is not None and other.holder_id == actor.user_id:
        raise Refused(refuse("same_person", _("二次加密须由一次加密保管人以外的另一人进行。")))
    if (
        CodedMark.objects.filter(stage=stage).exists()
        or ContestResult.objects.filter(entry__cycle_id=stage.cycle_id).exists()
    ):
        raise Conflict(_("已经录入成绩，不能再抽签；迟到的选手请“补抽”。"), code="marked")
    if layer in current and not reason:
        text = _("已经抽过签，重新抽签须写明原因。")
        raise Invalid(text, fields={"reason": [text]})


def append(*, actor: Actor, stage: CycleStage, now: dt.datetime) -> int:
    """Gives codes, in the actor's own table, to those who came later; how many. Old codes stay.

    Raises Refused when the actor holds no table, Conflict when nobody lacks a code.
    """
    with transaction.atomic():
        locked = open_stage(actor, stage.pk, "codes.open", now)
        if CodeApproval.objects.filter(stage=locked).exists():
            raise Conflict(_("已经有人确认解密，密码不再变动。"))
        table = next(row for row in queries.tables(locked).values() if row.holder_id == actor.user_id)
        before = queries.content(table)
        after = _pairs(locked, table.layer, table.seed, before)
        new = len(after) - len(before)
        if not new:
            raise Conflict(_("没有需要补抽的选手。"))
        table.content, table.size = json.dumps(after), len(after)
        table.save(update_fields=["content", "size"])
        record("lifecycle.codes.appended", table, actor=actor, now=now, layer=table.layer, n=new)
        return new


def open_table(*, actor: Actor, stage: CycleStage, now: dt.datetime) -> CodeTable:
    """The actor's own table; every look is in the log. Raises Refused for everybody but the holder."""
    with transaction.atomic():
        policy_for("codes").require(actor, "codes.open", stage)
        table = next(row for row in queries.tables(stage).values() if row.holder_id == actor.user_id)
        record("lifecycle.codes.opened", table, actor=actor, now=now, layer=table.layer)
        return table


def approve(*, actor: Actor, stage: CycleStage, now: dt.datetime, reason: str = "") -> bool:
    """Takes a seat at the decoding and locks the marks; True when it was the second, and codes and names are joined.

    A holder takes the seat of the own layer. Somebody else may take the free seat of a one-layer stage, or with a
    reason that of a holder who cannot come (manager or supervisor). Raises Conflict while marks are missing or when
    the actor has confirmed already, Invalid without the reason, Refused for other roles.
    """
    reason = reason.strip()[:MAX_REASON]
    with transaction.atomic():
        locked = open_stage(actor, stage.pk, "codes.decode", now)
        _require_marked(locked)
        taken = {row.seat: row for row in CodeApproval.objects.filter(stage=locked)}
        if any(row.user_id == actor.user_id for row in taken.values()):
            raise Conflict(_("您已经确认过，须由另一人确认才能解密。"), code="same_person")
        seat = _seat(actor, locked, set(taken), reason)
        made = CodeApproval.objects.create(stage=locked, seat=seat, user=actor.user, reason=reason, approved_at=now)
        record("lifecycle.codes.approved", made, actor=actor, now=now, seat=seat, reason=reason)
        if len(taken) + 1 < DECODERS_NEEDED:
            return False
        _join(actor, locked, now)
        return True


def _require_marked(stage: CycleStage) -> None:
    tables = queries.tables(stage)
    if len(tables) < queries.layers_of(stage) or set(queries.content(tables[FIRST])) < set(queries.subjects(stage)):
        raise Conflict(_("还有选手没有抽到码，不能解密。"), code="uncoded")
    missing = set(queries.last_codes(stage)) - set(queries.marks(stage))
    if missing or len(queries.last_codes(stage)) < tables[FIRST].size:
        raise Conflict(_("还有 %d 个码没有成绩，不能解密。") % max(len(missing), 1), code="unmarked")
    if waiting := sum(not row.is_confirmed for row in queries.marks(stage).values()):
        raise Conflict(_("还有 %d 个码的成绩没有由第二人复核，不能解密。") % waiting, code="unconfirmed")


def _seat(actor: Actor, stage: CycleStage, taken: set[int], reason: str) -> int:
    holders = {row.holder_id: layer for layer, row in queries.tables(stage).items()}
    own = holders.get(actor.user_id)
    if own is not None and own not in taken:
        return own
    if own is not None:
        raise Conflict(_("您这一席已由别人代为确认。"))
    if actor.at_desk.role not in {Role.MANAGER, Role.SUPERVISOR}:
        raise Refused(refuse("not_holder", _("解密由保管人确认；保管人不能到场时由负责人或监督人员代为确认。")))
    free = [seat for seat in (FIRST, SECOND) if seat not in taken]
    if SECOND in free and SECOND not in holders.values():
        return SECOND
    if not reason:
        text = _("代保管人确认须写明原因。")
        raise Invalid(text, fields={"reason": [text]})
    return free[0]


def _join(actor: Actor, stage: CycleStage, now: dt.datetime) -> None:
    """Hands the marks to the entries and reveals the seeds, and the salts that close the marks in the log."""
    marks = queries.marks(stage)
    rows = Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW)
    entries = {entry.code: entry for entry in lock_rows(rows)}
    for line in queries.joined(stage):
        row = marks[line.last]
        if line.entry in entries:  # who withdrew meanwhile has no result
            known = Known(
                row.marks, row.absent, row.note, row.recorded_by, row.recorded_at, row.confirmed_by, row.confirmed_at
            )
            take_over(stage=stage, entry=entries[line.entry], known=known, actor=actor, now=now)
    seeds = {str(layer): table.seed for layer, table in queries.tables(stage).items()}
    salts = {code: row.salt for code, row in marks.items()}
    record("lifecycle.codes.decoded", stage, actor=actor, now=now, seeds=seeds, salts=salts, n=len(entries))

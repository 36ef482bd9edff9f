"""The longer list of states people see, derived and never stored: state × level × running notice × cycle × who looks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import UNIT_LEVELS
from portal.core.dates import local_date
from portal.lifecycle.engine.states import EntryState, facts
from portal.lifecycle.entries import flags
from portal.lifecycle.programmes.models import CycleStatus, StageStatus

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry

S = EntryState
TONES = {"honour": "gold"}  # the engine's words → the design system's


@dataclass(frozen=True, slots=True)
class DisplayStatus:
    """``label`` and ``tone`` for a badge; ``note`` says what it means for who looks, where that is not plain."""

    label: str
    tone: str
    icon: str = ""
    note: str = ""


def knows_outcome(entry: Entry, actor: Actor) -> bool:
    """The organiser's own desks see what a round decided; everybody else when it is public, not before."""
    return bool(actor.system) or actor.path == entry.cycle.owner.path or flags.is_set(entry, flags.OUTCOME_PUBLIC)


def shown_state(state: str, *, knows: bool) -> EntryState:
    """The state as told to somebody who ``knows`` the outcome of the round, or does not know it yet."""
    return S(state) if knows else S(facts(state).applicant_sees or state)


def state_label(state: str) -> str:
    """The word that lists use for a state."""
    return str(LABELS.get(S(state), S(state).label))


def display_status(entry: Entry, actor: Actor, now: dt.datetime) -> DisplayStatus:
    """What to call the entry's present situation for ``actor``. Pure over the entry as the queries load it."""
    state = shown_state(entry.state, knows=knows_outcome(entry, actor))
    special = _SPECIAL.get(state)
    found = special(entry, now) if special else None
    if found is not None:
        return found
    known = facts(state)
    return DisplayStatus(LABELS.get(state, str(state.label)), TONES.get(known.tone, known.tone))


LABELS: dict[str, Any] = {
    S.RECOMMENDED: gettext_lazy("待评审"),
    S.REVIEWED: gettext_lazy("待评选"),
    S.SELECTED: gettext_lazy("拟定"),
    S.NOT_SELECTED: gettext_lazy("未入选"),
}


def _draft(entry: Entry, now: dt.datetime) -> DisplayStatus | None:
    if entry.cycle.status in {CycleStatus.FINISHED, CycleStatus.CANCELLED}:
        return DisplayStatus(_("草稿（未上报）"), "neutral", note=_("本届已经结束。"))
    return None


def _returned(entry: Entry, now: dt.datetime) -> DisplayStatus:
    due = entry.return_due_at
    if due is None:
        return DisplayStatus(_("退回补正"), "waiting")
    day = local_date(due)
    text = f"{day.month}月{day.day}日"
    if due < now:
        return DisplayStatus(_("退回补正（%s已到期）") % text, "stopped")
    return DisplayStatus(_("退回补正（限%s前）") % text, "waiting")


def _submitted(entry: Entry, now: dt.datetime) -> DisplayStatus:
    if flags.is_set(entry, flags.ROUTE_OVER):
        where = _("推荐环节已经结束，本件停在“%s”，没有报到主办工会，按放弃处理（环节重新开启后可继续办理）。")
        held = entry.at_organisation.label if entry.at_organisation else ""
        return DisplayStatus(_("截止未报"), "stopped", note=where % held)
    if not entry.at_level:  # nobody recommends: it has come straight to the organiser
        note = _("本项目不设评选，主办工会已受理。") if flags.is_set(entry, flags.NOT_SELECTED) else ""
        return DisplayStatus(_("已受理"), "ok" if note else "info", note=note)
    in_notice = flags.is_set(entry, flags.LOCAL_NOTICE)
    if entry.at_level in UNIT_LEVELS:
        return DisplayStatus(_("单位公示中") if in_notice else _("单位审核"), "waiting" if in_notice else "info")
    union = entry.at_organisation.label if entry.at_organisation else ""
    label = (_("推荐公示中") if in_notice else _("上级审核中")) + (f"（{union}）" if union else "")
    return DisplayStatus(label, "waiting" if in_notice else "info")


def _recommended(entry: Entry, now: dt.datetime) -> DisplayStatus | None:
    """The end, where nobody is chosen; while the clearance stage runs (资格审查与联审) – only where the page has loaded the stages."""
    loaded = getattr(entry.cycle, "_prefetched_objects_cache", {}).get("stages", ())
    if any(stage.kind == "clearance" and stage.status == StageStatus.OPEN for stage in loaded):
        return DisplayStatus(_("联审中"), "info")
    if flags.is_set(entry, flags.NOT_SELECTED):
        return DisplayStatus(_("已推荐"), "ok", note=_("本项目不设评选，推荐到主办工会即完成。"))
    return DisplayStatus(_("待评选"), "info") if flags.is_set(entry, flags.NOT_REVIEWED) else None


def _in_review(entry: Entry, now: dt.datetime) -> DisplayStatus | None:
    """What those are told who do not know the outcome yet: nobody reviews in a programme without a review."""
    return DisplayStatus(_("评选中"), "info") if flags.is_set(entry, flags.NOT_REVIEWED) else None


def _conferred(entry: Entry, now: dt.datetime) -> DisplayStatus | None:
    return DisplayStatus(_("已批准拨付"), "gold") if flags.is_set(entry, flags.GRANT) else None


def _in_notice(entry: Entry, now: dt.datetime) -> DisplayStatus | None:
    if flags.is_set(entry, flags.OBJECTION_OPEN):
        return DisplayStatus(_("异议处理中"), "waiting", icon="message-exclamation")
    return None


_SPECIAL: dict[str, Any] = {
    S.DRAFT: _draft,
    S.RETURNED: _returned,
    S.SUBMITTED: _submitted,
    S.RECOMMENDED: _recommended,
    S.IN_REVIEW: _in_review,
    S.CONFERRED: _conferred,
    S.IN_NOTICE: _in_notice,
    S.CONFIRMED: _in_notice,
}


def state_choices() -> list[tuple[str, str]]:
    """States to filter by, in the order of the process, with the words of the lists."""
    return [(str(state), LABELS.get(state, str(state.label))) for state in S]

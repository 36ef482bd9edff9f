"""What the transitions endorse, return and decline do besides changing the state."""

from __future__ import annotations

from portal.core.errors import Invalid
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import effect
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.recommendation.ledger.holding import take
from portal.lifecycle.recommendation.models import Decision, Recommendation
from portal.lifecycle.recommendation.rules import Station, default_return_due, handling_due, station_here


@effect("endorse")
def endorse(act: Act) -> None:
    """Writes the union's opinion and sends the entry to the next stop, or makes it recommended at the last one."""
    entry, station = act.entry, station_here(act.entry)
    _write(
        act,
        station,
        Decision.ENDORSED,
        opinion=str(act.payload.get("opinion", "")).strip(),
        rank=entry.nomination_rank,
        is_reserve=entry.is_reserve_nomination,
        vetoes_checked=bool(act.payload.get("vetoes_checked")),
        is_current=True,
    )
    take(act)
    act.facts |= {"level": station.hop.level, "organisation": station.hop.name, "rank": entry.nomination_rank}
    if station.is_nominating:
        entry.nominating_id = station.hop.organisation
    elif not station.is_past_nominating:  # the next union makes its own list; the city keeps the nominating union's
        entry.nomination_rank, entry.is_reserve_nomination = None, False
    if station.following is None:
        act.target = EntryState.RECOMMENDED
        entry.at_level, entry.at_organisation, entry.due_at = "", None, None
        return
    act.target = EntryState.SUBMITTED
    entry.at_level = station.following.level
    entry.at_organisation_id = station.following.organisation
    entry.due_at = handling_due(act.stage, station.following.level, act.now)
    act.facts["next"] = station.following.name


@effect("return")
def return_for_correction(act: Act) -> None:
    """The unit may edit again until ``due_at``; opinions given so far no longer stand."""
    entry, station = act.entry, station_here(act.entry)
    due = act.payload.get("due_at") or default_return_due(act.stage, act.now)
    if due <= act.now:
        raise Invalid("补正期限已过。", fields={"due_on": ["补正期限应晚于今天。"]})
    _write(
        act,
        station,
        Decision.RETURNED,
        opinion=act.reason,
        due_at=due,
        field_reasons={str(k): str(v) for k, v in (act.payload.get("field_reasons") or {}).items() if str(v).strip()},
        is_current=False,
    )
    entry.recommendations.filter(is_current=True).update(is_current=False)
    act.facts |= {"level": station.hop.level, "organisation": station.hop.name, "due_at": due}
    _leave(act)
    entry.return_due_at = due


@effect("decline")
def decline(act: Act) -> None:
    """The entry ends here; what lower unions endorsed stays on record and frees their places."""
    station = station_here(act.entry)
    _write(act, station, Decision.DECLINED, opinion=act.reason, is_current=True)
    act.facts |= {"level": station.hop.level, "organisation": station.hop.name}
    _leave(act)


def _leave(act: Act) -> None:
    entry = act.entry
    entry.at_level, entry.at_organisation, entry.due_at = "", None, None
    entry.nomination_rank, entry.is_reserve_nomination, entry.nominating = None, False, None


def _write(act: Act, station: Station, decision: str, **fields: object) -> Recommendation:
    if act.actor.user is None:
        raise Invalid("推荐意见须由经办人作出。")
    return Recommendation.objects.create(
        entry=act.entry,
        organisation_id=station.hop.organisation,
        level=station.hop.level,
        decision=decision,
        decided_by=act.actor.user,
        decided_at=act.now,
        **fields,
    )

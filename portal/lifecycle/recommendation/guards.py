"""What must hold before a union sends an entry on. Every refusal is collected and shown."""

from __future__ import annotations

from django.db import connection

from portal.core.db import advisory_lock
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.blueprints.vocabulary import FieldType
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import check
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.recommendation.ledger.holding import carries
from portal.lifecycle.recommendation.queries import places, sheet_ratios
from portal.lifecycle.recommendation.rules import needs_rank, station_of


@check("endorse", "return", "decline")
def at_a_station(act: Act) -> Decision:
    """The entry is at a stop of its own route (organisations move, routes are fixed at submission)."""
    if station_of(act.entry) is None:
        return refuse("route", "申报件不在推荐路径的任何一级，请联系市总工会管理员核对推荐路径。")
    return ALLOWED


@check("endorse")
def ranked(act: Act) -> Decision:
    station = station_of(act.entry)
    if station and needs_rank(station, params_of(act.stage)) and act.entry.nomination_rank is None:
        return refuse("rank", "本届要求排序推荐，请先在“推荐排序表”中为这件申报排定正选或递补次序。")
    return ALLOWED


@check("endorse")
def place_free(act: Act) -> Decision:
    """The cap of the union, counted under a lock so that two people at two screens cannot exceed it together."""
    station = station_of(act.entry)
    if station is None:
        return ALLOWED
    if connection.in_atomic_block:
        advisory_lock(f"places:{act.entry.cycle_id}:{station.hop.organisation}")
    figures = places(
        cycle=act.cycle, organisation=act.entry.at_organisation, level=station.hop.level, track=act.entry.track
    )
    if not figures.is_set:
        return refuse("places_unset", "市总工会尚未下达贵会本届的推荐名额，请等待下达后再推荐。")
    reserve = act.entry.is_reserve_nomination
    if figures.has_room(reserve=reserve) or (figures.account is not None and carries(act.entry, reserve=reserve)):
        return ALLOWED
    kind, limit = ("递补", figures.reserve_limit) if reserve else ("推荐", figures.limit)
    return refuse("places", f"贵会本届{kind}名额共{limit}个，已全部使用；如需调整，请先退回或不予推荐其中一件。")


@check("endorse")
def vetoes_checked(act: Act) -> Decision:
    """一票否决: the unit has declared that none applies, and the union confirms that it checked."""
    vetoes = act.cycle.rules.vetoes
    if not vetoes:
        return ALLOWED
    declared = {spec.code for spec in act.cycle.rules.fields if spec.type == FieldType.VETOES}
    ticked = {code for name in declared for code in act.entry.answers.get(name) or []}
    missing = [veto.text for veto in vetoes if declared and veto.code not in ticked]
    if missing:
        return refuse("vetoes", f"申报单位没有声明不存在下列一票否决情形：{'；'.join(missing)}。请退回补正。")
    if not act.payload.get("vetoes_checked"):
        return refuse("vetoes_unchecked", "请逐项核对一票否决情形，并勾选“已核对，均不存在”。")
    return ALLOWED


@check("endorse")
def ratios_met(act: Act) -> Decision:
    """结构比例 that the blueprint makes binding, over the union's whole list."""
    station = station_of(act.entry)
    if station is None or not station.is_nominating or act.entry.is_reserve_nomination:
        return ALLOWED
    broken = [f for f in sheet_ratios(cycle=act.cycle, organisation_id=station.hop.organisation) if f.blocks]
    if not broken:
        return ALLOWED
    texts = [f"{f.ratio.title}现为{f.share:.1f}%，应{f.rule_text}（{f.state.numbers}），{f.advice}" for f in broken]
    return refuse("ratio", f"推荐名单的结构比例不符合要求：{'；'.join(texts)}。请调整排序表后再上报。")

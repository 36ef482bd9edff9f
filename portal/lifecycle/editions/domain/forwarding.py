"""The winners of an edition go up as records: nothing is typed again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row
from portal.core.decisions import refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.lifecycle.editions.models import Forwarding
from portal.lifecycle.editions.queries import chosen_states, target_cycle
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.entries import routes
from portal.lifecycle.entries.content import answers_of, stored_answers, write_keys
from portal.lifecycle.entries.domain.drafts import next_code, refuse_same_title
from portal.lifecycle.entries.models import Attachment, ConsentRecord, Entry, EntryVersion
from portal.lifecycle.entries.queries import route_of
from portal.lifecycle.entries.routes import RouteIncomplete
from portal.lifecycle.programmes.models import Cycle, Track
from portal.lifecycle.recommendation.queries import forwarded
from portal.lifecycle.recommendation.rules import recommendation_params


def forward_entry(
    *,
    origin: Entry,
    actor: Actor,
    now: dt.datetime,
    opinion: str = "",
    vetoes_checked: bool = False,
    track: Track | None = None,
) -> Entry:
    """上报: an entry in the federation's running cycle made from the chosen one, standing above the actor's union.

    Answers, files, consents and versions come along; the union's choice counts as its recommendation with its rank and
    takes one of its places. Raises Conflict when it went up before or the unit has the same entry above already, Refused
    by policy or by what a recommendation must meet, Invalid where no cycle above receives or the sub-category is unclear.
    """
    policy_for("edition").require(actor, "forward", origin)
    with transaction.atomic():
        origin = lock_row(Entry, origin.pk)
        cycle = _receiving(origin, now)
        advisory_lock(
            f"entries:{cycle.pk}:{origin.organisation_id}", f"ranking:{cycle.pk}:{actor.at_desk.organisation_id}"
        )
        entry = _copy(origin, cycle, _track(origin, cycle, track), actor, now)
        entry = perform(
            entry, "forward", actor=actor, now=now, origin=origin,
            opinion=opinion or _opinion(origin), vetoes_checked=vetoes_checked,
        )  # fmt: skip
        Forwarding.objects.create(
            origin=origin,
            entry=entry,
            by_organisation_id=actor.at_desk.organisation_id,
            forwarded_by=actor.user,
            forwarded_at=now,
        )
        record("lifecycle.edition.received", entry, actor=actor, now=now, origin=origin.code, edition=str(origin.cycle))
        return entry


def _receiving(origin: Entry, now: dt.datetime) -> Cycle:
    edition = origin.cycle
    if not edition.is_edition or not edition.rules.edition.forward:
        raise Refused(refuse("no_forward", _("“%s”的入选项目不向上级届次推荐。") % edition))
    if Forwarding.objects.filter(origin=origin).exists():
        raise Conflict(_("《%s》已经上报，不会重复上报。") % origin, code="forwarded")
    if origin.state not in chosen_states(edition):
        raise Refused(refuse("state", _("《%s》还没有确定入选（公示期满无异议），暂不能上报。") % origin))
    cycle = target_cycle(edition, now=now)
    if cycle is None:
        raise Refused(refuse("closed", _("上级工会现在没有接受推荐的届次。")))
    return cycle


def _track(origin: Entry, cycle: Cycle, track: Track | None) -> Track | None:
    """The same sub-category above; where the edition had its own, people name the one above."""
    if track is not None and track.cycle_id != cycle.pk:
        raise Invalid(_("这一类别不属于上级届次。"), fields={"track": [_("请从上级届次的类别中选择。")]})
    tracks = list(Track.objects.filter(cycle=cycle))
    if track is not None or not tracks:
        return track
    same = next((t for t in tracks if origin.track is not None and t.code == origin.track.code), None)
    if same is None:
        raise Invalid(_("上级届次没有相同的类别，请指定类别。"), fields={"track": [_("请选择上级届次的类别。")]})
    return same


def _copy(origin: Entry, cycle: Cycle, track: Track | None, actor: Actor, now: dt.datetime) -> Entry:
    """A draft with everything the lower one says, standing at the actor's union on the route above."""
    rules, before = cycle.rules, answers_of(origin)
    kinds = {spec.code: spec.type for spec in origin.cycle.rules.fields}
    answers = {f.code: before[f.code] for f in rules.fields if f.code in before and kinds[f.code] == f.type}
    if track is not None and rules.has_field("track"):
        answers["track"] = track.code
    entry = Entry(
        code=next_code(cycle),
        cycle=cycle,
        track=track,
        organisation=origin.organisation,
        employer=origin.employer,
        title=origin.title,
        title_key=origin.title_key,
        answers=stored_answers(rules, answers),
        created_by=origin.created_by,
        state_changed_at=now,
    )
    _stand(entry, actor)
    refuse_same_title(entry)
    entry.save(force_insert=True)
    write_keys(entry, rules, answers)
    _carry(origin, entry)
    return entry


def _stand(entry: Entry, actor: Actor) -> None:
    """At the union's station; refused where the unit is recommended through another union in the cycle above."""
    try:
        hops = route_of(entry.organisation, entry.cycle)
    except RouteIncomplete as error:
        raise Refused(refuse("route", _("该单位上级没有“%s”，无法逐级推荐。") % error.level.label)) from error
    here = next((hop for hop in hops if hop.organisation == actor.at_desk.organisation_id), None)
    if here is None:
        raise Refused(refuse("route", _("“%s”在上级届次中不由本会推荐，不能由本会上报。") % entry.organisation))
    entry.route, entry.route_path = routes.to_json(hops), routes.route_path(hops, entry.cycle.owner.path)
    entry.at_level, entry.at_organisation_id = here.level, here.organisation
    params = recommendation_params(entry.cycle)
    if params and params.ranked:
        sent = forwarded(cycle=entry.cycle, organisation_id=here.organisation, track=entry.track)
        entry.nomination_rank = sent.filter(is_reserve=False).count() + 1


def _carry(origin: Entry, entry: Entry) -> None:
    """Files (the stored ones: they are never deleted, only taken out), consents and versions, with who and when."""
    places: dict[int, int] = {}
    for file in Attachment.objects.filter(entry=origin).order_by("pk"):
        old = file.pk
        file.pk, file._state.adding, file.entry = None, True, entry
        file.save()
        places[old] = file.pk
    for consent in ConsentRecord.objects.filter(entry=origin, withdrawn_at=None):
        consent.pk, consent._state.adding, consent.entry = None, True, entry
        consent.save()
    EntryVersion.objects.bulk_create(
        EntryVersion(
            entry=entry,
            number=version.number,
            title=version.title,
            answers=version.answers,
            attachments=[row | {"id": places.get(row["id"], row["id"])} for row in version.attachments],
            fingerprint=version.fingerprint,
            created_by=version.created_by,
            created_at=version.created_at,
        )
        for version in EntryVersion.objects.filter(entry=origin)
    )


def _opinion(origin: Entry) -> str:
    words: dict[str, Any] = {"edition": origin.cycle, "rank": origin.final_rank}
    if origin.final_rank:
        return _("经“%(edition)s”评选，列第%(rank)d名，同意推荐。") % words
    return _("经“%(edition)s”评选入选，同意推荐。") % words

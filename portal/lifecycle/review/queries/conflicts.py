"""What the pure assignment needs to know: who belongs where, who must not review what, who carries how much.

Same unit: the expert works at, or holds a role in, the entry's union at unit level (or the employer has the same name).
Same nominating union: the union that nominated the entry stands above the expert's unit, also by reporting line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from portal.accounts.enums import UNIT_LEVELS, UnionLevel
from portal.accounts.models import Membership, Organisation, ReportingLine
from portal.core.scoping import path_prefixes, system_scope
from portal.core.text import normalise_title
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.assignment import EntryToReview, Expert, conflict_reason
from portal.lifecycle.review.conflict_models import ConflictRuling, RulingKind
from portal.lifecycle.review.models import (
    Assignment,
    AssignmentState,
    DeclaredConflict,
    ExpertProfile,
    Panel,
    PanelMember,
    Score,
)
from portal.lifecycle.review.results import expert_key

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.lifecycle.blueprints.stages import ReviewParams

BETWEEN = frozenset({UnionLevel.DISTRICT, UnionLevel.SUBDISTRICT})


@dataclass(frozen=True)
class Sheet:
    """One assignment of the stage; ``begun`` = something is marked on it."""

    pk: int
    state: str
    begun: bool


@dataclass
class PanelCase:
    """Everything about one panel that assigning looks at; keys are texts of entry and user ids."""

    panel: Panel
    params: ReviewParams
    entries: dict[str, Entry]
    members: dict[str, PanelMember]
    to_review: list[EntryToReview] = field(default_factory=list)
    experts: list[Expert] = field(default_factory=list)
    declared: set[tuple[str, str]] = field(default_factory=set)
    recused: set[tuple[str, str]] = field(default_factory=set)
    rulings: dict[tuple[str, str], ConflictRuling] = field(default_factory=dict)  # (expert, entry)
    existing: dict[str, list[str]] = field(default_factory=dict)
    sheets: dict[tuple[str, str], Sheet] = field(default_factory=dict)  # (entry, expert)

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(str(rule) for rule in self.params.conflicts)

    @cached_property
    def cleared(self) -> set[tuple[str, str]]:
        """Pairs that one person has cleared and a second one confirmed."""
        return {pair for pair, r in self.rulings.items() if r.kind == RulingKind.CLEARED and r.counts}

    @cached_property
    def pinned(self) -> set[tuple[str, str]]:
        return {pair for pair, ruling in self.rulings.items() if ruling.kind == RulingKind.PINNED}

    @cached_property
    def barred(self) -> set[tuple[str, str]]:
        """(expert, entry) pairs excluded whatever the blueprint's rules say: declared and not cleared, recused, pinned."""
        return (self.declared - self.cleared) | self.recused | self.pinned

    def reason(self, entry: EntryToReview, expert: Expert) -> str:
        """Why the expert must not review the entry, in words; empty when nothing stands against it."""
        pair = (expert.code, entry.code)
        if pair in self.pinned:
            return f"已认定固定回避（{self.rulings[pair].reason}）"
        if pair in self.recused:
            return "该专家已对此件回避"
        return self.found(entry, expert, cleared=self.cleared)

    def found(self, entry: EntryToReview, expert: Expert, cleared: Collection[tuple[str, str]] = ()) -> str:
        """What the system finds or was declared, apart from any ruling."""
        rules = ("declared", *(rule for rule in self.rules if rule != "declared"))
        return conflict_reason(entry, expert, self.declared - set(cleared), rules, cleared)


def entries_of_panel(panel: Panel) -> QuerySet[Entry]:
    """Entries under review that the panel covers, in the order of their review codes (which says nothing)."""
    rows = Entry.objects.filter(cycle_id=panel.stage.cycle_id, state=EntryState.IN_REVIEW)
    if panel.track_id:
        rows = rows.filter(track_id=panel.track_id)
    return rows.select_related("organisation", "employer", "nominating", "track").order_by("review_code", "pk")


def panel_case(panel: Panel) -> PanelCase:
    """The whole case of a panel in a constant number of queries."""
    entries = {str(e.pk): e for e in entries_of_panel(panel)}
    members = {
        expert_key(m.expert_id): m
        for m in PanelMember.objects.filter(panel=panel).select_related("expert").order_by("-is_chair", "pk")
    }
    case = PanelCase(panel, params_of(panel.stage), entries, members)
    user_ids = [m.expert_id for m in members.values()]
    profiles = _profiles(user_ids, panel)
    homes, lines = _homes(user_ids, profiles)
    paths = [o.path for many in homes.values() for o in many] + [e.organisation.path for e in entries.values()]
    # The organiser and those above it are nobody's side: in a district's edition all experts may be of the district.
    neutral = set(path_prefixes(panel.stage.cycle.owner.path))
    levels = {path: found for path, found in _levels(paths).items() if path not in neutral}
    loads = _add_existing(case)
    case.to_review = [_entry(key, entry, levels) for key, entry in entries.items()]
    for key, member in members.items():
        profile = profiles.get(member.expert_id)
        capacity = profile.max_load if profile and profile.is_active else 0
        units, unions = _belongings(homes[member.expert_id], profile, levels, lines)
        case.experts.append(Expert(code=key, units=units, unions=unions, load=loads[key], capacity=capacity))
    # Sheets of another panel, or of somebody who has left this one, count for their entry and take nothing more.
    strangers = {e for kept in case.existing.values() for e in kept} - case.members.keys()
    case.experts += [Expert(code=key, load=loads[key], capacity=0) for key in sorted(strangers)]
    _add_declared(case, profiles)
    _add_rulings(case)
    _add_topics(case, profiles)
    return case


def _reporting_parents(of: str) -> ArraySubquery:
    """Unions through which an organisation reports where that differs from the home tree."""
    return ArraySubquery(ReportingLine.objects.filter(organisation_id=OuterRef(of)).values("parent_id"))


def _profiles(user_ids: list[int], panel: Panel) -> dict[int, ExpertProfile]:
    """The members as the pool knows them, with what their unit reports to and the paths they keep away from."""
    declared = DeclaredConflict.objects.filter(expert_id=OuterRef("user_id"), owner_id=OuterRef("owner_id"))
    rows = ExpertProfile.objects.filter(user_id__in=user_ids, owner_id=panel.stage.cycle.owner_id).annotate(
        reports_to=_reporting_parents("unit_id"), keeps_away=ArraySubquery(declared.values("organisation__path"))
    )
    return {p.user_id: p for p in rows.select_related("unit")}


def _homes(
    user_ids: list[int], profiles: dict[int, ExpertProfile]
) -> tuple[dict[int, list[Organisation]], dict[int, set[int]]]:
    """Organisations each expert belongs to (the unit of the pool and every other role held), and where those report."""
    homes: dict[int, list[Organisation]] = defaultdict(list)
    lines: dict[int, set[int]] = defaultdict(set)
    for user_id, profile in profiles.items():
        if profile.unit_id:
            homes[user_id].append(profile.unit)
            lines[profile.unit_id].update(profile.reports_to)
    rows = Membership.objects.filter(user_id__in=user_ids, is_active=True).select_related("organisation")
    rows = rows.exclude(organisation__level=UnionLevel.MUNICIPAL)
    for membership in rows.annotate(reports_to=_reporting_parents("organisation_id")):
        homes[membership.user_id].append(membership.organisation)
        lines[membership.organisation_id].update(membership.reports_to)
    return homes, lines


def _levels(paths: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Path of every organisation on the way up → (id, level)."""
    wanted = {prefix for path in paths for prefix in path_prefixes(path)}
    return {path: (pk, level) for path, pk, level in
            Organisation.objects.filter(path__in=wanted).values_list("path", "pk", "level")}  # fmt: skip


def _above(path: str, levels: dict[str, tuple[int, str]], wanted: frozenset[str]) -> set[int]:
    found = (levels.get(prefix) for prefix in path_prefixes(path))
    return {pk for pk, level in (item for item in found if item) if level in wanted}


def _entry(key: str, entry: Entry, levels: dict[str, tuple[int, str]]) -> EntryToReview:
    units = {f"unit:{pk}" for pk in _above(entry.organisation.path, levels, UNIT_LEVELS)}
    names = [entry.organisation.name, entry.employer.name if entry.employer else ""]
    units |= {f"name:{normalise_title(name)}" for name in names if name}
    unions = {entry.nominating_id} if entry.nominating_id else _above(entry.organisation.path, levels, BETWEEN)
    return EntryToReview(code=key, units=frozenset(units), unions=frozenset(f"union:{pk}" for pk in unions))


def _belongings(
    homes: list[Organisation],
    profile: ExpertProfile | None,
    levels: dict[str, tuple[int, str]],
    lines: dict[int, set[int]],
) -> tuple[frozenset[str], frozenset[str]]:
    units: set[str] = set()
    unions: set[int] = set()
    for home in homes:
        units |= {f"unit:{pk}" for pk in _above(home.path, levels, UNIT_LEVELS)}
        if home.is_unit:
            units.add(f"name:{normalise_title(home.name)}")
        unions |= _above(home.path, levels, BETWEEN) | lines.get(home.pk, set())
    if profile and profile.unit_name:
        units.add(f"name:{normalise_title(profile.unit_name)}")
    return frozenset(units), frozenset(f"union:{pk}" for pk in unions)


def _add_existing(case: PanelCase) -> dict[str, int]:
    """Fills ``existing`` and ``recused``; returns what each expert carries elsewhere in this stage."""
    loads: dict[str, int] = defaultdict(int)
    marked = Score.objects.filter(assignment_id=OuterRef("pk")).exclude(value=None, abstained=False)
    rows = Assignment.objects.filter(panel__stage_id=case.panel.stage_id).annotate(begun=Exists(marked))
    for pk, entry_id, expert_id, state, begun in rows.values_list("pk", "entry_id", "expert_id", "state", "begun"):
        entry, expert = str(entry_id), expert_key(expert_id)
        case.sheets[entry, expert] = Sheet(pk, state, begun)
        if state == AssignmentState.RECUSED:
            case.recused.add((expert, entry))
        elif entry in case.entries:
            case.existing.setdefault(entry, []).append(expert)
        else:
            loads[expert] += 1
    return loads


def _add_declared(case: PanelCase, profiles: dict[int, ExpertProfile]) -> None:
    """A declaration covers the organisation with all below it, and what it nominates."""
    for expert_id, profile in profiles.items():
        for path in profile.keeps_away:
            for key, entry in case.entries.items():
                nominated = entry.nominating is not None and entry.nominating.path == path
                if nominated or entry.organisation.path.startswith(path):
                    case.declared.add((expert_key(expert_id), key))


def _add_rulings(case: PanelCase) -> None:
    rows = ConflictRuling.objects.filter(entry__in=[int(key) for key in case.entries])
    for row in rows.select_related("ruled_by", "confirmed_by"):
        case.rulings[expert_key(row.expert_id), str(row.entry_id)] = row


def _add_topics(case: PanelCase, profiles: dict[int, ExpertProfile]) -> None:
    """Fields of an expert that are the entry's track or stand in its title."""
    fields = {expert_key(pk): frozenset(word for word in p.fields if word) for pk, p in profiles.items()}
    words = frozenset().union(*fields.values())
    case.experts = [replace(x, topics=fields.get(x.code, frozenset())) for x in case.experts]
    texts = {key: f"{e.title} {e.track.title if e.track else ''}" for key, e in case.entries.items()}
    case.to_review = [
        replace(e, topics=frozenset(word for word in words if word in texts[e.code])) for e in case.to_review
    ]


def organisations_below(*, path: str) -> QuerySet[Organisation]:
    """Active organisations of the tree, for pickers."""
    return Organisation.objects.filter(path__startswith=path, is_active=True).order_by("path")


def find_organisation(text: str, *, owner_path: str) -> Organisation | None:
    """The organisation of the tree with exactly this name, short name, credit code or number.

    An expert names it without seeing the tree; the answer says only that it exists.
    """
    text = text.strip()
    if not text or not owner_path:
        return None
    same = Q(name=text) | Q(short_name=text) | Q(credit_code=text.upper()) | Q(code=text)
    with system_scope("an expert names an organisation to keep away from"):
        return organisations_below(path=owner_path).filter(same).first()

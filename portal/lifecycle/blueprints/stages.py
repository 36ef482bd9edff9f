"""Stage parameters by kind, and their JSON form for ``CycleStage.params``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.lifecycle.blueprints.review_blocks import (
    ChecklistParams,
    CodesParams,
    Criterion,
    MeetingParams,
    PresentationParams,
    VisitParams,
    VoteParams,
)
from portal.lifecycle.blueprints.structure import build_or_raise, dump
from portal.lifecycle.blueprints.vocabulary import (
    AllocationRule,
    BalanceRule,
    ConflictRule,
    OpinionForm,
    ReviewMethod,
    RouteLevel,
    SelectionRule,
    StageKind,
    TieBreak,
)


@dataclass(frozen=True)
class Condition:
    """A simple closed expression over one answer. Exactly one of the four tests is set."""

    field: str
    equals: str | None = None
    in_: tuple[str, ...] = field(default=(), metadata={"key": "in"})
    is_true: bool | None = None
    filled: bool | None = None


@dataclass(frozen=True)
class ApplicationParams:
    """申报: ``days`` calendar days long, closing at ``closes_at``; who was typing has ``grace_minutes`` more."""

    days: int
    grace_minutes: int = 30
    closes_at: str = "17:00"
    max_per_unit: int | None = None
    max_per_person: int | None = None
    team_max: int | None = None


@dataclass(frozen=True)
class Allocation:
    """名额分配 to the nominating unions of ``level``; ``special`` gives single unions their own number."""

    rule: AllocationRule = AllocationRule.NONE
    level: RouteLevel = RouteLevel.DISTRICT
    places: int | None = None
    members_per_place: int | None = None
    minimum: int = 1
    maximum: int | None = None
    special: Mapping[str, int] = field(default_factory=dict)

    def places_for(self, *, members: int, code: str = "") -> int | None:
        """Places of one union with ``members`` members. None means no limit or “set by hand”.

        The floor of one place and the allocation by members follow domain.md 3 “Quota”.
        """
        if code in self.special:
            return self.special[code]
        if self.rule == AllocationRule.FIXED:
            return self.places
        if self.rule == AllocationRule.BY_MEMBERS and self.members_per_place:
            places = max(self.minimum, members // self.members_per_place)
            return min(places, self.maximum) if self.maximum is not None else places
        return None


@dataclass(frozen=True)
class RecommendationParams:
    """逐级推荐: the stations, what each may send on, and the notices on the way."""

    route: tuple[RouteLevel, ...]
    optional_levels: tuple[RouteLevel, ...] = ()
    caps: Mapping[str, int] = field(default_factory=dict)
    ranked: bool = False
    reserves: Mapping[str, int] = field(default_factory=dict)
    return_days: int = 5
    notice_working_days: Mapping[str, int] = field(default_factory=dict)
    handling_working_days: Mapping[str, int] = field(default_factory=dict)
    allocation: Allocation = Allocation()
    opinion_max: int = 500

    def cap(self, level: str) -> int | None:
        return self.caps.get(level)

    def reserve(self, level: str) -> int:
        return self.reserves.get(level, 0)

    def notice_days(self, level: str) -> int:
        """Working days of the local notice at ``level``; 0 when none is held there."""
        return self.notice_working_days.get(level, 0)

    def is_optional(self, level: str) -> bool:
        return level in self.optional_levels


@dataclass(frozen=True)
class ClearanceCheck:
    code: str
    title: str
    help: str = ""


@dataclass(frozen=True)
class OpinionRequest:
    department: str
    form: OpinionForm
    when: Condition | None = None


@dataclass(frozen=True)
class ClearanceParams:
    """资格审查 by the federation, and opinions of outside departments; all must agree (domain.md 0.5)."""

    checks: tuple[ClearanceCheck, ...] = ()
    opinions: tuple[OpinionRequest, ...] = ()
    reply_working_days: int = 10  # for departments, from the day of the letter


@dataclass(frozen=True)
class ReviewParams:
    """专家评审: how marks are given and put together (domain.md 0.6)."""

    method: ReviewMethod = ReviewMethod.RUBRIC_PANEL
    blind: bool = False
    experts_per_entry: int = 7
    rubric: tuple[Criterion, ...] = ()
    trim_from: int = 5
    trim_each: int = 1
    decimals: int = 2
    ties: tuple[TieBreak, ...] = ()
    outlier_points: Decimal = Decimal(20)
    balance: BalanceRule = BalanceRule.INFORMATION
    conflicts: tuple[ConflictRule, ...] = ()
    comment_max: int = 500
    comment_below: Decimal | None = None
    show_marks_after: bool = False  # own marks in → the others' are shown without names
    checklist: ChecklistParams | None = None
    vote: VoteParams | None = None
    visit: VisitParams | None = None
    presentation: PresentationParams | None = None
    meeting: MeetingParams | None = None
    codes: CodesParams | None = None

    def __post_init__(self) -> None:
        """The sections of a checklist are its rubric: whatever reads marks knows only the rubric."""
        if self.checklist is not None and not self.rubric:
            object.__setattr__(self, "rubric", self.checklist.criteria())

    def derived_keys(self) -> frozenset[str]:
        """What follows from the rest and is not written down."""
        derived = self.checklist is not None and self.rubric == self.checklist.criteria()
        return frozenset({"rubric"}) if derived else frozenset()

    def criterion(self, code: str) -> Criterion:
        """The criterion with this code; KeyError when there is none."""
        for criterion in self.rubric:
            if criterion.code == code:
                return criterion
        raise KeyError(code)

    @property
    def groups(self) -> tuple[str, ...]:
        """Group headings of the rubric in order, each once."""
        return tuple(dict.fromkeys(criterion.group for criterion in self.rubric))

    @property
    def total_weight(self) -> Decimal:
        return sum((criterion.weight for criterion in self.rubric), Decimal(0))


@dataclass(frozen=True)
class SelectionParams:
    """评选: how many, at most how many from one nominating union and one employer, from which mark on.

    ``budget`` and ``amount_cap`` are yuan; ``amount_field`` is the money question that asks for the sum (domain.md 4).
    """

    rule: SelectionRule
    places: int | None = None
    reserves: int = 0
    cap_per_nominating: int | None = None
    cap_per_employer: int | None = None
    min_score: Decimal | None = None
    approval_body: str = ""
    budget: Decimal | None = None
    amount_field: str = ""
    amount_cap: Decimal | None = None


@dataclass(frozen=True)
class NoticeParams:
    """全市公示: at least five working days (domain.md 0.4)."""

    working_days: int
    objection_ruling_working_days: int = 10
    anonymous_objections: bool = True
    shown_fields: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class ConferralParams:
    """命名（拨付）: certificate numbers, the decision's document number, the words of the certificate.

    A grant without certificates has no ``number_pattern``.
    """

    number_pattern: str = ""
    document_pattern: str = ""
    issuer: str = ""
    certificate_text: str = ""
    validity_years: int | None = None

    def number(self, *, year: int, serial: int) -> str:
        """Certificate number, e.g. 津工创〔2026〕0007."""
        return self.number_pattern.format(year=year, serial=serial)

    def document_number(self, *, year: int, serial: int) -> str:
        """Number of the decision, e.g. 津工发〔2026〕12号 (GB/T 9704: serial without leading zero)."""
        return self.document_pattern.format(year=year, serial=serial)


@dataclass(frozen=True)
class ShowcaseParams:
    """成果展示: which answers the public page may show, and for how long (None = without end)."""

    shown_fields: tuple[str, ...] = ()
    requires_consent: bool = True
    months: int | None = None


StageParams = (
    ApplicationParams
    | RecommendationParams
    | ClearanceParams
    | ReviewParams
    | SelectionParams
    | NoticeParams
    | ConferralParams
    | ShowcaseParams
)

PARAMS_BY_KIND: Mapping[str, type] = {
    StageKind.APPLICATION: ApplicationParams,
    StageKind.RECOMMENDATION: RecommendationParams,
    StageKind.CLEARANCE: ClearanceParams,
    StageKind.REVIEW: ReviewParams,
    StageKind.SELECTION: SelectionParams,
    StageKind.NOTICE: NoticeParams,
    StageKind.CONFERRAL: ConferralParams,
    StageKind.SHOWCASE: ShowcaseParams,
}


@dataclass(frozen=True)
class Stage:
    """环节: one step of a cycle. ``working_days`` is its planned length (an application's window is ``params.days``).

    In TOML and JSON the parameters stand beside the common keys; ``params`` is chosen by ``kind``.
    """

    kind: StageKind
    params: Any = field(metadata={"variants": PARAMS_BY_KIND, "by": "kind"})
    title: str = ""
    help: str = ""
    working_days: int = 0
    guards: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.title or str(StageKind(self.kind).label)


def stage_params_to_json(params: StageParams) -> dict[str, Any]:
    """Parameters as JSON primitives, complete and reversible."""
    return dump(params)


def stage_params_from_json(kind: StageKind | str, data: Mapping[str, Any]) -> StageParams:
    """Reverse of ``stage_params_to_json``; raises BlueprintInvalid when the data do not fit the kind.

    ``guards`` may stand beside the parameters, as a cycle stores them; they are the engine's matter.
    """
    return build_or_raise(PARAMS_BY_KIND[kind], {key: value for key, value in data.items() if key != "guards"})

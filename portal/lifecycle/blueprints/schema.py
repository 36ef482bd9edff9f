"""Blueprint 方案: everything the engine needs to know about one programme, as frozen dataclasses.

Keys of TOML and JSON are the attribute names, with two exceptions that carry ``key`` in their metadata
(``in`` and ``class`` are Python keywords).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from portal.lifecycle.blueprints.editions import EditionSpec, HostSpec
from portal.lifecycle.blueprints.letters import LetterSpec
from portal.lifecycle.blueprints.stages import Condition, Stage
from portal.lifecycle.blueprints.vocabulary import (
    NOT_ANSWERED_TYPES,
    PERSONAL_TYPES,
    CadenceKind,
    CodeList,
    DocumentKind,
    FieldType,
    HonourClass,
    HonourForm,
    HonourKind,
    RatioAction,
    RatioScope,
    RouteLevel,
    RowRuleKind,
    StageKind,
    SubjectKind,
    Width,
)

__all__ = ["Blueprint", "Condition", "FieldSpec", "Section", "Stage"]


@dataclass(frozen=True)
class ProgrammeInfo:
    code: str
    pillar: str
    title: str
    cadence: CadenceKind
    subject: SubjectKind
    short_title: str = ""
    basis: str = ""
    summary: str = ""
    every_years: int = 0
    first_year: int = 0
    cycle_start: str = ""
    subject_field: str = ""
    profile: str = ""

    @property
    def period_years(self) -> int:
        """Years from one cycle to the next; 0 when there is no rhythm (常年受理, 即时授予)."""
        if self.cadence == CadenceKind.ANNUAL:
            return 1
        return self.every_years if self.cadence == CadenceKind.EVERY_YEARS else 0

    @property
    def name(self) -> str:
        """Short name for menus and lists."""
        return self.short_title or self.title


@dataclass(frozen=True)
class HonourInfo:
    """What the programme gives in the end. Empty for a programme without conferral."""

    title: str = ""
    honour_class: HonourClass = field(default=HonourClass.NAMING, metadata={"key": "class"})
    kind: HonourKind = HonourKind.HONOUR
    legal_basis: str = ""
    document: str = ""
    cash_allowed: bool = False
    forms: tuple[HonourForm, ...] = ()
    repeat_years: int = 0
    wording: str = ""
    counter: str = ""  # programmes with the same word count their honours of a year together (即时授予)
    yearly_places: int = 0  # at most so many of the counter in a calendar year; 0 = no limit
    trigger_fields: tuple[str, ...] = ()  # questions that name the contest or task which led to the honour

    @property
    def is_grant(self) -> bool:
        return self.kind == HonourKind.GRANT

    @property
    def is_naming(self) -> bool:
        """命名、选树: neither 表彰 nor money (domain.md 0.1). A grant is money and no honour."""
        return self.honour_class == HonourClass.NAMING and not self.is_grant


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class RowRule:
    """A rule over the rows of a table, e.g. 贡献率合计 = 100."""

    kind: RowRuleKind
    column: str
    total: Decimal | None = None
    message: str = ""


@dataclass(frozen=True)
class FieldSpec:
    """One question, or one column of a table."""

    code: str
    type: FieldType
    label: str
    help: str = ""
    unit: str = ""
    placeholder: str = ""
    required: bool = False
    required_when: Condition | None = None
    visible_when: Condition | None = None
    max_length: int | None = None
    min_length: int | None = None
    pattern: str = ""
    pattern_message: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    not_future: bool = False
    not_before: str = ""
    choices: tuple[Choice, ...] = ()
    code_list: CodeList | None = None
    max_choices: int | None = None
    columns: tuple[FieldSpec, ...] = ()
    min_rows: int = 0
    max_rows: int | None = None
    row_rules: tuple[RowRule, ...] = ()
    accept: tuple[str, ...] = ()
    max_mb: int | None = None
    max_files: int | None = None
    template: str = ""
    text: str = ""
    rows: int | None = None
    width: Width = Width.FULL
    public: bool = False
    blind: bool = False
    publish_as: str = ""
    prefill: str = ""

    @property
    def is_personal(self) -> bool:
        return self.type in PERSONAL_TYPES

    @property
    def is_table(self) -> bool:
        return self.type == FieldType.TABLE

    @property
    def is_answer(self) -> bool:
        """False for attachments (files of their own) and statements (only read)."""
        return self.type not in NOT_ANSWERED_TYPES

    def column(self, code: str) -> FieldSpec:
        return next(column for column in self.columns if column.code == code)


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    help: str = ""
    visible_when: Condition | None = None
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True)
class Track:
    """类别（赛项、工种）. ``honour``: the name of what it gives, where that is not the programme's (domain.md 0.1)."""

    code: str
    title: str
    places: int | None = None
    honour: str = ""
    help: str = ""


@dataclass(frozen=True)
class Ratio:
    """结构比例: share of candidates that meet ``when``, in percent (domain.md 0.7); ``definition`` says in words who counts.

    A share of those who meet ``base`` (``base_title`` names them: “个人”); without it a share of the whole list. Who does not
    belong to the base does not count, whatever ``when`` says; where nobody of the list belongs to it, nothing is asked.
    """

    code: str
    title: str
    when: Condition
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    enforce: RatioAction = RatioAction.WARN
    applies: RatioScope = RatioScope.BOTH
    definition: str = ""
    base: Condition | None = None
    base_title: str = ""


@dataclass(frozen=True)
class Veto:
    """一票否决: what bars an entry, and for how many years from the event (0 = this cycle only).

    ``event_field`` is the question for the day of the last such event; with it ``engine.veto_period`` reckons the period.
    """

    code: str
    text: str
    bar_years: int = 0
    event_field: str = ""


@dataclass(frozen=True)
class Limits:
    """申报限制: what bars a subject before anybody asks about merit (domain.md 0.8); read by the guards ``engine.…``."""

    higher: tuple[str, ...] = ()  # codes of programmes whose honours bar this one
    higher_years: int = 99  # for so many years; 99 = always
    one_path: tuple[str, ...] = ()  # programmes of which a subject enters only one in a year, beside this one
    retire_men: int = 0  # statutory age of retirement in years; 0 = not asked
    retire_women: int = 0
    retire_margin: int = 0  # years that must be left until then
    post_field: str = ""
    barred_posts: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentSpec:
    """A paper made from the same data: 申报表, 授权书, 承诺书, 公示证明, 汇总表."""

    code: str
    title: str
    kind: DocumentKind
    audience: RouteLevel = RouteLevel.GRASSROOTS
    seal: str = ""
    upload_field: str = ""
    body: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Texts:
    call: str = ""
    eligibility: str = ""
    guide: str = ""
    consent: str = ""
    contact: str = ""
    notice_intro: str = ""
    decision_intro: str = ""


@dataclass(frozen=True)
class Checks:
    """查重: which answers are compared with the library, from which percentage on a person must look."""

    similarity_fields: tuple[str, ...] = ()
    similarity_flag: Decimal = Decimal(30)
    unique_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """Where a value comes from, and whether the federation still has to confirm it."""

    path: str
    value: str = ""
    source: str = ""
    note: str = ""
    confirm: bool = False
    label: str = ""


@dataclass(frozen=True)
class Blueprint:
    programme: ProgrammeInfo
    sections: tuple[Section, ...]
    stages: tuple[Stage, ...]
    honour: HonourInfo = HonourInfo()
    schema: int = 1
    tracks: tuple[Track, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    limits: Limits = Limits()
    documents: tuple[DocumentSpec, ...] = ()
    texts: Texts = Texts()
    checks: Checks = Checks()
    edition: EditionSpec = field(default_factory=EditionSpec)
    hosts: tuple[HostSpec, ...] = ()
    letters: tuple[LetterSpec, ...] = ()
    provenance: tuple[Provenance, ...] = ()

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        """All questions in the order of the paper form."""
        return tuple(spec for section in self.sections for spec in section.fields)

    @cached_property
    def _by_code(self) -> Mapping[str, FieldSpec]:
        return {spec.code: spec for spec in self.fields}

    def field(self, code: str) -> FieldSpec:
        """The question with this code; KeyError when there is none."""
        return self._by_code[code]

    def has_field(self, code: str) -> bool:
        return code in self._by_code

    def section(self, code: str) -> Section:
        """The section with this code; KeyError when there is none."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)

    def section_of(self, code: str) -> Section:
        """The section that holds the question ``code``; KeyError when there is none."""
        for section in self.sections:
            if any(spec.code == code for spec in section.fields):
                return section
        raise KeyError(code)

    @cached_property
    def attachments(self) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.fields if spec.type == FieldType.ATTACHMENT)

    def stage(self, kind: StageKind | str) -> Stage | None:
        """The stage of this kind, or None when the programme does without it."""
        return next((stage for stage in self.stages if stage.kind == kind), None)

    def document(self, code: str) -> DocumentSpec:
        """The paper with this code; KeyError when there is none."""
        for document in self.documents:
            if document.code == code:
                return document
        raise KeyError(code)

    def track(self, code: str) -> Track:
        """The track with this code; KeyError when there is none."""
        for track in self.tracks:
            if track.code == code:
                return track
        raise KeyError(code)

    def honour_title(self, track: str | None = None) -> str:
        """Name of the honour that an entry of the track with this code gets: the track's own, else the programme's."""
        return next((t.honour for t in self.tracks if t.code == track and t.honour), self.honour.title)

    @property
    def is_blind(self) -> bool:
        """Whether experts must not learn whose entry they mark."""
        review = self.stage(StageKind.REVIEW)
        return review is not None and bool(getattr(review.params, "blind", False))

    @property
    def unconfirmed(self) -> tuple[Provenance, ...]:
        """Values on which the plan is silent and the federation's word is awaited (design.md 3.16)."""
        return tuple(row for row in self.provenance if row.confirm)


EPOCH = dt.date(2021, 1, 1)
"""First day of the plan period; no cycle starts earlier."""

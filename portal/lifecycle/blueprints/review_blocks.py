"""Blocks of a review stage: the lines of a rubric, the checklist, and what may stand beside the marks (domain.md 0.6, 9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.vocabulary import ItemMode, MajorityRule, VoteAudience


@dataclass(frozen=True)
class Band:
    """A grade of a criterion: marks from ``minimum`` to ``maximum``, with the words that earn them."""

    minimum: Decimal
    maximum: Decimal
    label: str
    description: str


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric. Contribution of a mark = mark × weight ÷ max_score."""

    code: str
    title: str
    weight: Decimal
    max_score: Decimal
    group: str = ""
    help: str = ""
    floor_ratio: Decimal | None = None
    core: bool = False
    step: Decimal = Decimal("0.5")
    bands: tuple[Band, ...] = ()

    @property
    def floor(self) -> Decimal | None:
        """The lowest average mark with which an entry may still be selected."""
        return None if self.floor_ratio is None else self.max_score * self.floor_ratio


@dataclass(frozen=True)
class ChecklistItem:
    """One line of a checklist.

    ``add``: marks from 0 up to ``points``. ``deduct``: full marks, from which a deduction up to ``points`` is taken.
    A ``veto`` item bears no points: found true, the entry is not eligible (domain.md 9, rubric A).
    """

    code: str
    title: str
    points: Decimal = Decimal(0)
    mode: ItemMode = ItemMode.ADD
    veto: bool = False
    evidence: bool = False
    help: str = ""
    step: Decimal = Decimal("0.5")


@dataclass(frozen=True)
class ChecklistSection:
    """A part of a checklist; an entry whose marks stay below ``min_share`` of its points cannot be selected."""

    code: str
    title: str
    items: tuple[ChecklistItem, ...]
    min_share: Decimal | None = None
    bonus: bool = False
    help: str = ""

    @property
    def points(self) -> Decimal:
        return sum((item.points for item in self.scored), Decimal(0))

    @property
    def least(self) -> Decimal | None:
        """The lowest marks with which an entry may still be selected."""
        return None if self.min_share is None else self.points * self.min_share

    @property
    def scored(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for item in self.items if not item.veto)

    @property
    def vetoes(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for item in self.items if item.veto)


@dataclass(frozen=True)
class ChecklistParams:
    """考核表: sections of items. All sections but the bonus make up 100 points; ``bonus_cap`` limits all bonus together.

    ``self_mark``: the unit marks itself before it submits; ``self_minimum`` of 100 points is needed then, without bonus.
    """

    sections: tuple[ChecklistSection, ...]
    self_mark: bool = True
    self_minimum: Decimal | None = None
    bonus_cap: Decimal = Decimal(0)

    @property
    def items(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @property
    def base_points(self) -> Decimal:
        return sum((section.points for section in self.sections if not section.bonus), Decimal(0))

    def item(self, code: str) -> ChecklistItem:
        """The item with this code; KeyError when there is none."""
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)

    def section_of(self, code: str) -> ChecklistSection:
        """The section that holds the item with this code; KeyError when there is none."""
        for section in self.sections:
            if any(item.code == code for item in section.items):
                return section
        raise KeyError(code)

    def criteria(self) -> tuple[Criterion, ...]:
        """Each section as one criterion of the same weight as its full mark, so that scores are put together as ever.

        Sections of veto items only bear no marks and are left out; a bonus is worth at most ``bonus_cap``.
        """
        lines = []
        for section in self.sections:
            full = min(section.points, self.bonus_cap) if section.bonus else section.points
            if full > 0:
                lines.append(
                    Criterion(
                        code=section.code,
                        title=section.title,
                        weight=full,
                        max_score=full,
                        help=section.help,
                        floor_ratio=section.min_share,
                        step=min(item.step for item in section.scored),
                    )
                )
        return tuple(lines)


@dataclass(frozen=True)
class VoteParams:
    """投票: for reference only, never part of a total (domain.md 0.6). ``days`` is the length of the window.

    ``address_cap`` is the most votes counted from one network address within an hour.
    """

    days: int
    votes_per_person: int = 1
    audience: VoteAudience = VoteAudience.PUBLIC
    help: str = ""
    address_cap: int = 30


@dataclass(frozen=True)
class VisitItem:
    code: str
    title: str
    help: str = ""


@dataclass(frozen=True)
class VisitParams:
    """实地考察: a record per entry, by at least ``minimum_visitors`` people (domain.md 1, 7)."""

    items: tuple[VisitItem, ...] = ()
    required: bool = True
    minimum_visitors: int = 2
    photos_min: int = 1


@dataclass(frozen=True)
class PresentationParams:
    """现场展示: how long each speaks and answers; the order is drawn by lot (domain.md 0.6)."""

    minutes: int = 8
    questions_minutes: int = 5


@dataclass(frozen=True)
class CodesParams:
    """加密: codes stand for contestants until the marks are locked; 1 layer (一次加密) or 2 (二次加密, domain.md 2.2).

    ``names`` say what people call the code of each layer (抽签号, 赛位号), in the order of drawing; empty takes the usual words.
    """

    layers: int = 2
    names: tuple[str, ...] = ()

    def name_of(self, layer: int) -> str:
        """What the code of this layer (1 or 2) is called."""
        return self.names[layer - 1] if self.names else (_("一次码"), _("工位码"))[layer - 1]


@dataclass(frozen=True)
class MeetingParams:
    """评审会: who must be present, how many must agree, and how often they vote on one item (domain.md 0.6)."""

    quorum: MajorityRule = MajorityRule.TWO_THIRDS
    majority: MajorityRule = MajorityRule.TWO_THIRDS
    rounds: int = 2

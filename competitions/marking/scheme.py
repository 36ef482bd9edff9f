"""A marking scheme in the WorldSkills manner: criteria → sub-criteria → aspects, and what must hold; pure, in Decimal.

Source: domain.md 2.4 (at most nine criteria A–I, every sub-criterion with its day, every aspect M or J, 100 marks in all,
marks by section of the standard close to the standard's weights).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from competitions.marking.enums import AspectKind, RuleKind

LETTERS = "ABCDEFGHI"
WHOLE = Decimal(100)
CENT = Decimal("0.01")
DAYS = 9
LEVELS = 4  # a judgement's scores are 0, 1, 2 and 3
DEVIATION = Decimal(5)  # points by which a section's marks may differ from its weight in the standard
SUB_CODE = re.compile(r"([A-I])[1-9][0-9]?")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the standard (WSSS) with its weight in percent."""

    code: str
    title: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """How a measured value becomes a mark; which fields count depends on ``kind``.

    ``all``     1 = reached, 0 = not reached
    ``bands``   the narrowest tolerance around ``target`` that holds the value gives its percent of the maximum
    ``linear``  from ``worst`` (0) to ``best`` (all marks), in either direction
    ``deduct``  the value counts faults; each costs ``step`` marks
    ``low`` and ``high`` are what can be measured at all: a value outside is a slip of the pen.
    """

    kind: str
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    target: Decimal | None = None
    bands: tuple[tuple[Decimal, Decimal], ...] = ()  # (tolerance, percent of the maximum), narrowest first
    best: Decimal | None = None
    worst: Decimal | None = None
    step: Decimal | None = None

    @property
    def words(self) -> str:
        """How the value counts, for the judge."""
        match self.kind:
            case RuleKind.ALL:
                return "达到得满分，未达到得0分。"
            case RuleKind.BANDS:
                bands = "；".join(f"±{plain(limit)}得{plain(share)}%" for limit, share in self.bands)
                return f"目标值{plain(self.target)}{self.unit}：{bands}；超出得0分。"
            case RuleKind.LINEAR:
                return f"{plain(self.best)}{self.unit}得满分，{plain(self.worst)}{self.unit}得0分，之间按比例折算。"
            case _:
                return f"填写扣分的处数，每处扣{plain(self.step)}分，扣完为止。"


@dataclass(frozen=True, slots=True)
class Aspect:
    code: str  # A1.01
    kind: str
    title: str
    max: Decimal
    section: str
    rule: Rule | None = None
    descriptions: tuple[str, ...] = ()  # of the scores 0, 1, 2 and 3


@dataclass(frozen=True, slots=True)
class SubCriterion:
    code: str  # A1
    title: str
    day: int
    aspects: tuple[Aspect, ...]

    @property
    def max(self) -> Decimal:
        return sum((a.max for a in self.aspects), Decimal(0))

    @property
    def has_judgement(self) -> bool:
        return any(a.kind == AspectKind.JUDGEMENT for a in self.aspects)


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str  # A
    title: str
    parts: tuple[SubCriterion, ...]

    @property
    def max(self) -> Decimal:
        return sum((p.max for p in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class Scheme:
    criteria: tuple[Criterion, ...]
    sections: tuple[Section, ...]

    @property
    def parts(self) -> Iterator[SubCriterion]:
        return (part for criterion in self.criteria for part in criterion.parts)

    @property
    def aspects(self) -> Iterator[Aspect]:
        return (aspect for part in self.parts for aspect in part.aspects)

    @property
    def total(self) -> Decimal:
        return sum((a.max for a in self.aspects), Decimal(0))


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: an aspect's code, a sub-criterion's, a section's, or nothing for the whole."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Weighing:
    """One section: what the standard weighs it, and what the scheme gives."""

    section: Section
    marks: Decimal = field(default=Decimal(0))

    @property
    def gap(self) -> Decimal:
        return self.marks - self.section.weight

    @property
    def is_close(self) -> bool:
        return abs(self.gap) <= DEVIATION


def weighings(scheme: Scheme) -> list[Weighing]:
    """Marks by section beside the standard's weights, in the standard's order."""
    sums: dict[str, Decimal] = {}
    for aspect in scheme.aspects:
        sums[aspect.section] = sums.get(aspect.section, Decimal(0)) + aspect.max
    return [Weighing(section, sums.get(section.code, Decimal(0))) for section in scheme.sections]


def findings(scheme: Scheme) -> list[Finding]:
    """Everything that keeps the scheme from being used, in order; an empty list means that it may be frozen."""
    found = [*_structure(scheme), *_sections(scheme)]
    for part in scheme.parts:
        for aspect in part.aspects:
            found += [Finding(aspect.code, message) for message in aspect_problems(aspect)]
    if scheme.total != WHOLE:
        found.append(Finding("", f"各评分点满分合计须为100分，现在是{plain(scheme.total)}分。"))
    return found


def _structure(scheme: Scheme) -> Iterator[Finding]:
    codes = [c.code for c in scheme.criteria]
    if not codes:
        yield Finding("", "评分方案没有内容。")
    for criterion in scheme.criteria:
        if criterion.code not in LETTERS or len(criterion.code) != 1:
            yield Finding(criterion.code, "大项代码须为A至I中的一个字母。")
    for double in sorted({code for code in codes if codes.count(code) > 1}):
        yield Finding(double, "大项代码重复。")
    seen: set[str] = set()
    for criterion in scheme.criteria:
        for part in criterion.parts:
            match = SUB_CODE.fullmatch(part.code)
            if match is None or match[1] != criterion.code:
                yield Finding(part.code, f"小项代码须以大项字母“{criterion.code}”开头，后接数字，如{criterion.code}1。")
            if part.code in seen:
                yield Finding(part.code, "小项代码重复。")
            seen.add(part.code)
            if not 1 <= part.day <= DAYS:
                yield Finding(part.code, f"评分日须为1至{DAYS}。")


def _sections(scheme: Scheme) -> Iterator[Finding]:
    codes = [s.code for s in scheme.sections]
    if not codes:
        yield Finding("", "没有填写职业标准的章节和权重。")
        return
    for double in sorted({code for code in codes if codes.count(code) > 1}):
        yield Finding(double, "标准章节代码重复。")
    if any(s.weight <= 0 for s in scheme.sections) or sum(s.weight for s in scheme.sections) != WHOLE:
        yield Finding("", "标准各章节权重须大于零，合计为100%。")
    for aspect in scheme.aspects:
        if aspect.section not in codes:
            yield Finding(aspect.code, f"标准中没有章节“{aspect.section}”。")
    for weighing in weighings(scheme):
        if not weighing.is_close:
            yield Finding(
                weighing.section.code,
                f"章节“{weighing.section.title}”在标准中占{plain(weighing.section.weight)}%，方案给了"
                f"{plain(weighing.marks)}分，相差超过{plain(DEVIATION)}分。",
            )


def aspect_problems(aspect: Aspect) -> list[str]:
    """What is wrong with one aspect by itself."""
    found = []
    if aspect.max <= 0 or aspect.max > WHOLE:
        found.append("满分须大于0、不超过100。")
    if aspect.max != aspect.max.quantize(CENT):
        found.append("满分最多两位小数。")
    if aspect.kind == AspectKind.JUDGEMENT:
        texts = [d.strip() for d in aspect.descriptions]
        if len(texts) != LEVELS or not all(texts):
            found.append("评判评分点须写明0、1、2、3四档的描述。")
        elif len(set(texts)) != LEVELS:
            found.append("四档描述不能相同。")
        if aspect.rule is not None:
            found.append("评判评分点不填评分规则。")
    elif aspect.rule is None:
        found.append("测量评分点须选择评分规则。")
    else:
        if any(d.strip() for d in aspect.descriptions):
            found.append("测量评分点不填四档描述。")
        found += rule_problems(aspect.rule, aspect.max)
    return found


def rule_problems(rule: Rule, maximum: Decimal) -> list[str]:
    """What is wrong with a measurement's rule."""
    found = []
    if rule.low is not None and rule.high is not None and rule.low >= rule.high:
        found.append("最小值须小于最大值。")
    if rule.kind == RuleKind.BANDS:
        found += _band_problems(rule)
    elif rule.kind == RuleKind.LINEAR:
        if rule.best is None or rule.worst is None or rule.best == rule.worst:
            found.append("线性折算须填写不同的满分值和零分值。")
    elif rule.kind == RuleKind.DEDUCT:
        if rule.step is None or not Decimal(0) < rule.step <= maximum:
            found.append("逐处扣分须填写每处扣分，大于0且不超过满分。")
    elif rule.kind != RuleKind.ALL:
        found.append("不认识的评分规则。")
    return found


def _band_problems(rule: Rule) -> list[str]:
    if rule.target is None or not rule.bands:
        return ["允差分档须填写目标值和分档，如 0.02=100；0.05=50。"]
    limits, shares = [b[0] for b in rule.bands], [b[1] for b in rule.bands]
    if any(limit < 0 for limit in limits) or sorted(set(limits)) != limits:
        return ["允差须从小到大，各不相同。"]
    if any(not Decimal(0) < share <= WHOLE for share in shares) or sorted(set(shares), reverse=True) != shares:
        return ["允差越大得分比例须越低，比例在0到100之间。"]
    return []


def plain(value: Decimal) -> str:
    """``12.50`` → ``12.5``, without exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

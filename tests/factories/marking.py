"""Marking schemes for tests: a small sound one, and random ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from competitions.marking.enums import AspectKind, RuleKind
from competitions.marking.scheme import Aspect, Criterion, Rule, Scheme, Section, SubCriterion

DESCRIPTIONS = ("不符合要求", "达到要求", "达到要求且部分优于要求", "全面优于要求")


def judged(code: str, maximum: str, section: str = "1", title: str = "倒角与去毛刺的外观") -> Aspect:
    return Aspect(code, AspectKind.JUDGEMENT, title, Decimal(maximum), section, None, DESCRIPTIONS)


def measured(code: str, maximum: str, rule: Rule, section: str = "2", title: str = "外圆直径 25±0.02 mm") -> Aspect:
    return Aspect(code, AspectKind.MEASUREMENT, title, Decimal(maximum), section, rule)


ALL = Rule(RuleKind.ALL)
BANDS = Rule(
    RuleKind.BANDS, "mm", Decimal(20), Decimal(30), Decimal(25),
    ((Decimal("0.02"), Decimal(100)), (Decimal("0.05"), Decimal(50))),
)  # fmt: skip
LINEAR = Rule(RuleKind.LINEAR, "分钟", Decimal(0), Decimal(240), best=Decimal(120), worst=Decimal(180))
DEDUCT = Rule(RuleKind.DEDUCT, "处", Decimal(0), Decimal(50), step=Decimal("0.5"))


def small_scheme() -> Scheme:
    """Two criteria, three sub-criteria, seven aspects, 100 marks, close to the standard."""
    return Scheme(
        (
            Criterion(
                "A", "零件加工",
                (
                    SubCriterion("A1", "尺寸", 1, (measured("A1.01", "30", BANDS), measured("A1.02", "10", ALL))),
                    SubCriterion("A2", "外观", 1, (judged("A2.01", "18"), judged("A2.02", "12"))),
                ),
            ),
            Criterion(
                "B", "工艺与安全",
                (
                    SubCriterion(
                        "B1", "操作过程", 2,
                        (measured("B1.01", "10", LINEAR), measured("B1.02", "10", DEDUCT), judged("B1.03", "10")),
                    ),
                ),
            ),
        ),
        (Section("1", "工艺质量", Decimal(40)), Section("2", "测量精度", Decimal(60))),
    )  # fmt: skip


def changed(scheme: Scheme, code: str, **fields: Any) -> Scheme:
    """The scheme with one aspect changed."""
    return replace(
        scheme,
        criteria=tuple(
            replace(
                c,
                parts=tuple(
                    replace(p, aspects=tuple(replace(a, **fields) if a.code == code else a for a in p.aspects))
                    for p in c.parts
                ),
            )
            for c in scheme.criteria
        ),
    )


def figures(low: int = 0, high: int = 500, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def rules(draw: Any, maximum: Decimal) -> Rule:
    kind = draw(st.sampled_from(RuleKind.values))
    if kind == RuleKind.ALL:
        return Rule(kind)
    if kind == RuleKind.BANDS:
        limits = sorted(draw(st.sets(figures(0, 5, 3), min_size=1, max_size=4)))
        shares = sorted(draw(st.sets(figures(1, 100, 0), min_size=len(limits), max_size=len(limits))), reverse=True)
        return Rule(kind, "mm", target=draw(figures()), bands=tuple(zip(limits, shares, strict=True)))
    if kind == RuleKind.LINEAR:
        best, worst = draw(st.lists(figures(), min_size=2, max_size=2, unique=True))
        return Rule(kind, "秒", best=best, worst=worst)
    return Rule(kind, "处", step=draw(figures(0, 100).filter(lambda s: 0 < s <= maximum)))


@st.composite
def aspects(draw: Any, code: str) -> Aspect:
    maximum = draw(figures(0, 20).filter(lambda m: m > 0))
    if draw(st.booleans()):
        return judged(code, str(maximum))
    return measured(code, str(maximum), draw(rules(maximum)))


@st.composite
def entries(draw: Any, aspect: Aspect) -> Any:
    """What judges may have entered for an aspect: nothing, something unsettled, or something that counts."""
    if aspect.rule is None:
        scores = st.lists(st.integers(0, 3), min_size=3, max_size=3)
        return draw(st.one_of(st.none(), scores, st.lists(st.integers(0, 3), min_size=1, max_size=2)))
    if aspect.rule.kind == RuleKind.ALL:
        return draw(st.one_of(st.none(), st.sampled_from([Decimal(0), Decimal(1)])))
    if aspect.rule.kind == RuleKind.DEDUCT:
        return draw(st.one_of(st.none(), st.integers(0, 40).map(Decimal)))
    return draw(st.one_of(st.none(), figures(0, 500, 3)))


@st.composite
def marked_schemes(draw: Any) -> tuple[Scheme, dict[str, Any]]:
    """A scheme of one sub-criterion (need not make 100) with what was entered."""
    found = tuple(draw(aspects(f"A1.{n:02d}")) for n in range(1, draw(st.integers(1, 6)) + 1))
    scheme = Scheme(
        (Criterion("A", "随机", (SubCriterion("A1", "随机", 1, found),)),), (Section("1", "全部", Decimal(100)),)
    )
    return scheme, {a.code: draw(entries(a)) for a in found}

"""Size classes: every limit of the table at its edge, and the rule “all lower limits, otherwise lower”."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import enums
from portal.accounts import size_class as sc

pytestmark = pytest.mark.unit

FIGURES = {sc.EMPLOYEES: st.integers(0, 3000), sc.REVENUE: st.integers(0, 250_000), sc.ASSETS: st.integers(0, 150_000)}


def classify(trade, **figures):
    return sc.size_class(trade, **{name: figures.get(name, 0) for name in sc.INDICATOR_LABELS})


@pytest.mark.parametrize("trade", sc.Trade)
def test_every_lower_limit_belongs_to_its_class_and_one_less_to_a_lower_one(trade):
    order = [*sc.CLASSES, sc.SizeClass.MICRO]
    for i, expected in enumerate(sc.CLASSES):
        exact = {name: limits[i] for name, limits in sc.LIMITS[trade].items()}
        assert classify(trade, **exact) == expected
        for name, value in exact.items():
            lower = classify(trade, **{**exact, name: value - 1})
            assert order.index(lower) > i


@pytest.mark.parametrize(
    ("trade", "figures", "expected"),
    [
        (sc.Trade.INDUSTRY, (1000, 40_000, 0), "large"),
        (sc.Trade.INDUSTRY, (1000, 39_999, 0), "medium"),
        (sc.Trade.INDUSTRY, (5000, 299, 0), "micro"),
        (sc.Trade.INDUSTRY, (1500, 1000, 0), "small"),
        (sc.Trade.INDUSTRY, (19, 100_000, 0), "micro"),
        (sc.Trade.CONSTRUCTION, (0, 80_000, 4_999), "small"),
        (sc.Trade.SOFTWARE, (10, Decimal("49.99"), 0), "micro"),
        (sc.Trade.LEASING_BUSINESS, (300, 0, 120_000), "large"),
        (sc.Trade.OTHER, (100, 0, 0), "medium"),
    ],
)
def test_worked_examples(trade, figures, expected):
    employees, revenue, assets = figures
    assert sc.size_class(trade, employees=employees, revenue_wan=revenue, assets_wan=assets) == expected


@given(st.sampled_from(sc.Trade), st.fixed_dictionaries(FIGURES), st.fixed_dictionaries(FIGURES))
def test_growing_never_lowers_the_class(trade, figures, growth):
    order = [sc.SizeClass.MICRO, *reversed(sc.CLASSES)]
    grown = {name: figures[name] + growth[name] for name in figures}
    assert order.index(sc.size_class(trade, **grown)) >= order.index(sc.size_class(trade, **figures))


def test_missing_figures_are_named():
    with pytest.raises(sc.MissingIndicator, match="“工业”划型还需要：从业人员（人）、营业收入（万元）") as caught:
        sc.size_class(sc.Trade.INDUSTRY, assets_wan=5)
    assert caught.value.fields == ("employees", "revenue_wan")
    assert sc.size_class(sc.Trade.OTHER, employees=9) == "micro"


def test_every_trade_has_limits_in_falling_order_and_a_label():
    for trade in sc.Trade:
        assert trade.label
        for large, medium, small in sc.LIMITS[trade].values():
            assert large > medium > small > 0


def test_values_and_labels_are_those_of_the_stored_field():
    for size in sc.SizeClass:
        assert str(enums.SizeClass(size.value).label) == size.label


@pytest.mark.parametrize(
    ("code", "trade"),
    [
        ("A01", sc.Trade.AGRICULTURE),
        ("B06", sc.Trade.INDUSTRY),
        ("C34", sc.Trade.INDUSTRY),
        ("3412", sc.Trade.INDUSTRY),
        ("D46", sc.Trade.INDUSTRY),
        ("E47", sc.Trade.CONSTRUCTION),
        ("F5191", sc.Trade.WHOLESALE),
        ("F52", sc.Trade.RETAIL),
        ("G53", None),
        ("G54", sc.Trade.TRANSPORT),
        ("G59", sc.Trade.STORAGE),
        ("G5910", sc.Trade.TRANSPORT),
        ("G60", sc.Trade.POST),
        ("H61", sc.Trade.ACCOMMODATION),
        ("H62", sc.Trade.CATERING),
        ("I64", sc.Trade.INFORMATION),
        (" i65 ", sc.Trade.SOFTWARE),
        ("J66", None),
        ("K7010", sc.Trade.REAL_ESTATE),
        ("K7020", sc.Trade.PROPERTY),
        ("K7030", sc.Trade.OTHER),
        ("K70", None),
        ("L72", sc.Trade.LEASING_BUSINESS),
        ("M73", sc.Trade.OTHER),
        ("P83", None),
        ("Q84", None),
        ("Q85", sc.Trade.OTHER),
        ("R90", sc.Trade.OTHER),
        ("S91", None),
        ("T97", None),
        ("C", sc.Trade.INDUSTRY),
        ("F", None),
        ("J", None),
        ("C3", None),
        ("", None),
        (None, None),
        ("制造业", None),
    ],
)
def test_trade_of_an_industry_code(code, trade):
    assert sc.trade_of_industry(code) == trade

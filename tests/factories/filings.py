"""Filed competitions at the points tests begin from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from competitions.filings.domain import catalogue, cohosts, review
from competitions.filings.domain import filing as filings
from competitions.filings.domain.content import FACTS, Content
from competitions.filings.enums import CatalogueGroup
from competitions.filings.models import CatalogueItem, CompetitionFiling
from portal.accounts.models import Organisation
from portal.core.context import Actor
from tests.factories.people import Tree

PLAIN: dict[str, Any] = {
    "year": 2026, "title": "2026年装配钳工技能竞赛", "layer": "enterprise", "area": "bincheng", "industry": "C",
    "district_code": "120116", "library": "none", "trades": ["装配钳工", "电工"], "topic": "提高总装一次合格率",
    "basis_title": "关于开展劳动竞赛的通知", "basis_issuer": "区总工会", "basis_number": "示工发〔2026〕1号",
    "basis_on": dt.date(2026, 1, 10), "committee_office": "工会办公室", "committee_document": "示工〔2026〕3号",
    "committee_from": dt.date(2026, 1, 1), "committee_until": dt.date(2028, 12, 31),
    "scheme": "按班组选拔、车间初赛、公司决赛三个阶段组织。", "awards": "", "starts_on": dt.date(2026, 3, 1),
    "ends_on": dt.date(2026, 10, 31), "expected_people": 300, "expected_units": 6, "contact": "工会办公室 022-00000000",
}  # fmt: skip
LISTS: dict[str, list[dict[str, Any]]] = {
    "committee": [
        {"seat": "chair", "name": "示例甲", "post": "总经理", "is_administrative": True},
        {"seat": "vice", "name": "示例乙", "post": "工会主席", "is_administrative": False},
    ],
    "indicators": [
        {"name": "参赛率", "unit": "%", "target": Decimal("80.00")},
        {"name": "合理化建议", "unit": "条", "target": Decimal("50.00")},
    ],
    "budget": [
        {"source": "union", "purpose": "奖励", "amount": Decimal("20000.00")},
        {"source": "enterprise", "purpose": "设备和耗材", "amount": Decimal("65000.00")},
    ],
    "phases": [
        {"title": "动员", "starts_on": dt.date(2026, 3, 1), "ends_on": dt.date(2026, 3, 31), "tasks": "印发方案"},
        {"title": "初赛", "starts_on": dt.date(2026, 4, 1), "ends_on": dt.date(2026, 8, 31), "tasks": ""},
        {"title": "决赛", "starts_on": dt.date(2026, 9, 1), "ends_on": dt.date(2026, 10, 31), "tasks": ""},
    ],
}  # fmt: skip


def make_catalogue(tree: Tree, *, now: dt.datetime) -> None:
    catalogue.load_catalogue(actor=tree.manager, owner=tree.municipal, data=catalogue.read_definition(), now=now)


def item(tree: Tree, group: str, code: str) -> CatalogueItem:
    return CatalogueItem.objects.get(owner=tree.municipal, group=group, code=code)


def content(tree: Tree, lists: dict[str, Any] | None = None, **facts: Any) -> Content:
    given = {"kind": item(tree, "kind", "skill"), "campaign": item(tree, "campaign", "plan-15-5")} | facts
    tags = [
        item(tree, CatalogueGroup.STRATEGY, "manufacturing"),
        item(tree, CatalogueGroup.CHAIN, "high-end-equipment"),
    ]
    return Content({name: (PLAIN | given)[name] for name in FACTS}, LISTS | (lists or {}), tags)


def make_filing(
    tree: Tree,
    *,
    now: dt.datetime,
    actor: Actor | None = None,
    owner: Organisation | None = None,
    lists: dict[str, Any] | None = None,
    **facts: Any,
) -> CompetitionFiling:
    """A draft of the unit below the zone, or of ``owner``; the catalogue is there afterwards."""
    if not CatalogueItem.objects.filter(owner=tree.municipal).exists():
        make_catalogue(tree, now=now)
    return filings.create_filing(
        actor=actor or tree.filer, owner=owner or tree.unit, content=content(tree, lists, **facts), now=now
    )


def filed(tree: Tree, *, now: dt.datetime, **options: Any) -> CompetitionFiling:
    row = make_filing(tree, now=now, **options)
    return filings.file_filing(actor=options.get("actor") or tree.filer, filing=row, now=now)


def accepted(tree: Tree, *, now: dt.datetime, **facts: Any) -> CompetitionFiling:
    """Of the unit, accepted by its zone."""
    return review.accept_filing(actor=tree.zone_checker, filing=filed(tree, now=now, **facts), now=now)


def running(tree: Tree, *, now: dt.datetime, **facts: Any) -> CompetitionFiling:
    return review.start_filing(actor=tree.filer, filing=accepted(tree, now=now, **facts), now=now)


def joint(tree: Tree, other: Organisation, *, now: dt.datetime, sight: tuple[str, ...] = ()) -> CompetitionFiling:
    """A competition of the federation with ``other`` as its co-host."""
    row = make_filing(tree, now=now, actor=tree.manager, owner=tree.municipal, title="京津冀焊接技能竞赛")
    cohosts.add_cohost(
        actor=tree.manager, filing=row, name="", organisation=other, duty="承办选拔赛", sight=sight, now=now
    )
    return filings.file_filing(actor=tree.manager, filing=row, now=now)

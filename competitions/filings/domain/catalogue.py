"""竞赛目录: forms of competitions, campaigns and tags; seeded from definitions/catalogue.toml, kept by the federation."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings.domain.files import need
from competitions.filings.enums import CatalogueGroup
from competitions.filings.models import CatalogueItem
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

DEFINITION_FILE = Path(__file__).resolve().parent.parent / "definitions" / "catalogue.toml"
COLUMNS = ("name", "note", "first_year", "last_year", "is_new_form")


def read_definition(path: Path = DEFINITION_FILE) -> dict[str, list[dict[str, Any]]]:
    """The parsed file: group → items with code and name. Raises Invalid in words."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        found = {group: [dict(item) for item in items] for group, items in data.items()}
        for group, items in found.items():
            CatalogueGroup(group)
            if len({item["code"] for item in items}) < len(items) or any(not item["name"] for item in items):
                raise ValueError(group)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(_("竞赛目录文件无法使用：%s") % error) from error
    return found


@transaction.atomic
def load_catalogue(
    *, actor: Actor, owner: Organisation, data: dict[str, list[dict[str, Any]]], now: dt.datetime
) -> int:
    """Adds what ``owner`` lacks, by code; what is there stays as people have changed it. Returns how many are new."""
    policy_for("filingcatalogue").require(actor, "keep")
    advisory_lock(f"competitions:catalogue:{owner.pk}")
    rows = CatalogueItem.objects.filter(owner=owner)
    codes, names = set(rows.values_list("group", "code")), set(rows.values_list("group", "name"))
    fresh = [
        CatalogueItem(
            owner=owner, group=group, code=item["code"], position=place,
            **{column: item[column] for column in COLUMNS if column in item},
        )
        for group, items in data.items() for place, item in enumerate(items, 1)
        if (group, item["code"]) not in codes and (group, item["name"]) not in names
    ]  # fmt: skip
    CatalogueItem.objects.bulk_create(fresh)
    record("competitions.catalogue.loaded", owner, actor=actor, now=now, count=len(fresh))
    return len(fresh)


@transaction.atomic
def add_item(
    *, actor: Actor, owner: Organisation, group: str, facts: dict[str, Any], now: dt.datetime
) -> CatalogueItem:
    """Another form, campaign or tag. Its code is made of its place. Raises Invalid when the name is taken."""
    policy_for("filingcatalogue").require(actor, "keep")
    advisory_lock(f"competitions:catalogue:{owner.pk}")
    rows = CatalogueItem.objects.filter(owner=owner, group=group)
    name = _name(rows, facts["name"])
    place = (rows.order_by("-position").values_list("position", flat=True).first() or 0) + 1
    item = CatalogueItem.objects.create(
        owner=owner, group=group, code=f"{group}-{place}", position=place, **(facts | {"name": name})
    )
    record("competitions.catalogue.added", item, actor=actor, now=now, group=group, name=name)
    return item


def _name(rows: Any, text: str) -> str:
    name = need(text, "name", _("请填写名称。"))
    if rows.filter(name=name).exists():
        message = _("“%s”已经在目录里。") % name
        raise Invalid(message, fields={"name": [message]})
    return name


@transaction.atomic
def change_item(*, actor: Actor, item: CatalogueItem, facts: dict[str, Any], now: dt.datetime) -> CatalogueItem:
    """Corrects an item; what was filed under it shows its new words."""
    advisory_lock(f"competitions:catalogue:{item.owner_id}")
    item = lock_row(CatalogueItem, item.pk)
    policy_for("filingcatalogue").require(actor, "keep", item)
    others = CatalogueItem.objects.filter(owner=item.owner_id, group=item.group).exclude(pk=item.pk)
    facts = facts | {"name": _name(others, facts["name"])}
    before = {name: getattr(item, name) for name in facts}
    for name, value in facts.items():
        setattr(item, name, value)
    item.save()
    record("competitions.catalogue.changed", item, actor=actor, now=now, before=before, after=facts)
    return item


@transaction.atomic
def switch_item(*, actor: Actor, item: CatalogueItem, is_active: bool, now: dt.datetime) -> CatalogueItem:
    """Withdraws an item from new filings, or brings it back. Raises Conflict when it is so already."""
    item = lock_row(CatalogueItem, item.pk)
    policy_for("filingcatalogue").require(actor, "keep", item)
    if item.is_active == is_active:
        raise Conflict(_("“%s”已经在用。") % item if is_active else _("“%s”已经停用。") % item)
    item.is_active = is_active
    item.save(update_fields=["is_active", "updated_at"])
    record("competitions.catalogue.changed", item, actor=actor, now=now, after={"is_active": is_active})
    return item

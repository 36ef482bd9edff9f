"""Difference of two definitions in Chinese words: what an administrator reads before publishing a new version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints import labels
from portal.lifecycle.blueprints.structure import join

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Change:
    path: str
    kind: str
    text: str


@dataclass(frozen=True)
class _Node:
    """A value of one of the two definitions, with its place in it."""

    value: Any
    path: str
    root: Mapping[str, Any]

    def child(self, key: str) -> _Node:
        return _Node(self.value[key], join(self.path, key), self.root)

    def item(self, index: int) -> _Node:
        return _Node(self.value[index], f"{self.path}[{index}]", self.root)

    @property
    def where(self) -> str:
        return labels.path_in_words(self.root, self.path)

    @property
    def words(self) -> str:
        return labels.value_in_words(self.value, self.path)


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """All differences from ``old`` to ``new``. Items of lists are told apart by their code or kind, not their place."""
    return list(_compare(_Node(old, "", old), _Node(new, "", new)))


def _compare(old: _Node, new: _Node) -> Iterator[Change]:
    if old.value == new.value:
        return
    if isinstance(old.value, Mapping) and isinstance(new.value, Mapping):
        for key in dict.fromkeys([*old.value, *new.value]):
            if key == "provenance" and not old.path:
                yield from _provenance(old.value.get(key, ()), new.value.get(key, ()))
            elif key not in new.value:
                yield _removed(old.child(key))
            elif key not in old.value:
                yield _added(new.child(key))
            else:
                yield from _compare(old.child(key), new.child(key))
    elif _is_keyed(old.value) and _is_keyed(new.value):
        yield from _compare_items(old, new)
    else:
        words = {"where": new.where, "old": old.words, "new": new.words}
        yield Change(new.path, CHANGED, _("%(where)s：由“%(old)s”改为“%(new)s”") % words)


def _compare_items(old: _Node, new: _Node) -> Iterator[Change]:
    before = {_identity(item): index for index, item in enumerate(old.value)}
    after = {_identity(item): index for index, item in enumerate(new.value)}
    for key, index in before.items():
        if key in after:
            yield from _compare(old.item(index), new.item(after[key]))
        else:
            yield _removed(old.item(index))
    for key, index in after.items():
        if key not in before:
            yield _added(new.item(index))
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Change(new.path, CHANGED, _("%s：顺序有调整") % new.where)


def _provenance(old: Any, new: Any) -> Iterator[Change]:
    """Only one thing about provenance matters to people: what has been confirmed, what newly waits."""
    before = {row["path"]: row for row in old if row.get("confirm")}
    after = {row["path"]: row for row in new if row.get("confirm")}
    for path, row in before.items():
        if path not in after:
            yield Change(path, CHANGED, _("%s：已不再待确认") % (row.get("label") or path))
    for path, row in after.items():
        if path not in before:
            yield Change(path, CHANGED, _("%s：新增为待确认") % (row.get("label") or path))


def _is_keyed(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(_identity(item) is not None for item in value)


def _identity(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return None
    for key in ("code", "value", "department", "kind"):
        if key in item:
            return str(item[key])
    return None


def _added(node: _Node) -> Change:
    template = _("新增 %(where)s") if isinstance(node.value, Mapping) else _("新增 %(where)s：“%(value)s”")
    return Change(node.path, ADDED, template % {"where": node.where, "value": node.words})


def _removed(node: _Node) -> Change:
    template = _("删去 %(where)s") if isinstance(node.value, Mapping) else _("删去 %(where)s：原为“%(value)s”")
    return Change(node.path, REMOVED, template % {"where": node.where, "value": node.words})

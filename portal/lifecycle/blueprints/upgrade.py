"""Old definitions keep working: each step turns schema n into n + 1 and is never changed after release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.structure import BlueprintInvalid, Problem

SCHEMA_VERSION = 1

STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From version → function. Schema 1 is the first; nothing precedes it."""


def upgrade(
    definition: Mapping[str, Any],
    *,
    steps: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = STEPS,
    target: int = SCHEMA_VERSION,
) -> dict[str, Any]:
    """The definition in the present schema. Raises BlueprintInvalid for a schema that is unknown or newer."""
    current = dict(definition)
    version = current.get("schema", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BlueprintInvalid([Problem("schema", _("应为从 1 起的整数"))])
    if version > target:
        message = _("方案格式版本 %(found)s 高于本系统支持的 %(known)s，请先升级系统")
        raise BlueprintInvalid([Problem("schema", message % {"found": version, "known": target})])
    while version < target:
        if version not in steps:
            raise BlueprintInvalid([Problem("schema", _("没有从版本 %s 升级的步骤") % version)])
        current = steps[version](current)
        version += 1
        current["schema"] = version
    return current

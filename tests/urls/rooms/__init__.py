"""A room of a pillar brings its own part of the table and of the world: one module each, found by itself.

``TABLE`` has the lines of tests/urls/table.py; ``keys(world)`` makes the objects and says what fills which URL.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def rooms() -> list[ModuleType]:
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names]

"""Sizes that keep every file readable in one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.source import ROOT, modules, templates

MAX_FILE, MAX_FUNCTION, MAX_TEMPLATE = 400, 50, 130

# Too long today; to be split, never to be added to. Path: when it was noted.
TO_SPLIT = {
    "tests/portal/accounts/test_organisations.py": "2026-11-22",
}


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_stay_short():
    sizes = {m.where: len(m.lines) for m in modules().values()}
    sizes |= {str(path.relative_to(ROOT)): _length(path) for path in (ROOT / "tests").rglob("*.py")}
    bad = [f"{where}: {size}" for where, size in sizes.items() if size > MAX_FILE and where not in TO_SPLIT]
    assert not bad, "\n".join(bad)
    assert not [where for where in TO_SPLIT if sizes.get(where, 0) <= MAX_FILE], "short enough: take it off the list"


def test_functions_stay_short():
    bad = [
        f"{m.where}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for m in modules().values()
        for node in m.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if node.end_lineno - node.lineno + 1 > MAX_FUNCTION
    ]
    assert not bad, "\n".join(bad)


def test_templates_stay_short():
    bad = [f"{p.relative_to(ROOT)}: {_length(p)}" for p in templates() if _length(p) > MAX_TEMPLATE]
    assert not bad, "\n".join(bad)

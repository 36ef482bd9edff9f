"""The source tree as data: modules, their imports, functions – what tests/test_architecture.py compares with design rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("portal", "awards", "competitions", "innovations", "safety")
REASON = re.compile(r"# noqa: [A-Z0-9, ]*PLC0415 -- (.+?)\s*$")


@dataclass(frozen=True)
class Import:
    """``module`` is what is imported; ``inside``: the statement stands in a function; ``typing``: for annotations only."""

    module: str
    line: int
    inside: bool
    typing: bool
    reason: str


@dataclass
class Module:
    """One Python file of the product."""

    name: str
    path: Path
    text: str
    tree: ast.Module
    imports: list[Import] = field(default_factory=list)

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def literals(self) -> set[str]:
        """Names that stand for a literal at the top of the module."""
        assigned = [n for n in self.tree.body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)]
        return {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}

    def is_literal(self, node: ast.expr) -> bool:
        """A literal, or the name of one, written here or taken from another module of the project."""
        if not isinstance(node, ast.Name):
            return isinstance(node, ast.Constant | ast.JoinedStr)
        taken = [n for n in self.tree.body if isinstance(n, ast.ImportFrom) and n.module in modules()]
        named = {alias.name for n in taken for alias in n.names if alias.name in modules()[n.module].literals}
        return node.id in self.literals | named

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


@cache
def modules() -> dict[str, Module]:
    """Every module of the product by dotted name; migrations are Django's and left out."""
    found: dict[str, Module] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if "migrations" in relative.parts:
                continue
            parts = list(relative.with_suffix("").parts)
            if parts[-1] == "__init__":
                parts.pop()
            text = path.read_text(encoding="utf-8")
            found[".".join(parts)] = Module(".".join(parts), path, text, ast.parse(text))
    for module in found.values():
        module.imports = list(_imports(module, found))
    return found


def _imports(module: Module, known: dict[str, Module]) -> Iterator[Import]:
    inside = {
        node
        for function in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    typing = {
        node
        for block in module.nodes(ast.If)
        if getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in module.nodes(ast.Import, ast.ImportFrom):
        reason = REASON.search(module.lines[node.lineno - 1])
        for name in _names(node, module, known):
            yield Import(name, node.lineno, node in inside, node in typing, reason.group(1) if reason else "")
    for call in module.nodes(ast.Call):  # import_module("…") with a literal name
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if called == "import_module" and call.args and isinstance(call.args[0], ast.Constant):
            yield Import(str(call.args[0].value), call.lineno, False, False, "")


def _names(node: ast.Import | ast.ImportFrom, module: Module, known: dict[str, Module]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        package = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]
        for _step in range(node.level - 1):
            package = package.rpartition(".")[0]
        base = f"{package}.{base}".rstrip(".")
    return [f"{base}.{a.name}" if f"{base}.{a.name}" in known else base for a in node.names]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))

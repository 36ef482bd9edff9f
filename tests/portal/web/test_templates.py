"""Rules for every template and script of the project, read from the files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))

pytestmark = pytest.mark.unit


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_keeps_the_house_rules(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 130, "split long templates"
    assert not re.search(r"\sstyle\s*=", text), "inline style: the page's policy forbids it"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler: the page's policy forbids it"
    assert not re.search(r"<style\b", text), "inline style sheet"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag, f"inline script: {tag}"
    assert 'href="javascript:' not in text
    assert "|safe" not in text, "escape what people wrote"
    assert not re.search(r"https?://(?!www\.w3\.org)", text), "nothing is loaded from elsewhere"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", [p for p in STYLES if p.name not in {"tokens.css", "print.css"}], ids=name_of)
def test_only_the_tokens_name_colours(path):
    text = re.sub(r"url\([^)]*\)", "", path.read_text(encoding="utf-8"))
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_script_runs_under_the_content_policy(path):
    text = path.read_text(encoding="utf-8")
    for forbidden in ("eval(", "new Function", ".innerHTML", "document.write", 'setAttribute("style"'):
        assert forbidden not in text
    assert len(text.splitlines()) <= 400


def classes_of(text: str) -> set[str]:
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", text))


@pytest.fixture(scope="module")
def known_classes() -> set[str]:
    tabler = ROOT / "node_modules/@tabler/core/dist/css/tabler.min.css"
    return classes_of(tabler.read_text(encoding="utf-8")).union(
        *(classes_of(path.read_text(encoding="utf-8")) for path in STYLES)
    )


# Names that scripts or tests look for and that have no look of their own.
HOOKS = {
    "filter-submit",
    "pager-count",
    "work-main",
    "work-select",
    "section-nav-title",
    "entry-form",
    "call-card",
    "matrix-form",
    "menu-group",
    "person",
    "file-input",
    "job-progress",
    "bar-primary",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_uses_only_classes_of_the_design_system(path, known_classes):
    """No page invents a look: a class without a rule is a misspelling or a missing component."""
    text = re.sub(r"{%.*?%}|{{.*?}}", "~", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    used = {c for value in re.findall(r'class="([^"]*)"', text) for c in value.split() if "~" not in c}
    assert used - known_classes - HOOKS == set()

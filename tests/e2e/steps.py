"""Things that people do on more than one page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from portal.lifecycle.blueprints.conditions import visible_fields
from portal.lifecycle.blueprints.schema import Blueprint


def press(page: Any, name: str, *, confirm: bool = False) -> None:
    """Presses the button; where the page asks back, says yes."""
    page.get_by_role("button", name=name, exact=True).first.click()
    if confirm:
        dialog = page.locator("[data-confirm-dialog]")
        expect(dialog).to_be_visible()
        dialog.locator("[data-confirm-yes]").click()
        expect(dialog).to_be_hidden()


def said(page: Any, text: str) -> None:
    """The page shows this text."""
    expect(page.get_by_text(text).first).to_be_visible()


def answer_section(
    page: Any, rules: Blueprint, section: str, answers: dict[str, Any], *, but: frozenset = frozenset()
) -> None:
    """Answers the questions of one section as a person does, in order; ``but`` are left alone."""
    for spec in rules.section(section).fields:
        if not spec.is_answer or spec.code in but or spec.code not in visible_fields(rules, answers):
            continue
        value = answers.get(spec.code)
        if spec.type == "table":
            for number, row in enumerate(value or []):
                for column in spec.columns:
                    _answer(page, f"{spec.code}-{number}-{column.code}", row.get(column.code))
        else:
            _answer(page, spec.code, value)


def _answer(page: Any, name: str, value: Any) -> None:
    if value in (None, "", []):
        return
    inputs = page.locator(f'[name="{name}"]')
    kind = inputs.first.evaluate("element => element.type")
    if kind in {"radio", "checkbox"}:
        wanted = value if isinstance(value, list) else [{True: "yes", False: "no"}.get(value, value)]
        if kind == "checkbox" and value is True:
            inputs.check()
            return
        if kind == "checkbox" and value is False:
            return
        for one in wanted:
            page.locator(f'[name="{name}"][value="{one}"]').check()
    elif kind == "select-one":
        inputs.select_option({True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else str(value))
    else:
        inputs.fill(str(value))

"""What the journeys share: pages that must not fail, look at, and the days that pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.core.context import system_actor
from portal.demo.clock import let_time_pass

# Build machines run other tests beside these.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def at_desk(open_page, desk_client) -> Any:
    """``at_desk(actor)`` → the actor's page; ``at_desk()`` → the public's. The test fails on any 5xx answer."""
    failures: list[str] = []

    def sit(actor: Any = None, *, width: int = 1440) -> Any:
        page = open_page(client=desk_client(actor), width=width) if actor else open_page(width=width)
        page.context.set_default_timeout(PATIENCE)
        page.on(
            "response",
            lambda answer: failures.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )
        return page

    yield sit
    assert not failures, "\n".join(failures)


@pytest.fixture
def look(accessibility) -> Callable[[Any], None]:
    """``look(page)``: usable with assistive technology, and on a phone without scrolling sideways."""

    def check(page: Any) -> None:
        findings = accessibility(page)
        size = page.viewport_size
        page.set_viewport_size({"width": 390, "height": 844})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.set_viewport_size(size)
        assert not findings, f"{page.url}: {findings}"
        assert over <= 0, f"{page.url} is {over} px too wide on a phone"

    return check


@pytest.fixture
def days_pass() -> Callable[[int], None]:
    """``days_pass(14)``: everything that is dated in the running cycles lies that much further back."""

    def move(days: int) -> None:
        now: dt.datetime = timezone.now()
        let_time_pass(days=days, actor=system_actor("test"), now=now)

    return move

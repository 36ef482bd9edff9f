"""Fixtures that need more than this process: a Celery worker, a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SKIPPED = "no Chromium on this machine: BROWSER TESTS SKIPPED (apt-get install chromium, or set CHROMIUM=/path)"


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if any(SKIPPED in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(f"\n{SKIPPED}\n", yellow=True, bold=True)


# --- a real Celery worker ---------------------------------------------------------------------------


class Worker:
    """A worker process on the test database and the test queue."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen | None = None

    def start(self, *, concurrency: int = 1) -> None:
        """Returns when the worker takes tasks."""
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PORTAL_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "PORTAL_MEDIA_DIR": str(settings.MEDIA_ROOT),
        }
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "portal",
            "worker",
            "--loglevel",
            "INFO",
            "--without-mingle",
            "--without-gossip",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--concurrency", str(concurrency), "--queues", settings.CELERY_TASK_DEFAULT_QUEUE],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: "ready." in self.log.read_text(errors="replace") or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]

    def kill(self) -> None:
        """Without a chance to clean up, with all its processes – as the kernel does when memory is short."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, 9)
            self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


def wait_until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """The first true answer of ``condition``; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"did not happen within {seconds} s"
        time.sleep(0.05)
    return answer


@pytest.fixture
def celery_worker(transactional_db, tmp_path) -> Iterator[Worker]:
    """A started worker; ``kill()`` and ``start()`` play the lost worker."""
    worker = Worker(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.stop()


# --- a browser --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Chromium, driven by Playwright. Missing: an error on CI, a loud skip elsewhere."""
    executable = find_chromium()
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail("No Chromium on the build machine; .ci/run installs it.")
        pytest.skip(SKIPPED)
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, and Django would refuse to touch the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def open_page(chromium, live_server) -> Iterator[Callable[..., Any]]:
    """``open_page(client=desk_client(actor), width=1440)`` → a page that is signed in as the client is.

    The test fails when a page wrote an error to the console (a blocked inline script, a missing file) or raised one.
    """
    contexts: list[Any] = []
    problems: list[str] = []

    def make(client: Any = None, *, width: int = 1440, height: int = 900) -> Any:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=width < 600,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if client is not None:
            context.add_cookies(
                [
                    {"name": name, "value": morsel.value, "url": live_server.url}
                    for name, morsel in client.cookies.items()
                ]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: problems.append(f"{page.url}: {message.text}") if message.type == "error" else None,
        )
        return page

    yield make
    for context in contexts:
        for page in context.pages:  # what a page still fetches would meet the emptying of the database
            page.wait_for_selector(".htmx-request", state="detached", timeout=5_000)
        context.close()
    # 4xx answers and a network that is taken away are part of some journeys; the browser writes a line for each.
    expected = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
    problems = [problem for problem in problems if not any(words in problem for words in expected)]
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def accessibility() -> Callable[[Any], list[str]]:
    """``accessibility(page)`` → serious and critical findings of axe, one line each."""
    script = (settings.NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def findings(page: Any) -> list[str]:
        page.evaluate(script)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {violation['help']} ({', '.join(node['target'][0] for node in violation['nodes'][:3])})"
            for violation in result["violations"]
            if violation["impact"] in {"serious", "critical"}
        ]

    return findings

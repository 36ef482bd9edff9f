"""``manage.py verify``: format, lint, types, checks, migrations, tests – the one gate before a merge."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from portal import embedded

BINARIES = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    title: str
    command: list[str]
    slow: bool = False
    env: dict[str, str] = field(default_factory=dict)


def steps() -> Iterator[Step]:
    """In the order of how soon they answer."""
    python = [sys.executable]
    manage = [*python, "manage.py"]
    templates = sorted(
        str(path.relative_to(settings.BASE_DIR)) for path in (settings.BASE_DIR / "templates").rglob("*.html")
    )
    yield Step("format", [str(BINARIES / "ruff"), "format", "--check", "--quiet", "."])
    if templates:
        yield Step("templates", [str(BINARIES / "djhtml"), "--check", "--tabwidth", "2", *templates])
    yield Step("lint", [str(BINARIES / "ruff"), "check", "--quiet", "."])
    yield Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"])
    yield Step("types", [str(BINARIES / "mypy")], slow=True, env={"DJANGO_SETTINGS_MODULE": "portal.settings.test"})
    yield Step("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], slow=True, env=_production())
    yield Step(
        "tests", [*python, "-m", "pytest", "-q"], slow=True, env={"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    )


def _production() -> dict[str, str]:
    """The production settings with throwaway secrets and the servers at hand."""
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": secrets.token_urlsafe(48),
        "AUDIT_CHAIN_KEYS": secrets.token_urlsafe(48),
        "CERTIFICATE_SIGNING_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
        "ALLOWED_HOSTS": "portal.example.org",
        "PORTAL_DEMO": "",
        "DEBUG": "",
    }


class Command(BaseCommand):
    help = "Runs every check; ends with the number of those that failed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--fast", action="store_true", help="only what answers within seconds")

    def handle(self, *args: Any, fast: bool, **options: Any) -> None:
        failed = [step.title for step in steps() if not (fast and step.slow) and not self._passes(step)]
        if failed:
            raise CommandError("not passed: " + ", ".join(failed))
        self.stdout.write("all passed")

    def _passes(self, step: Step) -> bool:
        started = time.monotonic()
        self.stdout.write(f"{step.title} …")
        self.stdout.flush()
        result = subprocess.run(step.command, cwd=settings.BASE_DIR, env=_environment(step), check=False)  # noqa: S603
        word = "ok" if result.returncode == 0 else "FAILED"
        self.stdout.write(f"{step.title}: {word} ({time.monotonic() - started:.0f} s)")
        return result.returncode == 0


def _environment(step: Step) -> dict[str, str]:
    # The tests get servers of their own, unless the caller named some before this process started its own.
    environment = os.environ | step.env
    services = embedded.active()
    if services and step.title in {"tests", "types"}:
        for name, server in (("DATABASE_URL", services.postgres), ("REDIS_URL", services.redis)):
            if server in services.used:
                environment.pop(name, None)
    return environment

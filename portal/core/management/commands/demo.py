"""``manage.py demo``: the whole portal on one machine, with real servers and demonstration data."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import signal
import socket
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connections

from portal import embedded
from portal.core.supervisor import Child, Supervisor

READY_SECONDS = 120
ENVIRONMENT = {"PORTAL_DEMO": "1", "DEBUG": "0"}


class Command(BaseCommand):
    help = "Starts web server, worker and beat with demonstration data; Ctrl-C stops everything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default=os.environ.get("PORTAL_BIND") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--fresh", action="store_true", help="drop all data of the embedded servers first")
        parser.add_argument("--scale", choices=("small", "year", "city"), default="year", help="of the demo data")
        parser.add_argument("--no-serve", action="store_true", help="prepare the data only")

    def handle(self, *args: Any, host: str, port: int, fresh: bool, no_serve: bool, scale: str, **options: Any) -> None:
        self._scale = scale
        if fresh:
            self._drop()
        if any(os.environ.get(name) != value for name, value in ENVIRONMENT.items()):
            self._start_over()  # settings are read once, when the process starts
        self._only_demo()
        if not no_serve:
            _require_free_port(host, port)
        self._prepare()
        if no_serve:
            return
        supervisor = Supervisor(_children(host, port), self._say, check=self._revive_servers)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: supervisor.stopping.set())
        try:
            supervisor.start()
            if self._wait_until_ready(supervisor, host, port):
                self._welcome(host, port)
                supervisor.run()
        finally:
            self._say("stopping …")
            supervisor.stop()
            self._say("stopped; the data stays for the next start")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _drop(self) -> None:
        services = embedded.active()
        if services is None or len(services.used) < 2:
            raise CommandError("FRESH drops the embedded servers only; DATABASE_URL or REDIS_URL names one of yours.")
        connections.close_all()
        try:
            services.drop()
        except embedded.EmbeddedError as error:
            raise CommandError(str(error)) from None
        self._say("all demonstration data dropped")
        self._start_over()

    def _start_over(self) -> None:
        """Run this command anew in the same process, with the demo's environment and without ``--fresh``."""
        services = embedded.active()
        for name, used in (("DATABASE_URL", 0), ("REDIS_URL", 1)):
            if services and (services.postgres, services.redis)[used] in services.used:
                os.environ.pop(name, None)
        os.environ.update(ENVIRONMENT)
        arguments = [argument for argument in sys.argv if argument != "--fresh"]
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 -- ourselves

    def _only_demo(self) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        self._lock = (settings.DATA_DIR / "demo.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"A demo is already running on {settings.DATA_DIR}.") from None

    def _prepare(self) -> None:
        self._step("database", "migrate", interactive=False, verbosity=0)
        self._step("code lists", "load_codes")
        if not apps.get_model("accounts", "Organisation")._base_manager.exists():
            # All or nothing; loads the programmes, too, because they need a federation as their owner.
            self._step("demonstration data (about two minutes)", "seed_demo", scale=self._scale)
        if _static_is_stale():
            self._step("static files", "collectstatic", interactive=False, verbosity=0)
        connections.close_all()

    def _step(self, title: str, command: str, *args: Any, **options: Any) -> None:
        if command not in get_commands():
            raise CommandError(f"The command {command} is missing.")
        started = time.monotonic()
        self._say(f"{title} …")
        call_command(command, *args, **options)
        self._say(f"{title}: done in {time.monotonic() - started:.1f} s")

    def _wait_until_ready(self, supervisor: Supervisor, host: str, port: int) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        answer: dict[str, Any] = {}
        while time.monotonic() < deadline and not supervisor.stopping.wait(0.3):
            supervisor.tick(time.monotonic())
            answer = _readiness(host, port)
            if answer.get("status") == "ok":
                return True
        if supervisor.stopping.is_set():
            return False
        for child in supervisor.children:
            self._say(f"--- {child.log}\n{child.tail()}")
        raise CommandError(f"The portal is not ready after {READY_SECONDS} s: {json.dumps(answer)}")

    def _revive_servers(self) -> None:
        """The embedded servers are looked after like the children: a dead one starts again at its old address."""
        services = embedded.active()
        if services and not all(server.is_running() for server in services.used):
            services.acquire(postgres=services.postgres in services.used, redis=services.redis in services.used)
            self._say("a server was gone and runs again")

    def _welcome(self, host: str, port: int) -> None:
        accounts = import_module("portal.demo.accounts").DEMO_ACCOUNTS
        address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/"  # noqa: S104 -- shown only
        self._say("\n" + _table([("role", "user name", "password", "note"), *[tuple(row) for row in accounts]]))
        self._say(f"\nThe portal is ready: {address}\nLogs: {settings.DATA_DIR / 'logs'}    Ctrl-C stops everything.\n")


def _children(host: str, port: int) -> list[Child]:
    logs = settings.DATA_DIR / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    binaries = Path(sys.executable).parent
    celery = [str(binaries / "celery"), "-A", "portal"]
    commands = {
        "web": [
            *(
                str(binaries / "gunicorn"),
                "portal.wsgi",
                "--bind",
                f"{host}:{port}",
                "--workers",
                "2",
                "--threads",
                "4",
            ),
            *("--graceful-timeout", "5", "--log-level", "warning"),
        ],
        "worker": [
            *celery,
            "worker",
            "--loglevel",
            "INFO",
            "--concurrency",
            "2",
            "--queues",
            settings.CELERY_TASK_DEFAULT_QUEUE,
        ],
        "beat": [
            *celery,
            "beat",
            "--loglevel",
            "INFO",
            "--pidfile",
            "",
            "--schedule",
            str(settings.DATA_DIR / "beat-schedule"),
        ],
    }
    return [Child(name, command, logs / f"{name}.log") for name, command in commands.items()]


def _require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}); try `make demo PORT={port + 1}`."
            ) from None


def _readiness(host: str, port: int) -> dict[str, Any]:
    link = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)  # noqa: S104 -- asked only
    try:
        link.request("GET", "/readyz")
        return json.loads(link.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        return {"status": "unavailable", "web": type(error).__name__}
    finally:
        link.close()


def _static_is_stale() -> bool:
    """Collecting hashes and compresses every file; do it only when a source is newer than the last time."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.exists():
        return True
    sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file()]
    sources += [settings.NODE_MODULES / path for path in settings.PACKAGE_FILES.values()]
    sources += [settings.BASE_DIR / "portal" / "settings" / "base.py"]
    return max(path.stat().st_mtime for path in sources) > manifest.stat().st_mtime


def _table(rows: list[tuple[str, ...]]) -> str:
    """Text table; Chinese characters count as two columns."""

    def width(text: str) -> int:
        return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)

    columns = [max(width(str(row[index])) for row in rows) for index in range(len(rows[0]))]
    lines = [
        "  ".join(str(cell) + " " * (size - width(str(cell))) for cell, size in zip(row, columns, strict=True))
        for row in rows
    ]
    return "\n".join(["  " + line.rstrip() for line in [lines[0], "-" * len(lines[0]), *lines[1:]]])

"""``manage.py demo`` from nothing: seeds, answers, survives a restart with its data, leaves no process behind."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from portal.embedded import Services
from tests.live_plugin import wait_until

pytestmark = pytest.mark.integration
START_SECONDS = 600


class Demo:
    def __init__(self, data: Path, log: Path, *arguments: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        ours = {
            "DATABASE_URL",
            "REDIS_URL",
            "DJANGO_SETTINGS_MODULE",
            "DJANGO_ALLOW_ASYNC_UNSAFE",
            "PYTEST_XDIST_WORKER",
        }
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port), "--scale", "small", *arguments],
                cwd=settings.BASE_DIR,
                env={key: value for key, value in os.environ.items() if key not in ours}
                | {"PORTAL_DATA_DIR": str(data)},
                stdout=output,
                stderr=output,
            )

    def wait_until_ready(self) -> str:
        """What it printed up to and including the address."""
        wait_until(
            lambda: self.process.poll() is not None or "The portal is ready" in self.log.read_text(), START_SECONDS
        )
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        return self.log.read_text()

    def get(self, path: str) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-demo-") as name:
        yield Path(name)


@pytest.fixture
def start(folder):
    demos: list[Demo] = []

    def make(*arguments: str) -> Demo:
        demos.append(Demo(folder / "data", folder / f"{len(demos)}.log", *arguments))
        return demos[-1]

    yield make
    for demo in demos:
        if demo.process.poll() is None:
            demo.process.kill()
            demo.process.wait()
    Services(folder / "data").stop()


def test_demo_starts_from_nothing_keeps_its_data_and_stops_everything(start, folder):
    services = Services(folder / "data")
    demo = start()
    printed = demo.wait_until_ready()
    assert f"http://localhost:{demo.port}/" in printed
    assert "password" in printed
    assert demo.get("/")[0] == 200
    assert demo.get("/accounts/login/")[0] == 200
    assert json.loads(demo.get("/readyz")[1])["status"] == "ok"
    second = start()
    assert second.process.wait(60) != 0
    assert "already running" in second.log.read_text()
    refused = start("--fresh")
    assert refused.process.wait(60) != 0
    assert "end it first" in refused.log.read_text()
    with psycopg2.connect(services.postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT count(*) AS number FROM accounts_organisation")
    connection.close()
    assert demo.stop() == 0
    assert not services.postgres.is_running()
    assert not services.redis.is_running()

    again = start()
    again.wait_until_ready()
    with psycopg2.connect(services.postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT number > 0, number = (SELECT count(*) FROM accounts_organisation) FROM kept")
        assert cursor.fetchone() == (True, True)
    connection.close()
    assert again.stop() == 0

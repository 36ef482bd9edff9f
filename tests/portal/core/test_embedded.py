"""The servers out of wheels: started once, shared by processes, stopped by the last one, found again when stale."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from portal.embedded import ROOT, Services, ensure_services
from portal.embedded_servers import SOCKET_PATH_LIMIT, EmbeddedError, Postgres

USE_SERVERS = """
import os, sys, time
from portal.embedded import ensure_services
ensure_services(throwaway=True)
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
sys.stdin.readline()
"""

pytestmark = pytest.mark.integration


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own folder, whose rights other runs of pytest reset while PostgreSQL works in it as another user."""
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        yield Path(name)


@pytest.fixture
def data(folder) -> Path:
    return folder / "data"


@pytest.fixture
def services(data):
    services = Services(data, durable=False)
    yield services
    services.stop()


def other_process(data: Path) -> subprocess.Popen:
    """A second user of the servers, alive until its standard input gets a line."""
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.Popen(
        [sys.executable, "-c", USE_SERVERS],
        cwd=ROOT,
        env=environment | {"PORTAL_DATA_DIR": str(data)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def query(url: str, sql: str) -> tuple:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()
    finally:
        connection.close()


def test_servers_are_real_and_fit_for_the_portal(services):
    services.acquire()
    encoding, connections, listen, version = query(
        services.postgres.url,
        "SELECT current_setting('server_encoding'), current_setting('max_connections')::int,"
        " current_setting('listen_addresses'), current_setting('server_version_num')::int",
    )
    assert encoding == "UTF8"
    assert connections >= 200
    assert listen == ""
    assert version >= 150000
    assert redis.from_url(services.redis.url).ping() is True


def test_redis_without_password_is_refused(services):
    services.acquire(postgres=False)
    address = services.redis.url.split("@")[1]
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(f"redis://{address}").ping()


def test_second_call_finds_the_running_servers(services, data):
    services.acquire()
    started = query(services.postgres.url, "SELECT pg_postmaster_start_time()")
    again = Services(data)
    before = time.perf_counter()
    again.acquire()
    assert time.perf_counter() - before < 0.5
    assert query(again.postgres.url, "SELECT pg_postmaster_start_time()") == started
    assert again.redis.url == services.redis.url


def test_concurrent_starts_make_one_server(services, data):
    addresses, starts = set(), set()

    def start() -> None:
        mine = Services(data, durable=False)
        mine.acquire()
        addresses.add((mine.postgres.url, mine.redis.url))
        starts.add(query(mine.postgres.url, "SELECT pg_postmaster_start_time()"))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(addresses) == len(starts) == 1


def test_last_user_stops_the_servers_not_the_first(services, data):
    other = other_process(data)
    assert other.stdout.readline().startswith("postgresql://")
    mine = Services(data / "test", durable=False)
    mine.acquire()
    other.communicate("\n", timeout=20)
    assert other.returncode == 0
    assert mine.postgres.is_running()
    assert mine.redis.is_running()
    assert mine.release() is True
    assert not mine.postgres.is_running()
    assert not mine.redis.is_running()


def test_user_that_was_killed_does_not_keep_the_servers(data):
    other = other_process(data)
    assert other.stdout.readline()
    mine = Services(data / "test", durable=False)
    mine.acquire()
    other.kill()
    other.communicate()
    assert mine.release() is True


def test_data_and_addresses_survive_a_restart(services, data):
    services.acquire()
    address = services.redis.url
    connection = psycopg2.connect(services.postgres.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS number")
    connection.close()
    services.stop()
    services.acquire()
    assert query(services.postgres.url, "SELECT number FROM kept") == (7,)
    assert services.redis.url == address


def test_crashed_servers_with_stale_files_start_again(services):
    services.acquire()
    pid = int((services.postgres.folder / "postmaster.pid").read_text().split()[0])
    os.kill(pid, 9)
    os.kill(services.redis._state()["pid"], 9)
    while services.postgres.is_running() or services.redis.is_running():
        time.sleep(0.05)
    assert (services.postgres.folder / "postmaster.pid").exists()
    services.acquire()
    assert query(services.postgres.url, "SELECT 1") == (1,)
    assert redis.from_url(services.redis.url).ping() is True


def test_long_path_gets_a_short_socket(folder):
    services = Services(folder / ("x" * SOCKET_PATH_LIMIT), durable=False)
    try:
        services.acquire(redis=False)
        assert len(str(services.postgres.socket_dir)) < SOCKET_PATH_LIMIT
        assert query(services.postgres.url, "SELECT 1") == (1,)
    finally:
        services.stop()


def test_initialisation_that_was_cut_off_is_begun_anew(services):
    unfinished = services.postgres.folder.with_name("postgres.new")
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    services.acquire(redis=False)
    assert query(services.postgres.url, "SELECT 1") == (1,)
    assert not unfinished.exists()


def test_data_of_another_postgresql_is_refused_with_a_way_out(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="FRESH=1"):
        Postgres(tmp_path / "postgres").ensure_running()


def test_drop_removes_the_data_but_not_while_in_use(services, data):
    services.acquire()
    other = Services(data)
    with pytest.raises(EmbeddedError, match="Another process"):
        other.drop()
    services.drop()
    assert list(data.iterdir()) == []
    assert not services.postgres.is_running()


def test_servers_named_in_the_environment_are_left_alone(monkeypatch, data):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    ensure_services(data=data)
    assert not data.exists()
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/portal"

"""``/healthz`` and ``/readyz``: every part told apart, quick also when a part is gone, nothing about people."""

import socket
import time

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from portal.core import health
from portal.core.tasks import beat_handed_out, heartbeat, worker_lives
from portal.deploy import healthcheck

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def all_alive():
    health.beat(health.WORKER)
    health.beat(health.BEAT)


@pytest.fixture
def dead_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def cache_at(port: int) -> dict:
    return {"default": settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{port}/0"}}


def test_healthz_answers_without_sign_in_and_without_servers(client, dead_port, django_assert_num_queries):
    with override_settings(CACHES=cache_at(dead_port)), django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_readyz_is_ok_when_all_parts_answer(client, all_alive):
    response = client.get("/readyz")
    assert response.status_code == 200
    answer = response.json()
    assert answer["status"] == "ok"
    assert {name: answer[name]["status"] for name in ("database", "redis", "worker", "beat")} == dict.fromkeys(
        ("database", "redis", "worker", "beat"),
        "ok",
    )


@pytest.mark.parametrize("part", ["worker", "beat"])
def test_readyz_names_the_part_that_never_beat(client, all_alive, part):
    cache.delete(f"heartbeat:{part}")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()[part]["status"] == "down"
    assert response.json()["database"]["status"] == "ok"


def test_readyz_says_how_long_a_part_has_been_silent(client, all_alive):
    cache.set(health.BEAT, time.time() - 300, 600)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["beat"] == {"status": "stale", "seconds": pytest.approx(300, abs=2)}


def test_readyz_answers_quickly_while_redis_is_down(client, all_alive, dead_port):
    before = time.perf_counter()
    with override_settings(CACHES=cache_at(dead_port)):
        response = client.get("/readyz")
    assert time.perf_counter() - before < 2
    assert response.status_code == 503
    assert response.json()["redis"]["status"] == "down"
    assert response.json()["database"]["status"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_readyz_answers_while_the_database_is_down(client, all_alive, dead_port):
    working = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["HOST"], connection.settings_dict["PORT"] = "127.0.0.1", dead_port
    try:
        response = client.get("/readyz")
    finally:
        connection.settings_dict["HOST"], connection.settings_dict["PORT"] = working
        connection.close()
    assert response.status_code == 503
    assert response.json()["database"]["status"] == "down"
    assert response.json()["redis"]["status"] == "ok"


def test_tasks_and_signals_leave_the_signs_of_life(client):
    assert client.get("/readyz").status_code == 503
    heartbeat()
    beat_handed_out()
    assert client.get("/readyz").status_code == 200


def test_worker_leaves_a_sign_without_running_a_task():
    import portal.core.tasks as tasks

    tasks._last_worker_beat = 0.0
    worker_lives()
    assert cache.get(health.WORKER) is not None


@pytest.mark.parametrize(
    ("given", "taken"), [("from-proxy-0001", True), ("x", False), ("a b c d e f g h", False), ("y" * 65, False)]
)
def test_request_id_is_taken_over_only_when_sane(given, taken):
    response = Client().get("/healthz", headers={"X-Request-ID": given})
    assert (response["X-Request-ID"] == given) is taken
    assert len(response["X-Request-ID"]) >= 8


@pytest.mark.parametrize(
    ("proxies", "chain", "expected"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "127.0.0.1"),
    ],
)
def test_client_address_believes_only_trusted_proxies(rf, proxies, chain, expected):
    from portal.core.middleware import client_address

    with override_settings(TRUSTED_PROXIES=proxies):
        assert client_address(rf.get("/", headers={"X-Forwarded-For": chain})) == expected


@pytest.mark.django_db(transaction=True)
def test_container_probe_tells_the_parts_apart(live_server, monkeypatch, dead_port):
    monkeypatch.setenv("HEALTH_URL", live_server.url)
    health.beat(health.WORKER)
    assert [healthcheck.main(part) for part in ("web", "worker", "beat")] == [0, 0, 1]
    monkeypatch.setenv("HEALTH_URL", f"http://127.0.0.1:{dead_port}")
    assert healthcheck.main("web") == 1

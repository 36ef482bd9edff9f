"""A failing cache is a miss – except for the few keys that guard the sign-in."""

from __future__ import annotations

import pytest
from django.core.cache import cache

pytestmark = pytest.mark.integration


@pytest.fixture
def dead_redis(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}


def test_everything_is_a_miss_while_redis_is_down(dead_redis):
    assert cache.set("page", "x") is False
    assert cache.get("page", "default") == "default"
    assert cache.add("page", "x") is False
    assert cache.delete("page") is False


def test_guards_of_the_sign_in_are_kept_in_the_process(dead_redis):
    assert cache.add("allauth:used", 1, 30) is True
    assert cache.add("allauth:used", 1, 30) is False
    cache.set("allauth:history", [1.5], 30)
    assert cache.get("allauth:history", []) == [1.5]
    assert cache.delete("allauth:used") is True


def test_redis_answers_when_it_is_there():
    assert cache.set("page", "x", 30)
    assert cache.get("page") == "x"
    assert cache.add("page", "y", 30) is False
    assert cache.delete("page")

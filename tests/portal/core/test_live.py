"""The way from this process through the broker to a worker and back; and a browser on a page."""

import pytest
from django.core.cache import cache

from portal.core import health
from portal.core.tasks import heartbeat
from tests.live_plugin import wait_until


@pytest.mark.integration
def test_task_reaches_a_real_worker_also_after_the_worker_was_killed(celery_worker):
    cache.delete(health.WORKER)
    heartbeat.delay()
    wait_until(lambda: cache.get(health.WORKER))
    celery_worker.kill()
    cache.delete(health.WORKER)
    heartbeat.delay()
    celery_worker.start()
    wait_until(lambda: cache.get(health.WORKER))


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_sign_in_page_is_usable_and_accessible(open_page, accessibility, width):
    page = open_page(width=width)
    page.goto("/accounts/login/")
    page.fill("[name=login]", "nobody")
    assert accessibility(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

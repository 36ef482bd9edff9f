"""Background work: one run for a key, claimed by one worker, found again when its worker died, told when it failed."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading

import pytest
from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Membership
from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.errors import Invalid
from portal.core.scoping import active_scope, system_scope
from portal.jobs import domain, registry, tasks
from portal.jobs.models import JobRun, JobState, StoredFile
from portal.lifecycle.entries.models import Entry
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(monkeypatch):
    """``job(function)`` registers it as ``test.work`` for one test."""
    monkeypatch.setattr(registry, "_jobs", dict(registry.all_jobs()))

    def register(function, **options):
        registry.job("test.work", title="测试任务", **options)(function)
        return function

    return register


def start(actor, key="1", **params):
    return domain.start("test.work", key=key, actor=actor, params=params)


def run_of(run):
    with system_scope("test"):
        return JobRun.objects.get(pk=run.pk)


# --- starting ---------------------------------------------------------------------------------------


def test_run_is_sent_to_the_queue_when_the_transaction_commits(tianjin, job, django_capture_on_commit_callbacks):
    job(lambda progress: None)
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        run = start(tianjin.manager)
    assert len(callbacks) == 1
    assert (run.state, run.title) == (JobState.QUEUED, "测试任务")


def test_second_start_with_the_same_key_is_the_first_run(tianjin, job, django_capture_on_commit_callbacks):
    job(lambda progress, n: None)
    first = start(tianjin.manager, n=1)
    with django_capture_on_commit_callbacks() as callbacks:
        second = start(tianjin.manager, n=2)
    assert (second.pk, second.params) == (first.pk, {"n": 1})
    assert callbacks == []
    assert start(tianjin.manager, key="2", n=1).pk != first.pk


def test_unknown_job_is_a_programming_error(tianjin, db):
    with pytest.raises(LookupError):
        domain.start("test.nobody", key="1", actor=tianjin.manager)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_moment_start_one_run(job):
    job(lambda progress: None)
    gate, found = threading.Barrier(6), []

    def tick():
        gate.wait()
        found.append(domain.start("test.work", key="beat", actor=system_actor("beat")).pk)
        connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 6
    assert len(set(found)) == 1


def test_broker_that_is_down_leaves_the_run_queued_and_beat_sends_it_later(tianjin, job):
    """In a process of its own, whose broker nobody answers: starting does not fail, and the run is found later."""
    job(lambda progress: "办完了")
    run = start(tianjin.manager)
    program = (
        f"import django; django.setup(); from portal.jobs.domain import enqueue; enqueue({run.pk}); print('went on')"
    )
    nobody = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    process = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR, env=os.environ | nobody, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "went on" in process.stdout
    assert "jobs.broker_unavailable" in process.stdout + process.stderr
    assert run_of(run).state == JobState.QUEUED
    assert domain.lost_runs(now=timezone.now() + dt.timedelta(minutes=1)) == [run.pk]
    tasks.run_job(run.pk)
    assert run_of(run).state == JobState.SUCCEEDED
    assert domain.lost_runs(now=timezone.now() + dt.timedelta(minutes=1)) == []


# --- running ----------------------------------------------------------------------------------------


def test_job_works_in_the_scope_of_whoever_asked(tianjin, hebei, job, all_rows):
    cycle = make_cycle(tianjin, "small-work")
    make_entry(cycle, tianjin.filer)
    make_entry(make_cycle(hebei, "small-work"), hebei.filer)
    seen = {}
    job(
        lambda progress: seen.update(
            {progress.actor.desk and progress.actor.desk.organisation_name: Entry.objects.count()}
        )
    )
    for number, actor in enumerate((tianjin.filer, tianjin.group_filer, system_actor("beat"))):
        tasks.run_job(start(actor, key=str(number)).pk)
    assert seen == {tianjin.unit.name: 1, tianjin.group_unit.name: 0, None: 2}


def test_job_leaves_no_scope_behind(tianjin, job):
    job(lambda progress: None)
    tasks.run_job(start(tianjin.manager).pk)
    assert active_scope() is None


def test_run_that_is_delivered_twice_works_once(tianjin, job):
    calls = []
    job(lambda progress: calls.append(1))
    run = start(tianjin.manager)
    tasks.run_job(run.pk)
    tasks.run_job(run.pk)
    assert calls == [1]
    assert run_of(run).attempts == 1


def test_run_is_claimed_by_one_worker_until_it_is_lost(tianjin, job):
    job(lambda progress: None)
    run, now = start(tianjin.manager), timezone.now()
    assert domain.claim(run.pk, now=now) is not None
    assert domain.claim(run.pk, now=now + dt.timedelta(seconds=119)) is None
    domain.still_alive(run.pk, now=now + dt.timedelta(seconds=119))
    assert domain.claim(run.pk, now=now + dt.timedelta(seconds=200)) is None
    again = domain.claim(run.pk, now=now + dt.timedelta(seconds=240))
    assert again.attempts == 2
    assert domain.claim(999_999, now=now) is None


def test_worker_that_comes_back_late_does_not_overwrite_its_successor(tianjin, job):
    job(lambda progress: None)
    run, now = start(tianjin.manager), timezone.now()
    first = domain.claim(run.pk, now=now)
    second = domain.claim(run.pk, now=now + dt.timedelta(minutes=3))
    domain.finish(first, state=JobState.SUCCEEDED, message="旧的", now=now)
    assert run_of(run).state == JobState.RUNNING
    domain.finish(second, state=JobState.SUCCEEDED, message="新的", now=now)
    assert run_of(run).message == "新的"


def test_run_that_kills_every_worker_is_given_up(tianjin, job):
    job(lambda progress: None, max_attempts=2)
    run, now = start(tianjin.manager), timezone.now()
    for minutes in (0, 3):
        assert domain.claim(run.pk, now=now + dt.timedelta(minutes=minutes)) is not None
    assert domain.claim(run.pk, now=now + dt.timedelta(minutes=6)) is None
    found = run_of(run)
    assert found.state == JobState.FAILED
    assert "多次中断" in found.message


def test_progress_is_seen_and_counts_as_a_sign_of_life(tianjin, job):
    seen = []

    def work(progress):
        progress.report(3, 12, "正在写入")
        with system_scope("test"):
            seen.append(JobRun.objects.values_list("done", "total", "stage").get(pk=progress.run_id))

    job(work)
    run = start(tianjin.manager)
    tasks.run_job(run.pk)
    assert seen == [(3, 12, "正在写入")]
    assert run_of(run).percent == 25


def test_refusal_of_the_domain_is_the_message_of_the_run(tianjin, job):
    def work(progress):
        raise Invalid("文件第7行：信用代码不正确。")

    job(work)
    run = start(tianjin.manager)
    tasks.run_job(run.pk)
    found = run_of(run)
    assert (found.state, found.message, found.attempts) == (JobState.FAILED, "文件第7行：信用代码不正确。", 1)


def test_internal_error_is_tried_again_and_then_told_with_a_number(tianjin, job, caplog):
    def work(progress):
        raise ZeroDivisionError

    job(work, max_attempts=2)
    run = start(tianjin.manager)
    tasks.run_job(run.pk)
    assert run_of(run).state == JobState.QUEUED
    tasks.run_job(run.pk)
    found = run_of(run)
    assert (found.state, found.attempts) == (JobState.FAILED, 2)
    assert str(run.pk) in found.message
    assert "ZeroDivisionError" in found.message


def test_job_that_is_gone_from_the_code_fails_instead_of_staying(tianjin, job, monkeypatch):
    job(lambda progress: None)
    run = start(tianjin.manager)
    monkeypatch.undo()
    tasks.run_job(run.pk)
    assert run_of(run).state == JobState.FAILED


def test_person_who_lost_the_desk_gets_nothing_done(tianjin, job):
    calls = []
    job(lambda progress: calls.append(1))
    run = start(tianjin.manager)
    with system_scope("test"):
        Membership.objects.filter(pk=tianjin.manager.desk.membership_id).update(is_active=False)
    tasks.run_job(run.pk)
    assert calls == []
    assert run_of(run).state == JobState.FAILED


def test_beat_starts_one_run_a_minute(db):
    for _ in range(3):
        tasks.start_due("jobs.delete_expired_files")
    with system_scope("test"):
        assert JobRun.objects.filter(kind="jobs.delete_expired_files").count() in {1, 2}  # 2 when the minute turned


def test_everything_beat_asks_for_exists():
    current_app.loader.import_default_modules()  # as a worker does when it starts
    for entry in current_app.conf.beat_schedule.values():
        assert entry["task"] in current_app.tasks or entry["task"] == "core.heartbeat"
        if entry["task"] == "jobs.start_due":
            assert registry.get_job(entry["args"][0])


# --- files ------------------------------------------------------------------------------------------


@pytest.fixture
def product(tianjin, job):
    """A finished run of the city's manager with one file."""

    def work(progress):
        progress.keep_file(name="报表.csv", content=ContentFile(b"a,b").open(), content_type="text/csv")

    job(work)
    run = start(tianjin.manager)
    tasks.run_job(run.pk)
    with system_scope("test"):
        return StoredFile.objects.get(job=run)


def test_product_is_kept_for_a_week_and_downloaded_by_whoever_asked(tianjin, hebei, product, desk_client):
    assert product.expires_at - product.created_at == dt.timedelta(days=7)
    assert (product.size, product.owner) == (3, tianjin.manager.user)
    url = reverse("jobs:file.download", kwargs={"pk": product.pk})
    response = desk_client(tianjin.manager).get(url)
    assert b"".join(response.streaming_content) == b"a,b"
    assert "attachment" in response["Content-Disposition"]
    assert desk_client(tianjin.checker).get(url).status_code == 403  # a colleague; may hold more than their role shows
    for actor in (tianjin.district_manager, tianjin.filer, hebei.manager):
        assert desk_client(actor).get(url).status_code == 404
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="jobs.file.downloaded").count() == 1


def test_product_whose_time_is_over_is_neither_shown_nor_kept(tianjin, product, desk_client):
    with system_scope("test"):
        StoredFile.objects.filter(pk=product.pk).update(expires_at=timezone.now())
    client = desk_client(tianjin.manager)
    assert client.get(reverse("jobs:file.download", kwargs={"pk": product.pk})).status_code == 404
    page = client.get(reverse("jobs:run.detail", kwargs={"pk": product.job_id})).content.decode()
    assert "文件已过期" in page
    storage, name = product.file.storage, product.file.name
    assert storage.exists(name)
    run = domain.start("jobs.delete_expired_files", key="test", actor=system_actor("beat"))
    tasks.run_job(run.pk)
    assert run_of(run).result == {"deleted": 1}
    assert not storage.exists(name)
    with system_scope("test"):
        assert not StoredFile.objects.exists()


# --- pages ------------------------------------------------------------------------------------------


def test_progress_is_polled_until_the_run_is_over(tianjin, job, desk_client):
    job(lambda progress: "办完了")
    run, client = start(tianjin.manager), desk_client(tianjin.manager)
    url = reverse("jobs:run.detail", kwargs={"pk": run.pk})
    waiting = client.get(url, headers={"hx-request": "true"})
    assert "HX-Refresh" not in waiting.headers
    assert "<html" not in waiting.content.decode()
    assert url in waiting.content.decode()  # it asks again by itself
    tasks.run_job(run.pk)
    done = client.get(url, headers={"hx-request": "true"})
    assert done["HX-Refresh"] == "true"
    assert "办完了" in client.get(url).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_runs_needs_the_same_queries_for_any_length(
    tianjin, job, desk_client, count, django_assert_max_num_queries
):
    job(lambda progress: None)
    for number in range(count):
        start(tianjin.manager, key=str(number))
    client, url = desk_client(tianjin.manager), reverse("jobs:run.list")
    client.get(url)
    with django_assert_max_num_queries(12):
        assert client.get(url).content.decode().count("测试任务") >= count

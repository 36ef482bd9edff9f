"""Fixtures of imports."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.accounts.domain.imports import apply_import, upload_import
from portal.accounts.models import Organisation
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun
from portal.jobs.tasks import run_job
from tests.factories.workbooks import workbook


@pytest.fixture
def bring(tianjin, in_scope):
    """``bring(kind, rows)`` → the batch after its dry run, as the page and the worker would do it."""

    def upload(kind, rows, *, actor=None, edit=None, content=None, organisation=None):
        actor = actor or tianjin.manager
        with in_scope(actor):
            batch = upload_import(
                actor=actor,
                kind=kind,
                organisation=organisation or Organisation.objects.get(pk=actor.desk.organisation_id),
                file_name="导入.xlsx",
                content=content or workbook(kind, rows, edit=edit),
                now=timezone.now(),
            )
        run_job(batch.job_id)
        batch.refresh_from_db()
        return batch

    return upload


@pytest.fixture
def finish(tianjin, in_scope):
    """Applies a checked batch and returns it with the run."""

    def apply(batch, actor=None):
        actor = actor or tianjin.manager
        with in_scope(actor):
            batch = apply_import(actor=actor, batch=batch, base_url="https://portal.example/", now=timezone.now())
        run_job(batch.job_id)
        batch.refresh_from_db()
        with system_scope("test"):
            return batch, JobRun.objects.get(pk=batch.job_id)

    return apply

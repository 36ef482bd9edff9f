"""Import of organisations: every error on its row, parents in any order, as one unit or not at all."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.accounts.domain.imports import apply_import, cancel_import, delete_old_files, upload_import
from portal.accounts.enums import ImportState, Role
from portal.accounts.imports import reading
from portal.accounts.models import (
    ImportBatch,
    Organisation,
)
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Refused
from portal.core.scoping import system_scope
from portal.jobs.models import JobState
from portal.jobs.tasks import run_job
from tests.factories.accounts import UNION_CODE, grow
from tests.factories.people import make_actor
from tests.factories.workbooks import messages, union, workbook

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


# --- organisations -------------------------------------------------------------------------------------------------


def test_organisations_are_created_with_parents_from_the_same_file_in_any_order(tianjin, bring, finish, all_rows):
    rows = [
        union("X-3", "一车间分工会", "X-2", "分工会、车间工会"),
        union("X-2", "示范厂工会", "X-1", 会员数=120, 统一社会信用代码=UNION_CODE),
        union("X-1", "示范街道总工会", tianjin.district.code, "街道总工会"),
    ]
    batch = bring("organisations", rows)
    assert (batch.state, batch.creates, batch.errors) == (ImportState.CHECKED, 3, 0)
    assert not Organisation.objects.filter(code__startswith="X-").exists()
    batch, run = finish(batch)
    assert (batch.state, run.state) == (ImportState.APPLIED, JobState.SUCCEEDED)
    made = {o.code: o for o in Organisation.objects.filter(code__startswith="X-")}
    assert made["X-3"].path == f"{made['X-2'].path}{made['X-3'].pk:07d}/"
    assert made["X-2"].path == f"{made['X-1'].path}{made['X-2'].pk:07d}/"
    assert made["X-1"].path.startswith(tianjin.district.path)
    assert (made["X-1"].level, made["X-2"].member_count) == ("subdistrict", 120)
    assert AuditEvent.objects.filter(action="accounts.organisation.created").count() == 3
    assert AuditEvent.objects.get(action="accounts.import.applied").data["creates"] == 3


def test_second_import_of_the_same_file_changes_nothing(tianjin, bring, finish, all_rows):
    rows = [union("X-1", "示范街道总工会", tianjin.district.code, "街道总工会", 会员数=10)]
    finish(bring("organisations", rows))
    batch = bring("organisations", rows)
    assert (batch.creates, batch.updates, batch.unchanged) == (0, 0, 1)
    rows[0]["会员数"] = 25
    batch = bring("organisations", rows)
    assert (batch.updates, batch.changes[0]["details"]) == (1, ["会员数：10 → 25"])
    finish(batch)
    assert Organisation.objects.get(code="X-1").member_count == 25


def test_every_error_is_on_its_row_and_nothing_is_written(tianjin, hebei, bring, all_rows):
    rows = [
        union("X-1", "甲", "没有这个"),
        union("X-1", "乙", tianjin.zone.code),
        union("X-2", "丙", tianjin.zone.code, 统一社会信用代码="81120101MC0000012X"),
        union("X-3", "丁" * 121, tianjin.zone.code),
        union("X-4", "", tianjin.zone.code),
        union("X-5", "戊", tianjin.zone.code, 组织类型="不存在的类型"),
        union("X-6", "己", tianjin.zone.code, "区总工会"),
        union(hebei.zone.code, "庚", tianjin.zone.code),
        union("X-7", "辛", hebei.zone.code),
        union("X-8", "壬", tianjin.zone.code, 会员数="很多"),
        union("X-9", "癸", "X-9"),
    ]
    batch = bring("organisations", rows)
    assert batch.state == ImportState.FAULTY
    assert "没有编号为" in messages(batch, 2)[0]
    assert "与第2行的内部编号重复" in messages(batch, 3)[0]
    assert "校验码" in messages(batch, 4)[0]
    assert "最多120个字，现在是121个字" in messages(batch, 5)[0]
    assert messages(batch, 6) == ["没有填写"]
    assert "不在可选项中" in messages(batch, 7)[0]
    assert "不能设在" in messages(batch, 8)[0]
    assert "管理范围以外" in messages(batch, 9)[0]
    assert "不在您的管理范围内" in messages(batch, 10)[0]
    assert "不是非负整数" in messages(batch, 11)[0]
    assert "不能是自己" in messages(batch, 12)[0]
    assert batch.errors == 11
    assert not Organisation.objects.filter(code__startswith="X-").exists()


def test_circle_of_new_parents_is_found(tianjin, bring):
    rows = [union("X-1", "甲", "X-2"), union("X-2", "乙", "X-1")]
    batch = bring("organisations", rows)
    assert messages(batch, 2) == messages(batch, 3) == ["上级之间形成了循环"]


def test_present_parent_is_not_changed_by_an_import(tianjin, bring):
    unit = tianjin.unit
    batch = bring("organisations", [union(unit.code, unit.name, tianjin.group.code)])
    assert "调整上级请在组织页面办理" in messages(batch, 2)[0]


def test_rows_outside_the_chosen_organisation_are_refused(tianjin, bring):
    rows = [union("X-1", "甲", tianjin.group.code)]
    batch = bring("organisations", rows, actor=tianjin.district_manager)
    assert "不在您的管理范围内" in messages(batch, 2)[0]


def test_import_needs_the_manager(tianjin, in_scope):
    with in_scope(tianjin.district_checker), pytest.raises(Refused):
        upload_import(
            actor=tianjin.district_checker,
            kind="organisations",
            organisation=tianjin.district,
            file_name="x.xlsx",
            content=workbook("organisations", []),
            now=timezone.now(),
        )


# --- as one unit ---------------------------------------------------------------------------------------------------


def test_what_changed_since_the_dry_run_stops_the_whole_import(tianjin, bring, finish, all_rows):
    rows = [union("X-1", "甲", tianjin.zone.code), union("X-2", "乙", tianjin.unit.code, "班组（工会小组）")]
    batch = bring("organisations", rows)
    Organisation.objects.filter(pk=tianjin.unit.pk).update(is_active=False)
    batch, run = finish(batch)
    assert (batch.state, run.state) == (ImportState.FAULTY, JobState.FAILED)
    assert "没有写入任何数据" in run.message
    assert not Organisation.objects.filter(code__startswith="X-").exists()
    assert not AuditEvent.objects.filter(action="accounts.organisation.created").exists()


@pytest.mark.django_db(transaction=True)
def test_constraint_that_fires_late_leaves_nothing(tianjin, hebei, bring, finish):
    """Another federation takes the same code in the same second: the database refuses, the import leaves no half."""
    batch = bring("organisations", [union("X-1", "甲", tianjin.zone.code), union("X-2", "乙", tianjin.zone.code)])
    holding = threading.Event()

    def other():
        with system_scope("test"), transaction.atomic():
            grow(hebei.zone, "抢先", code="X-2")
            holding.set()
            time.sleep(0.8)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    holding.wait()
    batch, run = finish(batch)
    thread.join()
    assert (batch.state, run.state) == (ImportState.FAULTY, JobState.FAILED)
    with system_scope("test"):
        assert not Organisation.objects.filter(code="X-1").exists()


def test_batch_is_applied_once(tianjin, bring, finish, in_scope, all_rows):
    batch, run = finish(bring("organisations", [union("X-1", "甲", tianjin.zone.code)]))
    run_job(run.pk)
    with in_scope(tianjin.manager), pytest.raises(Conflict):
        apply_import(actor=tianjin.manager, batch=batch, base_url="", now=timezone.now())
    assert Organisation.objects.filter(code="X-1").count() == 1


def test_given_up_batch_loses_its_file(tianjin, bring, in_scope, django_capture_on_commit_callbacks):
    batch = bring("organisations", [union("X-1", "甲", tianjin.zone.code)])
    with in_scope(tianjin.manager), django_capture_on_commit_callbacks(execute=True):
        cancel_import(actor=tianjin.manager, batch=batch, now=timezone.now())
    batch.refresh_from_db()
    assert (batch.state, batch.file.name) == (ImportState.CANCELLED, "")
    with in_scope(tianjin.manager), pytest.raises(Conflict):
        apply_import(actor=tianjin.manager, batch=batch, base_url="", now=timezone.now())


def test_uploaded_files_are_deleted_after_a_week(tianjin, bring, all_rows):
    bring("organisations", [union("X-1", "甲", tianjin.zone.code)])
    assert delete_old_files(now=timezone.now()) == 0
    assert delete_old_files(now=timezone.now() + dt.timedelta(days=8)) == 1


def test_batches_are_seen_by_the_own_tree_only(tianjin, hebei, bring, in_scope):
    bring("organisations", [union("X-1", "甲", tianjin.zone.code)])
    with in_scope(hebei.manager):
        assert not ImportBatch.objects.exists()
    with in_scope(make_actor(tianjin.unit, Role.MANAGER)):
        assert not ImportBatch.objects.exists()


def test_five_thousand_organisations_take_few_statements(
    tianjin, bring, finish, all_rows, django_assert_max_num_queries
):
    """5,000 rows in one transaction: the number of statements does not grow with the rows."""
    rows = [union(f"M-{i:04d}", f"批量组织{i}工会", tianjin.zone.code, 会员数=i) for i in range(5000)]
    content = workbook("organisations", rows)
    batch = bring("organisations", [], content=content)
    assert (batch.state, batch.creates, len(batch.changes)) == (ImportState.CHECKED, 5000, 100)
    with django_assert_max_num_queries(80):
        batch, _run = finish(batch)
    assert batch.state == ImportState.APPLIED
    assert Organisation.objects.filter(code__startswith="M-").count() == 5000


def test_one_row_too_many_is_refused(tianjin, monkeypatch, bring):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    rows = [union(f"M-{i}", f"组织{i}", tianjin.zone.code) for i in range(4)]
    assert "超过3行" in messages(bring("organisations", rows), 0)[0]

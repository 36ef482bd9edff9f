"""Excel import: dry run with every error on its row, applied as one unit or not at all, idempotent."""

from __future__ import annotations

import datetime as dt
import io
import threading
import time
import zipfile

import pytest
from django.db import connection, transaction
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from portal.accounts.codes import SHIPPED
from portal.accounts.domain.codes import load_codes
from portal.accounts.domain.imports import apply_import, cancel_import, delete_old_files, upload_import
from portal.accounts.domain.invitations import NewAccount, accept_invitation, hash_of
from portal.accounts.enums import ImportState, Role
from portal.accounts.imports import reading
from portal.accounts.imports.results import REASON, error_workbook
from portal.accounts.imports.sheets import SHEETS
from portal.accounts.imports.template import DATA, OPTIONS, template
from portal.accounts.models import (
    Employer,
    EmployerYear,
    ImportBatch,
    Invitation,
    Membership,
    Organisation,
    User,
)
from portal.accounts.queries.memberships import invitation_by_token_hash
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun, JobState, StoredFile
from portal.jobs.tasks import run_job
from tests.factories.accounts import COMPANY_CODE, UNION_CODE, grow
from tests.factories.people import make_actor, make_membership
from tests.factories.workbooks import lines, workbook

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


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


def union(code, name, parent, kind="单独基层工会", **more):
    return {"内部编号": code, "名称": name, "组织类型": kind, "上级编号": parent, **more}


def messages(batch, row):
    return [p["message"] for p in batch.problems if p["row"] == row]


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


# --- the file itself -----------------------------------------------------------------------------------------------


def test_merged_cells_hidden_sheets_and_hidden_rows_are_named(tianjin, bring):
    def edit(book):
        book[DATA].merge_cells("B2:B3")
        book[DATA].row_dimensions[4].hidden = True

    rows = [union(f"X-{i}", f"组织{i}", tianjin.zone.code) for i in range(3)]
    batch = bring("organisations", rows, edit=edit)
    assert "B2:B3 被合并" in messages(batch, 2)[0]
    assert "被隐藏" in messages(batch, 4)[0]

    def hide(book):
        book[OPTIONS].sheet_state = "hidden"

    batch = bring("organisations", rows, edit=hide)
    assert "隐藏的工作表：可选项" in messages(batch, 0)[0]


def test_wrong_unknown_missing_and_double_heads_are_refused(tianjin, bring):
    def edit(book):
        book[DATA]["A1"] = "组织代码"
        book[DATA]["C1"] = "名称"

    batch = bring("organisations", [], edit=edit)
    texts = " ".join(p["message"] for p in batch.problems)
    assert "模板中没有“组织代码”这一列" in texts
    assert "“名称”列出现了两次" in texts
    assert "缺少列：内部编号、简称" in texts


def test_columns_may_stand_in_another_order(tianjin, bring):
    book = Workbook()
    sheet = book.active
    sheet.title = DATA
    labels = list(reversed(SHEETS["organisations"].labels))
    sheet.append(labels)
    row = union("X-1", "甲", tianjin.zone.code)
    sheet.append([row.get(label) for label in labels])
    out = io.BytesIO()
    book.save(out)
    assert bring("organisations", [], content=out.getvalue()).creates == 1


def test_content_beside_the_columns_is_refused(tianjin, bring):
    def edit(book):
        book[DATA].cell(2, 12, "备注")

    batch = bring("organisations", [union("X-1", "甲", tianjin.zone.code)], edit=edit)
    assert "没有列名但有内容" in messages(batch, 2)[0]


def test_formula_is_taken_as_text(tianjin, bring, finish, all_rows):
    batch = bring("organisations", [union("X-1", '=HYPERLINK("http://x","甲")', tianjin.zone.code)])
    finish(batch)
    assert Organisation.objects.get(code="X-1").name == '=HYPERLINK("http://x","甲")'


def test_numbers_and_dates_typed_by_excel_are_understood(tianjin, bring, finish, all_rows):
    batch = bring("organisations", [union(20260001.0, "甲", tianjin.zone.code, 会员数="1,250")])
    finish(batch)
    assert Organisation.objects.get(code="20260001").member_count == 1250


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (100 * 1024 * 1024))
    return out.getvalue()


def _macro() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"not a workbook", "不是 Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "旧版 .xls 或加了密码"),
        (_bomb(), "解压后过大"),
        (_macro(), "宏"),
        (b"P" * (reading.MAX_BYTES + 1), "超过10MB"),
    ],
    ids=["empty", "text", "xls", "bomb", "macro", "large"],
)
def test_file_is_judged_by_its_content_before_it_is_opened(tianjin, in_scope, content, words):
    with in_scope(tianjin.manager), pytest.raises(Invalid) as error:
        upload_import(
            actor=tianjin.manager,
            kind="organisations",
            organisation=tianjin.municipal,
            file_name="模板.xlsx",
            content=content,
            now=timezone.now(),
        )
    assert words in error.value.message
    with system_scope("test"):
        assert not ImportBatch.objects.exists()


def test_broken_worksheet_inside_a_sound_archive_is_reported(tianjin, bring):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not-a-workbook")
    batch = bring("organisations", [], content=out.getvalue())
    assert messages(batch, 0) == ["工作簿已损坏，不能读取。请用模板重新填写。"]


def test_empty_template_says_where_to_begin(tianjin, bring):
    assert "从第2行开始" in messages(bring("organisations", []), 0)[0]


def test_template_offers_the_options_as_drop_downs():
    for sheet in SHEETS.values():
        book = load_workbook(io.BytesIO(template(sheet)))
        data = book[DATA]
        assert [c.value for c in data[1]] == sheet.labels
        wanted = [c for c in sheet.columns if c.options is not None]
        assert len(data.data_validations.dataValidation) == len(wanted)
        assert all(s.sheet_state == "visible" for s in book.worksheets)


def test_error_workbook_holds_the_rows_with_their_errors(tianjin, bring):
    rows = [union("X-1", "甲", "没有"), union("X-2", "=1+1", tianjin.zone.code)]
    batch = bring("organisations", rows)
    with batch.file.open("rb") as handle:
        written = lines(error_workbook(handle.read(), batch.problems))
    assert written[0][-1] == REASON
    assert written[1][0] == "X-1"
    assert "没有编号为“没有”的组织" in written[1][-1]
    assert written[2][1] == "=1+1"
    assert written[2][-1] is None


# --- employers -----------------------------------------------------------------------------------------------------


def firm(name, organisation, **more):
    return {"单位名称": name, "所属工会编号": organisation, **more}


@pytest.fixture
def code_lists(db):
    load_codes(SHIPPED)


@pytest.mark.row(24)
def test_employers_with_figures_get_their_size_class_and_the_year_confirmed(
    tianjin, code_lists, bring, finish, all_rows
):
    row = firm(
        "天津示范机械有限公司",
        tianjin.unit.code,
        统一社会信用代码=COMPANY_CODE,
        经济类型="私营有限责任（公司）",
        行业门类="制造业",
        行业大类代码="34",
        所在区="滨海新区",
        成立日期="2008-05-20",
        年度=2025,
        职工数=350,
        会员数=340,
    )
    row |= {"营业收入（万元）": 2600, "是否规上": "是"}
    batch, _run = finish(bring("employers", [row]))
    assert batch.creates == 1
    employer = Employer.objects.get(credit_code=COMPANY_CODE)
    assert (employer.ownership, employer.industry, employer.size_class) == ("non_public", "C34", "medium")
    year = EmployerYear.objects.get(employer=employer)
    assert (year.year, year.employees, year.is_above_scale, year.confirmed_at is not None) == (2025, 350, True, True)
    again = bring("employers", [row])
    assert (again.creates, again.updates, again.unchanged) == (0, 0, 1)
    later = bring("employers", [row | {"职工数": 360}])
    assert later.changes[0]["details"] == ["职工数：350 → 360"]


def test_employers_without_code_are_recognised_by_union_and_name(tianjin, bring, finish, all_rows):
    finish(bring("employers", [firm("无代码单位", tianjin.unit.code)]))
    batch = bring("employers", [firm("无代码单位", tianjin.unit.code, 统一社会信用代码=COMPANY_CODE)])
    assert (batch.creates, batch.updates) == (0, 1)
    finish(batch)
    assert Employer.objects.get(name="无代码单位").credit_code == COMPANY_CODE


def test_employer_errors_are_on_their_rows(tianjin, hebei, code_lists, bring, all_rows):
    Employer.objects.filter(pk=hebei.employer.pk).update(credit_code=COMPANY_CODE)
    rows = [
        firm("甲", tianjin.zone.code),
        firm("乙", hebei.unit.code),
        firm("丙", tianjin.unit.code, 统一社会信用代码=COMPANY_CODE),
        firm("丁", tianjin.unit.code, 经济类型="国有全资", 所有制="非公有制"),
        firm("戊", tianjin.unit.code, 行业门类="制造业", 行业大类代码="51"),
        firm("己", tianjin.unit.code, 职工数=5),
        firm("庚", tianjin.unit.code, 年度=2025, 职工数=5, 会员数=6),
        firm("辛", tianjin.unit.code, 年度=2025),
        firm("壬", tianjin.unit.code, 成立日期="去年"),
        firm("癸", tianjin.unit.code, 年度=2099, 职工数=1),
    ]
    batch = bring("employers", rows)
    wanted = ["不是基层工会", "管理范围内没有", "管理范围以外", "属于“公有制”", "不属于所选的门类", "须同时填写年度"]
    wanted += ["不能多于职工数", "须同时填写职工数", "不是日期", "年度应在"]
    for number, words in enumerate(wanted, 2):
        assert words in messages(batch, number)[0], number
    assert batch.errors == 10


# --- staff ---------------------------------------------------------------------------------------------------------


def person(username, name, organisation, role="填报", **more):
    return {"用户名": username, "姓名": name, "工会组织编号": organisation, "角色": role, **more}


def test_new_staff_get_links_known_staff_get_roles(tianjin, bring, finish, all_rows):
    known = tianjin.filer.user
    rows = [
        person("new01", "新人甲", tianjin.unit.code, 手机="13800138000"),
        person("new01", "新人甲", tianjin.unit.code, "审核"),
        person(known.username, known.name, tianjin.group_unit.code),
    ]
    batch, _run = finish(bring("staff", rows))
    user = User.objects.get(username="new01")
    assert not user.has_usable_password()
    assert user.phone == "13800138000"
    assert {m.role for m in Membership.objects.filter(user=user)} == {"filer", "checker"}
    assert Membership.objects.filter(user=known, organisation=tianjin.group_unit).exists()
    assert Invitation.objects.count() == 1
    stored = StoredFile.objects.get(pk=batch.result_file_id)
    with stored.file.open("rb") as handle:
        line = lines(handle.read())[1]
    assert line[:2] == ("新人甲", "new01")
    assert line[-1].startswith("https://portal.example/invitation/")
    token = line[-1].rstrip("/").rsplit("/", 1)[1]
    invitation = invitation_by_token_hash(hash_of(token))
    accept_invitation(invitation=invitation, account=NewAccount("", "Tianjin-Gonghui-2026"), now=timezone.now())
    user.refresh_from_db()
    assert user.check_password("Tianjin-Gonghui-2026")


def test_second_import_of_staff_makes_no_second_account_or_link(tianjin, bring, finish, all_rows):
    rows = [person("new01", "新人甲", tianjin.unit.code)]
    finish(bring("staff", rows))
    batch = bring("staff", rows)
    assert (batch.creates, batch.unchanged) == (0, 1)


def test_staff_errors_are_on_their_rows(tianjin, hebei, bring, all_rows):
    make_membership(tianjin.auditor.user, tianjin.district, Role.AUDITOR)
    rows = [
        person(tianjin.filer.user.username, "另一个人", tianjin.unit.code),
        person("a1", "甲", hebei.unit.code),
        person("a2", "乙", tianjin.zone.code, "填报"),
        person("a3", "丙", tianjin.unit.code, 手机="123"),
        person("a4", "丁", tianjin.unit.code, 电子邮箱="不是邮箱"),
        person(tianjin.auditor.user.username, tianjin.auditor.user.name, tianjin.district.code, "管理"),
        person("a5", "戊", tianjin.unit.code),
        person("a5", "己", tianjin.unit.code, "审核"),
        person("a6", "庚", tianjin.district.code, "管理"),
        person("a6", "庚", tianjin.district.code, "审计"),
    ]
    batch = bring("staff", rows)
    wanted = {2: "属于另一个人", 3: "管理范围内没有", 4: "不设“填报”角色", 5: "11位", 6: "邮箱", 7: "不能由同一人"}
    wanted |= {9: "姓名不同", 11: "不能由同一人"}
    for number, words in wanted.items():
        assert words in messages(batch, number)[0], number
    assert batch.errors == len(wanted)


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
    assert (batch.state, batch.creates, len(batch.changes)) == (ImportState.CHECKED, 5000, 200)
    with django_assert_max_num_queries(80):
        batch, _run = finish(batch)
    assert batch.state == ImportState.APPLIED
    assert Organisation.objects.filter(code__startswith="M-").count() == 5000


def test_one_row_too_many_is_refused(tianjin, monkeypatch, bring):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    rows = [union(f"M-{i}", f"组织{i}", tianjin.zone.code) for i in range(4)]
    assert "超过3行" in messages(bring("organisations", rows), 0)[0]

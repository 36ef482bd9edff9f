"""The view bases through the client: policy first, lists, forms, acts, bulk acts, refusals."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from openpyxl import load_workbook

from portal.web import navigation
from portal.web.views import ListView, PageView, PolicyError
from tests.portal.web import sample_site

pytestmark = [pytest.mark.integration, pytest.mark.urls("tests.portal.web.sample_site")]


@pytest.fixture(autouse=True)
def _sample_site_alone(monkeypatch):
    """The sample site has only its own pages: nothing of the portal's packages stands in its frame."""
    sample_site.HANDLED.clear()
    for registry in ("_providers", "_entries", "_public"):
        monkeypatch.setattr(navigation, registry, {})


@pytest.fixture
def signed_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def groups(db):
    return [Group.objects.create(name=name) for name in ("alpha", "beta", "bad", "locked", "hidden")]


def pk_of(name):
    return Group.objects.get(name=name).pk


# --- every view states its policy -----------------------------------------------------------------
def test_view_class_without_policy_action_cannot_be_made():
    with pytest.raises(PolicyError):
        type("Open", (PageView,), {})


def test_subclass_of_a_policed_view_keeps_its_policy():
    assert type("Narrow", (sample_site.GroupDetail,), {}).policy_action == "samplegroup.view"


def test_abstract_view_cannot_be_served():
    with pytest.raises(PolicyError):
        ListView.as_view()


def test_public_page_needs_no_sign_in_and_every_other_does(client, db):
    assert client.get(reverse("open")).status_code == 200
    answer = client.get(reverse("group.list"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


# --- lists ----------------------------------------------------------------------------------------
def test_list_shows_rows_sorted_and_numbered(signed_in, groups):
    text = signed_in.get(reverse("group.list")).content.decode()
    assert text.index("alpha") < text.index("beta") < text.index("locked")
    assert "序号" in text
    assert 'aria-sort="ascending"' in text


def test_list_sorts_only_by_declared_columns(signed_in, groups):
    down = signed_in.get(reverse("group.list"), {"sort": "-name"}).content.decode()
    assert down.index("locked") < down.index("alpha")
    assert signed_in.get(reverse("group.list"), {"sort": "permissions__codename"}).status_code == 200


def test_list_filters_by_the_query_string_and_names_the_filter(signed_in, groups):
    text = signed_in.get(reverse("group.list"), {"first": "b"}).content.decode()
    assert "beta" in text
    assert "alpha" not in text
    assert "首字母：B" in text


def test_saved_view_is_marked_when_its_filters_are_on(signed_in, groups):
    text = signed_in.get(reverse("group.list"), {"first": "b", "sort": "-name"}).content.decode()
    assert text.count('aria-current="page"') == 1
    assert text.index('href="?first=b" aria-current="page"')


def test_empty_list_says_what_to_do_and_no_match_says_so(signed_in, db):
    assert "先新建一个组。" in signed_in.get(reverse("group.list")).content.decode()
    assert "没有符合条件的记录" in signed_in.get(reverse("group.list"), {"q": "zzz"}).content.decode()


def test_htmx_gets_the_fragment_and_everybody_else_the_page(signed_in, groups):
    whole = signed_in.get(reverse("group.list"))
    part = signed_in.get(reverse("group.list"), headers={"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "alpha" in part.content.decode()
    assert part["Vary"] == "HX-Request" or "HX-Request" in part["Vary"]


@pytest.mark.parametrize("n", [1, 3])
def test_list_costs_the_same_queries_at_any_length(signed_in, db, django_assert_max_num_queries, n):
    for i in range(n):
        Group.objects.create(name=f"a{i}")
    with django_assert_max_num_queries(
        6
    ):  # user, desks, rows, and the session kept alive; a count only with more pages
        signed_in.get(reverse("group.list"))


# --- export ---------------------------------------------------------------------------------------
def test_export_holds_the_filtered_rows_in_their_order(signed_in, groups):
    answer = signed_in.get(reverse("group.list"), {"export": "xlsx", "first": "b", "sort": "-name"})
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[0] == ("序号", "名称", "编号", "备注")
    assert [row[:2] for row in rows[1:]] == [(1, "beta"), (2, "bad")]
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.row(138)
def test_export_keeps_text_that_looks_like_a_formula_as_text(signed_in, db):
    for name in ("=1+1", "+86", "-5", "@cmd", '=HYPERLINK("http://x")'):
        Group.objects.create(name=name)
    book = load_workbook(BytesIO(signed_in.get(reverse("group.list"), {"export": "xlsx"}).content))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)
    assert {"=1+1", "+86", "-5", "@cmd"} <= {cell.value for cell in cells}


def test_export_of_too_many_rows_asks_to_narrow_down(signed_in, groups, monkeypatch):
    monkeypatch.setattr("portal.web.views.lists.EXPORT_LIMIT", 3)
    answer = signed_in.get(reverse("group.list"), {"export": "xlsx"}, follow=True)
    assert "请先缩小范围再导出" in answer.content.decode()


# --- records --------------------------------------------------------------------------------------
def test_record_that_must_not_be_known_is_404_like_one_that_does_not_exist(signed_in, groups):
    assert Group.objects.filter(name="hidden").exists()
    assert signed_in.get(reverse("group.detail", args=[pk_of("hidden")])).status_code == 404
    assert signed_in.get(reverse("group.detail", args=[10**9])).status_code == 404
    assert signed_in.post(reverse("group.close", args=[pk_of("hidden")])).status_code == 404


def test_refused_act_on_a_visible_record_says_why(signed_in, groups):
    answer = signed_in.get(reverse("group.rename", args=[pk_of("locked")]))
    assert answer.status_code == 403
    assert "这个组已锁定，不能改名。" in answer.content.decode()


# --- forms ----------------------------------------------------------------------------------------
def test_form_calls_the_domain_and_says_what_is_now_so(signed_in, groups):
    answer = signed_in.post(reverse("group.rename", args=[pk_of("alpha")]), {"name": "gamma"}, follow=True)
    assert answer.redirect_chain == [(reverse("group.list"), 302)]
    assert "已改名。" in answer.content.decode()
    assert Group.objects.filter(name="gamma").exists()


def test_form_error_stands_beside_the_field_and_keeps_the_input(signed_in, groups):
    answer = signed_in.post(reverse("group.rename", args=[pk_of("alpha")]), {"name": "n" * 11})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "最多 10 个字，现在是 11 个字。" in text
    assert "n" * 11 in text
    assert 'href="#id_name"' in text


def test_domain_error_becomes_a_form_error(signed_in, groups):
    answer = signed_in.post(reverse("group.rename", args=[pk_of("alpha")]), {"name": "taken"})
    assert answer.status_code == 422
    assert "这个名称已经有了。" in answer.content.decode()


def test_conflict_is_a_page_that_says_what_happened(signed_in, groups):
    answer = signed_in.post(reverse("group.rename", args=[pk_of("alpha")]), {"name": "stale"})
    assert answer.status_code == 409
    assert "已被别人改名为“新名”。" in answer.content.decode()


# --- acts -----------------------------------------------------------------------------------------
def test_act_is_post_only(signed_in, groups):
    assert signed_in.get(reverse("group.close", args=[pk_of("alpha")])).status_code == 405
    assert sample_site.HANDLED == []


def test_act_redirects_with_its_message_and_htmx_is_told_where_to_go(signed_in, groups):
    assert "已关闭。" in signed_in.post(reverse("group.close", args=[pk_of("alpha")]), follow=True).content.decode()
    answer = signed_in.post(reverse("group.close", args=[pk_of("beta")]), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("group.list")
    assert sample_site.HANDLED == ["alpha", "beta"]


def test_act_that_the_domain_refuses_shows_the_reason_on_the_page_it_came_from(signed_in, groups):
    answer = signed_in.post(reverse("group.close", args=[pk_of("bad")]), follow=True)
    assert "还有成员，不能关闭。" in answer.content.decode()


# --- bulk acts ------------------------------------------------------------------------------------
def test_bulk_act_shows_what_it_will_touch_before_it_does_it(signed_in, groups):
    chosen = [pk_of("alpha"), pk_of("locked")]
    text = signed_in.post(reverse("group.bulk_close"), {"selected": chosen}).content.decode()
    assert "将对以下 1 条办理“关闭”" in text
    assert "这个组已锁定。" in text
    assert sample_site.HANDLED == []
    signed_in.post(reverse("group.bulk_close"), {"selected": chosen, "confirmed": "1"})
    assert sample_site.HANDLED == ["alpha"], "a refused row is skipped also when it is posted"


def test_bulk_act_names_the_rows_that_failed(signed_in, groups):
    data = {"selected": [pk_of("alpha"), pk_of("bad")], "confirmed": "1"}
    text = signed_in.post(reverse("group.bulk_close"), data, follow=True).content.decode()
    assert "bad：还有成员，不能关闭。" in text
    assert sample_site.HANDLED == ["alpha"]


def test_bulk_act_without_a_choice_asks_for_one(signed_in, groups):
    text = signed_in.post(reverse("group.bulk_close"), {"selected": ["x"]}, follow=True).content.decode()
    assert "请先勾选" in text


# --- error pages ----------------------------------------------------------------------------------
def test_unknown_address_says_what_to_do(client, db):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_stale_page_without_csrf_token_says_that_nothing_was_sent(user, db):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = strict.post(reverse("group.bulk_close"), {"selected": [1]})
    assert answer.status_code == 403
    assert "刚才的提交没有生效" in answer.content.decode()


# --- files and history ----------------------------------------------------------------------------
def test_file_that_could_carry_script_is_saved_never_shown(signed_in, groups):
    answer = signed_in.get(reverse("group.file", args=[pk_of("alpha")]), {"inline": "1"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_pdf_is_shown_in_the_page_when_asked(signed_in, groups):
    url = reverse("group.file", args=[pk_of("beta")])
    assert signed_in.get(url, {"inline": "1"})["Content-Disposition"].startswith("inline")
    assert signed_in.get(url)["Content-Disposition"].startswith("attachment")


def test_file_that_is_gone_is_404(signed_in, groups):
    assert signed_in.get(reverse("group.file", args=[pk_of("bad")])).status_code == 404


def test_history_without_events_says_so(signed_in, groups, all_rows):
    text = signed_in.get(reverse("group.history", args=[pk_of("alpha")])).content.decode()
    assert "还没有办理记录。" in text

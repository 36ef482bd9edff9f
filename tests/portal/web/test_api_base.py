"""The API base: policy on every action, one error shape, cursor pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured

from portal.web.api import PolicyViewSet

pytestmark = [pytest.mark.integration, pytest.mark.urls("tests.portal.web.sample_site")]


@pytest.fixture
def signed_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def groups(db):
    return {name: Group.objects.create(name=name) for name in ("alpha", "locked", "hidden")}


def error_of(answer):
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "fields"}
    return body["error"]


def rename(client, group, name):
    return client.post(f"/api/groups/{group.pk}/rename/", {"name": name}, content_type="application/json")


def test_list_holds_the_policys_rows_in_pages(signed_in, groups):
    body = signed_in.get("/api/groups/?page_size=1").json()
    assert [row["name"] for row in body["results"]] == ["locked"]
    assert body["previous"] is None
    following = signed_in.get(body["next"]).json()
    assert [row["name"] for row in following["results"]] == ["alpha"]
    assert following["next"] is None


def test_row_outside_the_policy_is_404_like_one_that_does_not_exist(signed_in, groups):
    for pk in (groups["hidden"].pk, 10**9):
        answer = signed_in.get(f"/api/groups/{pk}/")
        assert answer.status_code == 404
        assert error_of(answer)["code"] == "not_found"


def test_refused_action_says_why(signed_in, groups):
    answer = rename(signed_in, groups["locked"], "new")
    assert answer.status_code == 403
    assert error_of(answer) == {"code": "locked", "message": "这个组已锁定，不能改名。", "fields": {}}


@pytest.mark.parametrize(
    ("name", "status", "code", "fields"),
    [
        ("n" * 11, 400, "invalid", {"name"}),
        ("taken", 400, "invalid", {"name"}),
        ("stale", 409, "conflict", set()),
    ],
)
def test_errors_have_one_shape(signed_in, groups, name, status, code, fields):
    answer = rename(signed_in, groups["alpha"], name)
    assert answer.status_code == status
    error = error_of(answer)
    assert error["code"] == code
    assert set(error["fields"]) == fields


def test_act_answers_with_the_object_as_it_is_now(signed_in, groups):
    answer = rename(signed_in, groups["alpha"], "beta")
    assert answer.status_code == 200
    assert answer.json() == {"id": groups["alpha"].pk, "name": "beta"}


def test_stranger_and_wrong_method_get_the_same_shape(client, signed_in, groups):
    assert error_of(type(client)().get("/api/groups/"))["code"] in {"refused", "not_authenticated"}
    answer = signed_in.delete(f"/api/groups/{groups['alpha'].pk}/")
    assert answer.status_code == 405
    assert error_of(answer)["code"] == "method_not_allowed"


def test_broken_json_is_a_plain_error(signed_in, groups):
    answer = signed_in.post(f"/api/groups/{groups['alpha'].pk}/rename/", "{", content_type="application/json")
    assert answer.status_code == 400
    assert error_of(answer)["code"] == "invalid"


def test_viewset_without_policy_cannot_be_made():
    with pytest.raises(ImproperlyConfigured):
        type("Open", (PolicyViewSet,), {})


def test_viewset_action_without_policy_action_does_not_start(signed_in, groups, monkeypatch):
    from tests.portal.web.sample_site import GroupViewSet

    monkeypatch.setattr(GroupViewSet, "policy_actions", {"list": "view"})
    with pytest.raises(ImproperlyConfigured):
        signed_in.get(f"/api/groups/{groups['alpha'].pk}/")

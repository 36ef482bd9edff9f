"""Error pages speak to whoever reads them."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_missing_page_speaks_of_desks_only_to_those_who_have_one(client, desk_client, tianjin):
    outside, inside = client.get("/public/nowhere/"), desk_client(tianjin.filer).get("/desk/nowhere/")
    assert (outside.status_code, inside.status_code) == (404, 404)
    assert "切换工作台" not in outside.content.decode()
    assert "从首页重新进入" in outside.content.decode()
    assert "切换工作台" in inside.content.decode()

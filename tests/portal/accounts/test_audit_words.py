"""Events read as sentences people understand; the stored facts stay facts."""

from __future__ import annotations

import pytest

from portal.accounts import audit_words as words
from portal.audit.actions import all_actions

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("action", "facts", "text"),
    [
        (
            "accounts.organisation.changed",
            {"before": {"member_count": 10}, "after": {"member_count": 25}},
            "会员数：10 → 25",
        ),
        (
            "accounts.organisation.created",
            {"before": {}, "after": {"name": "甲工会", "kind": "joint", "short_name": "", "member_count": 0}},
            "名称：甲工会；组织类型：联合基层工会",
        ),
        (
            "accounts.organisation.moved",
            {"before": {"parent_name": "甲"}, "after": {"parent_name": "乙"}},
            "甲 → 乙",
        ),
        (
            "accounts.reporting_line.set",
            {"before": {}, "after": {"parent_name": "乙"}, "data": {"scheme": "s", "year": 2026}},
            "空 → 乙（s、2026）",
        ),
        ("accounts.membership.ended", {"role": "checker", "reason": "调离"}, "审核，调离"),
        ("accounts.membership.granted", {"before": {}, "after": {}, "data": {"role": "filer"}}, "填报"),
        (
            "accounts.employer.year_confirmed",
            {"before": {"is_above_scale": None}, "after": {"is_above_scale": True}, "year": 2025},
            "2025：规模以上：空 → 是",
        ),
        ("accounts.import.applied", {"data": {"file": "a.xlsx", "creates": 3, "updates": 0}}, "a.xlsx：新增3，更新0"),
        (
            "accounts.organisation.merged",
            {"into_name": "乙", "employers": 2, "members": 3},
            "并入“乙”，转出单位2个、人员3名",
        ),
    ],
)
def test_event_reads_the_same_in_the_history_and_in_the_whole_log(action, facts, text):
    describe = all_actions()[action].describe
    assert describe(facts) == text
    extra = {k: v for k, v in facts.items() if k not in {"before", "after", "data"}} | facts.get("data", {})
    change_set = {"before": facts.get("before", {}), "after": facts.get("after", {})}
    assert describe({**extra, **change_set}) == text
    assert describe({"data": extra, **change_set}) == text


def test_secrets_have_no_words():
    assert not {"password", "token", "token_hash"} & set(words.LABELS)

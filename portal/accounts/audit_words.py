"""How the events of this package read: facts are stored, words are made when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import EmergingKind, OrganisationKind, OwnershipClass, Role

LABELS: dict[str, Any] = {
    "name": gettext_lazy("名称"),
    "short_name": gettext_lazy("简称"),
    "code": gettext_lazy("内部编号"),
    "kind": gettext_lazy("组织类型"),
    "credit_code": gettext_lazy("统一社会信用代码"),
    "district_code": gettext_lazy("所在区"),
    "member_count": gettext_lazy("会员数"),
    "economic_type": gettext_lazy("经济类型"),
    "ownership": gettext_lazy("所有制"),
    "emerging_kind": gettext_lazy("三新和八大群体"),
    "industry": gettext_lazy("行业"),
    "address": gettext_lazy("经营地址"),
    "established_on": gettext_lazy("成立日期"),
    "employees": gettext_lazy("职工数"),
    "members": gettext_lazy("会员数"),
    "frontline": gettext_lazy("一线职工数"),
    "migrant": gettext_lazy("农民工数"),
    "revenue": gettext_lazy("营业收入（万元）"),
    "assets": gettext_lazy("资产总额（万元）"),
    "is_above_scale": gettext_lazy("规模以上"),
    "title": gettext_lazy("职务"),
    "email": gettext_lazy("电子邮箱"),
    "phone": gettext_lazy("手机"),
    "day": gettext_lazy("日期"),
    "is_workday": gettext_lazy("调休上班"),
}
WORDS: dict[str, Any] = {
    "kind": OrganisationKind,
    "ownership": OwnershipClass,
    "emerging_kind": EmergingKind,
    "role": Role,
}


def shown(key: str, value: Any) -> str:
    """A stored value as people read it."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if value in (None, ""):
        return str(_("空"))
    known = WORDS.get(key)
    return str(known(value).label) if known is not None and value in known.values else str(value)


def changes(facts: Mapping[str, Any]) -> str:
    """``会员数：10 → 25；简称：空 → 精工``: what is known of the change set; new values alone on creation."""
    before, after = facts.get("before") or {}, facts.get("after") or {}
    parts = []
    for key, new in after.items():
        if key not in LABELS or (key not in before and new in (None, "", 0, False)):
            continue
        old = f"{shown(key, before[key])} → " if key in before else ""
        parts.append(f"{LABELS[key]}：{old}{shown(key, new)}")
    return "；".join(parts)


def _data(facts: Mapping[str, Any], key: str) -> Any:
    """Extra facts stand beside the change set, or in ``data`` of the whole log."""
    inner = facts.get("data")
    return facts.get(key) if key in facts else (inner or {}).get(key)


def new_parent(facts: Mapping[str, Any]) -> str:
    before, after = (facts.get(key) or {} for key in ("before", "after"))
    old, new = before.get("parent_name"), after.get("parent_name")
    scope = "、".join(str(v) for v in (_data(facts, "scheme"), _data(facts, "year")) if v)
    text = f"{old or _('空')} → {new}" if new else str(old or "")
    return f"{text}（{scope}）" if scope else text


def merged(facts: Mapping[str, Any]) -> str:
    return _("并入“%(name)s”，转出单位%(e)s个、人员%(m)s名") % {
        "name": _data(facts, "into_name"),
        "e": _data(facts, "employers") or 0,
        "m": _data(facts, "members") or 0,
    }


def role(facts: Mapping[str, Any]) -> str:
    held = _data(facts, "role") or (facts.get("after") or {}).get("role")
    reason = _data(facts, "reason")
    return "，".join(part for part in (shown("role", held) if held else "", reason) if part)


def year(facts: Mapping[str, Any]) -> str:
    number = _data(facts, "year") or (facts.get("after") or {}).get("year")
    return f"{number}：{changes(facts)}" if changes(facts) else str(number)


def named(*keys: str) -> Any:
    """The extra facts of these keys, one after the other."""
    return lambda facts: "，".join(str(v) for key in keys if (v := _data(facts, key)))


def imported(facts: Mapping[str, Any]) -> str:
    return _("%(file)s：新增%(c)s，更新%(u)s") % {
        "file": _data(facts, "file"),
        "c": _data(facts, "creates"),
        "u": _data(facts, "updates"),
    }

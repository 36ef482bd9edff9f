"""docs/roles.md out of the policies themselves: what each role may do at each level, asked without an object."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from portal.accounts.enums import LEVEL_OF_KIND, ROLES_AT_LEVEL, OrganisationKind, Role, UnionLevel
from portal.core.context import Actor, Desk
from portal.core.policies import Policy, all_policies

# One kind of organisation stands for its level.
KIND_OF_LEVEL = {
    UnionLevel.MUNICIPAL: OrganisationKind.MUNICIPAL,
    UnionLevel.DISTRICT: OrganisationKind.DISTRICT,
    UnionLevel.SUBDISTRICT: OrganisationKind.ZONE,
    UnionLevel.GRASSROOTS: OrganisationKind.GRASSROOTS,
    UnionLevel.TEAM: OrganisationKind.TEAM,
}
LEVEL_NAMES = {
    UnionLevel.MUNICIPAL: "市",
    UnionLevel.DISTRICT: "区·局·集团",
    UnionLevel.SUBDISTRICT: "功能区·街镇",
    UnionLevel.GRASSROOTS: "基层",
    UnionLevel.TEAM: "班组",
}
HEAD = """# 角色与权限

本表由 `python manage.py roles_doc` 从权限策略生成，请勿手工修改；`tests/portal/accounts/test_roles_doc.py` 检查它与代码一致。

- 权限由“角色 × 组织在树上的位置 × 对象状态”算出，不单独保存；表中是第一步：这个层级的这个角色**有没有可能**办理该事项。
- “●”可以办理，“·”不可以。具体对象还要看是否在管理范围内、是否由本组织办理、现在的状态是否允许；不允许时页面会说明原因。
- 管理范围以外的对象一律答复“没有这个页面”，不透露其是否存在。
- 同一组织内，“管理”与“审计”“监督”不能由同一人兼任；市级工作台必须启用动态口令。
- 少数不能从角色推出的授权（例如请人旁观某个组织）由管理员单独授予并留痕，见 `portal/accounts/grants.py`。
"""


def columns() -> list[tuple[UnionLevel, Role]]:
    """Every role at every level that has it, from the federation down."""
    return [(level, role) for level in UnionLevel for role in ROLES_AT_LEVEL[level]]


def example(level: UnionLevel, role: Role) -> Actor:
    """Somebody who holds the role at an organisation of the level; no database is asked."""
    kind = KIND_OF_LEVEL[level]
    if LEVEL_OF_KIND[kind] != level:
        raise AssertionError(f"{kind} does not stand for {level}")
    desk = Desk(
        membership_id=0,
        organisation_id=0,
        organisation_name=level.label,
        organisation_path="0000001/",
        level=level,
        kind=kind,
        role=role,
    )
    return Actor(user=SimpleNamespace(pk=0, is_active=True), desk=desk)


def roles_document() -> str:
    """The whole file."""
    parts = [HEAD, _role_list()]
    parts += [_table(name, policy) for name, policy in sorted(all_policies().items())]
    return "\n".join(parts)


def _role_list() -> str:
    lines = ["## 各层级设置的角色", "", "| 层级 | 角色 |", "| --- | --- |"]
    lines += [f"| {level.label} | {'、'.join(str(r.label) for r in ROLES_AT_LEVEL[level])} |" for level in UnionLevel]
    return "\n".join([*lines, ""])


def _table(name: str, policy: Policy) -> str:
    heads = [f"{LEVEL_NAMES[level]}<br>{role.label}" for level, role in columns()]
    title = (type(policy).__doc__ or "").strip().split("\n")[0]
    about = [title, ""] if title else []
    lines = [f"## {name}", "", *about, _row(["事项", *heads]), _row(["---", *[":-:"] * len(heads)])]
    lines += [_row([f"`{name}.{action}`", *_marks(policy, action)]) for action in policy.actions]
    return "\n".join([*lines, ""])


def _marks(policy: Policy, action: str) -> Iterable[str]:
    for level, role in columns():
        yield "●" if policy.can(example(level, role), action, None) else "·"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""The transition table: a maintainer reads the process here (design.md 3.5)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.lifecycle.engine.states import OPEN_STATES
from portal.lifecycle.engine.states import EntryState as S


@dataclass(frozen=True, slots=True)
class Transition:
    """``stage`` names the kinds of stage that must be open; empty = any time. ``to`` None = the effect decides.

    ``confidential``: its audit event is for the cycle's owner only. What a round decides is not read in an entry's
    history by its unit before the notice tells everybody.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    to: str | None
    stage: tuple[str, ...]
    policy_action: str
    audit_action: str
    needs_reason: bool = False
    confidential: bool = False


CONFIDENTIAL = frozenset({"complete_review", "select", "reserve", "pass_over", "promote"})


def _t(name, label, sources, to, stage, policy_action, audit, *, needs_reason=False):  # noqa: PLR0917 -- rows of a table
    return Transition(
        name,
        label,
        tuple(str(s) for s in sources),
        to,
        tuple(stage),
        policy_action,
        f"lifecycle.entry.{audit}",
        needs_reason,
        name in CONFIDENTIAL,
    )


TRANSITIONS: dict[str, Transition] = {
    t.name: t
    for t in (
        _t("submit", "提交申报", [S.DRAFT, S.RETURNED], S.SUBMITTED, ["application"], "entry.submit", "submitted"),
        _t(
            "return",
            "退回补正",
            [S.SUBMITTED],
            S.RETURNED,
            ["recommendation"],
            "entry.return",
            "returned",
            needs_reason=True,
        ),
        # The winner of an edition below enters at the station above the union that ran it.
        _t(
            "forward",
            "由下级届次推荐",
            [S.DRAFT],
            None,
            ["recommendation"],
            "edition.forward",
            "forwarded",
        ),
        _t("endorse", "同意推荐", [S.SUBMITTED], None, ["recommendation"], "entry.endorse", "endorsed"),
        _t(
            "decline",
            "不予推荐",
            [S.SUBMITTED],
            S.DECLINED,
            ["recommendation"],
            "entry.decline",
            "declined",
            needs_reason=True,
        ),
        _t(
            "begin_review",
            "进入评审",
            [S.RECOMMENDED, S.SUBMITTED],
            S.IN_REVIEW,
            ["review"],
            "cycle.run",
            "review_begun",
        ),
        _t("complete_review", "完成评审", [S.IN_REVIEW], S.REVIEWED, ["review"], "cycle.run", "review_completed"),
        _t(
            "select",
            "拟入选",
            [S.REVIEWED, S.RECOMMENDED, S.SUBMITTED],
            S.SELECTED,
            ["selection"],
            "round.approve",
            "selected",
        ),
        _t(
            "reserve",
            "列为递补",
            [S.REVIEWED, S.RECOMMENDED, S.SUBMITTED],
            S.RESERVE,
            ["selection"],
            "round.approve",
            "reserved",
        ),
        _t(
            "pass_over",
            "未入选",
            [S.REVIEWED, S.RECOMMENDED, S.SUBMITTED],
            S.NOT_SELECTED,
            ["selection"],
            "round.approve",
            "passed_over",
        ),
        _t("promote", "递补入选", [S.RESERVE], S.SELECTED, ["selection", "notice"], "round.approve", "promoted"),
        _t("publish", "列入公示", [S.SELECTED], S.IN_NOTICE, ["notice"], "notice.publish", "published"),
        _t("confirm", "公示无异议", [S.IN_NOTICE], S.CONFIRMED, ["notice"], "notice.close", "confirmed"),
        _t(
            "disqualify",
            "取消资格",
            OPEN_STATES,
            S.DISQUALIFIED,
            [],
            "entry.disqualify",
            "disqualified",
            needs_reason=True,
        ),
        _t("confer", "命名", [S.CONFIRMED, S.SELECTED], S.CONFERRED, ["conferral"], "conferral.issue", "conferred"),
        _t("revoke", "撤销", [S.CONFERRED], S.REVOKED, [], "conferral.revoke", "revoked", needs_reason=True),
        _t(
            "withdraw",
            "撤回申报",
            [S.DRAFT, S.SUBMITTED, S.RETURNED, S.RECOMMENDED, S.IN_REVIEW],
            S.WITHDRAWN,
            [],
            "entry.withdraw",
            "withdrawn",
        ),
    )
}

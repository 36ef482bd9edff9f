"""How a filing moves: the one table of states. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from competitions.filings.enums import FilingState as S


@dataclass(frozen=True, slots=True)
class Step:
    """``title`` is what the history of the filing says, ``action`` what the audit log calls it."""

    code: str
    before: tuple[str, ...]
    after: str
    title: str
    action: str


STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step("file", (S.DRAFT, S.RETURNED), S.FILED, "报上级备案", "competitions.filing.file"),
        Step(
            "adopt", (S.DRAFT,), S.ACCEPTED, "本级立项", "competitions.filing.adopt"
        ),  # a federation has nobody above it
        Step("accept", (S.FILED,), S.ACCEPTED, "同意备案", "competitions.filing.accept"),
        Step("return", (S.FILED,), S.RETURNED, "退回补正", "competitions.filing.return"),
        Step("start", (S.ACCEPTED,), S.RUNNING, "竞赛启动", "competitions.filing.start"),
        Step("summarise", (S.RUNNING,), S.SUMMARISED, "总结通过", "competitions.filing.summarise"),
        Step("archive", (S.SUMMARISED,), S.ARCHIVED, "归档", "competitions.filing.archive"),
        Step(
            "withdraw", (S.DRAFT, S.FILED, S.RETURNED, S.ACCEPTED), S.WITHDRAWN, "撤回", "competitions.filing.withdraw"
        ),
    )
}
EDITABLE = (S.DRAFT, S.RETURNED)
AMENDABLE = (S.ACCEPTED, S.RUNNING)


def after(code: str, state: str) -> str | None:
    """The state that step ``code`` leads to from ``state``; None when it does not begin there."""
    step = STEPS[code]
    return step.after if state in step.before else None

"""Lists of the selection room. Sorting changes what is read first, never an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.review.tables import stage_badge
from portal.lifecycle.selection.models import Outcome, RoundStatus
from portal.web.columns import Column, DateTimeColumn, DueColumn, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Action, Bulk, Empty

STATUS_TONES = {
    RoundStatus.DRAFT: "waiting",
    RoundStatus.BLOCKED: "stopped",
    RoundStatus.APPROVED: "ok",
    RoundStatus.REJECTED: "neutral",
    RoundStatus.SUPERSEDED: "neutral",
}
OUTCOME_TONES = {
    Outcome.SELECTED: "ok",
    Outcome.RESERVE: "waiting",
    Outcome.NOT_SELECTED: "neutral",
    Outcome.UNDECIDED: "stopped",
}
CRITERION = "criterion_"


@dataclass(frozen=True)
class Status:
    """What ``state_badge`` shows."""

    label: Any
    tone: str


def round_status(status: str) -> Status:
    return Status(RoundStatus(status).label, STATUS_TONES[RoundStatus(status)])


def open_question(round_: Any) -> str:
    """What people still have to settle, in a word: lines of a batch, or ties of a ranking."""
    if not round_.needs_decision:
        return ""
    ties = [question for question in round_.needs_decision if question["kind"] in {"place", "reserve"}]
    return str(_("%(n)s组并列待议定") % {"n": len(ties)}) if ties else str(_("名单待议定"))


def round_badge(status: str) -> Any:
    return badge(RoundStatus(status).label, tone=STATUS_TONES[RoundStatus(status)])


class StageTable(Table):
    cycle = LinkColumn(_("届次"), url="lifecycle:round.stage", sort="cycle__year")
    stage_status = Column(_("环节状态"), accessor="get_status_display", sort="status", phone="fact")
    waiting = NumberColumn(_("待评选"), sort="waiting", phone="fact")
    rounds = NumberColumn(_("轮次"), accessor="round_count", sort="round_count")
    last_status = Column(_("最近一轮"), phone="fact")
    closes = DueColumn(
        _("环节截止"), accessor="closes_at", sort="closes_at", open_while=lambda stage: stage.status == "open"
    )

    class Meta:
        default_sort = "turn"
        numbered = True
        empty = Empty(
            _("还没有评选环节"), _("主办的届次设有评选环节时，会在这里产生和审定评选结果。"), icon="list-numbers"
        )
        row_action = "open"

    def render_stage_status(self, row: Any, value: Any) -> Any:
        return stage_badge(row)

    def render_last_status(self, row: Any, value: Any) -> Any:
        if not value:
            return "—"
        return format_html("{} {}", _("第%(n)s轮") % {"n": row.last_number}, round_badge(value))

    def export_last_status(self, row: Any, value: Any) -> str:
        return str(RoundStatus(value).label) if value else ""

    def open(self, row: Any) -> Action | None:
        if row.last_status in {RoundStatus.DRAFT, RoundStatus.BLOCKED} and may(self.actor, "round.approve", row):
            return Action(_("审定"), reverse("lifecycle:round.detail", args=[row.last_round]), kind="primary")
        return None


class StageFilters(FilterSet):
    q = SearchFilter(_("届次"), fields=("cycle__label", "cycle__programme__title"))
    status = ChoiceFilter(
        _("环节状态"), choices=[("pending", _("未开始")), ("open", _("进行中")), ("closed", _("已完成"))]
    )


class RoundTable(Table):
    number = LinkColumn(_("轮次"), url="lifecycle:round.detail", css="cell-name")
    status = Column(_("状态"), phone="fact")
    entries = NumberColumn(_("参评"), accessor="entry_count")
    selected = NumberColumn(_("入选"), accessor="selected_count", phone="fact")
    reserve = NumberColumn(_("递补"), accessor="reserve_count")
    created_at = DateTimeColumn(_("产生时间"))
    decided = Column(_("审定"), accessor="decided_by")
    note = Column(_("意见"), accessor="decision_note", width="wide")

    class Meta:
        numbered = False
        caption = _("历次评选")
        empty = Empty(_("还没有产生评选结果"), _("评审全部完成后，点“产生评选结果”。"), icon="list-numbers")

    def render_number(self, row: Any, value: Any) -> Any:
        url = reverse("lifecycle:round.detail", args=[row.pk])
        return format_html('<a class="row-link" href="{}">{}</a>', url, _("第%(n)s轮") % {"n": value})

    def render_status(self, row: Any, value: Any) -> Any:
        note = open_question(row)
        return format_html("{} {}", round_badge(value), badge(note, tone="stopped") if note else "")


class DecisionTable(Table):
    """One line per entry: rank, marks, flags, outcome and why."""

    rank = NumberColumn(_("名次"), sort="rank", phone="fact")
    title = LinkColumn(
        _("名称"),
        accessor="entry.title",
        url="lifecycle:review.entry",
        kwargs={"pk": "entry_id"},
        sort="entry__title",
        width="wide",
    )
    organisation = Column(_("申报单位"), accessor="entry.organisation.name")
    nominating = Column(_("推荐工会"), accessor="entry.nominating.label")
    track = Column(_("类别"), accessor="track.title", sort="track__position")
    total = Column(_("总分"), align="end", sort="total", phone="fact")
    votes = Column(_("得票（参考）"), align="end")
    asked = Column(_("申请金额（元）"), align="end")
    amount = Column(_("核定金额（元）"), align="end", sort="amount", phone="fact")
    outcome = Column(_("结果"), sort="outcome", phone="fact")
    reason = Column(_("理由"), phone="fact", css="cell-reason")
    flags = Column(_("提示"))

    class Meta:
        default_sort = "rank"
        numbered = False
        caption = _("评选决定表")
        row_tone = "tone"
        empty = Empty(_("本轮没有参评的申报件"))

    def tone(self, row: Any) -> str:
        return "selected" if row.outcome == Outcome.SELECTED else ""

    def shown_columns(self) -> list[Column]:
        hidden = set() if self.context.get("by_track") else {"track"}
        if not self.context.get("criteria"):
            hidden |= {"rank", "total"}  # nobody gave marks
        if self.context.get("votes") is None:
            hidden.add("votes")
        if not self.context.get("budget"):
            hidden |= {"asked", "amount"}
        if not self.context.get("export"):
            hidden |= {"organisation", "nominating"}  # on the page they stand below the name
            if not any(self.flags_of(row) for row in self.rows):
                hidden.add("flags")
        columns = [c for c in super().shown_columns() if c.name not in hidden]
        extra = []
        for criterion in self.context.get("criteria", ()):
            column = Column(criterion["title"], align="end", width="narrow")
            column.name = f"{CRITERION}{criterion['code']}"
            extra.append(column)
        place = next((i for i, c in enumerate(columns) if c.name == "total"), 0)
        return columns[:place] + extra + columns[place:]

    def value(self, record: Any, column: Column) -> Any:
        if column.name.startswith(CRITERION):
            return record.details.get("criteria", {}).get(column.name.removeprefix(CRITERION))
        if column.name == "votes":
            return self.context["votes"].get(record.entry_id, 0)
        if column.name == "asked":
            return record.details.get("asked")
        return None if column.name == "flags" else super().value(record, column)

    def render_asked(self, row: Any, value: Any) -> str:
        return f"{Decimal(value):,.2f}" if value else "—"

    def render_amount(self, row: Any, value: Any) -> Any:
        return format_html("<strong>{}</strong>", f"{value:,.2f}") if value is not None else "—"

    def render_title(self, row: Any, value: Any) -> Any:
        url = reverse("lifecycle:review.entry", args=[row.entry_id])
        if not row.entry.review_code:  # never reviewed: the entry itself
            url = reverse("lifecycle:entry.detail", kwargs={"code": row.entry.code})
        union = row.entry.nominating.label if row.entry.nominating else ""
        below = " · ".join(part for part in (row.entry.organisation.name, union) if part)
        return format_html('<a class="row-link" href="{}">{}</a><span class="cell-sub">{}</span>', url, value, below)

    def render_total(self, row: Any, value: Any) -> Any:
        return format_html("<strong>{}</strong>", f"{value:.2f}") if value is not None else "—"

    def render_outcome(self, row: Any, value: Any) -> Any:
        number = f" {row.order}" if row.order and row.outcome == Outcome.RESERVE else ""
        return badge(f"{row.get_outcome_display()}{number}", tone=OUTCOME_TONES[Outcome(value)])

    def export_outcome(self, row: Any, value: Any) -> str:
        return str(row.get_outcome_display())

    def flags_of(self, row: Any) -> list[tuple[str, str]]:
        details, found = row.details, []
        titles = self.context.get("ratios", {})
        found += [(titles[code], "info") for code in details.get("groups", []) if code in titles]
        if details.get("outliers"):
            found.append((str(_("离群 %(n)s")) % {"n": details["outliers"]}, "waiting"))
        if details.get("below_floor"):
            found.append((str(_("低于单项下限")), "stopped"))
        if details.get("history"):
            found.append((str(_("审定后变更")), "waiting"))
        return found

    def render_flags(self, row: Any, value: Any) -> Any:
        return format_html_join(" ", "{}", ((badge(text, tone=tone),) for text, tone in self.flags_of(row)))

    def export_flags(self, row: Any, value: Any) -> str:
        return "、".join(text for text, _tone in self.flags_of(row))

    def render_reason(self, row: Any, value: Any) -> Any:
        """What was decided first stays readable: before → after."""
        history = row.details.get("history", [])
        if not history:
            return value
        before = Outcome(history[-1]["outcome"]).label
        return format_html(
            '{}<br><span class="muted">{}</span>',
            value,
            _("原为“%(o)s”：%(r)s") % {"o": before, "r": history[-1]["reason"]},
        )


class LinesTable(DecisionTable):
    """The decision table while people decide the list, line by line or several at once."""

    class Meta:
        default_sort = "rank"
        numbered = True
        caption = _("逐件议定")
        row_tone = "tone"
        empty = Empty(_("本轮没有参评的申报件"))
        selectable = True
        row_action = "decide"
        bulk = (Bulk(_("议定所选"), "lifecycle:round.lines", icon="gavel", policy_action="round.approve"),)

    def decide(self, row: Any) -> Action | None:
        if row.details.get("cause") == "ineligible":
            return None
        label = _("议定") if row.outcome == Outcome.UNDECIDED else _("改议")
        return Action(label, reverse("lifecycle:round.line", args=[row.round_id, row.entry_id]))


class UnmarkedTable(DecisionTable):
    """A decided list where nobody gave marks: in the order of the codes."""

    class Meta:
        default_sort = "entry__code"
        numbered = True
        caption = _("评选决定表")
        row_tone = "tone"
        empty = Empty(_("本轮没有参评的申报件"))


class UnmarkedLinesTable(LinesTable):
    class Meta:
        default_sort = "entry__code"
        numbered = True
        caption = _("逐件议定")
        row_tone = "tone"
        empty = Empty(_("本轮没有参评的申报件"))
        selectable = True
        row_action = "decide"
        bulk = LinesTable.Meta.bulk


class DecisionFilters(FilterSet):
    q = SearchFilter(_("名称、单位、编号"), fields=("entry__title", "entry__organisation__name", "entry__code"))
    outcome = ChoiceFilter(_("结果"), choices=Outcome.choices)

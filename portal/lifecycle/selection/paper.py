"""The meeting's paper of a round as an official document. Visits and votes are quoted for reference, never counted."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.lifecycle.review.visits.queries import conclusions_of
from portal.lifecycle.review.vote.queries import votes_of_stage
from portal.lifecycle.selection import queries
from portal.lifecycle.selection.models import Outcome
from portal.lifecycle.selection.ratios import ratios_of
from portal.lifecycle.selection.snapshot import has_marks, is_batch, is_budget
from portal.reports.official import OfficialPaper

if TYPE_CHECKING:
    from portal.lifecycle.selection.models import Selection, SelectionRound

WIDTH = 156  # of the text on the page, in millimetres
NAME = 40  # least width of the names


@dataclass(frozen=True)
class References:
    """What stands beside the marks: conclusions of visits and votes by entry, None where the programme has none."""

    visits: dict[int, str] | None
    votes: dict[int, int] | None


def references_of(round_: SelectionRound, now: dt.datetime) -> References:
    """Filed visits and the count of a vote that has closed (three queries at most)."""
    cycle = round_.stage.cycle
    stage = cycle.stages.filter(kind="review").only("pk", "params").first()
    if stage is None:
        return References(None, None)
    visits = conclusions_of(cycle.pk) if stage.params.get("visit") else None
    return References(visits, votes_of_stage(stage.pk, now) if stage.params.get("vote") else None)


def paper_rows(round_: SelectionRound, limit: int) -> list[Selection]:
    """The round's lines in the order of the paper: by rank, within their track where tracks are ranked apart."""
    first = ["track__position"] if round_.snapshot["rule"]["by_track"] else []
    return list(queries.selections(round_).order_by(*first, F("rank").asc(nulls_last=True), "pk")[:limit])


def meeting_paper(round_: SelectionRound, *, now: dt.datetime, limit: int = 2000) -> io.BytesIO:
    """The .docx: how it came about, the table with one reason a line, what was settled, room for signatures."""
    paper, refs = OfficialPaper(), references_of(round_, now)
    rows = paper_rows(round_, limit)
    paper.title(_("%s评选情况") % round_.stage.cycle)
    paper.heading(_("一、基本情况"))
    paper.paragraphs("\n".join(_facts(round_, rows, refs)))
    paper.heading(_("二、评选情况表"))
    heads, widths = _columns(round_, refs)
    lines = [_line(round_, refs, number, row) for number, row in enumerate(rows, 1)]
    paper.table(heads, [line[: len(heads)] for line in lines], widths)
    if round_.settlements and not is_batch(round_.snapshot):
        paper.heading(_("三、并列议定"))
        paper.paragraphs("\n".join(f"{'、'.join(s['codes'])}：{s['reason']}" for s in round_.settlements))
    if round_.decision_note:
        paper.paragraphs(_("审定意见：%s") % round_.decision_note)
    paper.paragraphs(_("审定人：　　　　　　　　监督人员："))
    paper.signature(round_.stage.cycle.owner.name, localtime(round_.decided_at or round_.created_at).date())
    paper.note(_("冻结数据指纹 SHA-256 %s") % round_.sha256)
    return paper.save()


def _facts(round_: SelectionRound, rows: list[Selection], refs: References) -> list[str]:
    counts = queries.outcome_counts(round_)
    found = [
        _("第 %(n)s 轮，%(at)s产生，%(status)s。参评 %(all)s 件，拟入选 %(s)s 件，递补 %(r)s 件。") % {
            "n": round_.number, "at": localtime(round_.created_at).strftime("%Y年%-m月%-d日 %H:%M"),
            "status": round_.get_status_display(), "all": len(rows), "s": counts.get(Outcome.SELECTED, 0),
            "r": counts.get(Outcome.RESERVE, 0),
        }
    ]  # fmt: skip
    if is_batch(round_.snapshot):
        found.append(_("由会议逐件研究确定。"))
    meters = [
        f"{m['label']} {m['used']:,}" + (f"/{m['limit']:,}" if m["limit"] is not None else "") + m["unit"]
        for m in queries.meters(round_)
    ]
    found.append("；".join(meters) + "。")
    found += [f"{r.title}：{r.sentence}。" for r in ratios_of(round_)]
    if refs.visits is not None:
        told = list(refs.visits.values())
        kinds = "、".join(f"{kind} {told.count(kind)} 件" for kind in dict.fromkeys(told))
        found.append(_("实地考察已归档 %(n)s 件%(kinds)s，结论供会议参考。") % {
            "n": len(told), "kinds": f"（{kinds}）" if kinds else ""})  # fmt: skip
    if refs.votes is not None:
        found.append(_("投票共得 %s 票，仅供会议参考，不计入总分。") % f"{sum(refs.votes.values()):,}")
    return found


def _columns(round_: SelectionRound, refs: References) -> tuple[list[str], list[int]]:
    marked = has_marks(round_.snapshot)
    heads = [(_("名次") if marked else _("序号"), 15), (_("名称、申报单位"), 0)]
    heads += [(_("总分"), 16)] if marked else []
    heads += [(_("考察结论（参考）"), 22)] if refs.visits is not None else []
    heads += [(_("得票（参考）"), 16)] if refs.votes is not None else []
    heads += [(_("核定（元）"), 22)] if is_budget(round_.snapshot) else []
    heads += [(_("结果"), 19), (_("理由"), 36)]
    name = max(NAME, WIDTH - sum(width for _head, width in heads))
    return [str(head) for head, _w in heads], [width or name for _head, width in heads]


def _line(round_: SelectionRound, refs: References, number: int, row: Selection) -> list[str]:
    marked = has_marks(round_.snapshot)
    cells: list[Any] = [(row.rank or "—") if marked else number, f"{row.entry.title}（{row.entry.organisation.name}）"]
    if marked:
        cells.append("—" if row.total is None else f"{row.total:.2f}")
    if refs.visits is not None:
        cells.append(refs.visits.get(row.entry_id, "—"))
    if refs.votes is not None:
        cells.append(refs.votes.get(row.entry_id, 0))
    if is_budget(round_.snapshot):
        cells.append(f"{row.amount or Decimal(0):,.2f}")
    order = f" {row.order}" if row.order and row.outcome == Outcome.RESERVE else ""
    return [str(cell) for cell in [*cells, f"{row.get_outcome_display()}{order}", row.reason]]

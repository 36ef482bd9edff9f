"""Why a candidate is in, in reserve or out: one Chinese sentence each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from portal.lifecycle.selection.outcomes import RESERVE, SELECTED, QuotaRule
from portal.lifecycle.selection.ranking import TIE_LABELS, Ranked, Ranking, deciding_tie
from portal.lifecycle.selection.walking import Swap


def _plain(value: Decimal) -> str:
    return f"{value:f}"


class Explainer:
    """One Chinese sentence per candidate, without full stop, at most 300 characters."""

    def __init__(
        self,
        ranking: Ranking,
        rule: QuotaRule,
        results: Mapping[str, tuple[str, str]],
        swaps: Mapping[str, Swap] | None = None,
    ) -> None:
        self.ranking, self.rule, self.swaps = ranking, rule, swaps or {}
        self.ranked = {ranked.candidate.code: ranked for ranked in ranking.ranked} if self.swaps else {}
        self.last_in: dict[tuple[str, Decimal | None], Ranked] = {}  # last selected of a list with this total
        self.first_out: dict[tuple[str, Decimal | None], Ranked] = {}  # first one stopped by the places
        for ranked in ranking.ranked:
            key = ranking.list_of(ranked.candidate), ranked.candidate.total
            result, cause = results[ranked.candidate.code]
            if result == SELECTED:
                self.last_in[key] = ranked
            elif cause in {"places", "track_places"}:
                self.first_out.setdefault(key, ranked)

    def line(self, ranked: Ranked, result: str, cause: str, number: int | None) -> str:
        candidate = ranked.candidate
        fixed = {
            "no_total": "没有有效总分，不予入选",
            "below_floor": candidate.below_floor,
            "tie": f"{self._place(ranked)}并列，现有规则无法区分，待议定先后次序",
        }
        if cause in fixed:
            return fixed[cause]
        if cause == "below_minimum" and candidate.total is not None and self.rule.min_score is not None:
            return f"总分{_plain(candidate.total)}分，低于最低入选分{_plain(self.rule.min_score)}分，不予入选"
        if cause == "infeasible":
            several = len(self.swaps[candidate.code].titles) > 1
            return f"{self._because(candidate.code)}{'不能同时满足' if several else '无法满足'}，没有可行的名单，未入选"
        if cause == "quota" and result == SELECTED:
            return self._swapped_in(ranked)
        if result == SELECTED:
            return self._selected(ranked)
        end = f"转入递补第{number}位" if result == RESERVE else "未入选"
        return f"{self._stopped(ranked, cause)}，{end}"

    def _place(self, ranked: Ranked) -> str:
        return f"{'本组别' if self.ranking.by_track else ''}第{ranked.rank}名"

    def _selected(self, ranked: Ranked) -> str:
        places = self.rule.places
        if self.rule.track_places is not None:
            places = self.rule.track_places.get(ranked.candidate.track)
        if places is None:
            return f"达到入选条件（{self._place(ranked)}）"
        return f"按名次入选（{self._place(ranked)}，共{places}个名额）{self._won(ranked)}"

    def _won(self, ranked: Ranked) -> str:
        """Which comparison put the candidate before somebody with the same total who got no place."""
        key = self.ranking.list_of(ranked.candidate), ranked.candidate.total
        loser = self.first_out.get(key)
        tie = deciding_tie(ranked.candidate, loser.candidate, self.ranking.ties) if loser else ""
        if not loser or not tie or loser.rank < ranked.rank:
            return ""
        return f"；与第{loser.rank}名同分，经“{TIE_LABELS[tie]}”比较列前"

    def _stopped(self, ranked: Ranked, cause: str) -> str:
        if cause == "quota":
            return self._swapped_out(ranked)
        if cause == "employer":
            return f"{self._place(ranked)}，受“每个用人单位不超过{self.rule.cap_per_employer}名”限制"
        if cause == "cap":
            return f"{self._place(ranked)}，受“每家推荐单位不超过{self.rule.cap_per_nominating}名”限制"
        winner = self.last_in.get((self.ranking.list_of(ranked.candidate), ranked.candidate.total))
        tie = deciding_tie(ranked.candidate, winner.candidate, self.ranking.ties) if winner else ""
        if winner and tie and winner.rank < ranked.rank:
            return f"与第{winner.rank}名同分，经“{TIE_LABELS[tie]}”比较列后"
        scope, places = "", self.rule.places
        if cause == "track_places" and self.rule.track_places is not None:
            scope, places = "本组别", self.rule.track_places.get(ranked.candidate.track, 0)
        return f"名次列{'本组别' if self.ranking.by_track else ''}第{ranked.rank}位，超出{scope}{places}个名额"

    def _because(self, code: str) -> str:
        return "、".join(f"“{title}”" for title in self.swaps[code].titles)

    def _other(self, code: str) -> str:
        """The entry on the other side of a swap: 第5名（编号）."""
        other = self.ranked.get(self.swaps[code].other)
        return f"{self._place(other)}（{other.candidate.code}）" if other else ""

    def _swapped_in(self, ranked: Ranked) -> str:
        if ranked.candidate.code not in self.swaps:
            return f"按名次和各项比例入选（{self._place(ranked)}）"
        code = ranked.candidate.code
        return f"因{self._because(code)}，替代{self._other(code)}入选（{self._place(ranked)}）"

    def _swapped_out(self, ranked: Ranked) -> str:
        code = ranked.candidate.code
        other, most = self._other(code), self.swaps[code].most
        end = f"由{other}替代" if other else "不能列入" if most is None else f"最多只能选{most}名"
        return f"{self._place(ranked)}，因{self._because(code)}{end}"

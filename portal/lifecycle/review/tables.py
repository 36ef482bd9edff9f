"""Lists of the review room."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.engine.states import EntryState, facts
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.models import AssignmentState
from portal.lifecycle.review.queries.desk import is_blind
from portal.lifecycle.review.sheet import Sheet, StoredMark, make_sheet
from portal.web.columns import (
    BadgeColumn,
    BooleanColumn,
    Column,
    DueColumn,
    LinkColumn,
    NumberColumn,
)
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.formats import cn_short
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Action, Bulk, Empty

SHEET_TONES = {AssignmentState.OPEN: "waiting", AssignmentState.SUBMITTED: "ok", AssignmentState.RECUSED: "neutral"}


def sheet_state(assignment: Any) -> Any:
    return badge(assignment.get_state_display(), tone=SHEET_TONES[assignment.state])


class DeskTable(Table):
    """The expert's own sheets. No column, sort or search but the code, the state and one's own marks."""

    code = LinkColumn(
        _("评审编码"), accessor="entry.review_code", url="lifecycle:review.sheet", sort="entry__review_code"
    )
    title = Column(_("名称"), accessor="entry", phone="fact", width="wide")
    cycle = Column(_("届次"), accessor="panel.stage.cycle", phone="hide")
    place = NumberColumn(_("展示次序"), sort="place", phone="fact")
    marked = Column(_("已评项"), align="end", phone="fact")
    total = Column(_("我的总分"), align="end", phone="fact")
    state = Column(_("状态"), sort="state", phone="fact")

    class Meta:
        default_sort = "turn"
        numbered = True
        empty = Empty(
            _("还没有评审任务"),
            _("主办工会分配后，任务会出现在这里；如已接到通知，请与主办工会联系。"),
            icon="pencil-check",
        )
        row_action = "open"

    def _sheet(self, row: Any) -> Sheet:
        stage = row.panel.stage
        cache = self.context.setdefault("params", {})
        if stage.pk not in cache:
            cache[stage.pk] = params_of(stage)
        marks = {s.criterion: StoredMark(s.value, s.abstained) for s in row.scores.all()}
        return make_sheet(cache[stage.pk], marks, comment=row.comment)

    def value(self, record: Any, column: Any) -> Any:
        """A blind review shows no name in any cell."""
        if column.name == "title":
            return "" if is_blind(record.panel.stage) else str(record.entry)
        return super().value(record, column) if column.name not in {"marked", "total"} else None

    def shown_columns(self) -> list[Column]:
        blind = all(is_blind(row.panel.stage) for row in self.rows)
        cycles = {row.panel.stage.cycle_id for row in self.rows}
        hidden = ({"title"} if blind else set()) | ({"cycle"} if len(cycles) < 2 else set())
        if all(row.place is None for row in self.rows):
            hidden.add("place")
        return [column for column in super().shown_columns() if column.name not in hidden]

    def render_marked(self, row: Any, value: Any) -> str:
        sheet = self._sheet(row)
        return f"{sheet.done} / {len(sheet.lines)}"

    def render_total(self, row: Any, value: Any) -> str:
        sheet = self._sheet(row)
        return f"{sheet.total}" if sheet.done else "—"

    def render_state(self, row: Any, value: Any) -> Any:
        if row.is_open and any(s.value is not None or s.abstained for s in row.scores.all()):
            return badge(_("评分中"), tone="info")
        return sheet_state(row)

    def open(self, row: Any) -> Action:
        url = reverse("lifecycle:review.sheet", args=[row.pk])
        running = row.is_open and row.panel.stage.status == "open" and row.entry.state == EntryState.IN_REVIEW
        return Action(_("评分") if running else _("查看"), url, kind="primary" if running else "secondary")


class DeskFilters(FilterSet):
    q = SearchFilter(_("评审编码"), fields=("entry__review_code",))
    state = ChoiceFilter(
        _("状态"), choices=[(s.value, s.label) for s in (AssignmentState.OPEN, AssignmentState.SUBMITTED)]
    )
    panel = ChoiceFilter(
        _("评审组"),
        field="panel_id",
        choices=lambda f: [(str(p.panel_id), f"{p.cycle} · {p.name}") for p in f.context["panels"]],
    )


def stage_badge(stage: Any) -> Any:
    """未开始、进行中、已完成 as a word with its tone."""
    return badge(stage.get_status_display(), tone={"open": "waiting", "closed": "ok"}.get(stage.status, "neutral"))


class StageTable(Table):
    cycle = LinkColumn(_("届次"), url="lifecycle:review.stage", sort="cycle__year")
    status = Column(_("环节状态"), sort="status", phone="fact")
    waiting = NumberColumn(_("待进入评审"), sort="waiting")
    in_review = NumberColumn(_("评审中"), sort="in_review", phone="fact")
    reviewed = NumberColumn(_("已评审"), sort="reviewed")
    progress = Column(_("评分进度"), accessor="submitted", align="end", phone="fact")
    closes = DueColumn(
        _("环节截止"), accessor="closes_at", sort="closes_at", open_while=lambda stage: stage.status == "open"
    )

    class Meta:
        default_sort = "turn"
        numbered = True
        empty = Empty(_("还没有评审环节"), _("主办的届次设有专家评审环节时，会在这里组织评审。"), icon="pencil-check")

    def render_status(self, row: Any, value: Any) -> Any:
        return stage_badge(row)

    def render_progress(self, row: Any, value: Any) -> str:
        return f"{row.submitted} / {row.sheets}" if row.sheets else "—"

    def export_progress(self, row: Any, value: Any) -> str:
        return self.render_progress(row, value)


class StageFilters(FilterSet):
    q = SearchFilter(_("届次"), fields=("cycle__label", "cycle__programme__title"))
    status = ChoiceFilter(
        _("环节状态"), choices=[("pending", _("未开始")), ("open", _("进行中")), ("closed", _("已完成"))]
    )


class StateColumn(Column):
    """State of an entry with its tone."""

    def html(self, record: Any, value: Any) -> Any:
        return badge(EntryState(record.state).label, tone=facts(record.state).tone)

    def export_value(self, record: Any, value: Any) -> str:
        return str(EntryState(record.state).label)


class StageEntriesTable(Table):
    """Entries before, in and after the review, with the marks that are in (organiser's eyes only)."""

    code = Column(_("申报编号"), sort="code", phone="fact")
    review_code = Column(_("评审编码"), sort="review_code", phone="fact")
    title = LinkColumn(
        _("名称"), accessor="title", url="lifecycle:review.entry", kwargs={"pk": "pk"}, sort="title", width="wide"
    )
    organisation = Column(_("申报单位"), accessor="organisation.name", sort="organisation__name")
    nominating = Column(_("推荐工会"), accessor="nominating.label")
    state = StateColumn(_("状态"), sort="state", phone="fact")
    sheets = Column(_("评分进度"), align="end", sort="submitted", phone="fact")
    spread = Column(_("分差"), align="end")
    outliers = Column(_("离群"), align="end")
    total = Column(_("综合得分"), align="end")

    class Meta:
        default_sort = "code"
        numbered = True
        selectable = True
        bulk = (
            Bulk(_("进入评审"), "lifecycle:review.begin", icon="player-play", policy_action="cycle.run"),
            Bulk(_("完成评审"), "lifecycle:review.complete", icon="checks", policy_action="cycle.run"),
            Bulk(_("整组复评"), "lifecycle:remarking.selected", icon="refresh", policy_action="review.organise"),
        )
        empty = Empty(_("还没有可以评审的申报件"), _("推荐完成的申报件会出现在这里，勾选后办理“进入评审”。"))

    def _score(self, row: Any) -> Any:
        marks = self.context.get("marks")
        return marks.score(row.pk) if marks is not None and row.submitted else None

    def value(self, record: Any, column: Any) -> Any:
        return None if column.name in {"spread", "outliers", "total"} else super().value(record, column)

    def render_sheets(self, row: Any, value: Any) -> Any:
        if row.state not in {EntryState.IN_REVIEW, EntryState.REVIEWED}:
            return "—"
        text = f"{row.submitted} / {row.sheets}"
        return format_html("{} {}", text, badge(_("回避 %(n)s") % {"n": row.recused})) if row.recused else text

    def export_sheets(self, row: Any, value: Any) -> str:
        return f"{row.submitted}/{row.sheets}"

    def render_spread(self, row: Any, value: Any) -> str:
        score = self._score(row)
        values = [e.value for e in score.experts if e.value is not None] if score else []
        return f"{max(values) - min(values)}" if len(values) > 1 else "—"

    def render_outliers(self, row: Any, value: Any) -> Any:
        score = self._score(row)
        found = len(score.outliers) if score else 0
        return badge(str(found), tone="waiting", icon="alert-circle") if found else "—"

    def render_total(self, row: Any, value: Any) -> str:
        score = self._score(row)
        return f"{score.total}" if score and score.is_complete else "—"

    export_spread, export_total = render_spread, render_total

    def export_outliers(self, row: Any, value: Any) -> int:
        score = self._score(row)
        return len(score.outliers) if score else 0


class StageEntriesFilters(FilterSet):
    q = SearchFilter(_("名称、编号、评审编码、单位"), fields=("title", "code", "review_code", "organisation__name"))
    state = ChoiceFilter(
        _("状态"),
        choices=[(s.value, s.label) for s in (EntryState.RECOMMENDED, EntryState.IN_REVIEW, EntryState.REVIEWED)],
    )
    track = ModelFilter(_("类别"), field="track_id", queryset=lambda filters: filters.context["tracks"])
    late = BooleanFilter(
        _("评分未齐"),
        apply=lambda rows, filters: rows.filter(state="in_review", submitted__lt=filters.context["per_entry"]),
    )
    reserve = ChoiceFilter(
        _("推荐类型"), field="is_reserve_nomination", choices=[("False", _("正选")), ("True", _("递补"))]
    )

    class Meta:
        drawer = ("track", "reserve")


class ExpertTable(Table):
    name = LinkColumn(_("姓名"), accessor="user.name", url="lifecycle:review.expert", sort="user__name")
    unit = Column(_("工作单位"), sort="unit_name", phone="fact")
    title = Column(_("职称（职务）"))
    fields = Column(_("专业领域"), width="wide")
    all_sheets = NumberColumn(_("承担件数"), sort="all_sheets", phone="fact")
    open_sheets = NumberColumn(_("待评"), sort="open_sheets")
    max_load = NumberColumn(_("上限"), sort="max_load")
    conflicts = NumberColumn(_("回避单位"), sort="conflicts")
    is_active = BooleanColumn(_("在库"), sort="is_active")

    class Meta:
        default_sort = "user__name"
        numbered = True
        empty = Empty(
            _("专家库还是空的"), _("先在“组织与人员”中邀请专家（角色选“评审专家”），再点“专家入库”。"), icon="users"
        )

    def value(self, record: Any, column: Any) -> Any:
        match column.name:
            case "unit":
                return record.unit_name or (record.unit.name if record.unit else "")
            case "fields":
                return "、".join(record.fields)
        return super().value(record, column)


class ExpertFilters(FilterSet):
    q = SearchFilter(_("姓名、单位、领域"), fields=("user__name", "unit_name", "unit__name", "fields"))
    is_active = ChoiceFilter(_("在库"), choices=[("True", _("在库")), ("False", _("停用"))])


class PanelTable(Table):
    name = LinkColumn(_("评审组"), url="lifecycle:review.matrix")
    track = Column(_("评审范围"), phone="fact")
    members = NumberColumn(_("成员"), accessor="member_count")
    chair = Column(_("组长"), accessor="chair_name")
    progress = Column(_("评分进度"), align="end", phone="fact")
    recused = NumberColumn(_("回避"))
    due_at = DueColumn(_("评分截止"), phone="fact")

    class Meta:
        numbered = True
        empty = Empty(_("还没有评审组"), _("先设立评审组并选定专家，再分配评审任务。"), icon="users-group")
        row_action = "matrix"

    def value(self, record: Any, column: Any) -> Any:
        match column.name:
            case "track":
                return record.track.title if record.track else _("全部申报件")
            case "progress":
                return f"{record.submitted} / {record.sheets}"
            case "due_at":
                return record.due_at or record.stage.closes_at
        return super().value(record, column)

    def matrix(self, row: Any) -> Action:
        return Action(_("分配任务"), reverse("lifecycle:review.matrix", args=[row.pk]))


class ExpertProgressTable(Table):
    """Per expert: done, open, recused."""

    name = Column(_("专家"), phone="title", css="cell-name")
    panel = Column(_("评审组"), phone="fact")
    done = NumberColumn(_("已提交"), phone="fact")
    open = NumberColumn(_("待评"), phone="fact")
    recused = NumberColumn(_("回避"))
    last = Column(_("最近评分"))
    due_at = DueColumn(_("截止"))
    status = BadgeColumn(_("进度"))

    class Meta:
        numbered = True
        caption = _("各专家评审进度")
        empty = Empty(_("还没有分配评审任务"), _("在“评审组”中设立评审组，再分配任务。"), icon="users")

    def value(self, record: Any, column: Any) -> Any:
        return None if column.name == "status" else super().value(record, column)

    def render_last(self, row: Any, value: Any) -> str:
        return cn_short(value)

    def render_status(self, row: Any, value: Any) -> Any:
        if not row.open:
            return badge(_("已完成"), tone="ok", icon="check")
        now = self.context.get("now")
        if now and row.due_at and row.due_at < now:
            return badge(_("已逾期"), tone="stopped", icon="clock")
        return badge(_("评审中") if row.done else _("未开始"), tone="info" if row.done else "waiting")

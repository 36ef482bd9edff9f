"""Lists of cycles and programmes."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import UNIT_LEVELS, UnionLevel
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.engine.registry import registry
from portal.lifecycle.programmes import queries
from portal.lifecycle.programmes.models import Cycle, CycleStatus, Programme, StageStatus
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.formats import DASH, cn_moment
from portal.web.tables import Table
from portal.web.templatetags.display import due_badge
from portal.web.ui import Badge, Empty

CYCLE_TONES = {
    CycleStatus.PLANNED: "neutral",
    CycleStatus.RUNNING: "info",
    CycleStatus.FINISHED: "ok",
    CycleStatus.CANCELLED: "stopped",
}
STAGE_TONES = {StageStatus.PENDING: "neutral", StageStatus.OPEN: "info", StageStatus.CLOSED: "ok"}


def cycle_badge(cycle: Cycle) -> Badge:
    return Badge(CycleStatus(cycle.status).label, CYCLE_TONES[CycleStatus(cycle.status)])


def pillar_choices(_filters: Any) -> list[tuple[str, Any]]:
    return [(pillar.code, pillar.title) for pillar in registry.pillars.values()]


class CycleTable(Table):
    title = LinkColumn(
        _("届次"), accessor="__str__", url=lambda cycle: cycle.get_absolute_url(), sort="programme__title"
    )
    year = Column(_("年度"), sort="year", align="end")
    status = BadgeColumn(_("状态"), sort="status", phone="fact")
    stage = Column(_("当前环节"), phone="fact")
    owner = Column(_("主办工会"), accessor="owner.name")
    period = Column(_("成果起止"), accessor="period_start", sort="period_start")

    def render_status(self, cycle: Cycle, value: Any) -> Any:
        return self.columns["status"].html(cycle, cycle_badge(cycle))

    def export_status(self, cycle: Cycle, value: Any) -> Any:
        return str(cycle.get_status_display())

    def value(self, record: Cycle, column: Column) -> Any:
        if column.name == "stage":
            return "、".join(stage.title for stage in self._open(record))
        return super().value(record, column)

    def render_stage(self, cycle: Cycle, value: Any) -> Any:
        running = self._open(cycle)
        if running:
            return format_html("{} {}", value, due_badge(min(stage.closes_at for stage in running)))
        waiting = [s for s in cycle.stages.all() if s.status == StageStatus.PENDING]
        if waiting and cycle.status in queries.ALIVE:
            return format_html("{} {}开始", waiting[0].title, cn_moment(waiting[0].opens_at))
        return DASH

    def render_period(self, cycle: Cycle, value: Any) -> Any:
        return f"{cycle.period_start:%Y.%m}—{cycle.period_end:%Y.%m}"

    def export_period(self, cycle: Cycle, value: Any) -> Any:
        return f"{cycle.period_start}至{cycle.period_end}"

    def _open(self, cycle: Cycle) -> list:
        if cycle.status not in queries.ALIVE:
            return []
        return [stage for stage in cycle.stages.all() if stage.is_open_at(self.context["now"])]

    class Meta:
        default_sort = "standing"  # queries.cycles_by_standing
        numbered = True
        empty = Empty(
            _("还没有届次"),
            _("到了方案规定的日期会自动开设届次；主办工会的管理员也可以点“开设届次”。"),
            icon="calendar-event",
        )


class CycleFilters(FilterSet):
    q = SearchFilter(_("项目名称、届次"), fields=("programme__title", "programme__short_title", "label"))
    status = ChoiceFilter(_("状态"), choices=CycleStatus.choices, field="status")
    year = ChoiceFilter(
        _("年度"),
        field="year",
        choices=lambda filters: [(str(y), f"{y}年度") for y in queries.years_with_cycles(actor=filters.actor)],
    )
    pillar = ChoiceFilter(_("板块"), field="programme__pillar", choices=pillar_choices)


class CalendarFilters(FilterSet):
    """Of stages: whose programme, which pillar, which kind of stage."""

    level = ChoiceFilter(
        _("主办层级"),
        field="cycle__owner__level",
        choices=[(level.value, level.label) for level in UnionLevel if level not in UNIT_LEVELS],
    )
    pillar = ChoiceFilter(_("板块"), field="cycle__programme__pillar", choices=pillar_choices)
    kind = ChoiceFilter(_("环节"), field="kind", choices=StageKind.choices)

    class Meta:
        keep = ("year", "month")


class ProgrammeTable(Table):
    title = LinkColumn(_("项目"), url="lifecycle:programme.detail", kwargs={"pk": "pk"}, sort="title")
    pillar = Column(_("板块"), sort="pillar", phone="fact")
    owner = Column(_("主办工会"), accessor="owner.name")
    version = NumberColumn(_("方案版本"))
    published = DateTimeColumn(_("方案发布时间"))
    cycle_count = NumberColumn(_("届次"), phone="fact")
    latest_year = Column(_("最近年度"), align="end")

    def render_pillar(self, programme: Programme, value: Any) -> Any:
        pillar = registry.pillars.get(programme.pillar)
        return pillar.title if pillar else programme.pillar

    export_pillar = render_pillar

    class Meta:
        default_sort = "title"
        numbered = True
        empty = Empty(_("还没有项目"), _("项目由方案文件装入，见系统操作手册“方案”一节。"), icon="trophy")


class ProgrammeFilters(FilterSet):
    q = SearchFilter(_("项目名称"), fields=("title", "short_title", "code"))
    pillar = ChoiceFilter(_("板块"), field="pillar", choices=pillar_choices)

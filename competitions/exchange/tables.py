"""Lists of the room."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.exchange import queries
from competitions.exchange.enums import (
    TONES,
    CaseKind,
    CaseState,
    DutyState,
    EventKind,
    EventState,
    PlaceState,
    Saving,
    Subject,
)
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.tables import Bulk, Table
from portal.web.ui import Badge, Empty


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(owner__path=filters.actor.path)


def _stories(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.exclude(saving="")


def _public(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(is_public=True)


def _tagged(rows: QuerySet, value: str, filters: FilterSet) -> QuerySet:
    return rows.filter(tags__contains=[value])


def _ordered(rows: QuerySet, value: str, filters: FilterSet) -> QuerySet:
    return rows.order_by("-views", "-published_at", "-pk")


def _desk_tags(filters: FilterSet) -> list[tuple[str, str]]:
    return [(tag, tag) for tag in queries.used_tags(queries.cases(filters.actor))]


def _public_tags(filters: FilterSet) -> list[tuple[str, str]]:
    return [(tag, tag) for tag in queries.used_tags(queries.public_cases())]


class CaseTable(Table):
    title = LinkColumn(_("标题"), sort="title")
    kind = Column(_("案例类别"), accessor="get_kind_display", sort="kind", phone="fact")
    saving = Column(_("节能类型"), accessor="get_saving_display", sort="saving")
    model_name = Column(_("典型"), sort="model_name", phone="fact")
    honour = Column(_("所获荣誉"))
    field = Column(_("领域"), sort="field", phone="fact")
    owner = Column(_("提供单位"), accessor="owner.label", sort="owner__path")
    tags = Column(_("标签"))
    published_at = DateTimeColumn(_("发布时间"), sort="published_at")
    views = NumberColumn(_("公众阅读（次）"), sort="views", phone="fact")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")

    def value(self, record: Any, column: Column) -> Any:
        found = super().value(record, column)
        return "、".join(found) or "—" if column.name == "tags" else found

    class Meta:
        default_sort = "-published_at"
        empty = Empty(
            _("没有符合条件的案例"), _("请放宽筛选条件，或点“写案例”，把本单位的好做法写出来。"), icon="book-2"
        )


class CaseFilters(FilterSet):
    q = SearchFilter(
        _("标题、典型、做法"), fields=("title", "model_name", "honour", "field", "practice", "owner__name")
    )
    kind = ChoiceFilter(_("案例类别"), choices=CaseKind.choices)
    tag = ChoiceFilter(_("标签"), choices=_desk_tags, apply=_tagged)
    saving = ChoiceFilter(_("节能类型"), choices=Saving.choices)
    stories = BooleanFilter(_("节能故事"), apply=_stories)
    public = BooleanFilter(_("面向社会公开"), apply=_public)
    subject = ChoiceFilter(_("典型类型"), choices=Subject.choices)
    state = ChoiceFilter(_("状态"), choices=CaseState.choices)
    mine = BooleanFilter(_("本单位"), apply=_mine)

    class Meta:
        drawer = ("saving", "subject", "stories", "public", "mine")


class PublicCaseFilters(FilterSet):
    q = SearchFilter(_("标题、典型、做法"), fields=("title", "model_name", "practice"))
    kind = ChoiceFilter(_("案例类别"), choices=CaseKind.choices)
    tag = ChoiceFilter(_("标签"), choices=_public_tags, apply=_tagged)
    saving = ChoiceFilter(_("节能类型"), choices=Saving.choices)
    order = ChoiceFilter(_("排序"), choices=[("views", _("阅读最多"))], empty_label=_("最新发布"), apply=_ordered)
    stories = BooleanFilter(_("只看节能故事"), apply=_stories)


class EventTable(Table):
    starts_at = DateTimeColumn(_("时间"), sort="starts_at", phone="fact")
    title = LinkColumn(_("活动名称"), sort="title")
    kind = Column(_("形式"), accessor="get_kind_display", sort="kind", phone="fact")
    place = Column(_("地点"))
    owner = Column(_("主办工会"), accessor="owner.label", sort="owner__path", phone="fact")
    register_until = DateTimeColumn(_("报名截止"), sort="register_until")
    capacity = NumberColumn(_("名额"), sort="capacity")
    mine = BadgeColumn(_("本单位"), phone="fact")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")

    def render_mine(self, row: Any, value: Any) -> Any:
        if not value:
            return "—"
        return self.columns["mine"].html(row, Badge(PlaceState(value).label, TONES[value]))

    class Meta:
        default_sort = "-starts_at"
        empty = Empty(_("没有符合条件的交流活动"), _("请放宽筛选条件，或点“组织活动”。"), icon="messages")


def _coming(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(ends_at__gte=filters.now).exclude(state=EventState.CANCELLED)


def _joined(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.exclude(mine=None)


class EventFilters(FilterSet):
    q = SearchFilter(_("名称、主办、地点"), fields=("title", "owner__name", "place"))
    kind = ChoiceFilter(_("形式"), choices=EventKind.choices)
    state = ChoiceFilter(_("状态"), choices=EventState.choices)
    on = DateRangeFilter(_("日期"), field="starts_at")
    coming = BooleanFilter(_("即将举办"), apply=_coming)
    joined = BooleanFilter(_("本单位报名的"), apply=_joined)
    mine = BooleanFilter(_("本单位主办"), apply=_mine)

    class Meta:
        drawer = ("on", "coming", "joined", "mine")


class RegistrationTable(Table):
    """Of one event, for its host."""

    organisation = Column(_("单位"), accessor="organisation.name", phone="title")
    state = BadgeColumn(_("状态"), accessor="badge", phone="fact")
    people = NumberColumn(_("人数"), phone="fact")
    contact = Column(_("联系人"), phone="fact")
    came = NumberColumn(_("实到"), phone="fact")
    score = NumberColumn(_("评价（分）"), phone="fact")
    feedback = Column(_("收获和建议"), width="wide", phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("还没有单位报名"), _("开放报名后，报名和候补的单位列在这里。"), icon="users")


class OpenDayTable(Table):
    on = DateColumn(_("日期"), sort="on", phone="fact")
    hours = Column(_("时间"), phone="fact")
    topic = LinkColumn(_("交流主题"), sort="topic")
    owner = Column(_("开放单位"), accessor="owner.label", sort="owner__path", phone="fact")
    place = Column(_("地点"))
    capacity = NumberColumn(_("可接待人数"), sort="capacity", phone="fact")
    state = BadgeColumn(_("预约"), accessor="is_closed", phone="fact")

    def render_state(self, row: Any, value: Any) -> Any:
        over = value or row.on <= local_date(self.context["now"])
        return self.columns["state"].html(row, Badge(_("已结束"), "neutral") if over else Badge(_("可预约"), "info"))

    class Meta:
        default_sort = "-on"
        empty = Empty(_("还没有开放日"), _("愿意接待兄弟单位的，点“开放参观”填一个日期。"), icon="calendar-event")


def _open(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(is_closed=False, on__gt=local_date(filters.now))


class OpenDayFilters(FilterSet):
    q = SearchFilter(_("主题、单位、地点"), fields=("topic", "owner__name", "place"))
    on = DateRangeFilter(_("日期"), is_date=True)
    open = BooleanFilter(_("可预约"), apply=_open)
    mine = BooleanFilter(_("本单位开放"), apply=_mine)


class HolderTable(Table):
    title = LinkColumn(_("获奖对象"), sort="title")
    programme = Column(_("项目"), accessor="cycle.programme.title", phone="fact")
    organisation = Column(_("所属工会"), accessor="organisation.label", sort="organisation__path", phone="fact")
    decided_on = DateColumn(_("命名日期"), sort="decided_on")
    case_count = NumberColumn(_("案例"), sort="case_count")
    event_count = NumberColumn(_("活动"), sort="event_count")
    visit_count = NumberColumn(_("接待参观"), sort="visit_count")
    shared = NumberColumn(_("交流次数"), sort="shared", phone="fact")
    reminded = Column(_("提醒"), sort="reminded", phone="fact")

    def render_reminded(self, row: Any, value: Any) -> Any:
        return _("已提醒，待报送") if value else "—"

    class Meta:
        default_sort = "shared"
        selectable = True
        bulk = (
            Bulk(_("布置年度任务"), "competitions:duty.set", icon="checklist", policy_action="duty.set"),
            Bulk(_("提醒交流经验"), "competitions:sharing.remind", icon="bell", policy_action="case.remind"),
        )
        empty = Empty(_("本年度没有已命名的获奖对象"), _("命名决定印发后，获奖单位会列在这里。"), icon="award")


def _silent(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(case_count=0, event_count=0, visit_count=0)


class HolderFilters(FilterSet):
    q = SearchFilter(_("获奖对象、工会"), fields=("title", "organisation__name"))
    silent = BooleanFilter(_("还没有交流过"), apply=_silent)


class DutyTable(Table):
    entry = LinkColumn(_("获奖对象"), accessor="entry.title", sort="entry__title")
    programme = Column(_("项目"), accessor="entry.cycle.programme.title")
    organisation = Column(_("所属工会"), accessor="organisation.label", sort="organisation__path", phone="fact")
    year = Column(_("年度"), sort="year")
    wanted = NumberColumn(_("要求次数"), sort="wanted", phone="fact")
    done_times = NumberColumn(_("已交流"), sort="done_times", phone="fact")
    due_on = DateColumn(_("期限"), sort="due_on", phone="fact")
    set_from = Column(_("布置工会"), accessor="set_from.label")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")

    class Meta:
        default_sort = "-year"
        empty = Empty(
            _("还没有年度交流任务"), _("在“获奖单位交流”里勾选获奖对象，点“布置年度任务”。"), icon="checklist"
        )


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(state=DutyState.OPEN, due_on__lt=local_date(filters.now))


class DutyFilters(FilterSet):
    q = SearchFilter(_("获奖对象、工会"), fields=("entry__title", "organisation__name"))
    state = ChoiceFilter(_("状态"), choices=DutyState.choices)
    due = DateRangeFilter(_("期限"), field="due_on", is_date=True)
    late = BooleanFilter(_("逾期未报告"), apply=_late)


class EffectTable(Table):
    kind = Column(_("类别"), accessor="label", phone="fact")
    title = LinkColumn(_("名称"), url=lambda row: row.url)
    owner = Column(_("提供单位"), accessor="owner.label", phone="fact")
    unions = NumberColumn(_("学用单位"), phone="fact")
    joined = NumberColumn(_("后续开展竞赛"), phone="fact")
    first = NumberColumn(_("首次开展竞赛"), phone="fact")

    def value(self, record: Any, column: Column) -> Any:
        found = super().value(record, column)
        return len(found) if isinstance(found, set) else found

    class Meta:
        numbered = False
        empty = Empty(
            _("本年度还没有带动记录"),
            _("兄弟单位在案例页点“学用这条经验”，参加活动、参观后也会计入。"),
            icon="trending-up",
        )


class FollowTable(Table):
    organisation = Column(_("学用单位"), accessor="organisation.label", phone="title")
    words = Column(_("准备怎样用"), phone="fact")
    followed_at = DateTimeColumn(_("登记时间"), phone="fact")

    class Meta:
        numbered = False
        empty = Empty(_("还没有单位登记学用"), icon="users")

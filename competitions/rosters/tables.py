"""Lists of rosters, people, uploads and figures."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from competitions.rosters.enums import ConsentState, Duty, IdKind, NewGroup, ParticipationState, RosterKind
from competitions.rosters.persons import Person, clean_number
from portal.accounts.display import import_status
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.web.columns import BadgeColumn, Column, DateColumn, DateTimeColumn, LinkColumn, NumberColumn, PercentColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class RosterTable(Table):
    filing = LinkColumn(
        _("竞赛"), accessor="filing.title", url="competitions:roster.detail", sort="filing__title", width="wide"
    )
    year = Column(_("年度"), accessor="filing.year", sort="filing__year")
    who = Column(_("单位（群体）"), accessor="who", sort="organisation__path", phone="fact")
    listed = NumberColumn(_("在名单"), sort="listed", phone="fact")
    confirmed = NumberColumn(_("已同意"), sort="confirmed")
    pending = NumberColumn(_("待同意"), sort="pending", phone="fact")
    applied = NumberColumn(_("待接收"), sort="applied")
    host = Column(_("主办工会"), accessor="filing.owner.label")

    class Meta:
        default_sort = "-filing__year"
        empty = Empty(
            _("还没有参赛名单"),
            _("竞赛备案后，参赛单位在这里建立名单，逐人登记或导入表格。"),
            icon="users-group",
        )


def _mine(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(organisation__path=filters.actor.path if filters.actor else "")


def _waiting(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(pending__gt=0)


def _applied(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(applied__gt=0)


def _years(filters: FilterSet) -> list[tuple[str, str]]:
    this = local_date(filters.now).year
    return [(str(year), f"{year}年") for year in range(this + 1, this - 4, -1)]


class RosterFilters(FilterSet):
    q = SearchFilter(_("竞赛、单位"), fields=("filing__title", "organisation__name", "employer__name", "title"))
    year = ChoiceFilter(_("年度"), field="filing__year", choices=_years)
    kind = ChoiceFilter(_("名单类型"), choices=RosterKind.choices)
    mine = BooleanFilter(_("本单位的"), apply=_mine)
    waiting = BooleanFilter(_("有人待同意"), apply=_waiting)
    applied = BooleanFilter(_("有人待接收"), apply=_applied)

    class Meta:
        drawer = ("mine", "waiting", "applied")


class PeopleTable(Table):
    """Numbers are masked here and in the workbook that is exported from here."""

    name = LinkColumn(_("姓名"), accessor="worker.name", url="competitions:participation.detail", sort="worker__name")
    number = Column(_("证件号码"), accessor="masked_id")
    team = Column(_("班组（队）"), accessor="team.name", sort="team__name", phone="fact")
    trade = Column(_("工种或岗位"), sort="trade")
    duty = Column(_("身份"), accessor="get_duty_display", sort="duty")
    flags = Column(_("分类"), accessor="pk")
    state = BadgeColumn(_("状态"), accessor="badge", sort="consent", phone="fact")
    at = DateColumn(_("登记日期"), accessor="registered_at", sort="registered_at")

    def render_flags(self, row: Any, value: Any) -> str:
        return self.export_flags(row, value) or "—"

    def export_flags(self, row: Any, value: Any) -> str:
        pairs = ((row.is_frontline, _("一线")), (row.is_migrant, _("农民工")), (row.is_woman, _("女")))
        words = [str(word) for there, word in pairs if there]
        return "、".join([*words, *([str(NewGroup(row.group).label)] if row.group else [])])

    class Meta:
        default_sort = "worker__name"
        numbered = True
        empty = Empty(_("名单里还没有人"), _("点“登记职工”逐人登记，或“导入名单”上传表格。"), icon="users")


def _search(rows: QuerySet, value: str, filters: FilterSet) -> QuerySet:
    """A name, a team, a trade – or a whole document number, compared by its fingerprint."""
    number = clean_number(value)
    if len(number) >= 8 and any(ch.isdigit() for ch in number):
        keys = [blind_index(Person("", kind, number).key) for kind in IdKind.values]
        return rows.filter(worker__id_index__in=keys)
    for word in value.split()[:5]:
        rows = rows.filter(Q(worker__name__icontains=word) | Q(team__name__icontains=word) | Q(trade__icontains=word))
    return rows


class PeopleFilters(FilterSet):
    q = SearchFilter(_("姓名、班组、完整证件号码"), apply=_search)
    consent = ChoiceFilter(_("知情同意"), choices=[c for c in ConsentState.choices if c[0] != ConsentState.NONE])
    state = ChoiceFilter(_("状态"), choices=[c for c in ParticipationState.choices if c[0] in {"applied", "active"}])
    team = ChoiceFilter(
        _("班组（队）"), field="team__name", choices=lambda filters: [(n, n) for n in filters.context["teams"]]
    )
    duty = ChoiceFilter(_("身份"), choices=Duty.choices)
    group = ChoiceFilter(_("新就业形态群体"), choices=NewGroup.choices)
    is_frontline = BooleanFilter(_("一线职工"))
    is_migrant = BooleanFilter(_("农民工"))
    is_woman = BooleanFilter(_("女职工"))

    class Meta:
        drawer = ("duty", "group", "is_frontline", "is_migrant", "is_woman")


class UploadTable(Table):
    file_name = LinkColumn(_("文件"), url="competitions:roster_import.detail", sort="file_name")
    roster = Column(_("竞赛"), accessor="roster.filing.title", phone="fact")
    who = Column(_("单位（群体）"), accessor="roster.who")
    state = BadgeColumn(_("状态"), sort="state", phone="fact")
    rows_read = NumberColumn(_("行数"), accessor="rows", sort="rows")
    errors = NumberColumn(_("有误行数"), sort="errors", phone="fact")
    by = Column(_("上传人"), accessor="uploaded_by.name")
    at = DateTimeColumn(_("上传时间"), accessor="uploaded_at", sort="uploaded_at")

    def value(self, record: Any, column: Column) -> Any:
        return import_status(record) if column.name == "state" else super().value(record, column)

    class Meta:
        default_sort = "-uploaded_at"
        empty = Empty(_("还没有上传过名单"), _("打开一份参赛名单，点“导入名单”。"), icon="file-upload")


class UploadFilters(FilterSet):
    q = SearchFilter(_("文件名、竞赛"), fields=("file_name", "roster__filing__title"))


class LineTable(Table):
    """Figures of one slice; each leads to what it is made of."""

    label = Column(_("范围"), phone="title")
    rate = PercentColumn(_("参与率"), phone="fact")
    persons = NumberColumn(_("参与职工（人）"), phone="fact")
    employees = NumberColumn(_("职工数（人）"))
    times = NumberColumn(_("参与人次"), phone="fact")
    pending = NumberColumn(_("待同意"))
    persons_before = NumberColumn(_("上年参与职工"))
    times_before = NumberColumn(_("上年人次"))
    note = Column(_("说明"), accessor="key")

    def render_label(self, row: Any, value: Any) -> Any:
        address = self.context.get("addresses", {}).get(row.key)
        return format_html('<a href="{}">{}</a>', address, value) if address else value

    def render_note(self, row: Any, value: Any) -> str:
        return self.export_note(row, value) or "—"

    def export_note(self, row: Any, value: Any) -> str:
        if row.is_over:
            return str(_("参与人数多于职工数，请核对单位年度信息"))
        words = []
        if row.persons > row.covered and row.employees is not None:
            words.append(str(_("含无固定单位群体%d人，不计入参与率") % (row.persons - row.covered)))
        if row.silent:
            words.append(str(_("%d个单位没有年度信息") % row.silent))
        return "；".join(words)

    class Meta:
        empty = Empty(_("还没有可以统计的参赛人员"), _("名单中的职工同意后进入统计。"), icon="chart-bar")


class SnapshotTable(Table):
    year = LinkColumn(_("年度"), url="competitions:counting.snapshot", sort="year")
    basis = Column(_("口径"), accessor="get_basis_display", sort="basis", phone="fact")
    number = NumberColumn(_("次序"), sort="number")
    organisation = Column(_("工会"), accessor="organisation.label", sort="organisation__path", phone="fact")
    reason = Column(_("更正原因"))
    by = Column(_("确认人"), accessor="taken_by.name")
    at = DateTimeColumn(_("确认时间"), accessor="taken_at", sort="taken_at", phone="fact")

    class Meta:
        default_sort = "-taken_at"
        empty = Empty(
            _("还没有确认过"), _("期末在“参与情况”点“确认本年数字”，分子分母就此固定，以后可以对照。"), icon="camera"
        )


class SnapshotFilters(FilterSet):
    year = ChoiceFilter(_("年度"), choices=_years)

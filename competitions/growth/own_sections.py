"""The sections this room knows itself: mentors and apprentices, drills and matches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.growth.calculations import grade_of
from competitions.growth.enums import MentorState
from competitions.growth.models import DrillResult, Mentorship
from competitions.growth.sections import LINES, Section, register_section
from portal.core.scoping import system_scope
from portal.web.formats import cn_date

if TYPE_CHECKING:
    from competitions.growth.models import WorkerFile


def mentor_rows(file: WorkerFile) -> Iterator[list[Any]]:
    """Signed contracts in which the person is master or apprentice, as far as the desk sees them."""
    same = {"root_path": file.root_path, "id_index": file.id_index}
    mine = Q(**{f"mentor__{k}": v for k, v in same.items()}) | Q(**{f"apprentice__{k}": v for k, v in same.items()})
    rows = Mentorship.objects.filter(mine).exclude(state=MentorState.DRAFT)
    for row in rows.select_related("mentor", "apprentice", "organisation").order_by("-starts_on", "-pk")[:LINES]:
        leads = row.mentor.id_index == file.id_index
        yield [
            _("带徒") if leads else _("拜师"), row.apprentice.name if leads else row.mentor.name, row.trade,
            f"{cn_date(row.starts_on)}—{cn_date(row.ends_on)}", row.get_state_display(),
            f"{row.total}（{grade_of(row.total)}）" if row.total is not None else "—",
        ]  # fmt: skip


def drill_rows(file: WorkerFile) -> Iterator[list[Any]]:
    """Places in drills and matches of whichever union of the federation held them."""
    with system_scope("a worker's page names their places in drills of every level"):
        rows = DrillResult.objects.filter(worker__root_path=file.root_path, worker__id_index=file.id_index)
        rows = rows.select_related("drill__organisation").order_by("-drill__starts_on", "-pk")
        found = list(rows[:LINES])
    for row in found:
        drill = row.drill
        yield [
            cn_date(drill.starts_on), drill.title, drill.get_kind_display(), drill.get_level_display(), drill.trade,
            row.rank or "—", row.mark if row.mark is not None else "—",
        ]  # fmt: skip


register_section(
    Section(
        "mentoring", _("师徒帮教"), (_("关系"), _("对方"), _("工种"), _("期限"), _("状态"), _("考核")), mentor_rows,
        "mentorship.view", "users-group", 60,
    ),
    Section(
        "drills", _("岗位练兵和技术比武"),
        (_("日期"), _("名称"), _("类别"), _("层级"), _("工种"), _("名次"), _("成绩")), drill_rows, "drill.view",
        "barbell", 20,
    ),
)  # fmt: skip

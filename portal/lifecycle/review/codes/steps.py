"""The step bar of the codes: who does what next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.codes import queries
from portal.lifecycle.review.codes.models import DECODERS_NEEDED, FIRST
from portal.web.ui import Step

if TYPE_CHECKING:
    from portal.lifecycle.programmes.models import CycleStage
    from portal.lifecycle.review.codes.models import CodeApproval, CodeTable


def steps_of(stage: CycleStage, tables: dict[int, CodeTable], approvals: list[CodeApproval]) -> list[Step]:
    """Each layer, marks by code, their check, the two who decode; the first that is not done is the current one."""
    lines: list[tuple[str, bool, str]] = []
    for layer in range(FIRST, queries.layers_of(stage) + 1):
        table = tables.get(layer)
        note = _("%(who)s保管，%(n)d 人") % {"who": table.holder, "n": table.size} if table else _("由另一人抽签并保管")
        if layer == FIRST and table is None:
            note = _("由一人抽签并保管")
        lines.append((_("抽“%s”") % params_of(stage).codes.name_of(layer), table is not None, note))
    found = queries.progress(stage)
    done = found.coded - found.missing - found.returned
    lines.append((_("按码录入成绩"), 0 < found.coded <= done, _("%(n)d / %(all)d") % {"n": done, "all": found.coded}))
    confirmed = _("%(n)d / %(all)d") % {"n": found.confirmed, "all": found.coded}
    lines.append((_("第二人复核"), 0 < found.coded <= found.confirmed, confirmed))
    names = "、".join(str(row.user) for row in approvals)
    lines.append((_("两人解密"), len(approvals) == DECODERS_NEEDED, names or _("保管人分别确认")))
    steps, current = [], True
    for label, is_done, note in lines:
        state = "done" if is_done else "current" if current else "todo"
        current = current and is_done
        steps.append(Step(label, state, note))
    return steps

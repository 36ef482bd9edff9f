"""What earlier honours mean for a new entry: the same one not again for some years, a higher one bars the lower."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.dates import format_cn, local_date
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.scoping import system_scope
from portal.lifecycle.conferral.models import ConferralItem, ConferralStatus
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import Guard, register_guard
from portal.lifecycle.entries.eligibility.dates import FOR_EVER, is_barred, years_after
from portal.lifecycle.entries.eligibility.queries import SCOPE, same_subject
from portal.lifecycle.entries.models import Entry


def cooldown(act: Act, params: dict[str, Any]) -> Decision:
    """不重复授予: the subject received this honour fewer than ``honour.repeat_years`` ago (both ends inclusive)."""
    rules = act.cycle.rules
    item = _latest(act.entry, [rules.programme.code])
    years = rules.honour.repeat_years
    if item is None or not is_barred(item.conferral.decided_on, years, local_date(act.now)):
        return ALLOWED
    words = {"cycle": item.entry.cycle, "day": format_cn(item.conferral.decided_on), "years": years}
    if years >= FOR_EVER:
        return refuse("cooldown", _("该对象已于%(day)s在“%(cycle)s”获得本荣誉，不重复授予。") % words)
    words["until"] = format_cn(years_after(item.conferral.decided_on, years))
    return refuse("cooldown", _("该对象已于%(day)s在“%(cycle)s”获得本荣誉，%(until)s（含）以前不得再次申报。") % words)


def higher_honour(act: Act, params: dict[str, Any]) -> Decision:
    """已获更高荣誉的不再申报本项目, for ``limits.higher_years`` years from the decision."""
    limits = act.cycle.rules.limits
    item = _latest(act.entry, limits.higher)
    if item is None or not is_barred(item.conferral.decided_on, limits.higher_years, local_date(act.now)):
        return ALLOWED
    words = {"cycle": item.entry.cycle, "day": format_cn(item.conferral.decided_on)}
    return refuse("higher_honour", _("该对象已于%(day)s在“%(cycle)s”获得更高荣誉，不再申报本项目。") % words)


def _latest(entry: Entry, programmes: Iterable[str]) -> ConferralItem | None:
    """The last honour of the same subject that was conferred by an issued decision and stands."""
    rows = same_subject(entry, programmes)
    if rows is None:
        return None
    with system_scope(SCOPE):
        items = ConferralItem.objects.filter(
            entry__in=rows.order_by().values("pk"),
            conferral__status=ConferralStatus.ISSUED,
            withdrawal=None,
        )
        return items.select_related("conferral", "entry__cycle__programme").order_by("-conferral__decided_on").first()


for key, label, function in (
    ("engine.cooldown", gettext_lazy("荣誉重复申报年限"), cooldown),
    ("engine.higher_honour", gettext_lazy("未获更高荣誉"), higher_honour),
):
    register_guard(Guard(key, label, "submit", function))

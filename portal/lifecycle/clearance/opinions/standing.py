"""Whether co-hosts hold an entry up: one that is awaited has not spoken, or one has refused and nobody said why to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.clearance.opinions.queries import is_shown, opinion_lines

if TYPE_CHECKING:
    from portal.lifecycle.entries.models import Entry


def hosts_allow(entry: Entry) -> Decision:
    """Hosting that has ended counts no more. An entry that co-hosts cannot see is not held up by them."""
    if not is_shown(entry):
        return ALLOWED
    lines = [line for line in opinion_lines(entry) if line.host.ended_at is None and line.host.can_clear]
    missing = [line.host.name for line in lines if line.opinion is None and line.host.is_awaited]
    against = [line.host.name for line in lines if line.opinion is not None and line.opinion.is_objection]
    parts = []
    if missing:
        parts.append(f"联合主办单位{_names(missing)}还没有出具意见")
    if against:
        parts.append(f"联合主办单位{_names(against)}不同意，主办工会写明理由后方可继续")
    return refuse("hosts", "；".join(parts) + "。") if parts else ALLOWED


def _names(names: list[str]) -> str:
    return "“" + "”“".join(names[:3]) + "”" + ("等" if len(names) > 3 else "")

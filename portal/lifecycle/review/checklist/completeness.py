"""What a checklist still lacks before it can be handed in, and which entries a veto bars (reads only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.errors import Invalid
from portal.lifecycle.review.checklist.models import ItemMark
from portal.lifecycle.review.checklist.sheets import ItemSheet
from portal.lifecycle.review.models import Assignment, AssignmentState
from portal.lifecycle.review.sheet import plain

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.review_blocks import ChecklistParams

Findings = Sequence[Mapping[str, Any]]


def self_mark_refusals(sheet: ItemSheet) -> list[Decision]:
    """Why the unit's own marks cannot be submitted, section by section; empty when they can (domain.md 9, rubric A)."""
    found: list[Decision] = []
    minimum = sheet.checklist.self_minimum
    for part in sheet.sections:
        title = part.section.title
        if part.total.missing:
            found.append(refuse("self_open", _("自评考核表“%(part)s”还有 %(n)d 项没有自评。") % {
                "part": title, "n": len(part.total.missing)}))  # fmt: skip
        lacking = [line.item.title for line in part.lines if line.lacks_evidence]
        if lacking:
            found.append(refuse("self_evidence", _("自评考核表“%(part)s”缺少佐证材料或说明：%(items)s。") % {
                "part": title, "items": "、".join(lacking)}))  # fmt: skip
        if minimum is not None and part.total.is_complete and not part.total.is_least_met:
            found.append(refuse("self_section", _(
                "自评考核表“%(part)s”自评 %(n)s 分，未达到该部分最低 %(least)s 分，还差 %(short)s 分。") % {
                "part": title, "n": plain(part.total.earned), "least": plain(part.section.least),
                "short": plain(part.total.shortfall)}))  # fmt: skip
        found += [refuse("self_veto", _("存在一票否决情形“%s”，不能申报。") % item.title) for item in part.total.vetoes]
    if sheet.total.is_complete and not sheet.is_minimum_met:
        found.append(refuse("self_minimum", _("自评总分 %(n)s 分（不含加分），未达到申报要求的 %(least)s 分。") % {
            "n": plain(sheet.total.base), "least": plain(minimum)}))  # fmt: skip
    return found


def self_mark_decision(sheet: ItemSheet) -> Decision:
    """All refusals in one, for the guard."""
    refusals = self_mark_refusals(sheet)
    if not refusals:
        return ALLOWED
    return refuse(refusals[0].code, " ".join(refusal.message for refusal in refusals))


def require_items(sheet: ItemSheet) -> None:
    """Raises Invalid naming every item without a finding, and every difference without a reason."""
    fields: dict[str, list[str]] = {}
    for line in sheet.lines:
        if not line.is_done:
            fields[line.key] = [_("%s：还没有评分。") % line.item.title]
        elif line.lacks_comment:
            fields[line.key] = [_("%s：与自评不一致，请写明理由。") % line.item.title]
    if fields:
        raise Invalid(_("还有 %d 项需要补充，不能提交。") % len(fields), fields=fields)


def vetoed(
    entry_ids: Sequence[int], checklist: ChecklistParams | None, before: Mapping[int, Findings] | None = None
) -> dict[int, str]:
    """Why a veto that a reviewer has found bars an entry; entries without one are left out.

    ``before``: sheets that count with these findings instead of what is stored (old marks of a re-marking).
    """
    titles = {item.code: item.title for item in checklist.items if item.veto} if checklist else {}
    if not titles:
        return {}
    rows = ItemMark.objects.filter(
        found=True,
        item__in=titles,
        assignment__entry_id__in=entry_ids,
        assignment__state=AssignmentState.SUBMITTED,
    ).exclude(assignment__in=before or ())
    pairs = set(rows.values_list("assignment__entry_id", "item"))
    if before:
        owners = Assignment.objects.filter(pk__in=before, entry_id__in=entry_ids).values_list("pk", "entry_id")
        pairs |= {
            (entry_id, row["item"])
            for pk, entry_id in owners
            for row in before[pk]
            if row["found"] and row["item"] in titles
        }
    found: dict[int, list[str]] = {}
    for entry_id, item in sorted(pairs):
        found.setdefault(entry_id, []).append(titles[item])
    return {pk: _("评审认定存在一票否决情形：%s。") % "、".join(items) for pk, items in found.items()}

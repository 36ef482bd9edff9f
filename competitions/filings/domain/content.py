"""What a filing says, as one value: read from the form, written to the rows, compared in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from competitions.filings.enums import FilePurpose, ReportState, Seat
from competitions.filings.models import (
    BudgetLine,
    CommitteeMember,
    CompetitionFiling,
    FilingFile,
    FilingIndicator,
    FilingPhase,
    FilingReport,
    Tagging,
)
from portal.core.errors import Conflict

FACTS = (
    "year", "title", "kind", "campaign", "layer", "area", "industry", "district_code", "library", "trades", "topic",
    "basis_title", "basis_issuer", "basis_number", "basis_on", "committee_office", "committee_document",
    "committee_from", "committee_until", "scheme", "awards", "starts_on", "ends_on", "expected_people",
    "expected_units", "contact",
)  # fmt: skip
LISTS: dict[str, tuple[Any, tuple[str, ...], str]] = {
    "committee": (CommitteeMember, ("seat", "name", "post", "is_administrative"), "竞赛委员会"),
    "indicators": (FilingIndicator, ("name", "unit", "target"), "竞赛指标"),
    "budget": (BudgetLine, ("source", "purpose", "amount"), "经费预算"),
    "phases": (FilingPhase, ("title", "starts_on", "ends_on", "tasks"), "时间安排"),
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """``facts`` by FACTS, ``lists`` by LISTS (rows in their order), ``tags`` as catalogue items."""

    facts: dict[str, Any]
    lists: dict[str, Sequence[Row]] = field(default_factory=dict)
    tags: Sequence[Any] = ()


def content_of(filing: CompetitionFiling) -> Content:
    """As it is stored; six queries."""
    lists = {
        name: [{column: getattr(row, column) for column in columns} for row in model.objects.filter(filing=filing)]
        for name, (model, columns, _label) in LISTS.items()
    }
    tags = [tagging.item for tagging in Tagging.objects.filter(filing=filing).select_related("item")]
    return Content({name: getattr(filing, name) for name in FACTS}, lists, tags)


def write_lists(filing: CompetitionFiling, content: Content) -> None:
    """Rows take the place of the rows in the same position, so that reports keep their phase; the rest is added, removed.

    Raises Conflict when a phase whose report was sent in would vanish.
    """
    for name, (model, columns, _label) in LISTS.items():
        there, wanted = list(model.objects.filter(filing=filing)), content.lists.get(name, ())
        spare = there[len(wanted) :]
        if name == "phases" and spare and _reported(spare):
            raise Conflict(_("已报送阶段报告的阶段不能删除。"))
        for position, (row, values) in enumerate(zip(there, wanted, strict=False)):
            for column in columns:
                setattr(row, column, values[column])
            row.position = position
        model.objects.bulk_update(there[: len(wanted)], [*columns, "position"])
        model.objects.filter(pk__in=[row.pk for row in spare]).delete()
        model.objects.bulk_create(
            model(filing=filing, position=len(there) + n, **{c: values[c] for c in columns})
            for n, values in enumerate(wanted[len(there) :])
        )
    wanted_tags = {item.pk: item for item in content.tags}
    taggings = Tagging.objects.filter(filing=filing)
    taggings.exclude(item__in=wanted_tags).delete()
    known = set(taggings.values_list("item_id", flat=True))
    Tagging.objects.bulk_create(
        Tagging(filing=filing, item=item) for pk, item in wanted_tags.items() if pk not in known
    )


def _reported(phases: list[FilingPhase]) -> bool:
    return FilingReport.objects.filter(phase__in=phases).exclude(state=ReportState.WAITING).exists()


def wrong(content: Content) -> dict[str, list[str]]:
    """What is wrong with dates, whether or not the filing is complete; by field."""
    facts, found = content.facts, {}
    first, last = facts.get("starts_on"), facts.get("ends_on")
    if first and last and last < first:
        found["ends_on"] = [_("结束日期不能早于开始日期。")]
    elif first and last and facts["year"] not in range(first.year, last.year + 1):
        found["starts_on"] = [_("竞赛日期不在%d年度内，请核对年度或日期。") % facts["year"]]
    if (
        facts.get("committee_from")
        and facts.get("committee_until")
        and facts["committee_until"] < facts["committee_from"]
    ):
        found["committee_until"] = [_("任期止不能早于任期起。")]
    phases = [
        _("第%(n)d行“%(title)s”须在竞赛起止日期之内。") % {"n": number, "title": row["title"]}
        for number, row in enumerate(content.lists.get("phases", ()), 1)
        if first and last and not first <= row["starts_on"] <= row["ends_on"] <= last
    ]
    return found | ({"phases": phases} if phases and "ends_on" not in found else {})


def missing(content: Content, *, has_scheme_file: bool) -> dict[str, list[str]]:
    """What a complete filing still lacks, by field of the form; empty = it can be filed."""
    facts, lists = content.facts, content.lists
    asked = {
        "starts_on": (facts.get("starts_on"), _("请填写开始日期。")),
        "ends_on": (facts.get("ends_on"), _("请填写结束日期。")),
        "expected_people": (facts.get("expected_people"), _("请填写预计参赛职工人数。")),
        "scheme": ((facts.get("scheme") or "").strip() or has_scheme_file, _("请填写竞赛方案，或上传方案文件。")),
        "contact": ((facts.get("contact") or "").strip(), _("请填写联系科室及电话。")),
        "committee": (
            any(row["seat"] == Seat.CHAIR for row in lists.get("committee", ())),
            _("请至少填写竞赛委员会主任一名。"),
        ),
        "indicators": (lists.get("indicators"), _("请至少填写一项竞赛指标。")),
        "phases": (lists.get("phases"), _("请至少填写一个阶段。")),
    }
    return {name: [message] for name, (value, message) in asked.items() if not value}


def has_scheme(filing: CompetitionFiling) -> bool:
    return FilingFile.objects.filter(filing=filing, purpose=FilePurpose.SCHEME).exists()


def differences(before: Content, after: Content) -> list[list[str]]:
    """``[what, before, after]`` in words, in the order of the form; nothing for what stayed."""
    meta = CompetitionFiling._meta
    found = []
    for name in FACTS:
        old, new = _words(name, before.facts.get(name)), _words(name, after.facts.get(name))
        if old != new:
            found.append([str(meta.get_field(name).verbose_name), old, new])
    for name, (model, columns, label) in LISTS.items():
        old, new = (_lines(model, columns, c.lists.get(name, ())) for c in (before, after))
        if old != new:
            found.append([label, old, new])
    old, new = ("、".join(sorted(str(item) for item in c.tags)) for c in (before, after))
    return [*found, ["标签", old, new]] if old != new else found


def _words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    choices = dict(CompetitionFiling._meta.get_field(name).flatchoices)
    return "、".join(value) if isinstance(value, list) else str(choices.get(value, value))


def _lines(model: Any, columns: Sequence[str], rows: Sequence[Row]) -> str:
    def cell(column: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(model._meta.get_field(column).verbose_name) if value else ""
        return str(dict(model._meta.get_field(column).flatchoices).get(value, value))

    lines = (" ".join(filter(None, (cell(c, row[c]) for c in columns))) for row in rows)
    return "；".join(lines)

"""What the 申报表 says, before it is set as PDF or Word: one content, two looks that cannot drift apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.fields import DisplayRow, display_rows, subject_name, visible_fields
from portal.lifecycle.blueprints.schema import Blueprint, DocumentSpec
from portal.lifecycle.blueprints.vocabulary import (
    DocumentKind,
    FieldType,
    RouteLevel,
    StageKind,
    SubjectKind,
    Viewer,
    Width,
)
from portal.lifecycle.entries.documents.data import AttachmentData, EntryData

SHORT = 24
"""Answers up to this many half characters (12 Chinese ones) may share a line with a neighbour."""


@dataclass(frozen=True)
class Cell:
    label: str
    value: str


@dataclass(frozen=True)
class Block:
    """``pairs``: lines of one or two cells · ``long``: a heading and paragraphs · ``table`` · ``ticks``."""

    kind: str
    label: str = ""
    lines: tuple[tuple[Cell, ...], ...] = ()
    paragraphs: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def weights(self) -> tuple[int, ...]:
        """Relative column widths of a table: what its longest cells need, within reason."""
        return column_weights(self.heads, self.rows)


@dataclass(frozen=True)
class SectionContent:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class SealBox:
    label: str
    text: str
    signature: str
    date: str


@dataclass(frozen=True)
class FormContent:
    title: str
    cycle: str
    cover: tuple[Cell, ...]
    issuer: str
    cover_date: str
    guide: tuple[str, ...]
    sections: tuple[SectionContent, ...]
    boxes: tuple[SealBox, ...]
    footer: str
    draft_note: str


def form_content(blueprint: Blueprint, data: EntryData) -> FormContent:
    """Everything the 申报表 of this entry says, personal numbers in clear."""
    spec = application_form(blueprint)
    return FormContent(
        title=spec.title if spec else _("%s申报表") % blueprint.honour.title,
        cycle=data.cycle_label,
        cover=tuple(_cover(blueprint, data)),
        issuer=issuer(blueprint),
        cover_date=chinese_date(data.submitted_on) if data.submitted_on else BLANK_DATE,
        guide=tuple(line for line in blueprint.texts.guide.strip().split("\n") if line.strip()),
        sections=tuple(_sections(blueprint, data)),
        boxes=tuple(_boxes(blueprint, data)),
        footer=footer(data),
        draft_note=_("草稿　尚未提交，仅供核对") if data.is_draft else "",
    )


BLANK_DATE = "　　　　年　　月　　日"


def visual_length(text: str) -> int:
    """Width in half characters: Chinese counts two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def column_weights(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Half characters each column should have room for: at least half its head, at most 40."""
    weights = []
    for index, head in enumerate(heads):
        longest = max((visual_length(row[index]) for row in rows), default=0)
        weights.append(min(40, max(4, (visual_length(head) + 1) // 2 + 1, longest + 1)))
    return tuple(weights)


def chinese_date(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def application_form(blueprint: Blueprint) -> DocumentSpec | None:
    return next((d for d in blueprint.documents if d.kind == DocumentKind.APPLICATION_FORM), None)


def issuer(blueprint: Blueprint) -> str:
    conferral = blueprint.stage(StageKind.CONFERRAL)
    return getattr(conferral.params, "issuer", "") if conferral else ""


def footer(data: EntryData) -> str:
    """Number, version and fingerprint: what ties a sealed sheet to exactly one state of the entry."""
    parts = [_("申报编号 %s") % data.code]
    if data.version:
        parts.append(_("第 %d 版") % data.version)
    if data.fingerprint:
        parts.append(_("指纹 %s") % data.fingerprint[:16])
    return "　".join(parts)


def _cover(blueprint: Blueprint, data: EntryData) -> Iterator[Cell]:
    subject = blueprint.field(blueprint.programme.subject_field)
    yield Cell(subject.label, subject_name(blueprint, data.answers))
    if data.track:
        yield Cell(_("申报类别"), data.track)
    if blueprint.programme.subject != SubjectKind.UNIT:
        employer = next((s for s in blueprint.fields if s.type == FieldType.EMPLOYER and s.code != subject.code), None)
        if employer is not None:
            yield Cell(employer.label, str(data.answers.get(employer.code) or ""))
    yield Cell(_("申报工会"), data.organisation)
    if data.nominating:
        yield Cell(_("推荐单位"), data.nominating)


def _sections(blueprint: Blueprint, data: EntryData) -> Iterator[SectionContent]:
    files: dict[str, list[AttachmentData]] = {}
    for attachment in data.attachments:
        files.setdefault(attachment.field, []).append(attachment)
    shown = visible_fields(blueprint, data.answers)
    for section in blueprint.sections:
        rows = display_rows(blueprint, section, data.answers, Viewer.DOCUMENT, files)
        blocks = tuple(_blocks(blueprint, rows))
        if blocks and any(spec.code in shown for spec in section.fields):
            yield SectionContent(section.title, blocks)


def _blocks(blueprint: Blueprint, rows: Sequence[DisplayRow]) -> Iterator[Block]:
    pending: list[DisplayRow] = []
    listed: list[tuple[str, ...]] = []
    for row in rows:
        if row.kind == "files":
            listed.append((row.label, "；".join(file.name for file in row.value) or _("（无）")))
            continue
        consent = blueprint.field(row.code).type == FieldType.CONSENT
        if row.kind == "text" and not consent:
            pending.append(row)
            continue
        if pending:
            yield _pairs(blueprint, pending)
            pending = []
        yield _block(blueprint, row)
    if pending:
        yield _pairs(blueprint, pending)
    if listed:
        yield Block("table", _("附件"), heads=(_("附件名称"), _("文件")), rows=tuple(listed))


def _block(blueprint: Blueprint, row: DisplayRow) -> Block:
    if row.kind == "table":
        numbered = tuple((str(number), *line) for number, line in enumerate(row.rows, 1))
        return Block("table", row.label, heads=(_("序号"), *row.columns), rows=numbered)
    if row.kind == "ticks":
        return Block("ticks", row.label, rows=tuple((_("没有　%s") % text, state) for text, state in row.rows))
    if row.kind == "long":
        return Block("long", row.label, paragraphs=tuple(str(row.value).split("\n")))
    spec = blueprint.field(row.code)
    text = spec.text or blueprint.texts.consent
    return Block("ticks", spec.label, paragraphs=tuple(text.strip().split("\n")), rows=((spec.label, str(row.value)),))


def _pairs(blueprint: Blueprint, rows: Sequence[DisplayRow]) -> Block:
    """Short answers side by side, as on the paper form; everything else a line of its own."""
    lines: list[tuple[Cell, ...]] = []
    waiting: Cell | None = None
    for row in rows:
        spec = blueprint.field(row.code)
        value = f"{row.value} {row.unit}".strip() if row.unit else str(row.value)
        cell = Cell(row.label, value)
        short = visual_length(value) <= SHORT and (spec.width != Width.FULL or len(row.label) <= 8)
        if not short:
            if waiting is not None:
                lines.append((waiting,))
                waiting = None
            lines.append((cell,))
        elif waiting is None:
            waiting = cell
        else:
            lines.append((waiting, cell))
            waiting = None
    if waiting is not None:
        lines.append((waiting,))
    return Block("pairs", lines=tuple(lines))


_PERSON_BOX: Mapping[str, str] = {
    SubjectKind.WORK: "完成人签名",
    SubjectKind.PERSON: "申报人签名",
    SubjectKind.TEAM: "班组负责人签名",
    SubjectKind.PROJECT: "项目负责人签名",
}


def _boxes(blueprint: Blueprint, data: EntryData) -> Iterator[SealBox]:
    """Places for signature and seal: the applicant, the unit, and every union of the route."""
    subject = blueprint.programme.subject
    if subject in _PERSON_BOX:
        pledge = _("以上内容真实、完整，如有不实，愿承担相应责任。")
        yield SealBox(_PERSON_BOX[subject], pledge, _("签名："), BLANK_DATE)
    yield SealBox(_("单位意见"), "", _("负责人签字：　　　　　　　　（单位盖章）"), BLANK_DATE)
    stage = blueprint.stage(StageKind.RECOMMENDATION)
    opinions = {opinion.level: opinion for opinion in data.opinions}
    for level in stage.params.route if stage else ():
        opinion = opinions.get(level)
        if stage.params.is_optional(level) and data.opinions and opinion is None:
            continue
        label = _("%s意见") % RouteLevel(level).label
        signature = _("负责人签字：　　　　　　　　（盖章）")
        if opinion is None:
            yield SealBox(label, "", signature, BLANK_DATE)
        else:
            when = chinese_date(opinion.decided_on) if opinion.decided_on else BLANK_DATE
            yield SealBox(label, f"{opinion.organisation}：{opinion.opinion}", signature, when)


def as_payload(content: FormContent) -> dict[str, Any]:
    """The content as JSON primitives for the typst template."""
    return {
        "title": content.title,
        "cycle": content.cycle,
        "cover": [{"label": cell.label, "value": cell.value} for cell in content.cover],
        "issuer": content.issuer,
        "cover_date": content.cover_date,
        "guide": list(content.guide),
        "sections": [
            {"title": section.title, "blocks": [_block_payload(block) for block in section.blocks]}
            for section in content.sections
        ],
        "boxes": [
            {"label": box.label, "text": box.text, "signature": box.signature, "date": box.date}
            for box in content.boxes
        ],
        "footer": content.footer,
        "draft_note": content.draft_note,
    }


def _block_payload(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "label": block.label,
        "lines": [[{"label": cell.label, "value": cell.value} for cell in line] for line in block.lines],
        "paragraphs": list(block.paragraphs),
        "heads": list(block.heads),
        "rows": [list(row) for row in block.rows],
        "weights": list(block.weights),
    }

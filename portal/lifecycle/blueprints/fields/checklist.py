"""What is still missing before an entry may be submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from typing import Any

from portal.lifecycle.blueprints.conditions import is_filled, is_required, visible_fields
from portal.lifecycle.blueprints.fields.form import form_class, form_data, required_message
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.vocabulary import FieldType

Attachments = Mapping[str, int | Sized]
"""Question → number of files, or the files themselves."""


@dataclass(frozen=True)
class MissingItem:
    section: str
    section_title: str
    field: str
    label: str
    message: str


@dataclass(frozen=True)
class SectionProgress:
    """``done`` of ``total`` questions that apply and must be answered are answered without fault."""

    section: str
    title: str
    done: int
    total: int
    missing: tuple[MissingItem, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def file_count(attachments: Attachments, code: str) -> int:
    found = attachments.get(code, 0)
    return found if isinstance(found, int) else len(found)


def missing_items(blueprint: Blueprint, answers: Mapping[str, Any], attachments: Attachments) -> list[MissingItem]:
    """Everything that stands in the way of a submission, in the order of the form. Empty = may be submitted."""
    form = form_class(blueprint)(form_data(blueprint, answers), answers=answers, draft=False)
    form.is_valid()
    shown = visible_fields(blueprint, answers)
    items = []
    for section in blueprint.sections:
        for spec in section.fields:
            messages = list(form.errors.get(spec.code, ()))
            lacks_file = spec.type == FieldType.ATTACHMENT and not file_count(attachments, spec.code)
            if lacks_file and spec.code in shown and is_required(spec, answers):
                messages.append(required_message(spec))
            items += [MissingItem(section.code, section.title, spec.code, spec.label, message) for message in messages]
    return items


def section_progress(
    blueprint: Blueprint, answers: Mapping[str, Any], attachments: Attachments
) -> list[SectionProgress]:
    """Progress of each section that applies (完成 5/8)."""
    missing = missing_items(blueprint, answers, attachments)
    faulty = {item.field for item in missing}
    shown = visible_fields(blueprint, answers)
    progress = []
    for section in blueprint.sections:
        asked = [spec for spec in section.fields if spec.code in shown]
        needed = [spec for spec in asked if spec.code in faulty or is_required(spec, answers)]
        if not asked:
            continue
        own = tuple(item for item in missing if item.section == section.code)
        done = sum(spec.code not in faulty for spec in needed)
        progress.append(SectionProgress(section.code, section.title, done, len(needed), own))
    return progress


def is_touched(blueprint: Blueprint, answers: Mapping[str, Any]) -> bool:
    """Whether anything has been filled in at all."""
    return any(is_filled(answers.get(spec.code)) for spec in blueprint.fields if spec.is_answer)

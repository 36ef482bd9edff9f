"""The entry form of a blueprint, whole or one section of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.conditions import is_filled, is_required, visible_fields
from portal.lifecycle.blueprints.fields.factory import dress_cell, make_field
from portal.lifecycle.blueprints.fields.inputs import plain
from portal.lifecycle.blueprints.fields.special import AttachedFile, AttachmentSlot, VetoesAnswer
from portal.lifecycle.blueprints.fields.table import TableAnswer
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec
from portal.lifecycle.blueprints.vocabulary import FieldType
from portal.web.forms import BaseForm
from portal.web.ui import Section

CHOSEN = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE, FieldType.CODE, FieldType.BOOLEAN})


@dataclass(frozen=True)
class FormItem:
    """One question with its place in the rendered form."""

    spec: FieldSpec
    bound: BoundField


class EntryForm(BaseForm):
    """Made by ``form_class``. ``draft=True`` accepts what is incomplete, ``draft=False`` wants everything that applies.

    ``answers`` are the stored answers of the whole entry: initial values here, and what conditions of other sections
    refer to. ``attachments`` maps a question's code to the files that are there; ``upload_url`` and ``template_url``
    are patterns with ``{code}``.
    """

    blueprint: Blueprint
    section_code: str | None = None

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        answers: Mapping[str, Any] | None = None,
        draft: bool = False,
        prefill: Mapping[str, str] | None = None,
        attachments: Mapping[str, Sequence[AttachedFile]] | None = None,
        upload_url: str = "",
        template_url: str = "",
        **kwargs: Any,
    ) -> None:
        self.stored = dict(answers or {})
        self.draft = draft
        self.specs = tuple(self._specs_that_may_show())
        self.base_fields = {spec.code: make_field(spec, self.blueprint) for spec in self.specs}
        defaults = {
            s.code: (prefill or {})[s.prefill] for s in self.specs if s.prefill and (prefill or {}).get(s.prefill)
        }
        super().__init__(data, files, initial=defaults | self.stored, **kwargs)
        for spec in self.specs:
            self._prepare(spec, attachments or {}, upload_url, template_url)

    def _specs_that_may_show(self) -> Iterator[FieldSpec]:
        """Questions of this form, without those that an answer outside of it has ruled out."""
        sections = [s for s in self.blueprint.sections if self.section_code in (None, s.code)]
        here = {spec.code for section in sections for spec in section.fields}
        shown = visible_fields(self.blueprint, self.stored)
        for section in sections:
            for spec in section.fields:
                causes = {c.field for c in (section.visible_when, spec.visible_when) if c is not None}
                if spec.code in shown or causes & here:
                    yield spec

    def _prepare(
        self, spec: FieldSpec, attachments: Mapping[str, Sequence[AttachedFile]], upload_url: str, template_url: str
    ) -> None:
        field = self.fields[spec.code]
        field.required = is_required(spec, self.stored)  # the star; whether it is enforced decides clean()
        if isinstance(field, TableAnswer):
            field.draft = self.draft
            for cell in field.cells.values():
                dress_cell(cell)
        if isinstance(field, AttachmentSlot):
            field.widget.files = attachments.get(spec.code, ())
            field.widget.upload_url = upload_url.replace("{code}", spec.code)
            field.widget.template_url = template_url.replace("{code}", spec.template) if spec.template else ""

    def declared_sections(self) -> Sequence[Section]:
        codes = set(self.fields)
        return [
            Section(s.title, [spec.code for spec in s.fields if spec.code in codes], help=s.help, key=s.code)
            for s in self.blueprint.sections
            if self.section_code in (None, s.code)
        ]

    def items(self) -> Iterator[FormItem]:
        """The questions in the order of the paper form."""
        for spec in self.specs:
            yield FormItem(spec, self[spec.code])

    def extra_rows(self, code: str, count: int = 1) -> None:
        """One more blank row when the page is rendered again (the “增加一行” button without script)."""
        field = self.fields.get(code)
        if isinstance(field, TableAnswer):
            field.widget.blank_rows = count

    def clean(self) -> dict[str, Any]:
        values = self.stored | {code: self._kept(code) for code in self.fields if not self._omitted(code)}
        shown = visible_fields(self.blueprint, values)
        for spec in self.specs:
            if spec.code not in shown:
                self._errors.pop(spec.code, None)  # what does not apply cannot be wrong
            elif spec.code not in self.errors:
                message = self._problem(spec, values)
                if message:
                    self.add_error(spec.code, message)
        return self.cleaned_data

    def _problem(self, spec: FieldSpec, values: Mapping[str, Any]) -> str:
        """What only shows beside other answers: missing although required, out of order."""
        value = values.get(spec.code)
        if spec.not_before and value and values.get(spec.not_before) and value < values[spec.not_before]:
            return _("不能早于“%s”") % self.blueprint.field(spec.not_before).label
        if self.draft or not spec.is_answer or not is_required(spec, values):
            return ""
        if spec.type == FieldType.CONSENT:
            return "" if value is True else _("请阅读并勾选同意")
        if isinstance(self.fields[spec.code], VetoesAnswer):
            missing = len(self.fields[spec.code].codes) - len(value or [])
            return _("还有 %d 项没有确认，请逐项核对后勾选") % missing if missing else ""
        return "" if is_filled(value) else required_message(spec)

    def _omitted(self, code: str) -> bool:
        """Not sent at all (a page of an older version, a partial autosave): what is stored stays."""
        return self.fields[code].widget.value_omitted_from_data(self.data, self.files, self.add_prefix(code))

    def _kept(self, code: str) -> Any:
        """The value that is stored in a draft: cleaned, or as typed when it does not fit."""
        if code not in self.errors:
            return self.cleaned_data.get(code)
        field = self.fields[code]
        if isinstance(field, TableAnswer):
            return field.kept
        raw = self[code].data
        return [plain(item) for item in raw] if isinstance(raw, list | tuple) else plain(raw)

    def answers(self) -> dict[str, Any]:
        """JSON-serialisable answers of this form, after ``is_valid()``.

        A draft keeps everything that was typed, also what does not fit and what is hidden at the moment; a submission
        holds only what applies.
        """
        values = {s.code: self._kept(s.code) for s in self.specs if s.is_answer and not self._omitted(s.code)}
        values = {s.code: self.stored[s.code] for s in self.specs if s.code in self.stored} | values
        if self.draft:
            return values
        shown = visible_fields(self.blueprint, self.stored | values)
        return {code: value for code, value in values.items() if code in shown}

    def uploads(self) -> dict[str, list[Any]]:
        """Files that came with the form itself, by question."""
        slots = (spec.code for spec in self.specs if spec.type == FieldType.ATTACHMENT)
        return {code: self.cleaned_data[code] for code in slots if self.cleaned_data.get(code)}


def required_message(spec: FieldSpec) -> str:
    if spec.type == FieldType.ATTACHMENT:
        return _("请上传“%s”") % spec.label
    return (_("请选择“%s”") if spec.type in CHOSEN else _("请填写“%s”")) % spec.label


def form_class(blueprint: Blueprint, section_code: str | None = None) -> type[EntryForm]:
    """The form of the whole blueprint, or of one section. KeyError when there is no such section."""
    if section_code is not None:
        blueprint.section(section_code)
    return type("BlueprintForm", (EntryForm,), {"blueprint": blueprint, "section_code": section_code})


def form_data(blueprint: Blueprint, answers: Mapping[str, Any]) -> MultiValueDict:
    """Stored answers as if they had been typed: lets one set of rules check a form and a stored entry."""
    data: MultiValueDict = MultiValueDict()
    for spec in blueprint.fields:
        if spec.code not in answers or not spec.is_answer:
            continue
        value = make_field(spec, blueprint).typed(answers[spec.code])
        if spec.is_table:
            data[f"{spec.code}-present"] = "1"
            for number, row in enumerate(value):
                for column in spec.columns:
                    cell = row.get(column.code)
                    data[f"{spec.code}-{number}-{column.code}"] = _cell_text(cell)
        elif isinstance(value, list):
            data.setlist(spec.code, value)
        elif not isinstance(value, bool):
            data[spec.code] = "" if value is None else str(value)
        elif value:
            data[spec.code] = "on"
    return data


def _cell_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)

"""Questions → forms, checklists, record pages and comparisons. Import from here."""

from portal.lifecycle.blueprints.conditions import condition_holds, is_filled, visible_answers, visible_fields
from portal.lifecycle.blueprints.fields.answers import (
    blank_answers,
    map_sensitive,
    searchable_text,
    similarity_text,
    subject_name,
    unique_values,
)
from portal.lifecycle.blueprints.fields.checklist import (
    MissingItem,
    SectionProgress,
    is_touched,
    missing_items,
    section_progress,
)
from portal.lifecycle.blueprints.fields.codes import code_choices, code_label
from portal.lifecycle.blueprints.fields.differences import AnswerChange, answer_diff, as_text, word_parts
from portal.lifecycle.blueprints.fields.display import DisplayRow, cell_text, display_rows
from portal.lifecycle.blueprints.fields.form import EntryForm, FormItem, form_class, form_data
from portal.lifecycle.blueprints.fields.special import AttachedFile

__all__ = [
    "AnswerChange",
    "AttachedFile",
    "DisplayRow",
    "EntryForm",
    "FormItem",
    "MissingItem",
    "SectionProgress",
    "answer_diff",
    "as_text",
    "blank_answers",
    "cell_text",
    "code_choices",
    "code_label",
    "condition_holds",
    "display_rows",
    "form_class",
    "form_data",
    "is_filled",
    "is_touched",
    "map_sensitive",
    "missing_items",
    "searchable_text",
    "section_progress",
    "similarity_text",
    "subject_name",
    "unique_values",
    "visible_answers",
    "visible_fields",
    "word_parts",
]

"""Questions that are not one input: declarations of vetoes, text to read, places for attachments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.fields.inputs import YES, AnswerField
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec, Veto


class VetoesWidget(forms.CheckboxSelectMultiple):
    template_name = "lifecycle/widgets/vetoes.html"
    is_block = True


class VetoesAnswer(AnswerField):
    """One tick for each veto: “没有此情形”. Stored as the list of codes that were ticked."""

    def __init__(self, spec: FieldSpec, vetoes: Sequence[Veto], **kwargs: Any) -> None:
        self.codes = [veto.code for veto in vetoes]
        super().__init__(spec, widget=VetoesWidget(choices=[(veto.code, veto.text) for veto in vetoes]), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        given = set(value) if isinstance(value, list | tuple) else set()
        return [code for code in self.codes if code in given]

    def empty(self) -> list[str]:
        return []

    def typed(self, value: Any) -> Any:
        return value or []


class ConsentWidget(forms.CheckboxInput):
    """The text people agree to, and the tick below it."""

    template_name = "lifecycle/widgets/consent.html"
    input_type = "consent"  # drawn as a block, not as a lone check box with its help
    use_fieldset = True
    is_block = True

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"paragraphs": self.text.strip().split("\n")}


class ConsentAnswer(AnswerField):
    """同意书: a tick that means consent to the text shown above it."""

    def __init__(self, spec: FieldSpec, text: str, **kwargs: Any) -> None:
        super().__init__(spec, widget=ConsentWidget(text), **kwargs)

    def clean(self, value: Any) -> bool:
        return value in (True, "on", "true", YES)

    def typed(self, value: Any) -> Any:
        return value is True or value in ("on", YES)


class StatementWidget(forms.Widget):
    template_name = "lifecycle/widgets/statement.html"
    use_fieldset = True
    is_block = True

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"paragraphs": self.text.split("\n")}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        return None


class StatementText(AnswerField):
    """Text that is only read; never an answer."""

    def __init__(self, spec: FieldSpec, **kwargs: Any) -> None:
        super().__init__(spec, widget=StatementWidget(spec.text), **kwargs)


@dataclass(frozen=True)
class AttachedFile:
    """A file that is already there: what its line in the form shows."""

    name: str
    size: int
    url: str = ""
    remove_url: str = ""
    pk: int | None = None


class AttachmentWidget(forms.Widget):
    """List of the files that are there, and an input for more.

    With script each chosen file goes to ``upload_url`` at once (htmx); without, the files come with the form itself.
    """

    template_name = "lifecycle/widgets/attachment.html"
    needs_multipart_form = True
    use_fieldset = True
    is_block = True

    def __init__(self, spec: FieldSpec, template_title: str = "") -> None:
        self.spec = spec
        self.template_title = template_title
        self.files: Sequence[AttachedFile] = ()
        self.upload_url = ""
        self.template_url = ""
        self.problems: Sequence[str] = ()
        super().__init__()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        spec = self.spec
        return super().get_context(name, value, attrs) | {
            "spec": spec,
            "files": self.files,
            "places_left": max(0, (spec.max_files or 1) - len(self.files)),
            "accept": ",".join(f".{kind}" for kind in spec.accept),
            "max_bytes": (spec.max_mb or 0) * 1024 * 1024,
            "hint": _("可上传 %(kinds)s，每个不超过 %(mb)d MB，最多 %(files)d 个")
            % {
                "kinds": "、".join(kind.upper() for kind in spec.accept),
                "mb": spec.max_mb or 0,
                "files": spec.max_files or 1,
            },
            "upload_url": self.upload_url,
            "template_url": self.template_url,
            "template_title": self.template_title,
            "problems": self.problems,
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class AttachmentSlot(AnswerField):
    """Where files of one kind belong. Content and size are checked when they are stored, not here."""

    def __init__(self, spec: FieldSpec, blueprint: Blueprint, **kwargs: Any) -> None:
        title = blueprint.document(spec.template).title if spec.template else ""
        super().__init__(spec, widget=AttachmentWidget(spec, title), **kwargs)

    def clean(self, value: Any) -> list[Any]:
        return list(value or [])

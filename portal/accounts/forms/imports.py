"""Upload of a workbook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import ImportKind
from portal.accounts.forms.pickers import ActorForm, OrganisationField
from portal.accounts.imports.reading import MAX_BYTES
from portal.accounts.queries.organisations import possible_parents
from portal.web.widgets import FileInput


class UploadForm(ActorForm):
    kind = forms.ChoiceField(label=_("导入内容"), choices=ImportKind.choices, widget=forms.RadioSelect)
    organisation = OrganisationField(
        label=_("导入到"),
        rows=lambda actor: possible_parents(actor=actor),
        help_text=_("只能新增和更新这个组织及其下级；一般就是本组织。"),
    )
    file = forms.FileField(label=_("填好的工作簿"), widget=FileInput(accept=".xlsx", max_bytes=MAX_BYTES))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过10MB，请分批导入。"))
        return file

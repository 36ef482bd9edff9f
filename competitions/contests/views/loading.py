"""What the pages that take a workbook share."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from competitions.contests import forms
from competitions.contests.domain import imports
from portal.web.views import FormView

SHOWN = 100  # problems of a workbook on the page


class WorkbookLoad(FormView):
    """All lines or none, with every error and its place; large files go on as a job."""

    abstract = True
    form_class = forms.WorkbookForm
    template_name = "competitions/contest_load.html"
    submit_label = _("检查并导入")
    kind: str = ""
    part: Any = None
    delegation: Any = None

    def load(self, content: bytes) -> HttpResponse:
        raise NotImplementedError

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["upload"]
        content = file.read()
        if imports.is_large(content, self.kind):
            batch = imports.start_load(
                actor=self.actor, kind=self.kind, file_name=file.name, content=content, now=self.now, part=self.part,
                delegation=self.delegation,
            )  # fmt: skip
            return self.done("", batch.get_absolute_url())
        try:
            return self.load(content)
        except imports.Faulty as error:
            found = error.problems
            return self.render(form=form, status=422, problems=found[:SHOWN], problem_count=len(found))

"""征求意见函: how departments' answers stand, and the letters to those that have not answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.clearance.departments import queries
from portal.lifecycle.clearance.departments.domain import request_letters
from portal.lifecycle.clearance.departments.forms import LettersForm
from portal.web.ui import Crumb
from portal.web.views import FormView


class DepartmentLetters(FormView):
    policy_action = "clearance.letters"
    form_class = LettersForm
    template_name = "lifecycle/clearance/letters.html"
    title, submit_label = _("部门征求意见函"), _("制作函件")
    narrow = False

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("资格审查与联审"), reverse("lifecycle:clearance.list"))]

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:clearance.list")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"cycles": queries.cycles_with_letters(actor=self.actor)}

    def context(self) -> dict[str, Any]:
        return super().context() | {"lines": queries.department_lines(actor=self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        run = request_letters(
            cycle=data["cycle"],
            reminder=data["kind"] == "reminder",
            working_days=data["working_days"],
            actor=self.actor,
            now=self.now,
        )
        return self.done("", reverse("jobs:run.detail", kwargs={"pk": run.pk}))

"""Which project? For what is begun from a list: the field suggests while one types."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects import forms, queries
from competitions.projects.views.base import list_crumb
from portal.web.ui import Action, Crumb
from portal.web.views import FormView, FragmentView

# what is begun: title, where it goes on
BEGUN = {
    "ticket": (_("提出问题"), "competitions:ticket.raise", "competitions:ticket.list"),
    "visit": (_("安排调研"), "competitions:inspection.plan", "competitions:inspection.list"),
    "care": (_("登记慰问"), "competitions:care.add", "competitions:care.list"),
}


def begin(what: str) -> Action:
    """The button above a list."""
    url = reverse("competitions:project.choose", args=[what])
    return Action(BEGUN[what][0], url, icon="plus", kind="primary", policy_action="project.raise")


class ProjectPick(FragmentView):
    """Suggestions of a field."""

    policy_action = "project.view"
    fragment_name = "competitions/_project_options.html"

    def context(self) -> dict[str, Any]:
        text = self.request.GET.get("q", "").split("（")[0]
        return {"options": queries.search(actor=self.actor, text=text, limit=12)}


class ProjectChoose(FormView):
    policy_action = "project.raise"
    form_class = forms.ChooseForm
    submit_label = _("下一步")

    def page_title(self) -> Any:
        if self.kwargs["what"] not in BEGUN:
            raise Http404
        return BEGUN[self.kwargs["what"]][0]

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_cancel_url(self) -> str:
        return reverse(BEGUN[self.kwargs["what"]][2])

    def perform(self, form: Any) -> HttpResponse:
        return self.redirect(reverse(BEGUN[self.kwargs["what"]][1], args=[form.cleaned_data["project"].pk]))

"""新建申报: which calls are open, what each needs, and the first step into one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Organisation
from portal.core.decisions import Decision
from portal.core.errors import Conflict, Refused
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.domain import copy_entry, create_entry
from portal.lifecycle.entries.forms import StartForm
from portal.lifecycle.programmes.models import Cycle
from portal.web.ui import Crumb
from portal.web.views import FormView, PageView


def needs_of(rules: Blueprint) -> dict[str, list[Any]]:
    """What to have at hand before starting: parts of the form, files that must come, papers to be sealed."""
    sealed = {document.upload_field: document for document in rules.documents if document.upload_field}
    files = [spec for spec in rules.attachments if spec.required or spec.required_when]
    return {
        "sections": list(rules.sections),
        "files": [spec for spec in files if spec.code not in sealed],
        "papers": [document for field, document in sealed.items() if rules.field(field).required],
        "vetoes": list(rules.vetoes),
    }


class EntryStart(PageView):
    """Open calls, soonest deadline first. ``?cycle=`` leads straight into one (links from elsewhere)."""

    policy_action = "entry.create"
    template_name = "lifecycle/entry_start.html"
    title = gettext_lazy("新建申报")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("申报件"), reverse("lifecycle:entry.list"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("cycle", "")
        if wanted.isdigit():
            return self.redirect(reverse("lifecycle:entry.begin", kwargs={"cycle": wanted}))
        calls = queries.calls_for(actor=self.actor, now=self.now)
        for call in calls:
            call["needs"] = needs_of(call["rules"])
            call["url"] = reverse("lifecycle:entry.begin", kwargs={"cycle": call["cycle"].pk})
        return self.render(calls=calls)


class EntryBegin(FormView):
    """The first questions of one call: name, track, employer, an earlier entry to copy."""

    policy_action = "entry.create"
    template_name = "lifecycle/entry_begin.html"
    submit_label = gettext_lazy("开始填报")
    narrow = False

    @cached_property
    def cycle(self) -> Cycle:
        rows = Cycle.objects.select_related("programme", "blueprint", "owner").prefetch_related("stages", "tracks")
        found = rows.filter(pk=self.kwargs["cycle"]).first()
        if found is None:
            raise Http404
        return found

    def page_title(self) -> str:
        return str(self.cycle)

    def page_crumbs(self) -> list[Crumb]:
        return [
            Crumb(_("申报件"), reverse("lifecycle:entry.list")),
            Crumb(_("新建申报"), reverse("lifecycle:entry.create")),
        ]

    @cached_property
    def stage_or_refusal(self) -> Any:
        try:
            return queries.open_application(self.cycle, self.now)
        except Refused as refused:
            return refused.decisions[0]

    def get_form(self) -> StartForm:
        organisation = Organisation.objects.get(pk=self.actor.desk.organisation_id)
        employers = queries.employers_of(organisation)
        sources = queries.copyable_entries(actor=self.actor, programme=self.cycle.programme, cycle=self.cycle)[:50]
        data = self.request.POST if self.request.method == "POST" else None
        return StartForm(data, cycle=self.cycle, employers=employers, sources=list(sources))

    def context(self) -> dict[str, Any]:
        rules = self.cycle.rules
        found = self.stage_or_refusal
        return super().context() | {
            "cycle": self.cycle,
            "rules": rules,
            "needs": needs_of(rules),
            "stage": None if isinstance(found, Decision) else found,
            "closed": found.message if isinstance(found, Decision) else "",
            "cancel_url": reverse("lifecycle:entry.create"),
        }

    def perform(self, form: StartForm) -> HttpResponse:
        try:
            entry = self._make(form)
        except (Conflict, Refused) as error:  # shown beside the form: nothing typed is lost
            form.add_error(None, error.message)
            return self.render(form=form, status=409 if isinstance(error, Conflict) else 422)
        url = reverse("lifecycle:entry.edit", kwargs={"code": entry.code})
        return self.done(_("已新建申报 %s，填写的内容会自动保存。") % entry.code, url)

    def _make(self, form: StartForm) -> Any:
        common = {"actor": self.actor, "cycle": self.cycle, "now": self.now, "track": form.track}
        if form.source is not None:
            full = queries.entry_records(actor=self.actor).get(pk=form.source.pk)
            return copy_entry(source=full, title=form.cleaned_data["title"], **common)
        return create_entry(title=form.cleaned_data["title"], employer=form.employer, **common)

"""Pages of the visits: the plan, one record, its pictures; and the record as an expert reads it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import Decision, refuse
from portal.core.errors import DomainError
from portal.core.policies import may
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import in_turn, params_of
from portal.lifecycle.review.views.desk import SheetView
from portal.lifecycle.review.visits import domain, queries
from portal.lifecycle.review.visits.forms import PlanForm, RecordForm, ReopenForm
from portal.lifecycle.review.visits.tables import (
    CONCLUSION_TONES,
    VisitFilters,
    VisitStageFilters,
    VisitStageTable,
    VisitTable,
)
from portal.web.ui import Crumb, PageContext
from portal.web.views import ActionView, BulkActionView, FileDownloadView, FormView, ListView
from portal.web.views.bulk import BulkRow


def crumbs_of(stage: Any = None) -> list[Crumb]:
    found = [Crumb(_("实地考察"), reverse("lifecycle:visit.stages"))]
    return [*found, Crumb(str(stage.cycle), reverse("lifecycle:visit.list", args=[stage.pk]))] if stage else found


class VisitStages(ListView):
    """Cycles of this desk with visits."""

    policy_action = "visit.view"
    table_class = VisitStageTable
    filters_class = VisitStageFilters
    title = gettext_lazy("实地考察")
    subtitle = gettext_lazy("安排考察、填写考察记录并归档；点届次办理。")

    def get_queryset(self) -> Any:
        return in_turn(queries.counted(queries.visit_stages(actor=self.actor)))


class VisitList(ListView):
    """The plan: who is visited when and by whom, and what came of it."""

    policy_action = "visit.view"
    table_class = VisitTable
    filters_class = VisitFilters
    export_name = gettext_lazy("实地考察安排")

    @cached_property
    def stage(self) -> Any:
        stage = queries.visit_stages(actor=self.actor).filter(pk=self.kwargs["pk"]).first()
        if stage is None:
            raise Http404
        return stage

    @property
    def object(self) -> Any:
        return self.stage

    def policy_object(self) -> Any:
        return self.stage

    def get_queryset(self) -> Any:
        return queries.visit_entries(self.stage)

    def page(self) -> PageContext:
        return PageContext(title=_("%(cycle)s · 实地考察") % {"cycle": self.stage.cycle}, crumbs=crumbs_of())


class PlanVisits(BulkActionView):
    """Date and people for the selected entries."""

    policy_action = "visit.plan"
    label = gettext_lazy("安排考察")

    @cached_property
    def form_class(self) -> Any:
        return partial(PlanForm, staff=queries.staff_of(self.actor))

    def get_queryset(self) -> Any:
        rows = Entry.objects.filter(cycle__owner__path=self.actor.path).exclude(review_code="")
        return rows.select_related("cycle__owner", "organisation", "visit").order_by("code")

    def row_title(self, obj: Entry) -> str:
        return f"{obj.code} {obj.title}"

    def preview(self) -> list[BulkRow]:
        return [BulkRow(row.object, row.title, self.decision(row.object)) for row in super().preview()]

    def decision(self, entry: Entry) -> Decision:
        visit = getattr(entry, "visit", None)
        if entry.state != EntryState.IN_REVIEW:
            return refuse("over", _("现在不在评审中。"))
        if visit is not None and visit.is_filed:
            return refuse("filed", _("考察记录已经归档。"))
        return may(self.actor, "visit.plan", entry)

    def perform_one(self, obj: Entry, data: dict[str, Any]) -> None:
        domain.plan_visits(actor=self.actor, entries=[obj], now=self.now, **data)

    def back_url(self) -> str:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()][:1]
        entry = self.get_queryset().filter(pk__in=wanted).first()
        stage = queries.review_stage(entry) if entry else None
        return reverse("lifecycle:visit.list", args=[stage.pk]) if stage else reverse("lifecycle:visit.stages")


class VisitRecord(FormView):
    """One record: filled in on the spot with a phone, filed, then read only."""

    policy_action = "visit.view"
    form_class = RecordForm
    template_name = "lifecycle/visit_record.html"
    context_name = "visit"
    submit_label = gettext_lazy("保存记录")

    def get_queryset(self) -> Any:
        return queries.visits(actor=self.actor)

    @cached_property
    def stage(self) -> Any:
        return queries.review_stage(self.object.entry)

    @cached_property
    def params(self) -> Any:
        return params_of(self.stage).visit

    @property
    def url(self) -> str:
        return reverse("lifecycle:visit.record", args=[self.object.pk])

    def page(self) -> PageContext:
        entry = self.object.entry
        title = _("考察记录：%s") % entry
        return PageContext(title=title, subtitle=f"{entry.code} · {entry.organisation}", crumbs=crumbs_of(self.stage))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"params": self.params}

    def get_initial(self) -> dict[str, Any]:
        visit = self.object
        facts = {name: getattr(visit, name) for name in ("visited_on", "conclusion", "summary")}
        return facts | {f"finding-{code}": text for code, text in visit.findings.items()}

    def context(self) -> dict[str, Any]:
        visit = self.object
        running = not visit.is_filed and visit.entry.state == EntryState.IN_REVIEW and self.stage.is_open_at(self.now)
        return (
            super().context()
            | record_context(visit, self.params)
            | {
                "editable": running and bool(may(self.actor, "visit.record", visit)),
                "may_reopen": visit.is_filed and bool(may(self.actor, "visit.plan", visit)),
            }
        )

    def perform(self, form: Any) -> HttpResponse:
        """Saves what was written; pictures come with it; “file” closes the record when nothing is missing."""
        domain.save_visit(actor=self.actor, visit=self.object, now=self.now, **form.facts)
        for upload in self.request.FILES.getlist("photos"):
            try:
                domain.add_photo(actor=self.actor, visit=self.object, upload=upload, now=self.now)
            except DomainError as error:
                messages.error(self.request, error.message)
        if "_file" not in self.request.POST:
            return self.done(_("考察记录已保存。"), self.url)
        domain.file_visit(actor=self.actor, visit=self.object, now=self.now)
        return self.done(_("考察记录已归档，评审专家和评审会议可以查阅。"), self.url)


def record_context(visit: Any, params: Any) -> dict[str, Any]:
    """What a record shows to whoever reads it."""
    return {
        "items": [{"item": item, "text": visit.findings.get(item.code, "")} for item in params.items],
        "photos": list(visit.photos.all()),
        "people": visit.people,
        "conclusion_tone": CONCLUSION_TONES.get(visit.conclusion, "neutral"),
        "visit_params": params,
    }


class ReopenVisit(VisitRecord):
    """Back for correction, with a reason."""

    policy_action = "visit.plan"
    form_class = ReopenForm
    template_name = "web/form.html"
    title = gettext_lazy("退回考察记录")
    submit_label = gettext_lazy("退回更正")

    def page(self) -> PageContext:
        return PageContext(title=self.title, crumbs=[*crumbs_of(self.stage), Crumb(str(self.object.entry), self.url)])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_cancel_url(self) -> str:
        return self.url

    def perform(self, form: Any) -> HttpResponse:
        domain.reopen_visit(actor=self.actor, visit=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("考察记录已退回，可以更正。"), self.url)


class Photo(FileDownloadView):
    """One picture, for the organiser."""

    policy_action = "visit.view"

    def get_queryset(self) -> Any:
        return queries.photos(actor=self.actor)

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type


class RemovePhoto(ActionView):
    policy_action = "visit.record"

    def get_queryset(self) -> Any:
        return queries.photos(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:visit.record", args=[self.object.visit_id])

    def perform(self) -> HttpResponse:
        url = self.get_failure_url()
        domain.remove_photo(actor=self.actor, photo=self.object, now=self.now)
        return self.done(_("照片已移除。"), url)


class ExpertVisit(SheetView):
    """The filed record beside the expert's sheet; a blind review does not show it, it would name the unit."""

    template_name = "lifecycle/visit_reading.html"

    @cached_property
    def visit(self) -> Any:
        visit = None if self.is_blind else queries.filed_visit(self.object.entry)
        if visit is None:
            raise Http404
        return visit

    def page(self) -> PageContext:
        title = _("考察记录：%s") % self.sheet_title()
        return PageContext(title=title, crumbs=[Crumb(_("评审任务"), reverse("lifecycle:review.desk")), Crumb(self.sheet_title(), self.url)])  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        params = params_of(self.object.panel.stage).visit
        return self.render(visit=self.visit, **record_context(self.visit, params))


class ExpertPhoto(ExpertVisit, FileDownloadView):
    def get_file(self) -> tuple[Any, str, str]:
        photo = next((p for p in self.visit.photos.all() if p.pk == self.kwargs["photo"]), None)
        if photo is None:
            raise Http404
        return photo.file.open("rb"), photo.name, photo.content_type

    get = FileDownloadView.get

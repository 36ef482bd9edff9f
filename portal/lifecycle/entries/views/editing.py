"""The form: one section a page, saved while typing; works the same without script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.core.errors import Conflict, DomainError, Refused
from portal.lifecycle.blueprints.fields import (
    AnswerChange,
    AttachedFile,
    EntryForm,
    SectionProgress,
    answer_diff,
    form_class,
    section_progress,
)
from portal.lifecycle.blueprints.schema import Blueprint, Section
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.content import Answers, answers_of, section_base
from portal.lifecycle.entries.deadlines import deadline_note
from portal.lifecycle.entries.domain import Saved, StaleDraft, add_attachment, remove_attachment, save_draft
from portal.lifecycle.entries.models import Attachment, Entry
from portal.web.ui import Crumb
from portal.web.views import PageView


@dataclass(frozen=True)
class SectionLink:
    """A line of the progress list."""

    progress: SectionProgress
    url: str
    is_current: bool


class EntryFormView(PageView):
    """What the pages of one entry's form share. Template and API of the widgets: blueprints/fields."""

    abstract = True
    policy_action = "entry.edit"
    lookup_field = "code"
    context_name = "entry"

    def get_queryset(self) -> QuerySet[Entry]:
        return queries.entry_records(actor=self.actor)

    @cached_property
    def rules(self) -> Blueprint:
        return self.object.cycle.rules

    @cached_property
    def answers(self) -> Answers:
        return answers_of(self.object)

    @cached_property
    def section(self) -> Section:
        try:
            return self.rules.section(self.kwargs["section"])
        except KeyError as error:
            raise Http404 from error

    @cached_property
    def files(self) -> dict[str, list[Attachment]]:
        return queries.attachments_of(self.object)

    def attached(self) -> dict[str, list[AttachedFile]]:
        """Files as the upload widget shows them."""
        code = self.object.code
        return {
            field: [
                AttachedFile(
                    name=row.name,
                    size=row.size,
                    pk=row.pk,
                    url=reverse("lifecycle:entry.attachment", kwargs={"code": code, "pk": row.pk}),
                    remove_url=reverse("lifecycle:entry.attachment.remove", kwargs={"code": code, "pk": row.pk}),
                )
                for row in rows
            ]
            for field, rows in self.files.items()
        }

    def make_form(self, data: Any = None, files: Any = None, section: str | None = None) -> EntryForm:
        code = self.object.code
        return form_class(self.rules, section or self.section.code)(
            data,
            files,
            answers=self.answers,
            draft=True,
            attachments=self.attached(),
            upload_url=reverse("lifecycle:entry.upload", kwargs={"code": code, "field": "FIELD"}).replace(
                "FIELD", "{code}"
            ),
            template_url=reverse(
                "lifecycle:entry.document", kwargs={"code": code, "document": "PAPER", "kind": "pdf"}
            ).replace("PAPER", "{code}"),
        )

    def progress(self, answers: Mapping[str, Any] | None = None) -> list[SectionProgress]:
        counts = {field: len(rows) for field, rows in self.files.items()}
        return section_progress(self.rules, self.answers if answers is None else answers, counts)

    def section_url(self, code: str) -> str:
        return reverse("lifecycle:entry.section", kwargs={"code": self.object.code, "section": code})

    @property
    def checklist_url(self) -> str:
        """The self-assessment that belongs to the form, where the review goes by a checklist."""
        review = self.rules.stage("review")
        checklist = review.params.checklist if review else None
        if checklist is None or not checklist.self_mark:
            return ""
        return reverse("lifecycle:checklist.self", kwargs={"code": self.object.code})

    def page_title(self) -> str:
        return self.object.title or _("（未命名的申报）")

    def page_crumbs(self) -> list[Crumb]:
        return [
            Crumb(_("申报件"), reverse("lifecycle:entry.list")),
            Crumb(self.object.code, self.object.get_absolute_url()),
        ]


class EntryEdit(EntryFormView):
    """Leads to the first part that is not complete."""

    policy_action = "entry.edit"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        progress = self.progress()
        first = next((part for part in progress if part.missing), progress[0])
        return self.redirect(self.section_url(first.section))


class EntrySection(EntryFormView):
    """One section: GET shows it, POST keeps everything that was typed, right or wrong, and says what is wrong."""

    policy_action = "entry.edit"
    template_name = "lifecycle/entry_edit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST, request.FILES)
        valid = form.is_valid()
        try:
            saved = self.keep(form)
        except StaleDraft as stale:
            return self.show_conflict(form, stale)
        problems = self.keep_files(form)
        if "_add_row" in request.POST:
            form.extra_rows(request.POST["_add_row"])
            return self.show(form, base=saved.base)
        if not valid or problems:
            return self.show(form, base=saved.base, status=422, kept=True)
        return self.go_on(saved)

    def keep(self, form: EntryForm) -> Saved:
        saved = save_draft(
            actor=self.actor,
            entry=self.object,
            section=self.section.code,
            answers=form.answers(),
            now=self.now,
            base=self.request.POST.get("version") or None,
        )
        self.answers.update(form.answers())
        return saved

    def keep_files(self, form: EntryForm) -> bool:
        """Files that came with the form itself (no script). Problems are shown beside their place."""
        problems = False
        for field, uploads in form.uploads().items():
            for upload in uploads:
                try:
                    add_attachment(actor=self.actor, entry=self.object, field=field, upload=upload, now=self.now)
                except DomainError as error:
                    problems = True
                    form.add_error(field, error.message)
        if form.uploads():
            self.__dict__.pop("files", None)
            for field, rows in self.attached().items():
                if field in form.fields:
                    form.fields[field].widget.files = rows
        return problems

    def go_on(self, saved: Saved) -> HttpResponse:
        """Where the button says: stay, the next part, or the check before submitting."""
        order = [part.section for part in self.progress()]
        where = order.index(self.section.code) if self.section.code in order else len(order) - 1
        if "_stay" in self.request.POST:
            url = self.section_url(self.section.code)
        elif where + 1 < len(order):
            url = self.section_url(order[where + 1])
        else:
            url = reverse("lifecycle:entry.review", kwargs={"code": self.object.code})
        clock = timezone.localtime(saved.saved_at).strftime("%H:%M")
        return self.done(_("“%(part)s”已保存 %(clock)s") % {"part": self.section.title, "clock": clock}, url)

    def show_conflict(self, form: EntryForm, stale: StaleDraft) -> HttpResponse:
        """Both texts side by side; the form holds what was typed, and saving it now is a decision."""
        changes: list[AnswerChange] = answer_diff(self.rules, stale.stored, stale.stored | stale.typed)
        own = [change for change in changes if change.section == self.section.code]
        return self.show(form, base=stale.base, status=409, conflict=stale, changes=own)

    def show(self, form: EntryForm, *, base: str = "", status: int = 200, **context: Any) -> HttpResponse:
        progress = self.progress()
        order = [part.section for part in progress]
        here = order.index(self.section.code) if self.section.code in order else 0
        return self.render(
            status=status,
            form=form,
            section=self.section,
            base=base or section_base(self.rules, self.section.code, self.answers),
            links=[SectionLink(p, self.section_url(p.section), p.section == self.section.code) for p in progress],
            complete=sum(part.is_complete for part in progress),
            number=here + 1,
            previous_url=self.section_url(order[here - 1]) if here else "",
            is_last=here + 1 == len(order),
            deadline=deadline_note(self.object, self.now),
            returned=queries.return_note(self.object),
            **context,
        )


class EntryAutosave(EntryFormView):
    """The same save for the script: JSON in the words of static/js/forms.js."""

    policy_action = "entry.edit"
    http_method_names = ("post", "options")

    def refused(self, error: Refused) -> HttpResponse:
        return JsonResponse({"message": error.message}, status=409)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        form.is_valid()
        try:
            saved = save_draft(
                actor=self.actor,
                entry=self.object,
                section=self.section.code,
                answers=form.answers(),
                now=self.now,
                base=request.POST.get("version") or None,
            )
        except StaleDraft:
            message = _("这一部分在别的窗口有改动。请按“保存”，对照两份内容后再决定。")
            return JsonResponse({"message": message, "stale": True}, status=409)
        except (Conflict, Refused) as error:
            return JsonResponse({"message": error.message}, status=409)
        progress = self.progress(self.answers | form.answers())
        return JsonResponse(
            {
                "saved_at": timezone.localtime(saved.saved_at).strftime("%H:%M"),
                "version": saved.base,
                "errors": {name: [str(e) for e in errors] for name, errors in form.errors.items()},
                "progress": {
                    "complete": sum(part.is_complete for part in progress),
                    "sections": {part.section: {"missing": len(part.missing)} for part in progress},
                },
            }
        )


class EntryUpload(EntryFormView):
    """One or more files for one place, sent as soon as they are chosen; answers with the place drawn anew."""

    policy_action = "entry.attach"
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        field = self.kwargs["field"]
        if not self.rules.has_field(field):
            raise Http404
        problems = []
        for upload in request.FILES.getlist(field):
            try:
                add_attachment(actor=self.actor, entry=self.object, field=field, upload=upload, now=self.now)
            except DomainError as error:
                problems.append(error.message)
        if not request.FILES.getlist(field):
            problems.append(_("没有收到文件，请重新选择。"))
        self.__dict__.pop("files", None)
        return self.place(field, problems)

    def place(self, field: str, problems: list[str]) -> HttpResponse:
        if not getattr(self.request, "htmx", False):
            for problem in problems:
                messages.error(self.request, problem)
            papers = reverse("lifecycle:entry.files", kwargs={"code": self.object.code})
            here = papers if self.request.POST.get("next") == papers else ""
            return self.redirect(here or self.section_url(self.rules.section_of(field).code))
        form = self.make_form(section=self.rules.section_of(field).code)
        form.fields[field].widget.problems = problems
        response = HttpResponse(form[field].as_widget())
        response["HX-Trigger"] = "portal:files"
        return response


class EntryAttachmentRemove(EntryUpload):
    """Takes one file out. Without script the button sends the whole form: what was typed is kept first."""

    policy_action = "entry.attach"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attachment = Attachment.objects.filter(entry=self.object, pk=self.kwargs["pk"]).first()
        if attachment is None:
            raise Http404
        problems = []
        try:
            remove_attachment(actor=self.actor, attachment=attachment, now=self.now)
        except DomainError as error:
            problems.append(error.message)
        self.__dict__.pop("files", None)
        if not getattr(request, "htmx", False) and "version" in request.POST:
            self._keep_typed(attachment.field)
        return self.place(attachment.field, problems)

    def _keep_typed(self, field: str) -> None:
        section = self.rules.section_of(field).code
        form = self.make_form(self.request.POST, section=section)
        form.is_valid()
        try:
            save_draft(
                actor=self.actor,
                entry=self.object,
                section=section,
                answers=form.answers(),
                now=self.now,
                base=self.request.POST["version"] or None,
            )
        except StaleDraft as stale:
            messages.error(self.request, stale.message)

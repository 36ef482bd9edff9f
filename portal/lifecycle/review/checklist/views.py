"""Pages of the checklist: the unit's own marks, a reviewer's findings item by item, the proofs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.core.errors import Conflict, DomainError
from portal.core.policies import may
from portal.lifecycle.entries import queries as entries
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.checklist import domain, sheets
from portal.lifecycle.review.checklist.completeness import self_mark_refusals
from portal.lifecycle.review.checklist.domain import Typed
from portal.lifecycle.review.checklist.models import SelfMark
from portal.lifecycle.review.views.desk import SaveSheet, SheetView
from portal.web.ui import Crumb
from portal.web.views import FileDownloadView, PageView

POINTS, FOUND, WORDS, FILE = "points-", "found-", "words-", "file-"


def typed_in(data: Any) -> Typed:
    """What a page sent, by item."""

    def of(prefix: str) -> dict[str, str]:
        return {key.removeprefix(prefix): data[key] for key in data if key.startswith(prefix)}

    return Typed(points=of(POINTS), found=of(FOUND), words=of(WORDS))


def says_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


class SelfMarkPage(PageView):
    """自评考核表: sections, items, running totals; filled in by the unit, read by all who see the entry."""

    policy_action = "entry.view"
    template_name = "lifecycle/checklist_self.html"
    lookup_field = "code"
    context_name = "entry"

    def get_queryset(self) -> Any:
        return entries.entry_records(actor=self.actor)

    @cached_property
    def checklist(self) -> Any:
        checklist = sheets.checklist_of(self.object.cycle)
        if checklist is None or not checklist.self_mark:
            raise Http404
        return checklist

    @cached_property
    def editable(self) -> bool:
        return bool(may(self.actor, "entry.edit", self.object))

    @property
    def url(self) -> str:
        return reverse("lifecycle:checklist.self", kwargs={"code": self.object.code})

    def page_title(self) -> str:
        return _("自评考核表")

    def page_crumbs(self) -> list[Crumb]:
        entry: Entry = self.object
        return [
            Crumb(_("申报件"), reverse("lifecycle:entry.list")),
            Crumb(entry.title or entry.code, entry.get_absolute_url()),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(sheets.self_sheet(self.object, self.checklist))

    def show(self, sheet: sheets.ItemSheet, *, status: int = 200, problems: list[str] | None = None) -> HttpResponse:
        return self.render(
            status=status,
            sheet=sheet,
            editable=self.editable,
            problems=problems or [],
            refusals=self_mark_refusals(sheet),
            returned=entries.return_note(self.object),
        )


class SaveSelfMarks(SelfMarkPage):
    """Keeps what was typed: one item while typing, all of them (and files) with the button."""

    policy_action = "entry.edit"
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed, htmx = typed_in(request.POST), says_htmx(request)
        try:
            sheet = domain.save_self_marks(actor=self.actor, entry=self.object, typed=typed, now=self.now)
            problems = self.keep_files()
        except Conflict:
            if htmx:
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            raise
        errors = {line.item.code: (line.typed or "", line.error) for line in sheet.lines if line.error}
        errors |= {code: (typed.points.get(code, ""), message) for code, message in problems.items()}
        touched = typed.codes | problems.keys() | self.file_codes
        sheet = sheets.self_sheet(self.object, self.checklist, errors=errors)
        if htmx:
            lines = [line for line in sheet.lines if line.item.code in touched]
            parts = [part for part in sheet.sections if any(line in part.lines for line in lines)]
            return self.render(
                template="lifecycle/_checklist_saved.html", sheet=sheet, lines=lines, parts=parts, editable=True,
                refusals=self_mark_refusals(sheet), with_files=bool(self.file_codes),
            )  # fmt: skip
        if errors:
            titles = {line.item.code: line.item.title for line in sheet.lines}
            words = [f"{titles[code]}：{message}" for code, (_typed, message) in errors.items()]
            return self.show(sheet, status=422, problems=words)
        return self.done(_("自评已保存，提交申报前都可以修改。"), self.url)

    @cached_property
    def file_codes(self) -> set[str]:
        """Items whose file comes or goes with this request."""
        removed = {self.request.POST["remove"]} if self.request.POST.get("remove") else set()
        return removed | {key.removeprefix(FILE) for key in self.request.FILES if key.startswith(FILE)}

    def keep_files(self) -> dict[str, str]:
        problems = {}
        for code in sorted(self.file_codes):
            upload = self.request.FILES.get(f"{FILE}{code}")
            try:
                if upload is None:
                    domain.remove_evidence(actor=self.actor, entry=self.object, item=code, now=self.now)
                else:
                    domain.add_evidence(actor=self.actor, entry=self.object, item=code, upload=upload, now=self.now)
            except DomainError as error:
                problems[code] = error.message
        return problems


class Evidence(FileDownloadView):
    """One proof, for those who may see the entry."""

    policy_action = "entry.view"
    lookup_field = "code"

    def get_queryset(self) -> Any:
        return entries.entry_records(actor=self.actor)

    def get_file(self) -> tuple[Any, str, str]:
        row = proof_of(self.object, self.kwargs["item"])
        return row.file.open("rb"), row.file_name, row.content_type


class ReviewEvidence(SheetView, FileDownloadView):
    """The same for a reviewer; under a name that tells nothing when the review is blind."""

    def get_file(self) -> tuple[Any, str, str]:
        row = proof_of(self.object.entry, self.kwargs["item"])
        suffix = row.file.name.rpartition(".")[2]
        name = f"{_('佐证材料')}{row.pk}.{suffix}" if self.is_blind else row.file_name
        return row.file.open("rb"), name, row.content_type


def proof_of(entry: Entry, item: str) -> SelfMark:
    row = SelfMark.objects.filter(entry=entry, item=item).exclude(file="").first()
    if row is None:
        raise Http404
    return row


class SaveItems(SaveSheet):
    """A reviewer's findings: one item while typing, all of them with the button."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        htmx = says_htmx(request)
        try:
            comment_error = self._keep_comment()
            typed = typed_in(request.POST)
            items = domain.save_items(actor=self.actor, assignment=self.object, typed=typed, now=self.now)
        except Conflict:
            if htmx:
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            raise
        if htmx:
            lines = [line for line in items.lines if line.item.code in typed.codes]
            return self.render(
                template="lifecycle/_checklist_marked.html", items=items, lines=lines, running=True, worded=typed.words,
                parts=[part for part in items.sections if any(line in part.lines for line in lines)],
                sheet=self.stored_sheet(), comment_saved="comment" in request.POST, comment_error=comment_error,
            )  # fmt: skip
        errors = {line.key: [f"{line.item.title}：{line.error}"] for line in items.lines if line.error}
        if comment_error:
            errors["comment"] = [comment_error]
        if errors:
            return self.show(self.stored_sheet(), status=422, errors=errors, items=items)
        return self.done(_("已保存，尚未提交。"), self.url)

"""The expert's desk: the list of sheets, one sheet, saving, submitting, recusing, files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.errors import Conflict, Invalid
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.announcements import unread
from portal.lifecycle.review.checklist.sheets import ItemSheet, review_items
from portal.lifecycle.review.discussion.policies import may_raise
from portal.lifecycle.review.domain.experts import declare_conflict, withdraw_conflict
from portal.lifecycle.review.domain.marking import recuse, save_comment, save_marks, sheet_of, submit_sheet
from portal.lifecycle.review.forms import OwnConflictForm, RecuseForm
from portal.lifecycle.review.models import AssignmentState
from portal.lifecycle.review.queries import desk as queries
from portal.lifecycle.review.sheet import Sheet
from portal.lifecycle.review.tables import DeskFilters, DeskTable
from portal.lifecycle.review.visits.queries import filed_visit
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import ActionView, FileDownloadView, FormView, ListView, PageView

MARK, ABSTAIN = "mark-", "abstain-"


class ReviewDesk(ListView):
    """Own sheets with progress; sorted and searched by nothing that a blind review hides."""

    policy_action = "review.view"
    table_class = DeskTable
    filters_class = DeskFilters
    template_name = "lifecycle/review_desk.html"
    fragment_name = "web/_list.html"
    title = gettext_lazy("评审任务")
    saved_views = (
        SavedView(gettext_lazy("待评分"), "state=open"),
        SavedView(gettext_lazy("已提交"), "state=submitted"),
    )

    @cached_property
    def progress(self) -> list[queries.PanelProgress]:
        return queries.own_progress(actor=self.actor)

    def filter_context(self) -> dict[str, Any]:
        return {"panels": self.progress}

    def get_queryset(self) -> Any:
        return queries.assignments(actor=self.actor)

    def page_actions(self) -> list[Action]:
        return [Action(_("我的回避声明"), reverse("lifecycle:review.conflicts"), icon="shield-half")]

    def context(self) -> dict[str, Any]:
        running = [panel for panel in self.progress if panel.is_open]
        past = [panel for panel in self.progress if not panel.is_open]
        return {"running": running, "past": past, "announcements": unread(actor=self.actor)}


class SheetView(PageView):
    """What all pages about one sheet share."""

    abstract = True
    policy_action = "review.view"
    context_name = "assignment"

    def get_queryset(self) -> Any:
        return queries.sheet_page(actor=self.actor)

    @property
    def url(self) -> str:
        return reverse("lifecycle:review.sheet", args=[self.object.pk])

    @cached_property
    def is_blind(self) -> bool:
        return queries.is_blind(self.object.panel.stage)

    @cached_property
    def is_running(self) -> bool:
        """Whether this sheet can still be written."""
        sheet = self.object
        return sheet.is_open and sheet.entry.state == EntryState.IN_REVIEW and sheet.panel.stage.is_open_at(self.now)

    def sheet_title(self) -> str:
        code = self.object.entry.review_code
        return code if self.is_blind else f"{code} {self.object.entry}"


class ReviewSheet(SheetView):
    """The entry left, the rubric right, nothing else on the page (archetype 5)."""

    layout = "focus"
    template_name = "lifecycle/review_sheet.html"

    def page(self) -> PageContext:
        return PageContext(
            title=self.sheet_title(), crumbs=[Crumb(_("全部任务"), reverse("lifecycle:review.desk"))], badge=None
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(sheet_of(self.object))

    def stored_sheet(self) -> Sheet:
        return sheet_of(self.object)

    def show(
        self,
        sheet: Sheet,
        *,
        status: int = 200,
        errors: dict[str, list[str]] | None = None,
        items: ItemSheet | None = None,
    ) -> HttpResponse:
        """The page with this sheet; ``errors`` by field name are listed at the top and shown beside their fields."""
        rules, params = queries.rules_of(self.object)
        if items is None and params.checklist is not None:
            items = review_items(self.object, params.checklist)
        files = queries.visible_files(self.object, rules, blind=self.is_blind)
        return self.render(
            status=status,
            sheet=sheet,
            items=items,
            visit_url=self._visit_url(params),
            chair_url=self._chair_url(),
            params=params,
            blind=self.is_blind,
            running=self.is_running,
            sections=queries.entry_sections(self.object, rules, files),
            peers=queries.peer_totals(self.object, params),
            errors=errors or {},
            **self._way(),
        )

    def _visit_url(self, params: Any) -> str:
        """The record of the visit, once it is filed; a blind review does not show it."""
        if params.visit is None or self.is_blind or filed_visit(self.object.entry) is None:
            return ""
        return reverse("lifecycle:visit.reading", args=[self.object.pk])

    def _chair_url(self) -> str:
        """The chair, having marked the entry, may ask for a re-discussion."""
        row = self.object
        going_on = row.entry.state == EntryState.IN_REVIEW and row.panel.stage.is_open_at(self.now)
        if not row.is_submitted or not going_on or not may_raise(self.actor, row.entry, row.panel.stage):
            return ""
        return reverse("lifecycle:discussion.chair", args=[row.pk])

    def _way(self) -> dict[str, Any]:
        """Where this sheet stands among the expert's sheets of the panel."""
        rows = queries.neighbours(self.object)
        place = next(i for i, (pk, _state) in enumerate(rows) if pk == self.object.pk)
        following = [pk for pk, state in rows[place + 1 :] + rows[:place] if state == AssignmentState.OPEN]

        def address(index: int) -> str:
            return reverse("lifecycle:review.sheet", args=[rows[index][0]]) if 0 <= index < len(rows) else ""

        return {
            "place": place + 1,
            "count": len(rows),
            "done": sum(1 for _pk, state in rows if state == AssignmentState.SUBMITTED),
            "previous_url": address(place - 1),
            "next_url": address(place + 1),
            "next_open_url": reverse("lifecycle:review.sheet", args=[following[0]]) if following else "",
        }


class SaveSheet(ReviewSheet):
    """Keeps what was typed: one criterion at a time while typing, all of them without script."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        htmx = bool(getattr(request, "htmx", False))
        typed = {k.removeprefix(MARK): v for k, v in request.POST.items() if k.startswith(MARK)}
        ticked = {k.removeprefix(ABSTAIN) for k in request.POST if k.startswith(ABSTAIN)}
        named = {code: code in ticked for code in typed.keys() | ticked}
        try:
            comment_error = self._keep_comment()
            sheet = save_marks(actor=self.actor, assignment=self.object, typed=typed, abstained=named, now=self.now)
        except Conflict:
            if htmx:  # the page is out of date: load it again, it says what is the case now
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            raise
        if htmx:
            lines = [line for line in sheet.lines if line.criterion.code in named]
            return self.render(
                template="lifecycle/_review_saved.html",
                sheet=sheet,
                lines=lines,
                running=True,
                redraw=any(k.startswith(ABSTAIN) for k in [request.headers.get("HX-Trigger-Name", "")]),
                comment_saved="comment" in request.POST,
                comment_error=comment_error,
            )
        errors = {f"{MARK}{x.criterion.code}": [x.error] for x in sheet.lines if x.error}
        if comment_error:
            errors["comment"] = [comment_error]
        if errors:
            return self.show(sheet, status=422, errors=errors)
        return self.done(_("已保存，尚未提交。"), self.url)

    def _keep_comment(self) -> str:
        if "comment" not in self.request.POST:
            return ""
        try:
            text = self.request.POST["comment"]
            self.object.comment = save_comment(
                actor=self.actor, assignment=self.object, comment=text, now=self.now
            ).comment
        except Invalid as error:
            return error.message
        return ""


class SubmitSheet(ReviewSheet):
    """Hands the stored sheet in; what is missing is named on the page."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            submit_sheet(actor=self.actor, assignment=self.object, now=self.now)
        except Invalid as error:
            return self.show(sheet_of(self.object), status=422, errors=error.fields or {"": [error.message]})
        way = self._way()
        if way["next_open_url"]:
            return self.done(_("已提交。下一份待评。"), way["next_open_url"])
        return self.done(_("已提交。本组任务已全部完成，感谢您的评审。"), reverse("lifecycle:review.desk"))


class RecuseSheet(SheetView, FormView):
    """Step back with a reason."""

    form_class = RecuseForm
    title = gettext_lazy("申请回避")
    submit_label = gettext_lazy("确认回避")
    submit_kind = "danger"
    intro = gettext_lazy("回避后，这份申报件将从您的任务中移除，已评的分数不再计入，且不能撤销。")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("评审任务"), reverse("lifecycle:review.desk")), Crumb(self.sheet_title(), self.url)]

    def perform(self, form: Any) -> HttpResponse:
        recuse(actor=self.actor, assignment=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已回避，主办工会将另行安排专家。"), reverse("lifecycle:review.desk"))


class SheetFile(SheetView, FileDownloadView):
    """A file of the entry by its place among those the expert may see, under a name that tells nothing when blind."""

    def get_file(self) -> tuple[Any, str, str]:
        rules, _params = queries.rules_of(self.object)
        files = queries.visible_files(self.object, rules, blind=self.is_blind)
        number = self.kwargs["number"]
        if not 1 <= number <= len(files):
            raise Http404
        file = files[number - 1]
        return file.attachment.file.open("rb"), file.name, file.content_type


class WithdrawOwnConflict(ActionView):
    """Takes an own declaration back."""

    policy_action = "review.view"

    def get_queryset(self) -> Any:
        return queries.own_conflicts(actor=self.actor)

    def policy_object(self) -> None:
        return None

    def get_failure_url(self) -> str:
        return reverse("lifecycle:review.conflicts")

    def perform(self) -> HttpResponse:
        withdraw_conflict(actor=self.actor, conflict=self.object, now=self.now)
        return self.done(_("已撤销这条回避声明。"), self.get_failure_url())


class OwnConflicts(FormView):
    """Organisations the expert keeps away from."""

    policy_action = "review.view"
    form_class = OwnConflictForm
    template_name = "lifecycle/review_conflicts.html"
    title = gettext_lazy("我的回避声明")
    submit_label = gettext_lazy("声明回避")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("评审任务"), reverse("lifecycle:review.desk"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"owner_path": self.actor.path}

    def context(self) -> dict[str, Any]:
        return super().context() | {"conflicts": queries.own_conflicts(actor=self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        declare_conflict(
            actor=self.actor,
            expert=self.actor.user,
            owner=queries.own_federation(actor=self.actor),
            now=self.now,
            **data,
        )
        text = _("已声明回避“%(name)s”，相关申报件不再由您评审。") % {"name": data["organisation"]}
        return self.done(text, reverse("lifecycle:review.conflicts"))

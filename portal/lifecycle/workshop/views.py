"""方案编制: drafts of blueprints – list, begin, edit piece by piece, publish, discard."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.core.errors import Conflict
from portal.core.policies import may
from portal.lifecycle.blueprints.labels import path_in_words
from portal.lifecycle.workshop import domain, queries
from portal.lifecycle.workshop.changes import Act
from portal.lifecycle.workshop.editing import Unsaved, in_words, messages_of, place_problems, sources_of, stage_switches
from portal.lifecycle.workshop.forms import (
    FromCopyForm,
    FromNothingForm,
    OfProgrammeForm,
    PageForm,
    PublishForm,
    SourceForm,
)
from portal.lifecycle.workshop.models import BlueprintDraft
from portal.lifecycle.workshop.outline import outline, title_of, way_to
from portal.lifecycle.workshop.pieces import Place, is_flat, lists_of, place_of
from portal.lifecycle.workshop.tables import DraftFilters, DraftTable, draft_badge
from portal.web.ui import Action, Crumb, PageContext, Tab
from portal.web.views import ActionView, FormView, HistoryView, ListView, PageView

FIRST = "programme"


def list_crumb() -> Crumb:
    return Crumb(_("方案编制"), reverse("lifecycle:draft.list"))


def page_url(draft: BlueprintDraft, path: str = "") -> str:
    return f"{draft.get_absolute_url()}?{urlencode({'at': path})}" if path else draft.get_absolute_url()


class DraftList(ListView):
    policy_action = "draft.create"
    table_class = DraftTable
    filters_class = DraftFilters
    title = _("方案编制")

    def get_queryset(self) -> Any:
        return queries.drafts(actor=self.actor)

    def page_actions(self) -> list[Action]:
        return [
            Action(_("从零新建"), reverse("lifecycle:draft.create"), icon="plus", kind="primary"),
            Action(_("复制为新项目"), reverse("lifecycle:draft.copy"), icon="copy"),
            Action(_("修改现有方案"), reverse("lifecycle:draft.revise"), icon="edit"),
        ]


class _Begin(FormView):
    abstract = True
    policy_action = "draft.create"
    submit_label = _("建立草稿")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def begun(self, draft: BlueprintDraft) -> HttpResponse:
        return self.done(_t("草稿已建立。发布之前不影响任何届次。"), page_url(draft))


class DraftFromNothing(_Begin):
    form_class = FromNothingForm
    title = _("从零新建项目")
    intro = _("先按对象和周期生成一份最简方案，再逐项修改。发布前随时可以停下来，草稿会一直保留。")

    def get_initial(self) -> dict[str, Any]:
        return {"year": local_date(self.now).year, "subject": "work", "cadence": "annual"}

    def perform(self, form: Any) -> HttpResponse:
        return self.begun(domain.draft_from_nothing(**form.cleaned_data, actor=self.actor, now=self.now))


class DraftFromCopy(_Begin):
    form_class = FromCopyForm
    title = _("复制为新项目")
    intro = _("以某个项目的现行方案为样本，建立一个新项目的草稿；样本不受影响。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"blueprints": queries.models_to_copy(actor=self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return {"blueprint": self.request.GET.get("blueprint", "")}

    def perform(self, form: Any) -> HttpResponse:
        return self.begun(domain.draft_from_copy(**form.cleaned_data, actor=self.actor, now=self.now))


class DraftOfProgramme(_Begin):
    form_class = OfProgrammeForm
    title = _("修改现有方案")
    intro = _("从现行方案起草下一版。进行中的届次仍按开设时的版本办理。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"programmes": queries.own_programmes(actor=self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return {"programme": self.request.GET.get("programme", "")}

    def perform(self, form: Any) -> HttpResponse:
        return self.begun(domain.draft_of_programme(**form.cleaned_data, actor=self.actor, now=self.now))


class DraftPage(PageView):
    """Head and tabs of all pages about one draft."""

    abstract = True
    policy_action = "draft.view"
    context_name = "draft"
    tab = "edit"

    def get_queryset(self) -> Any:
        return queries.drafts(actor=self.actor)

    @cached_property
    def found(self) -> list[queries.Found]:
        return queries.problems_of(self.object.definition)

    def page(self) -> PageContext:
        draft, kwargs = self.object, {"pk": self.object.pk}
        names = (
            ("edit", _("编辑")),
            ("preview", _("预览")),
            ("sources", _("依据与待确认")),
            ("publish", _("比较与发布")),
            ("history", _("修改记录")),
        )
        tabs = [
            Tab(label, reverse(f"lifecycle:draft.{name}", kwargs=kwargs), name == self.tab)
            for name, label in names
            if name != "publish" or draft.is_open
        ]
        actions = []
        if may(self.actor, "draft.discard", draft):
            discard = reverse("lifecycle:draft.discard", kwargs=kwargs)
            words = _("放弃后不能再编辑这份草稿，已发布的方案不受影响。")
            actions.append(Action(_("放弃草稿"), discard, icon="trash", kind="ghost", post=True, confirm=words))
        crumbs = [list_crumb()]
        return PageContext(title=draft.title, badge=draft_badge(draft), crumbs=crumbs, tabs=tabs, actions=actions)


class DraftEdit(DraftPage):
    """One place of the definition. Each save may carry one act on a list (a button, or what was dragged)."""

    template_name = "lifecycle/workshop_edit.html"

    @cached_property
    def place(self) -> Place:
        at = self.request.GET.get("at") or FIRST
        place = place_of(self.object.definition, at)
        if place is None or place.path != at:
            raise Http404
        return place

    def make_form(self, data: Any = None) -> PageForm:
        fixed = self.object.programme_id is not None
        return PageForm(data, definition=self.object.definition, place=self.place, fixed_code=fixed)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.make_form())

    def show(self, form: PageForm, *, status: int = 200, unsaved: list[Unsaved] | None = None) -> HttpResponse:
        definition, place = self.object.definition, self.place
        here = [problem for problem in self.found if problem.page == place.path]
        place_problems(form, here)
        return self.render(
            status,
            form=form,
            place=place,
            place_title=title_of(place),
            way=way_to(definition, place),
            lines=outline(definition, here=place.path, found=self.found),
            found=self.found,
            messages_here=messages_of(form, here),
            sources=sources_of(definition, place),
            switches=stage_switches(definition) if place.path == "stages" else [],
            editable=may(self.actor, "draft.edit", self.object),
            unsaved=unsaved,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if request.accepts("application/json") and not request.accepts("text/html"):
            return self.autosave(form)
        if not form.is_valid():
            return self.show(form, status=422)
        act = self._act(request.POST.get("_row", ""))
        try:
            draft = domain.save_page(
                draft=self.object,
                version=self._version(),
                at=self.place.path,
                values=form.values(),
                act=act,
                actor=self.actor,
                now=self.now,
            )
        except Conflict as error:
            if error.code != "stale":
                raise
            return self.show(self.make_form(), status=409, unsaved=in_words(form))
        saved = draft.version != self._version()
        text = _t("已保存。") if saved else _t("没有改动，草稿未变。")
        return self.done(text, page_url(draft, self._next(draft, act)))

    def autosave(self, form: PageForm) -> JsonResponse:
        """The page while somebody types: the same save without a button; 422 and 409 say what is not kept and why.

        A code is left to the button: others refer to it, and letter by letter it might take another's name.
        """
        if not form.is_valid():
            return JsonResponse({"message": _t("有的内容填写有误，改正后再保存。")}, status=422)
        values = form.values()
        codes = [path for path in values if path.rpartition(".")[2] == "code"]  # half a code may be another's name
        try:
            draft = domain.save_page(
                draft=self.object,
                version=self._version(),
                at=self.place.path,
                values={path: value for path, value in values.items() if path not in codes},
                act=None,
                actor=self.actor,
                now=self.now,
            )
        except Conflict as error:
            return JsonResponse({"message": str(error)}, status=409)
        left = len(queries.problems_of(draft.definition))
        notes = [_t("代码在点“保存这一页”后才改")] if codes else []
        notes += [_t("全稿还有%d处需要改正") % left] if left else []
        clock = timezone.localtime(self.now).strftime("%H:%M")
        return JsonResponse(
            {"saved_at": clock, "version": draft.version, "note": "，".join(notes), "partial": bool(codes)}
        )

    def _version(self) -> int:
        text = self.request.POST.get("_version", "")
        return int(text) if text.isdigit() else 0

    @staticmethod
    def _act(text: str) -> Act | None:
        """``up:fields:3``, ``to:fields:3:1``, ``add:fields::choice``, ``on:::notice`` – the button that was pressed."""
        kind, path, index, target, *_rest = [*text.split(":"), "", "", "", ""]
        return Act(kind, path, int(index) if index.isdigit() else -1, target) if kind else None

    def _next(self, draft: BlueprintDraft, act: Act | None) -> str:
        """After adding what has a page of its own: that page; else the page it was."""
        if act is not None and act.kind == "add":
            place = place_of(draft.definition, self.place.path)
            for path, item_class, items in lists_of(place) if place else ():
                if path == act.list_path and not is_flat(item_class):
                    base = f"{place.base}.{path}" if place.base else path
                    return f"{base}[{len(items) - 1}]"
        return self.place.path


class DraftSource(ActionView):
    """Says of one value where it comes from and whether it is confirmed."""

    policy_action = "draft.edit"

    def get_queryset(self) -> Any:
        return queries.drafts(actor=self.actor)

    def perform(self) -> HttpResponse:
        post = self.request.POST
        form = SourceForm(post)
        back = post.get("at", "")
        url = page_url(self.object, back) if back else reverse("lifecycle:draft.sources", kwargs={"pk": self.object.pk})
        if not form.is_valid() or not post.get("path"):
            return self.fail(_t("请选择一项，依据和备注各不超过300字。"), url)
        version = post.get("_version", "")
        domain.save_source(
            draft=self.object,
            version=int(version) if version.isdigit() else 0,
            path=post["path"],
            **form.cleaned_data,
            actor=self.actor,
            now=self.now,
        )
        words = path_in_words(self.object.definition, post["path"])
        return self.done(_t("“%s”的依据已保存。") % words, url)


class DraftSources(DraftPage):
    """Everything that has a source, what awaits confirmation first."""

    template_name = "lifecycle/workshop_sources.html"
    tab = "sources"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        definition = self.object.definition
        rows = sorted(definition.get("provenance", ()), key=lambda row: not row.get("confirm"))
        listed = [(row, place_of(definition, row["path"])) for row in rows]
        waiting = sum(bool(row.get("confirm")) for row in rows)
        return self.render(rows=listed, waiting=waiting, editable=may(self.actor, "draft.edit", self.object))


class DraftPublish(DraftPage, FormView):
    """Second look before publishing: problems, differences in words, cycles that keep their version."""

    policy_action = "draft.publish"
    template_name = "lifecycle/workshop_publish.html"
    form_class = PublishForm
    tab = "publish"
    narrow = False

    def context(self) -> dict[str, Any]:
        current, changes = queries.current_version(self.object), queries.differences(self.object)
        return super().context() | {
            "found": self.found,
            "current": current,
            "outdated": bool(current and self.object.base_id != current.pk),
            "changes": changes,
            "publishable": bool(changes or not current),
            "cycles": queries.cycles_that_keep_theirs(self.object),
        }

    def perform(self, form: Any) -> HttpResponse:
        version = self.request.POST.get("_version", "")
        loaded = domain.publish_draft(
            draft=self.object,
            version=int(version) if version.isdigit() else 0,
            reason=form.cleaned_data["reason"],
            actor=self.actor,
            now=self.now,
        )
        url = reverse("lifecycle:programme.detail", kwargs={"pk": loaded.programme.pk})
        return self.done(_t("第%s版已发布，以后开设的届次按这一版办理。") % loaded.blueprint.version, url)


class DraftDiscard(ActionView):
    policy_action = "draft.discard"

    def get_queryset(self) -> Any:
        return queries.drafts(actor=self.actor)

    def perform(self) -> HttpResponse:
        draft = domain.discard_draft(draft=self.object, actor=self.actor, now=self.now)
        return self.done(_t("草稿“%s”已放弃，已发布的方案不受影响。") % draft, reverse("lifecycle:draft.list"))


class DraftHistory(DraftPage, HistoryView):
    policy_action = "draft.view"
    tab = "history"

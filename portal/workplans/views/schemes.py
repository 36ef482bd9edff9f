"""A union's scheme: page, form, files, sending, deciding."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.core.decisions import refuse
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext, SavedView, TimelineItem
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView
from portal.workplans import forms
from portal.workplans.domain import files, schemes
from portal.workplans.enums import TONE_OF_STATUS
from portal.workplans.models import Scheme
from portal.workplans.queries import board as boards
from portal.workplans.queries import reading
from portal.workplans.tables import SchemeFilters, SchemeTable, StandingTable
from portal.workplans.views.plans import plan_crumb, plans_crumb


def list_crumb() -> Crumb:
    return Crumb(_("实施方案"), reverse("workplans:scheme.list"))


def scheme_url(scheme: Scheme, name: str) -> str:
    return reverse(f"workplans:scheme.{name}", kwargs={"pk": scheme.pk})


class SchemeList(ListView):
    policy_action = "workplan.follow"
    table_class = SchemeTable
    filters_class = SchemeFilters
    title = _("实施方案")
    export_name = _("实施方案报送情况")
    saved_views = (
        SavedView(_("待审核"), "status=submitted"),
        SavedView(_("已通过"), "status=accepted"),
        SavedView(_("有逾期"), "late=on"),
    )

    def get_queryset(self) -> Any:
        return reading.schemes(now=self.now)


class _OneScheme:
    """What the pages of one scheme share."""

    view_action = "workplan.follow"

    def get_queryset(self) -> Any:
        return reading.schemes(now=self.now)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(str(self.object), self.object.get_absolute_url())]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class SchemeDetail(_OneScheme, DetailView):
    policy_action = "workplan.follow"
    template_name = "workplans/scheme_detail.html"
    context_name = "scheme"

    @cached_property
    def missing(self) -> list[str]:
        """What keeps the union from sending it; nothing for the other desks."""
        return schemes.missing(self.object) if may(self.actor, "workplan.submit", self.object) else []

    def page(self) -> PageContext:
        scheme = self.object
        possible = (
            ("submit", _("报送实施方案"), "submit", "send", "primary", _("报送后由市总工会审核，审核期间不能修改。")),
            ("accept", _("通过"), "decide", "check", "primary", _("通过后在该单位范围内公布，并开始按季报送进展。")),
            ("return", _("退回修改"), "decide", "arrow-back-up", "secondary", ""),
            ("edit", _("填写实施方案"), "edit", "edit", "secondary", ""),
            ("assign", _("下达指标"), "assign", "target", "secondary", ""),
            ("revise", _("发起修订"), "revise", "refresh", "secondary", _("修订稿通过前，原方案继续有效。")),
        )
        lacking = refuse("incomplete", _("请先补齐下面列出的内容，再报送。"))
        blocked = {"submit": lacking} if self.missing else {}
        actions = [
            Action(
                label,
                scheme_url(scheme, name),
                icon=icon,
                kind=kind,
                post=bool(confirm),
                confirm=confirm,
                decision=blocked.get(name),
            )
            for name, label, action, icon, kind, confirm in possible
            if may(self.actor, f"workplan.{action}", scheme)
        ]
        return PageContext(title=str(scheme), badge=scheme.badge, crumbs=[list_crumb()], actions=actions)

    def context(self) -> dict[str, Any]:
        scheme = self.object
        lines = boards.lines_with_reports().filter(scheme=scheme)
        return {
            "table": StandingTable(boards.standings(lines, self.now), actor=self.actor),
            "files": list(reading.files_of(scheme)),
            "may_edit": may(self.actor, "workplan.edit", scheme),
            "missing": self.missing,
            "versions": [self._version(v) for v in reading.versions().filter(scheme=scheme)],
        }

    def _version(self, version: Any) -> TimelineItem:
        words = version.opinion or ""
        return TimelineItem(
            version.decided_at or version.submitted_at,
            _("第%d版") % version.number,
            actor=version.decided_by or version.submitted_by,
            text=words,
            tone=TONE_OF_STATUS[version.outcome],
            badge=version.badge,
        )


class SchemeEdit(_OneScheme, FormView):
    policy_action = "workplan.edit"
    form_class = forms.SchemeForm
    title = _("填写实施方案")
    submit_label = _("保存")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"lines": list(reading.lines().filter(scheme=self.object)), "text": self.object.text}

    def perform(self, form: Any) -> HttpResponse:
        text = form.cleaned_data["text"]
        schemes.save_scheme(actor=self.actor, scheme=self.object, text=text, lines=form.drafts, now=self.now)
        return self.done(_("已保存。填写完整并上传盖章文件后，请点“报送实施方案”。"), self.object.get_absolute_url())


class SchemeAssign(_OneScheme, FormView):
    policy_action = "workplan.assign"
    form_class = forms.AssignForm
    title = _("下达指标")
    intro = _("填了数的任务，该单位的目标不得低于下达指标；留空的任务由该单位自定目标。")
    submit_label = _("下达")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"lines": list(reading.lines().filter(scheme=self.object))}

    def perform(self, form: Any) -> HttpResponse:
        schemes.assign_targets(actor=self.actor, scheme=self.object, targets=form.targets, now=self.now)
        return self.done(_("指标已下达，该单位填写目标时不得低于下达指标。"), self.object.get_absolute_url())


class SchemeUpload(_OneScheme, FormView):
    policy_action = "workplan.edit"
    form_class = forms.FileForm
    title = _("上传实施方案文件")
    submit_label = _("上传")

    def perform(self, form: Any) -> HttpResponse:
        stored = files.add_file(actor=self.actor, scheme=self.object, upload=form.cleaned_data["file"], now=self.now)
        return self.done(_("“%s”已上传。") % stored.name, self.object.get_absolute_url())


class SchemeSubmit(_OneScheme, ActionView):
    policy_action = "workplan.submit"

    def perform(self) -> HttpResponse:
        version = schemes.submit_scheme(actor=self.actor, scheme=self.object, now=self.now)
        message = _("第%d版已报送，由市总工会审核。") % version.number
        return self.done(message, self.object.get_absolute_url())


class SchemeReturn(_OneScheme, FormView):
    policy_action = "workplan.decide"
    form_class = forms.ReturnForm
    title = _("退回修改")
    submit_label = _("退回修改")

    def perform(self, form: Any) -> HttpResponse:
        schemes.return_scheme(actor=self.actor, scheme=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，报送单位的工作台会提示修改期限。"), self.object.get_absolute_url())


class SchemeAccept(_OneScheme, ActionView):
    policy_action = "workplan.decide"

    def perform(self) -> HttpResponse:
        schemes.accept_scheme(actor=self.actor, scheme=self.object, now=self.now)
        return self.done(_("已通过并公布，四个季度的进展报送期限已生成。"), self.object.get_absolute_url())


class SchemeRevise(_OneScheme, ActionView):
    policy_action = "workplan.revise"

    def perform(self) -> HttpResponse:
        schemes.revise_scheme(actor=self.actor, scheme=self.object, now=self.now)
        return self.done(_("可以修改了，修订稿须重新报送。"), self.object.get_absolute_url())


class FileDownload(FileDownloadView):
    policy_action = "workplan.follow"
    inline = False

    def get_queryset(self) -> Any:
        return reading.files()

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type


class FileRemove(ActionView):
    policy_action = "workplan.edit"
    view_action = "workplan.follow"

    def get_queryset(self) -> Any:
        return reading.files().filter(report=None)

    def policy_object(self) -> Scheme:
        return self.object.scheme

    def get_failure_url(self) -> str:
        return self.object.scheme.get_absolute_url()

    def perform(self) -> HttpResponse:
        files.remove_file(actor=self.actor, file=self.object, now=self.now)
        return self.done(_("“%s”已移除。") % self.object.name, self.object.scheme.get_absolute_url())


class VersionDetail(DetailView):
    """A published version reads like the paper; anybody in the union's tree may read it."""

    policy_action = "workplan.view"
    template_name = "workplans/version_detail.html"
    context_name = "version"

    def page(self) -> PageContext:
        plan = self.object.scheme.year.plan
        return PageContext(title=str(self.object), crumbs=[plans_crumb(), plan_crumb(plan)])

    def get_queryset(self) -> Any:
        return reading.versions()

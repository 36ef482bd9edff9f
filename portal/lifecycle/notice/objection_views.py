"""The docket: objections at the publisher's desk. Whoever nominated never sees who objected."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.notice import queries
from portal.lifecycle.notice.forms import ReasonForm, RulingForm
from portal.lifecycle.notice.letters import acceptance_letter, closing_report, ruling_letter
from portal.lifecycle.notice.models import ObjectionFile
from portal.lifecycle.notice.objections import accept_objection, reveal_objector, rule_on_objection
from portal.lifecycle.notice.tables import ObjectionFilters, ObjectionTable
from portal.lifecycle.notice.views import DOCX, list_crumb
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView


class ObjectionList(ListView):
    policy_action = "notice.docket"
    table_class = ObjectionTable
    filters_class = ObjectionFilters
    title = _("异议")
    export_name = _("异议台账")

    def get_queryset(self):
        return queries.objections_of_desk(actor=self.actor)


class _OneObjection:
    def get_queryset(self):
        return queries.objections_of_desk(actor=self.actor).prefetch_related("files")

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "notice.docket", obj)

    def page_crumbs(self) -> list[Crumb]:
        return [
            list_crumb(),
            Crumb(_("异议"), reverse("lifecycle:objection.list")),
            Crumb(self.object.code, url_of(self.object)),
        ]

    def get_cancel_url(self) -> str:
        return url_of(self.object)


class ObjectionDetail(_OneObjection, DetailView):
    policy_action = "notice.docket"
    template_name = "lifecycle/objection_detail.html"
    context_name = "objection"

    def page(self) -> PageContext:
        objection, decision = self.object, may(self.actor, "notice.rule", self.object)
        actions = self._letters() if decision or not objection.is_open else []
        if objection.is_open:
            waits = objection.accepted_at is None
            url = reverse("lifecycle:objection.rule", kwargs={"pk": objection.pk})
            kind = "secondary" if waits else "primary"
            actions.append(Action(_("答复异议"), url, icon="gavel", kind=kind, decision=decision))
            if waits:  # first things first: the answer comes after
                url = reverse("lifecycle:objection.accept", kwargs={"pk": objection.pk})
                actions.append(Action(_("受理异议"), url, icon="check", kind="primary", post=True, decision=decision))
        return PageContext(
            title=_("异议 %s") % objection.code, badge=objection.badge, crumbs=self.page_crumbs()[:2], actions=actions
        )

    def _letters(self) -> list[Action]:
        """Letters that can be given by now."""
        given = {"acceptance": self.object.accepted_at, "ruling": self.object.ruled_at}
        labels = {"acceptance": _("受理告知书（Word）"), "ruling": _("答复意见书（Word）")}
        return [
            Action(
                labels[kind],
                reverse("lifecycle:objection.letter", kwargs={"pk": self.object.pk, "kind": kind}),
                icon="file-text",
                download=True,
            )
            for kind, at in given.items()
            if at
        ]

    def context(self) -> dict[str, Any]:
        return {"may_rule": may(self.actor, "notice.rule")}


class ObjectionAccept(_OneObjection, ActionView):
    policy_action = "notice.rule"

    def get_failure_url(self) -> str:
        return url_of(self.object)

    def perform(self) -> HttpResponse:
        accept_objection(objection=self.object, actor=self.actor, now=self.now)
        return self.done(_("已受理，可以下载受理告知书；请在期限内答复。"), url_of(self.object))


class ObjectionLetter(_OneObjection, FileDownloadView):
    """The letters of a case; each only when what it says has happened."""

    policy_action = "notice.docket"

    def get_file(self) -> tuple[Any, str, str]:
        objection, kind = self.object, self.kwargs["kind"]
        if kind == "acceptance" and objection.accepted_at:
            return acceptance_letter(objection), f"异议受理告知书-{objection.code}.docx", DOCX
        if kind == "ruling" and objection.ruled_at:
            return ruling_letter(objection), f"异议答复意见书-{objection.code}.docx", DOCX
        raise Http404


class ClosingReport(FileDownloadView):
    """异议处理情况报告 of one notice, for those who may read its docket."""

    policy_action = "notice.docket"

    def get_queryset(self):
        return queries.notices_of_desk(actor=self.actor)

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "notice.view", obj)

    def get_file(self) -> tuple[Any, str, str]:
        rows = queries.objections_of_desk(actor=self.actor).filter(notice=self.object).order_by("received_at")
        return closing_report(self.object, list(rows)), f"异议处理情况报告-{self.object.code}.docx", DOCX


class ObjectionRule(_OneObjection, FormView):
    policy_action = "notice.rule"
    form_class = RulingForm
    title = _("答复异议")
    submit_label = _("作出结论")
    confirm = _("结论作出后不能再改，并会立即产生效力。确认提交？")

    @property
    def intro(self) -> str:
        """What is ruled on, in sight while the ruling is written."""
        about = self.object.entry or _("整份名单")
        return _t("异议对象：%(about)s。反映：%(grounds)s") % {
            "about": about,
            "grounds": Truncator(self.object.grounds).chars(200),
        }

    def perform(self, form: Any) -> HttpResponse:
        rule_on_objection(objection=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("已答复。异议人凭查询码可以看到结论。"), url_of(self.object))


class ObjectionReveal(_OneObjection, FormView):
    """Name and telephone in full: with a reason, and logged."""

    policy_action = "notice.reveal"
    form_class = ReasonForm
    title = _("查看异议人信息")
    submit_label = _("查看（将被记录）")
    intro = _("异议人信息加密保存，只用于核实情况。请写明查看原因，查看行为会写入审计日志。")

    def perform(self, form: Any) -> HttpResponse:
        person = reveal_objector(objection=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.render(template="lifecycle/objection_person.html", person=person)


class ObjectionFileDownload(FileDownloadView):
    policy_action = "notice.docket"

    def get_queryset(self):
        mine = queries.objections_of_desk(actor=self.actor)
        return ObjectionFile.objects.filter(objection__in=mine).select_related("objection__notice__organisation")

    def policy_object(self) -> Any:
        return self.object.objection

    def get_file(self) -> tuple[Any, str, str]:
        row = self.object
        return row.file.open("rb"), row.name, row.content_type


def url_of(objection: Any) -> str:
    return reverse("lifecycle:objection.detail", kwargs={"pk": objection.pk})

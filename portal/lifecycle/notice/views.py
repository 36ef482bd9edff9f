"""The publisher's desk: draft, publish and end notices."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.policies import may
from portal.lifecycle.notice import domain, queries
from portal.lifecycle.notice.documents import notice_docx
from portal.lifecycle.notice.drafts import suggested
from portal.lifecycle.notice.forms import NewNoticeForm, NoticeForm, ReasonForm
from portal.lifecycle.notice.models import NoticeKind, NoticeStatus
from portal.lifecycle.notice.tables import NoticeFilters, NoticeTable
from portal.lifecycle.programmes.models import Cycle, CycleStatus
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, PageView

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def list_crumb() -> Crumb:
    return Crumb(_("公示与异议"), reverse("lifecycle:notice.list"))


class NoticeList(ListView):
    policy_action = "notice.draft"
    table_class = NoticeTable
    filters_class = NoticeFilters
    title = _("公示")
    export_name = _("公示")

    def get_queryset(self):
        return queries.notices_of_desk(actor=self.actor)

    def page_actions(self) -> list[Action]:
        return [Action(_("新建公示"), reverse("lifecycle:notice.choose"), icon="plus", kind="primary")]


class NoticeChoose(PageView):
    """Which list is to be shown: cycles with entries waiting for a notice of this desk."""

    policy_action = "notice.draft"
    template_name = "lifecycle/notice_choose.html"
    title = _("新建公示")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get(self, request: Any) -> HttpResponse:
        return self.render(
            choices=queries.waiting_for_notice(actor=self.actor),
            back=Action(_("查看评选"), reverse("lifecycle:round.list"), icon="arrow-left", policy_action="round.view"),
        )


class NoticeCreate(FormView):
    policy_action = "notice.draft"
    form_class = NewNoticeForm
    submit_label = _("保存为公示稿")
    lookup_field = "cycle"
    intro = _("保存后可以预览；发布前名单和文字都可以再改，发布后即冻结。")

    def page_title(self) -> Any:
        return _("拟定%s") % NoticeKind(self.kind).label

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(str(self.cycle))]

    def policy_object(self) -> Any:
        return None

    @property
    def has_object(self) -> bool:
        return False

    @cached_property
    def kind(self) -> str:
        if self.kwargs["kind"] not in {NoticeKind.LOCAL, NoticeKind.SELECTION}:
            raise Http404
        return self.kwargs["kind"]

    @cached_property
    def cycle(self) -> Cycle:
        rows = Cycle.objects.select_related("programme", "blueprint", "owner").filter(
            pk=self.kwargs["cycle"], status=CycleStatus.RUNNING
        )
        if self.kind == NoticeKind.SELECTION:  # what a round decided is nobody else's to see before it is published
            rows = rows.filter(owner__path=self.actor.path)
        cycle = rows.first()
        if cycle is None:
            raise Http404
        return cycle

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.objects.get(pk=self.actor.desk.organisation_id)

    @cached_property
    def candidates(self) -> list:
        if self.kind == NoticeKind.SELECTION:
            return list(queries.entries_for_selection_notice(self.cycle))
        return list(queries.entries_for_local_notice(actor=self.actor, cycle=self.cycle))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"entries": self.candidates}

    def get_initial(self) -> dict[str, Any]:
        return suggested(self.cycle, self.organisation, self.kind) | {"entries": [str(e.pk) for e in self.candidates]}

    def perform(self, form: Any) -> HttpResponse:
        chosen = set(form.cleaned_data.pop("entries"))
        notice = domain.draft_notice(
            cycle=self.cycle,
            organisation=self.organisation,
            kind=self.kind,
            entries=[e for e in self.candidates if str(e.pk) in chosen],
            actor=self.actor,
            now=self.now,
            **form.cleaned_data,
        )
        return self.done(_("公示稿已保存，请核对后发布。"), notice_url(notice))


class NoticeDetail(DetailView):
    """The union's own notice; its supervisors read along, its objections are for those who may see the docket."""

    policy_action = "notice.view"
    template_name = "lifecycle/notice_detail.html"
    context_name = "notice"

    def get_queryset(self):
        return queries.notices_of_desk(actor=self.actor)

    def page(self) -> PageContext:
        notice = self.object
        return PageContext(
            title=notice.title,
            badge=notice.badge,
            crumbs=[list_crumb()],
            actions=self._actions(),
            menu="lifecycle:notice.list",
        )

    def _actions(self) -> list[Action]:
        notice, url = self.object, lambda name: reverse(f"lifecycle:notice.{name}", kwargs={"pk": self.object.pk})
        actions = [Action(_("下载公文（Word）"), url("docx"), icon="file-text", download=True)]
        if notice.status == NoticeStatus.DRAFT:
            actions += [
                Action(_("修改"), url("change"), icon="edit", policy_action="notice.draft", policy_object=notice),
                Action(
                    _("发布公示"),
                    url("publish"),
                    icon="speakerphone",
                    kind="primary",
                    post=True,
                    decision=may(self.actor, "notice.publish", notice),
                    confirm=_("发布后名单即冻结并对社会公开，公示%d个工作日。确认发布？") % notice.working_days,
                ),
            ]
        elif notice.is_running:
            actions.append(
                Action(
                    _("查看公开页面"), reverse("lifecycle:public.notice", kwargs={"code": notice.code}), icon="world"
                )
            )
            if notice.closes_at and self.now >= notice.closes_at:  # a decision has no end
                decision = may(self.actor, "notice.close", notice)
                actions.append(
                    Action(_("结束公示"), url("close"), icon="check", kind="primary", post=True, decision=decision)
                )
        if notice.status == NoticeStatus.DRAFT or (notice.is_running and notice.kind == NoticeKind.LOCAL):
            action = Action(
                _("撤下"), url("cancel"), icon="trash", kind="danger",
                policy_action="notice.publish", policy_object=notice,
            )  # fmt: skip
            actions.append(action)
        return actions

    def context(self) -> dict[str, Any]:
        return {
            "items": queries.items_of(self.object),
            "bundle": queries.bundle_behind(self.object),
            "may_report": self.object.status != NoticeStatus.DRAFT and may(self.actor, "notice.docket", self.object),
            "objections": queries.objections_of_desk(actor=self.actor).filter(notice=self.object),
        }


class NoticeAct:
    """What the acts on one notice share."""

    def get_queryset(self):
        return queries.notices_of_desk(actor=self.actor)

    def get_failure_url(self) -> str:
        return notice_url(self.object)

    def get_cancel_url(self) -> str:
        return notice_url(self.object)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.title, notice_url(self.object))]


class NoticeChange(NoticeAct, FormView):
    policy_action = "notice.draft"
    form_class = NoticeForm
    title = _("修改公示稿")

    def get_initial(self) -> dict[str, Any]:
        return {
            name: getattr(self.object, name) for name in ("title", "body", "contact", "working_days", "document_number")
        }

    def perform(self, form: Any) -> HttpResponse:
        domain.change_draft(notice=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("公示稿已更新。"), notice_url(self.object))


class NoticePublish(NoticeAct, ActionView):
    policy_action = "notice.publish"

    def perform(self) -> HttpResponse:
        notice = domain.publish_notice(notice=self.object, actor=self.actor, now=self.now)
        return self.done(_("公示已发布，期满后系统自动结束；期间收到的异议会出现在“异议”中。"), notice_url(notice))


class NoticeClose(NoticeAct, ActionView):
    policy_action = "notice.close"

    def perform(self) -> HttpResponse:
        domain.close_notice(notice=self.object, actor=self.actor, now=self.now)
        return self.done(_("公示已结束。"), notice_url(self.object))


class NoticeCancel(NoticeAct, FormView):
    policy_action = "notice.publish"
    form_class = ReasonForm
    title = _("撤下公示")
    submit_label = _("确认撤下")
    submit_kind = "danger"

    def perform(self, form: Any) -> HttpResponse:
        domain.cancel_notice(notice=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("公示已撤下。"), reverse("lifecycle:notice.list"))


class NoticeDocument(NoticeAct, FileDownloadView):
    policy_action = "notice.view"

    def get_file(self) -> tuple[Any, str, str]:
        content = notice_docx(self.object, list(queries.items_of(self.object)), queries.bundle_behind(self.object))
        return content, f"{self.object.title}.docx", DOCX


def notice_url(notice: Any) -> str:
    return reverse("lifecycle:notice.detail", kwargs={"pk": notice.pk})

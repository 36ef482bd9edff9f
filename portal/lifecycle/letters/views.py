"""Pages of letters: batches and their letters at the organiser's desk, the inbox at everybody's."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.jobs.models import JobRun
from portal.lifecycle.letters import queries
from portal.lifecycle.letters.domain import drafting, reading, sending
from portal.lifecycle.letters.forms import BatchForm, DigestForm, DraftForm, ReasonForm, TextForm
from portal.lifecycle.letters.models import BatchState, Frequency, LetterState
from portal.lifecycle.letters.tables import (
    BatchFilters,
    BatchTable,
    InboxFilters,
    InboxTable,
    LetterFilters,
    LetterTable,
)
from portal.lifecycle.letters.tabs import TABS
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import ActionView, DetailView, FormView, ListView, Tabbed


def list_crumb() -> Crumb:
    return Crumb(_("函件"), reverse("lifecycle:letters.list"))


def batch_url(pk: int, name: str = "batch") -> str:
    return reverse(f"lifecycle:letters.{name}", args=[pk])


class BatchList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "letter.view"
    table_class = BatchTable
    filters_class = BatchFilters
    title = _("函件")

    def get_queryset(self) -> Any:
        return queries.batches(actor=self.actor)

    def page_actions(self) -> list[Action]:
        url = reverse("lifecycle:letters.draft")
        return [Action(_("起草函件"), url, icon="plus", kind="primary", policy_action="letter.draft")]


class BatchDraft(FormView):
    policy_action = "letter.draft"
    form_class = DraftForm
    title = _("起草函件")
    submit_label = _("起草，先看再发")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"cycles": queries.cycles_to_write_about(actor=self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return {"cycle": self.request.GET.get("cycle"), "event": self.request.GET.get("event")}

    def perform(self, form: Any) -> HttpResponse:
        batch = drafting.draft_letters(actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("函件已起草，请逐封核对后发送。"), batch_url(batch.pk))


class _OneBatch:
    """The batch named by the address, and the way back to it."""

    actor: Any
    object: Any

    def get_queryset(self) -> Any:
        return queries.batches(actor=self.actor)

    def get_failure_url(self) -> str:
        return batch_url(self.object.pk)

    def get_cancel_url(self) -> str:
        return batch_url(self.object.pk)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(str(self.object), batch_url(self.object.pk))]


class BatchDetail(ListView):
    """The letters of one batch: who gets what, and what became of it."""

    policy_action = "letter.view"
    table_class = LetterTable
    filters_class = LetterFilters
    template_name = "lifecycle/letters/batch.html"
    export_name = _("函件清单")

    @cached_property
    def object(self) -> Any:
        batch = queries.batches(actor=self.actor).filter(pk=self.kwargs["pk"]).first()
        if batch is None:
            raise Http404
        return batch

    def policy_object(self) -> Any:
        return self.object

    def get_queryset(self) -> Any:
        return queries.letters_of(self.object)

    def page(self) -> PageContext:
        batch = self.object
        return PageContext(title=str(batch), badge=batch.badge, crumbs=[list_crumb()], actions=self.actions(batch))

    def actions(self, batch: Any) -> list[Action]:
        found = []
        if batch.state in drafting.CHANGEABLE:
            words = {"n": batch.letter_count - batch.sent_count, "ways": batch.channel_names}
            confirm = _t("将发送%(n)s封函件（%(ways)s），发出后不能收回。决定没有生效的会暂缓。确认发送？") % words
            draft, send = may(self.actor, "letter.draft", batch), may(self.actor, "letter.send", batch)
            found = [
                Action(_("作废"), batch_url(batch.pk, "discard"), icon="trash", decision=draft),
                Action(_("修改文字和方式"), batch_url(batch.pk, "change"), icon="edit", decision=draft),
                Action(_("发送"), batch_url(batch.pk, "send"), icon="send", kind="primary", post=True, decision=send, confirm=confirm),
            ]  # fmt: skip
        failed = queries.failed_of(batch)
        if failed and batch.state != BatchState.SENDING:
            label = _t("重发失败的%s条") % failed
            decision = may(self.actor, "letter.send", batch)
            found.append(Action(label, batch_url(batch.pk, "resend"), icon="refresh", post=True, decision=decision))
        return found

    def context(self) -> dict[str, Any]:
        key = f"{sending.JOB}:{sending.run_key(self.object)}"
        job = JobRun.objects.filter(key=key).first() if self.object.runs else None
        job_url = reverse("jobs:run.detail", args=[job.pk]) if job else ""
        return {"batch": self.object, "job": job, "job_url": job_url}


class BatchChange(_OneBatch, FormView):
    policy_action = "letter.draft"
    form_class = BatchForm
    title = _("修改文字和方式")
    intro = _("单独改过的函件保留自己的文字，其余按这里重新填入。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"event": self.object.event}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("heading", "body", "channels")}

    def perform(self, form: Any) -> HttpResponse:
        drafting.edit_batch(batch=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("文字已修改，请再核对一遍。"), batch_url(self.object.pk))


class BatchDiscard(_OneBatch, FormView):
    policy_action = "letter.draft"
    form_class = ReasonForm
    title = _("作废函件")
    submit_label = _("作废")
    submit_kind = "danger"
    intro = _("已经发出的不受影响，没有发出的不再发出。")

    def perform(self, form: Any) -> HttpResponse:
        drafting.discard_batch(batch=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("函件已作废。"), batch_url(self.object.pk))


class BatchSend(_OneBatch, ActionView):
    policy_action = "letter.send"

    def perform(self) -> HttpResponse:
        sending.send_batch(batch=self.object, actor=self.actor, now=self.now)
        return self.done(_("已开始发送，可以离开本页。"), batch_url(self.object.pk))


class BatchResend(_OneBatch, ActionView):
    policy_action = "letter.send"

    def perform(self) -> HttpResponse:
        sending.resend_failed(batch=self.object, actor=self.actor, now=self.now)
        return self.done(_("已开始重发。"), batch_url(self.object.pk))


class _OneLetter:
    actor: Any
    object: Any

    def get_queryset(self) -> Any:
        return queries.letters(actor=self.actor)

    @property
    def url(self) -> str:
        return reverse("lifecycle:letters.letter", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return self.url

    def get_failure_url(self) -> str:
        return self.url

    def page_crumbs(self) -> list[Crumb]:
        batch = self.object.batch
        return [list_crumb(), Crumb(str(batch), batch_url(batch.pk)), Crumb(self.object.reader, self.url)]


class LetterDetail(_OneLetter, DetailView):
    """One letter as its reader will see it, and who got and read it."""

    policy_action = "letter.view"
    template_name = "lifecycle/letters/letter.html"
    context_name = "letter"

    def page(self) -> PageContext:
        letter = self.object
        actions: list[Action] = []
        if letter.state != LetterState.SENT and letter.batch.state in drafting.CHANGEABLE:
            decision = may(self.actor, "letter.draft", letter)
            if letter.state == LetterState.LEFT_OUT:
                actions = [Action(_("恢复发送"), self._url("take_in"), post=True, decision=decision)]
            else:
                actions = [
                    Action(_("不发这一封"), self._url("leave_out"), icon="ban", decision=decision),
                    Action(_("单独修改"), self._url("letter_change"), icon="edit", decision=decision),
                ]
        crumbs = self.page_crumbs()[:-1]
        return PageContext(title=letter.reader, badge=letter.badge, crumbs=crumbs, actions=actions)

    def _url(self, name: str) -> str:
        return reverse(f"lifecycle:letters.{name}", args=[self.object.pk])

    def context(self) -> dict[str, Any]:
        return {"deliveries": queries.deliveries_of(self.object)}


class LetterChange(_OneLetter, FormView):
    policy_action = "letter.draft"
    form_class = TextForm
    title = _("单独修改")
    intro = _("只改这一封；以后修改整批文字时它不再跟着变。")

    def get_initial(self) -> dict[str, Any]:
        return {"heading": self.object.heading, "body": self.object.body}

    def perform(self, form: Any) -> HttpResponse:
        drafting.edit_letter(letter=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("这封函件已修改。"), self.url)


class LetterLeaveOut(_OneLetter, FormView):
    policy_action = "letter.draft"
    form_class = ReasonForm
    title = _("不发这一封")
    submit_label = _("不发")

    def perform(self, form: Any) -> HttpResponse:
        drafting.leave_out(letter=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("这封函件不会发出，可以随时恢复。"), self.url)


class LetterTakeIn(_OneLetter, ActionView):
    policy_action = "letter.draft"

    def perform(self) -> HttpResponse:
        drafting.leave_out(letter=self.object, reason="", actor=self.actor, now=self.now)
        return self.done(_("已恢复，发送时一并发出。"), self.url)


class Inbox(ListView):
    policy_action = "message.view"
    table_class = InboxTable
    filters_class = InboxFilters
    title = _("收件箱")

    def get_queryset(self) -> Any:
        return queries.inbox(actor=self.actor)

    def page_actions(self) -> list[Action]:
        return [Action(_("待办提醒设置"), reverse("lifecycle:message.remind"), icon="bell")]


class Message(DetailView):
    """Opening it marks it as read."""

    policy_action = "message.view"
    template_name = "lifecycle/letters/message.html"
    context_name = "message"

    def get_queryset(self) -> Any:
        return queries.inbox(actor=self.actor).select_related("letter__entry", "letter__batch__cycle__programme")

    def page(self) -> PageContext:
        title = _t("来自%s的函件") % self.object.sender_name if self.object.letter_id else self.object.sender_name
        return PageContext(title=title, crumbs=[Crumb(_("收件箱"), reverse("lifecycle:message.list"))])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reading.mark_read(message=self.object, actor=self.actor, now=self.now)
        return self.render()


class Remind(FormView):
    policy_action = "message.remind"
    form_class = DigestForm
    title = _("待办提醒")
    intro = _("把这个工作台的待办数目定时发给您；只有事项名称和件数，没有申报内容。")

    def get_initial(self) -> dict[str, Any]:
        rule = queries.digest_rule(actor=self.actor)
        if rule is None:
            return {"frequency": Frequency.NEVER, "hour": 8, "channels": ["site"]}
        return {name: getattr(rule, name) for name in ("frequency", "hour", "only_due", "channels")}

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:message.list")

    def perform(self, form: Any) -> HttpResponse:
        reading.set_digest(actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("提醒方式已保存。"), reverse("lifecycle:message.remind"))

"""征求意见函: how departments' answers stand, and the letters to those that have not answered."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import format_cn, local_date
from portal.core.decisions import Decision
from portal.core.policies import may
from portal.lifecycle.clearance.departments import queries, register
from portal.lifecycle.clearance.departments.domain import request_letters
from portal.lifecycle.clearance.departments.forms import LettersForm, RepliesForm, SentForm, WaiverForm
from portal.web.ui import Action, Crumb
from portal.web.views import ActionView, FileDownloadView, FormView

SHOWN = 100


class DepartmentLetters(FormView):
    policy_action = "clearance.letters"
    form_class = LettersForm
    template_name = "lifecycle/clearance/letters.html"
    title, submit_label = _("部门征求意见函"), _("制作函件")
    narrow = False

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("资格审查与联审"), reverse("lifecycle:clearance.list"))]

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:clearance.list")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"cycles": queries.cycles_with_letters(actor=self.actor)}

    def context(self) -> dict[str, Any]:
        lines = queries.department_lines(actor=self.actor)
        return super().context() | {
            "lines": lines,
            "letters": queries.letters(actor=self.actor)[:SHOWN],
            "today": local_date(self.now),
        }

    def page_actions(self) -> list[Action]:
        return [Action(_("登记已发函"), reverse("lifecycle:clearance.letter_sent"), icon="send", kind="secondary")]

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        run = request_letters(
            cycle=data["cycle"],
            reminder=data["kind"] == "reminder",
            working_days=data["working_days"],
            actor=self.actor,
            now=self.now,
        )
        return self.done("", reverse("jobs:run.detail", kwargs={"pk": run.pk}))


class LetterSent(FormView):
    """A letter went out: number and day."""

    policy_action = "clearance.letters"
    form_class = SentForm
    title, submit_label = _("登记已发函"), _("登记")
    intro = _("登记后，名单上的对象进入“已发函”，逾期未复的会列入待办。")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("部门征求意见函"), reverse("lifecycle:clearance.letters"))]

    def get_initial(self) -> dict[str, Any]:
        return {"sent_on": local_date(self.now)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"lines": queries.department_lines(actor=self.actor)}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        line = form.lines[data.pop("request")]
        letter = register.register_letter(
            cycle=line.cycle, department=line.department, actor=self.actor, now=self.now, **data
        )
        url = reverse("lifecycle:clearance.letter", kwargs={"pk": letter.pk})
        return self.done(_t("已登记发函：%(letter)s，请于%(day)s前收回。") % {
            "letter": letter, "day": format_cn(letter.answer_by),
        }, url)  # fmt: skip


class LetterReplies(FormView):
    """What the department answered to one letter: all at once, or line by line."""

    policy_action = "clearance.letters"
    form_class = RepliesForm
    context_name = "letter"
    template_name = "lifecycle/clearance/letter.html"
    submit_label = _("保存回复")
    narrow = False

    def get_queryset(self) -> Any:
        return queries.letters(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.cycle

    def page_title(self) -> str:
        return str(self.object)

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("部门征求意见函"), reverse("lifecycle:clearance.letters"))]

    @cached_property
    def rows(self) -> list[Any]:
        return list(queries.lines_of(self.object))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rows": self.rows}

    def get_initial(self) -> dict[str, Any]:
        return {"received_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        changed = register.record_replies(
            letter=self.object,
            answers=form.replies(),
            received_on=data["received_on"],
            reason=data["reason"],
            upload=data["scan"],
            actor=self.actor,
            now=self.now,
        )
        return self.done(_t("已登记%d个对象的回复。") % len(changed), reverse("lifecycle:clearance.letters"))


class ReplyScan(FileDownloadView):
    """The sealed answer, for the organiser's staff, supervisors and auditors."""

    policy_action = "clearance.view"

    def get_queryset(self) -> Any:
        return queries.reply_records(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.clearance

    def may_see(self, obj: Any) -> Decision:
        return may(self.actor, "clearance.view", obj.clearance)

    def get_file(self) -> tuple[Any, str, str]:
        if not self.object.file:
            raise Http404
        return self.object.file.open("rb"), self.object.file_name, self.object.file_type


class OfEntry:
    """Acts on one entry's request, from its clearance page."""

    def url(self, entry: Any) -> str:
        return reverse("lifecycle:clearance.record", kwargs={"code": entry.code})


class ProposeWaiver(OfEntry, FormView):
    """Going on although a department has not agreed; another person confirms."""

    policy_action = "clearance.record"
    form_class = WaiverForm
    title, submit_label = _("提出例外"), _("提出，等待另一人确认")
    intro = _("部门没有同意而经研究决定继续办理的，写明决定和理由；由另一位管理人员确认后生效。")

    def get_queryset(self) -> Any:
        return queries.requests_of(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(str(self.object.entry), self.url(self.object.entry))]

    def perform(self, form: Any) -> HttpResponse:
        register.propose_waiver(row=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("已提出例外，等待另一人确认。"), self.url(self.object.entry))


class ConfirmWaiver(OfEntry, ActionView):
    policy_action = "clearance.confirm"

    def may_see(self, obj: Any) -> Decision:
        return may(self.actor, "clearance.view", obj.clearance)

    def get_queryset(self) -> Any:
        return queries.waivers(actor=self.actor)

    def perform(self) -> HttpResponse:
        waiver = register.confirm_waiver(waiver=self.object, actor=self.actor, now=self.now)
        return self.done(_t("已确认，这一事项不再妨碍办理。"), self.url(waiver.clearance.entry))

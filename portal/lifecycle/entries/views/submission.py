"""Checking and submitting, withdrawing, consents, personal numbers in full."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.errors import Refused
from portal.lifecycle.blueprints.fields import display_rows
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.deadlines import deadline_note
from portal.lifecycle.entries.domain import (
    give_consent,
    reveal_personal,
    submit_entry,
    withdraw_consent,
    withdraw_entry,
)
from portal.lifecycle.entries.domain.consents import PUBLISH, consent_fields
from portal.lifecycle.entries.forms import RevealForm, WithdrawForm
from portal.lifecycle.entries.guards import warnings_of
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.papers import papers_of
from portal.lifecycle.entries.views.editing import EntryFormView
from portal.web.ui import Crumb
from portal.web.views import ActionView, FormView


class EntryReview(EntryFormView):
    """检查并提交: what is missing with links, what to look at, the consents, a preview, the button."""

    policy_action = "entry.edit"
    template_name = "lifecycle/entry_review.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Submits; refusals are shown on the same page, beside the way to mend them."""
        version = request.POST.get("version", "")
        try:
            entry = submit_entry(
                actor=self.actor,
                entry=self.object,
                now=self.now,
                expected_version=int(version) if version.isdigit() else None,
            )
        except Refused as refused:
            return self.show(status=422, refusals=list(refused.decisions))
        union = entry.at_organisation
        message = (
            _("已提交申报 %(code)s，现由“%(union)s”审核。审核期间内容锁定，可随时在此查看进度。")
            % {"code": entry.code, "union": union}
            if union
            else _("已提交申报 %s，等待主办工会受理。") % entry.code
        )
        return self.done(message, entry.get_absolute_url())

    def page_title(self) -> str:
        return _("检查并提交")

    def page_crumbs(self) -> list[Crumb]:
        return [
            *super().page_crumbs(),
            Crumb(_("填报"), reverse("lifecycle:entry.edit", kwargs={"code": self.object.code})),
        ]

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        entry = self.object
        given = queries.consents_of(entry)
        progress = self.progress()
        steps = [{"part": part, "url": self.section_url(part.section)} for part in progress]
        everything = {
            "steps": steps,
            "complete": sum(part.is_complete for part in progress),
            "missing_count": sum(len(part.missing) for part in progress),
            "warnings": warnings_of(entry),
            "consents": [
                {
                    "purpose": purpose,
                    "spec": spec,
                    "text": spec.text or self.rules.texts.consent,
                    "given": given.get(purpose),
                }
                for purpose, spec in consent_fields(self.rules).items()
            ],
            "refusals": preview(entry, "submit", actor=self.actor, now=self.now),
            "deadline": deadline_note(entry, self.now),
            "returned": queries.return_note(entry),
            "papers": papers_of(entry),
            "sections": [
                {"section": section, "rows": rows, "url": self.section_url(section.code)}
                for section in self.rules.sections
                if (rows := display_rows(self.rules, section, self.answers, "applicant", self.files))
            ],
            "first_union": next(iter(queries.hops_of(entry)), None),
        }
        return self.render(status=status, **(everything | context))


class _OwnAction(ActionView):
    abstract = True
    lookup_field = "code"

    def get_queryset(self) -> Any:
        return queries.entry_records(actor=self.actor)


class EntryConsent(_OwnAction):
    """Gives one consent from the check page."""

    policy_action = "entry.edit"

    def perform(self) -> HttpResponse:
        purpose = self.request.POST.get("purpose", PUBLISH)
        give_consent(actor=self.actor, entry=self.object, now=self.now, purpose=purpose)
        url = reverse("lifecycle:entry.review", kwargs={"code": self.object.code})
        return self.done(_("已记录您的同意，可随时撤回。"), url)


class EntryConsentWithdraw(_OwnAction):
    """Takes one consent back, at any time."""

    policy_action = "entry.withdraw"

    def perform(self) -> HttpResponse:
        purpose = self.request.POST.get("purpose", PUBLISH)
        entry = withdraw_consent(actor=self.actor, entry=self.object, now=self.now, purpose=purpose)
        if entry.facts.editable_by_applicant:
            url = reverse("lifecycle:entry.review", kwargs={"code": entry.code})
            return self.done(_("已撤回同意。不同意公开个人信息的申报件不能提交。"), url)
        return self.done(_("已撤回同意，此后不再公开展示；撤回前依法公开的内容不受影响。"), entry.get_absolute_url())


class EntryWithdraw(FormView):
    """撤回申报."""

    policy_action = "entry.withdraw"
    lookup_field = "code"
    form_class = WithdrawForm
    title = gettext_lazy("撤回申报")
    submit_label = gettext_lazy("撤回申报")
    submit_kind = "danger"
    intro = gettext_lazy("撤回后本申报件不再参加本届评选，也不能恢复。征集期内可以另行新建。")

    def get_queryset(self) -> Any:
        return queries.entry_records(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        entry: Entry = self.object
        return [
            Crumb(_("申报件"), reverse("lifecycle:entry.list")),
            Crumb(entry.title or entry.code, entry.get_absolute_url()),
        ]

    def perform(self, form: WithdrawForm) -> HttpResponse:
        entry = withdraw_entry(actor=self.actor, entry=self.object, now=self.now, reason=form.cleaned_data["reason"])
        return self.done(_("申报 %s 已撤回。") % entry.code, entry.get_absolute_url())


class EntryReveal(FormView):
    """Personal numbers in full: a reason first, then the numbers once, on a page that is not kept."""

    policy_action = "entry.reveal"
    lookup_field = "code"
    context_name = "entry"
    form_class = RevealForm
    title = gettext_lazy("查看完整个人信息")
    submit_label = gettext_lazy("查看")
    intro = gettext_lazy(
        "身份证号和电话平时只显示部分数字。确因工作需要查看全文的，请写明原因；每次查看都会记入审计日志。"
    )

    def get_queryset(self) -> Any:
        return queries.entry_records(actor=self.actor)

    page_crumbs = EntryWithdraw.page_crumbs

    def perform(self, form: RevealForm) -> HttpResponse:
        values = reveal_personal(actor=self.actor, entry=self.object, reason=form.cleaned_data["reason"], now=self.now)
        response = self.render(template="lifecycle/entry_revealed.html", values=values)
        response["Cache-Control"] = "no-store"
        return response

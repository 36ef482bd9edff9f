"""The owner's desk: draft and issue decisions, withdraw honours."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.core.policies import may
from portal.lifecycle.conferral import domain, queries
from portal.lifecycle.conferral.counters import yearly_counter
from portal.lifecycle.conferral.documents import conferral_docx
from portal.lifecycle.conferral.forms import ConferralForm, RevokeForm
from portal.lifecycle.conferral.models import ConferralItem, ConferralStatus
from portal.lifecycle.conferral.tables import ConferralFilters, ConferralTable
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.wording import DECISIONS, default_intro, way_of, words_of
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, PageView

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def list_crumb() -> Crumb:
    return Crumb(DECISIONS, reverse("lifecycle:conferral.list"))


def url_of(conferral: Any) -> str:
    return reverse("lifecycle:conferral.detail", kwargs={"pk": conferral.pk})


class ConferralList(ListView):
    policy_action = "conferral.view"
    table_class = ConferralTable
    filters_class = ConferralFilters
    title = DECISIONS
    export_name = DECISIONS

    def get_queryset(self):
        return queries.conferrals_of_desk(actor=self.actor)

    def page_actions(self) -> list[Action]:
        url = reverse("lifecycle:conferral.choose")
        return [Action(_("拟定决定"), url, icon="plus", kind="primary", policy_action="conferral.draft")]


class ConferralChoose(PageView):
    policy_action = "conferral.draft"
    template_name = "lifecycle/conferral_choose.html"
    title = _("拟定决定")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get(self, request: Any) -> HttpResponse:
        return self.render(choices=queries.cycles_to_confer(actor=self.actor))


class ConferralCreate(FormView):
    policy_action = "conferral.draft"
    form_class = ConferralForm
    submit_label = _("保存决定稿")

    @property
    def has_object(self) -> bool:
        return False

    @cached_property
    def cycle(self) -> Cycle:
        rows = Cycle.objects.select_related("programme", "blueprint", "owner")
        cycle = rows.filter(pk=self.kwargs["cycle"], owner__path=self.actor.path).first()
        if cycle is None:
            raise Http404
        return cycle

    def page_title(self) -> Any:
        return _("拟定%(decision)s") % {"decision": words_of(self.cycle.rules).decision}

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(str(self.cycle))]

    def get_initial(self) -> dict[str, Any]:
        rules = self.cycle.rules
        honour = rules.honour.title or self.cycle.programme.title
        return {
            "title": str(words_of(rules).decision_title) % {"honour": honour, "label": self.cycle.label},
            "body": self.first_words(rules, honour),
            "decided_on": local_date(self.now),
        }

    def first_words(self, rules: Any, honour: str) -> str:
        """The blueprint's own words, else what the programme's stages and its round say."""
        entries = list(queries.entries_to_confer(self.cycle))
        total = sum(queries.approved_amounts(entries).values())
        text = str(rules.texts.decision_intro or default_intro(rules, with_sum=bool(total)))
        known = {
            "%(way)s": way_of(rules),
            "%(count)d": str(len(entries)),
            "%(honour)s": honour,
            "%(total)s": f"{total:,.2f}",
        }
        for key, value in known.items():
            text = text.replace(key, value)
        return text

    def perform(self, form: Any) -> HttpResponse:
        conferral = domain.draft_conferral(cycle=self.cycle, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("决定稿已保存，请核对名单后印发。"), url_of(conferral))


class _OneConferral:
    def get_queryset(self):
        return queries.conferrals_of_desk(actor=self.actor).select_related("cycle__owner", "cycle__blueprint")

    def get_failure_url(self) -> str:
        return url_of(self.object)

    def get_cancel_url(self) -> str:
        return url_of(self.object)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.title, url_of(self.object))]


class ConferralDetail(_OneConferral, DetailView):
    policy_action = "conferral.view"
    template_name = "lifecycle/conferral_detail.html"
    context_name = "conferral"

    def page(self) -> PageContext:
        conferral, words = self.object, words_of(self.object.cycle.rules)
        actions = [Action(_("下载公文（Word）"), self._url("docx"), icon="file-text", download=True)]
        if conferral.status == ConferralStatus.DRAFT:
            decision = may(self.actor, "conferral.issue", conferral)
            actions += [
                Action(_("修改"), self._url("change"), icon="edit", decision=decision),
                Action(
                    words.issue,
                    self._url("issue"),
                    icon="award",
                    kind="primary",
                    post=True,
                    decision=decision and queries.nothing_held(conferral.cycle),
                    confirm=words.confirm,
                ),
            ]
        return PageContext(title=conferral.title, badge=conferral.badge, crumbs=[list_crumb()], actions=actions)

    def _url(self, name: str) -> str:
        return reverse(f"lifecycle:conferral.{name}", kwargs={"pk": self.object.pk})

    def context(self) -> dict[str, Any]:
        conferral = self.object
        issued = conferral.status == ConferralStatus.ISSUED
        waiting = [] if issued else list(queries.entries_to_confer(conferral.cycle))
        amounts = queries.approved_amounts(waiting)
        for entry in waiting:
            entry.approved_amount = amounts.get(entry.pk)
        return {
            "counter": yearly_counter(conferral.cycle, conferral.decided_on.year),
            "words": words_of(conferral.cycle.rules),
            "may_revoke": may(self.actor, "conferral.revoke", conferral),
            "conferred_items": queries.items_of(conferral) if issued else [],
            "waiting": waiting,
            "held": [] if issued else queries.entries_held(conferral.cycle),
        }


class ConferralChange(_OneConferral, FormView):
    policy_action = "conferral.draft"
    form_class = ConferralForm
    title = _("修改决定稿")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("title", "document_number", "decided_on", "body")}

    def perform(self, form: Any) -> HttpResponse:
        domain.change_conferral(conferral=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("决定稿已更新。"), url_of(self.object))


class ConferralIssue(_OneConferral, ActionView):
    policy_action = "conferral.issue"

    def perform(self) -> HttpResponse:
        domain.issue_conferral(conferral=self.object, actor=self.actor, now=self.now)
        return self.done(words_of(self.object.cycle.rules).issued, url_of(self.object))


class ConferralDocument(_OneConferral, FileDownloadView):
    policy_action = "conferral.view"

    def get_file(self) -> tuple[Any, str, str]:
        conferral = self.object
        if conferral.status == ConferralStatus.ISSUED:
            entries = [item.entry for item in queries.items_of(conferral)]
        else:
            entries = list(queries.entries_to_confer(conferral.cycle))
        return conferral_docx(conferral, entries), f"{conferral.title}.docx", DOCX


class HonourRevoke(FormView):
    """撤销 one honour of an issued decision."""

    policy_action = "conferral.revoke"
    form_class = RevokeForm
    title = _("撤销荣誉")
    submit_label = _("确认撤销")
    submit_kind = "danger"
    confirm = _("撤销后证书核验立即显示“已撤销”。确认？")

    @property
    def intro(self) -> str:
        """Which honour of whom, by which decision: the crumbs are easily overlooked."""
        conferral = self.object.conferral
        return _t("撤销“%(entry)s”的“%(honour)s”（%(paper)s）。撤销不能恢复。") % {
            "entry": self.object.entry,
            "honour": conferral.cycle.rules.honour.title,
            "paper": conferral.document_number or conferral.title,
        }

    def get_queryset(self):
        return ConferralItem.objects.filter(conferral__cycle__owner__path=self.actor.path).select_related(
            "conferral__cycle__owner", "entry"
        )

    def policy_object(self) -> Any:
        return self.object.conferral

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "conferral.view", obj.conferral)

    def page_crumbs(self) -> list[Crumb]:
        conferral = self.object.conferral
        return [list_crumb(), Crumb(conferral.title, url_of(conferral)), Crumb(str(self.object.entry))]

    def perform(self, form: Any) -> HttpResponse:
        domain.revoke_honour(entry=self.object.entry, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("已撤销，登记和核验页面已更新。"), url_of(self.object.conferral))

"""The co-host's entries and its opinions on them; the owner's answer to a refusal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.blueprints.fields import display_rows
from portal.lifecycle.blueprints.vocabulary import Viewer
from portal.lifecycle.clearance.domain import enter_review
from portal.lifecycle.clearance.opinions import domain, queries
from portal.lifecycle.clearance.opinions.forms import BulkOpinionForm, OpinionForm, OverruleForm
from portal.lifecycle.clearance.opinions.models import HostOpinion, HostVerdict
from portal.lifecycle.clearance.opinions.tables import HostEntryFilters, HostEntryTable, HostOpinionTable
from portal.lifecycle.entries import queries as entries
from portal.lifecycle.entries.content import answers_of, shows_numbers
from portal.lifecycle.entries.display import display_status
from portal.lifecycle.entries.models import Attachment, Entry
from portal.lifecycle.programmes.hosts.views import OfHosting, hosting_or_404, joint_crumb, joint_tabs
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import BulkActionView, FileDownloadView, FormView

TAB = "entries"


class JointEntries(OfHosting):
    """Entries of a joint cycle, from the federation's desk on."""

    tab = TAB
    filters_class = HostEntryFilters
    table_class = HostEntryTable
    export_name = _("联合主办的申报件")

    def get_queryset(self) -> Any:
        return queries.entries_of_host(self.host, actor=self.actor)

    def get_table(self, queryset: Any, *, filtered: bool) -> Any:
        speaks = self.host.can_clear and may(self.actor, "opinion.give")
        kind = HostOpinionTable if speaks else HostEntryTable
        return kind.paged(
            queryset, self.request.GET, actor=self.actor, request=self.request, filtered=filtered,
            context=self.table_context(),
        )  # fmt: skip

    def table_context(self) -> dict[str, Any]:
        return {"host": self.host, "now": self.now}


class OfJointEntry:
    """One entry inside one hosting."""

    lookup_field = "code"
    context_name = "entry"
    view_action = "entry.view"
    tab = TAB

    @cached_property
    def host(self) -> Any:
        return hosting_or_404(self)

    def get_queryset(self) -> Any:
        return entries.entry_records(actor=self.actor).filter(cycle=self.host.cycle_id)


class JointEntry(OfJointEntry, FormView):
    """The entry with personal numbers masked, and the desk's own opinion beside it."""

    policy_action = "entry.view"
    form_class = OpinionForm
    template_name = "lifecycle/opinions/joint_entry.html"

    def page(self) -> PageContext:
        url = reverse("lifecycle:joint.entries", kwargs={"pk": self.host.pk})
        return PageContext(
            title=str(self.object),
            badge=display_status(self.object, self.actor, self.now),
            subtitle=f"{self.object.cycle} · {self.object.code}",
            crumbs=[joint_crumb(), Crumb(str(self.host.cycle), url)],
            tabs=joint_tabs(self.host, TAB),
            menu="lifecycle:joint.list",
            actions=self.page_actions(),
        )

    def page_actions(self) -> list[Action]:
        """On phones the form stands below the whole entry."""
        if self.opinion is not None or not may(self.actor, "opinion.give", self.object):
            return []
        return [Action(_("出具意见"), "#opinion", icon="clipboard-check", kind="primary")]

    @cached_property
    def opinion(self) -> HostOpinion | None:
        return HostOpinion.objects.filter(entry=self.object, host=self.host).select_related("given_by").first()

    def get_initial(self) -> dict[str, Any]:
        if self.opinion is None:
            return {"verdict": HostVerdict.AGREED}
        return {"verdict": self.opinion.verdict, "note": self.opinion.note}

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:joint.entries", kwargs={"pk": self.host.pk})

    def context(self) -> dict[str, Any]:
        entry = self.object
        rules, answers, files = entry.cycle.rules, answers_of(entry), entries.attachments_for_guests(entry)
        sections = [
            {"section": section, "rows": rows}
            for section in rules.sections
            if (rows := display_rows(rules, section, answers, Viewer.STAFF, files))
        ]
        return super().context() | {
            "host": self.host,
            "sections": sections,
            "opinion": self.opinion,
            "badge": queries.HostLine(self.host, self.opinion).badge,
            "may_speak": may(self.actor, "opinion.give", entry),
        }

    def perform(self, form: Any) -> HttpResponse:
        opinion = domain.give_opinion(entry=self.object, answer=form.answer(), actor=self.actor, now=self.now)
        message = _t("已对“%(entry)s”出具意见：%(verdict)s。") % {
            "entry": self.object, "verdict": opinion.get_verdict_display(),
        }  # fmt: skip
        following = queries.entries_of_host(self.host, actor=self.actor).filter(verdict=None, state="recommended")
        after = following.exclude(pk=self.object.pk).order_by("-pk").first()
        if after is None:
            return self.done(message, self.get_cancel_url())
        here = {"pk": self.host.pk, "code": after.code}
        return self.done(message + _t("下面是下一件。"), reverse("lifecycle:joint.entry", kwargs=here))


class JointFile(OfJointEntry, FileDownloadView):
    """A file of the entry."""

    policy_action = "entry.view"

    def get_file(self) -> tuple[Any, str, str]:
        found = Attachment.objects.filter(entry=self.object, pk=self.kwargs["file"], removed_at=None).first()
        if found is None or shows_numbers(self.object.cycle.rules, found.field):
            raise Http404
        return found.file.open("rb"), found.name, found.content_type


class JointAgree(BulkActionView):
    """同意 for many entries at once."""

    policy_action = "opinion.give"
    view_action = "entry.view"
    label = _("出具“同意”意见")
    form_class = BulkOpinionForm

    def get_queryset(self) -> Any:
        return queries.entries_to_speak_on(actor=self.actor)

    def back_url(self) -> str:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()]
        entry = self.get_queryset().filter(pk__in=wanted).first()
        hosts = list(entry.cycle.hosts.all()) if entry else []
        if not hosts:
            return reverse("lifecycle:joint.list")
        return reverse("lifecycle:joint.entries", kwargs={"pk": hosts[0].pk})

    def perform_one(self, obj: Entry, data: dict[str, Any]) -> None:
        answer = domain.HostAnswer(HostVerdict.AGREED, data.get("note", ""))
        domain.give_opinion(entry=obj, answer=answer, actor=self.actor, now=self.now)


class OpinionScan(FileDownloadView):
    """The sealed paper, for the owner."""

    policy_action = "opinion.view"

    def get_queryset(self) -> Any:
        return queries.opinion_records(actor=self.actor)

    def get_file(self) -> tuple[Any, str, str]:
        if not self.object.file:
            raise Http404
        return self.object.file.open("rb"), self.object.file_name, self.object.file_type


class JointScan(OpinionScan):
    """The same for the co-host that gave it."""

    policy_action = "opinion.view"

    def get_queryset(self) -> Any:
        return queries.own_opinions(actor=self.actor)


class Overrule(FormView):
    """The owner goes on although a co-host has refused."""

    policy_action = "opinion.overrule"
    view_action = "opinion.view"
    form_class = OverruleForm
    context_name = "opinion"
    template_name = "lifecycle/opinions/overrule.html"
    title, submit_label = _("联合主办单位不同意，继续办理"), _("写明理由，继续办理")
    confirm = _("理由将记入办理记录，并对联合主办单位可见。确认继续办理吗？")

    def get_queryset(self) -> Any:
        return queries.opinion_records(actor=self.actor)

    def url(self) -> str:
        return reverse("lifecycle:clearance.record", kwargs={"code": self.object.entry.code})

    def page_crumbs(self) -> list[Crumb]:
        back = Crumb(_("资格审查与联审"), reverse("lifecycle:clearance.list"))
        return [back, Crumb(str(self.object.entry), self.url())]

    def get_cancel_url(self) -> str:
        return self.url()

    def perform(self, form: Any) -> HttpResponse:
        opinion = domain.overrule(
            opinion=self.object, actor=self.actor, now=self.now, reason=form.cleaned_data["reason"]
        )
        enter_review(opinion.entry, self.actor, self.now)
        return self.done(_t("理由已记入办理记录，“%s”可以继续办理。") % opinion.entry, self.url())

"""资格审查与联审: the list, an entry's opinions, disqualifying."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.lifecycle.clearance import domain, queries
from portal.lifecycle.clearance.departments import queries as departments
from portal.lifecycle.clearance.departments.replies import PREFIX
from portal.lifecycle.clearance.forms import DisqualifyForm, OpinionsForm
from portal.lifecycle.clearance.models import Opinion
from portal.lifecycle.clearance.opinions.panels import host_lines
from portal.lifecycle.clearance.opinions.standing import hosts_allow
from portal.lifecycle.clearance.panels import offers_disqualifying
from portal.lifecycle.clearance.tables import ClearanceFilters, ClearanceTable
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Action, Crumb
from portal.web.views import FormView, ListView


class ClearanceList(ListView):
    policy_action = "clearance.view"
    table_class = ClearanceTable
    filters_class = ClearanceFilters
    title = _("资格审查与联审")
    export_name = _("资格审查与联审")

    def get_queryset(self) -> Any:
        return queries.entries_in_clearance(actor=self.actor)

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "clearance.letters"):
            return []
        return [Action(_("部门征求意见函"), reverse("lifecycle:clearance.letters"), icon="mail", kind="primary")]


class EntryFormView(FormView):
    abstract = True
    lookup_field = "code"
    context_name = "entry"
    view_action = "entry.view"

    def get_queryset(self) -> Any:
        return Entry.objects.select_related("cycle__programme", "cycle__blueprint", "cycle__owner", "organisation")

    def page_crumbs(self) -> list[Crumb]:
        back = Crumb(_("资格审查与联审"), reverse("lifecycle:clearance.list"))
        return [back, Crumb(str(self.object), self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return reverse("lifecycle:clearance.list")


class ClearanceRecord(EntryFormView):
    """Read for supervisors and auditors, write for the organiser's checkers and managers."""

    policy_action = "clearance.view"
    form_class = OpinionsForm
    template_name = "lifecycle/clearance/record.html"
    title, submit_label = _("资格审查与联审"), _("保存意见")
    narrow = False

    @cached_property
    def rows(self) -> list[Any]:
        return list(queries.clearances_of(self.object))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rows": self.rows}

    def page_actions(self) -> list[Action]:
        if not offers_disqualifying(self.object) or not may(self.actor, "entry.disqualify", self.object):
            return []
        url = reverse("lifecycle:clearance.disqualify", kwargs={"code": self.object.code})
        return [Action(_("取消资格"), url, icon="ban", kind="ghost")]

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "rows": self.rows,
            "writes": may(self.actor, "clearance.record", self.object),
            "lines": host_lines(self.actor, self.object),
            **self.answered(),
        }

    def answered(self) -> dict[str, Any]:
        """Who entered what, and decisions to go on without an agreement."""
        given = list(departments.waivers(actor=self.actor).filter(clearance__entry=self.object))
        named = {waiver.clearance_id for waiver in given}
        open_ = [row for row in self.rows if row.key.startswith(PREFIX) and row.opinion != Opinion.AGREED]
        return {
            "trail": departments.replies_to(self.object),
            "waivers": [(w, w.confirmed_at is None and may(self.actor, "clearance.confirm", w)) for w in given],
            "waivable": [row for row in open_ if row.pk not in named]
            if may(self.actor, "clearance.record", self.object)
            else [],
        }

    def perform(self, form: Any) -> HttpResponse:
        changed = domain.record_opinions(entry=self.object, answers=form.answers(), actor=self.actor, now=self.now)
        left = queries.unsettled(self.object).count()
        waiting = hosts_allow(self.object)
        if left:
            message = _t("已登记%(n)s项意见，还有%(left)s项未取得同意。") % {"n": len(changed), "left": left}
        elif not waiting:
            message = _t("审查事项已全部同意。") + waiting.message
        else:
            message = _t("“%(entry)s”的审查事项已全部同意，可以进入评审。") % {"entry": self.object}
        return self.done(message, reverse("lifecycle:clearance.list"))


class Disqualify(EntryFormView):
    policy_action = "entry.disqualify"
    form_class = DisqualifyForm
    title, submit_label, submit_kind = _("取消资格"), _("取消资格"), "danger"
    confirm = _("取消资格后不能恢复。确定吗？")

    def get_initial(self) -> dict[str, Any]:
        return {"expected_version": self.object.version}

    def perform(self, form: Any) -> HttpResponse:
        entry = domain.disqualify_entry(entry=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("“%(entry)s”已取消资格，推荐名额已释放。") % {"entry": entry}, entry.get_absolute_url())

"""Panels: members, the matrix of assignments, and the automatic proposal."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.errors import DomainError, Invalid
from portal.core.policies import may
from portal.lifecycle.programmes.models import Track
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.domain.assigning import accept_proposal, assign_by_hand, withdraw_assignment
from portal.lifecycle.review.domain.panels import remove_panel, save_panel
from portal.lifecycle.review.forms import PanelForm
from portal.lifecycle.review.models import PanelMember
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.queries.conflicts import panel_case
from portal.lifecycle.review.queries.matrix import matrix_heads, matrix_rows
from portal.lifecycle.review.queries.proposal import propose
from portal.lifecycle.review.tables import PanelTable
from portal.lifecycle.review.views.stages import StageMixin, organise_actions
from portal.web.ui import Action, Crumb
from portal.web.views import ActionView, FormView, ListView, PageView

PAIR = re.compile(r"^(\d{1,18}):(\d{1,18})$")
ROWS = 50


class PanelList(StageMixin, ListView):
    table_class = PanelTable
    template_name = "lifecycle/review_panels.html"

    def get_queryset(self) -> Any:
        return board.panels_of(self.stage)

    def get_table(self, queryset: Any, *, filtered: bool) -> Any:
        return self.table_class(queryset, actor=self.actor, request=self.request)

    def page_actions(self) -> list[Action]:
        return organise_actions(self)

    def context(self) -> dict[str, Any]:
        per_entry = params_of(self.stage).experts_per_entry
        return {"stage": self.stage, "per_entry": per_entry, "conflicts": params_of(self.stage).conflicts}


class PanelFormView(FormView):
    """What creating and changing a panel share."""

    abstract = True
    policy_action = "review.assign"
    view_action = "review.marks"
    form_class = PanelForm
    submit_label = gettext_lazy("保存评审组")

    @property
    def for_stage(self) -> Any:
        raise NotImplementedError

    def policy_object(self) -> Any:
        return self.for_stage

    def page_crumbs(self) -> list[Crumb]:
        stage = self.for_stage
        return [
            Crumb(_("评审组织"), reverse("lifecycle:review.stages")),
            Crumb(str(stage.cycle), reverse("lifecycle:review.panels", args=[stage.pk])),
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "tracks": Track.objects.filter(cycle_id=self.for_stage.cycle_id),
            "experts": board.experts(actor=self.actor).filter(is_active=True).order_by("user__name"),
        }


class PanelCreate(StageMixin, PanelFormView):
    policy_action = "review.assign"
    title = gettext_lazy("新建评审组")

    @property
    def for_stage(self) -> Any:
        return self.stage

    page_title = PanelFormView.page_title
    page_tabs = PanelFormView.page_tabs
    page_crumbs = PanelFormView.page_crumbs

    def perform(self, form: Any) -> HttpResponse:
        panel = save_panel(actor=self.actor, stage=self.stage, now=self.now, **form.facts)
        return self.done(_("已设立“%(name)s”，下一步分配评审任务。") % {"name": panel},
                         reverse("lifecycle:review.matrix", args=[panel.pk]))  # fmt: skip


class PanelEdit(PanelFormView):
    title = gettext_lazy("修改评审组")

    def get_queryset(self) -> Any:
        return board.panels(actor=self.actor)

    @property
    def for_stage(self) -> Any:
        return self.object.stage

    def page_actions(self) -> list[Action]:
        url = reverse("lifecycle:review.panel_remove", args=[self.object.pk])
        text = _("撤销后不能恢复。确认撤销“%(name)s”吗？") % {"name": self.object}
        return [Action(_("撤销评审组"), url, icon="trash", kind="ghost", post=True, confirm=text)]

    def get_initial(self) -> dict[str, Any]:
        members = list(PanelMember.objects.filter(panel=self.object).values_list("expert_id", "is_chair"))
        return {
            "name": self.object.name,
            "track": str(self.object.track_id or ""),
            "due_at": self.object.due_at,
            "members": [str(pk) for pk, _chair in members],
            "chair": next((str(pk) for pk, chair in members if chair), ""),
        }

    def perform(self, form: Any) -> HttpResponse:
        save_panel(actor=self.actor, stage=self.object.stage, panel=self.object, now=self.now, **form.facts)
        return self.done(_("评审组已更新。"), reverse("lifecycle:review.panels", args=[self.object.stage_id]))


class PanelAction(ActionView):
    abstract = True
    policy_action = "review.assign"
    view_action = "review.marks"

    def get_queryset(self) -> Any:
        return board.panels(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:review.panel", args=[self.object.pk])


class PanelRemove(PanelAction):
    def perform(self) -> HttpResponse:
        stage_id = self.object.stage_id
        remove_panel(actor=self.actor, panel=self.object, now=self.now)
        return self.done(_("评审组已撤销。"), reverse("lifecycle:review.panels", args=[stage_id]))


class PanelPage(PageView):
    """A page about one panel."""

    abstract = True
    policy_action = "review.marks"
    view_action = "review.marks"
    context_name = "panel"

    def get_queryset(self) -> Any:
        return board.panels(actor=self.actor)

    @cached_property
    def case(self) -> Any:
        return panel_case(self.object)

    @property
    def matrix_url(self) -> str:
        return reverse("lifecycle:review.matrix", args=[self.object.pk])

    def page_crumbs(self) -> list[Crumb]:
        stage = self.object.stage
        return [
            Crumb(_("评审组织"), reverse("lifecycle:review.stages")),
            Crumb(str(stage.cycle), reverse("lifecycle:review.panels", args=[stage.pk])),
        ]


class Matrix(PanelPage):
    """Assign by hand: tick free cells; conflicts are shown with their reason and cannot be ticked."""

    template_name = "lifecycle/review_matrix.html"

    def page_title(self) -> Any:
        return _("%(name)s · 分配任务") % {"name": self.object}

    def page_actions(self) -> list[Action]:
        pairs = Action(_("回避情况"), reverse("lifecycle:ruling.list", args=[self.object.pk]), icon="users-minus")
        if not may(self.actor, "review.assign", self.object):
            return [pairs]
        return [
            pairs,
            Action(_("修改评审组"), reverse("lifecycle:review.panel", args=[self.object.pk]), icon="users-group"),
            Action(
                _("自动分配"), reverse("lifecycle:review.proposal", args=[self.object.pk]), icon="wand", kind="primary"
            ),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def show(self, *, status: int = 200, problems: list[str] | None = None) -> HttpResponse:
        pages = Paginator(list(self.case.entries.values()), ROWS)
        page = pages.get_page(self.request.GET.get("page"))
        return self.render(
            status=status,
            heads=matrix_heads(self.case),
            rows=matrix_rows(self.case, list(page.object_list)),
            pages=page,
            problems=problems or [],
            may_assign=may(self.actor, "review.assign", self.object),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pairs = [tuple(map(int, m.groups())) for text in request.POST.getlist("pair") if (m := PAIR.match(text))]
        try:
            count = assign_by_hand(actor=self.actor, panel=self.object, pairs=pairs, now=self.now)
        except Invalid as error:
            return self.show(status=422, problems=error.fields.get("pair", [error.message]))
        if not count:
            return self.fail(_("没有新增分配，请先勾选要分配的格子。"), self._back())
        return self.done(_("已分配 %(n)s 项评审任务，专家登录后即可评分。") % {"n": count}, self._back())

    def _back(self) -> str:
        page = self.request.GET.get("page", "")
        return f"{self.matrix_url}?{urlencode({'page': page})}" if page.isdigit() else self.matrix_url


class ProposalPage(PanelPage):
    """The automatic assignment before anything is written: loads, pairs, what could not be covered and why."""

    policy_action = "review.assign"
    template_name = "lifecycle/review_proposal.html"

    def page_title(self) -> Any:
        return _("%(name)s · 自动分配方案") % {"name": self.object}

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(str(self.object), self.matrix_url)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seed = request.GET.get("seed", "")[:40]
        if not seed:
            return self.redirect(f"{request.path}?{urlencode({'seed': secrets.token_hex(4)})}")
        proposal = propose(self.object, seed=seed)
        names = {key: str(m.expert) for key, m in proposal.case.members.items()}
        by_entry: dict[str, list[str]] = {}
        for entry, expert in proposal.new_pairs:
            by_entry.setdefault(entry, []).append(names[expert])
        return self.render(
            proposal=proposal,
            lines=[(proposal.case.entries[key], sorted(experts)) for key, experts in by_entry.items()],
            shortages=[
                (proposal.case.entries[s.entry], s, [(names[x], why) for x, why in s.reasons if x in names])
                for s in proposal.plan.shortages
            ],
            exclusions=proposal.exclusions,
            other_url=f"{request.path}?{urlencode({'seed': secrets.token_hex(4)})}",
            matrix_url=self.matrix_url,
        )


class ProposalAccept(PanelAction):
    """Writes the proposal that was shown."""

    def get_failure_url(self) -> str:
        return reverse("lifecycle:review.proposal", args=[self.object.pk])

    def perform(self) -> HttpResponse:
        post = self.request.POST
        proposal = accept_proposal(
            actor=self.actor, panel=self.object, now=self.now,
            seed=post.get("seed", "")[:40], fingerprint=post.get("fingerprint", ""),
        )  # fmt: skip
        text = _("已按方案分配 %(n)s 项评审任务，专家登录后即可评分。") % {"n": len(proposal.new_pairs)}
        return self.done(text, reverse("lifecycle:review.matrix", args=[self.object.pk]))


class WithdrawSheet(ActionView):
    """Takes back a sheet nobody has begun."""

    policy_action = "review.assign"
    view_action = "review.marks"

    def get_queryset(self) -> Any:
        return board.sheets(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:review.matrix", args=[self.object.panel_id])

    def perform(self) -> HttpResponse:
        url, name = self.get_failure_url(), str(self.object.expert)
        try:
            withdraw_assignment(actor=self.actor, assignment=self.object, now=self.now)
        except DomainError as error:
            return self.fail(error.message, url)
        return self.done(_("已收回%(name)s的一项评审任务。") % {"name": name}, url)

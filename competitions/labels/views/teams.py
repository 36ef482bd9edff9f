"""The room's first page, teams and their labels."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from competitions.labels import forms, overview, papers, queries
from competitions.labels.domain import removals, teams
from competitions.labels.domain.teams import FACTS
from competitions.labels.tables import LabelFilters, LabelTable, TeamFilters, TeamTable
from competitions.labels.views.base import ROOM, allowed, home_crumb, own_union, url
from portal.accounts.models import Employer
from portal.core.dates import local_date
from portal.core.policies import may
from portal.core.text import safe_file_name
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import DetailView, FileDownloadView, FormView, ListView, PageView, Tabbed


class LabelHome(Tabbed, PageView):
    room_tabs = ROOM
    policy_action = "workteam.view"
    template_name = "competitions/label_home.html"
    title = _("班组称号和服务评价")
    subtitle = _("学习型、创新型、质量信得过、安全型班组和工人先锋号；年度复查、摘牌；服务对象扫码评价。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def page_actions(self) -> list[Action]:
        return allowed(
            self.actor, None,
            ("workteam.add", Action(_("登记班组"), url("workteam.add"), icon="plus", kind="primary")),
            ("teamlabel.import", Action(_("用表格导入"), url("labelimport.create"), icon="file-upload")),
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        today = local_date(self.now)
        campaigns = queries.campaigns(today).filter(year=today.year).order_by("-overdue", "due_on")[:8]
        return overview.page_of(self.actor, today) | {"campaigns": list(campaigns)}


class TeamList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "workteam.view"
    table_class = TeamTable
    filters_class = TeamFilters
    title = _("班组")
    export_name = _("班组名册")

    def get_queryset(self) -> Any:
        return queries.teams()

    page_actions = LabelHome.page_actions


class LabelList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "teamlabel.view"
    table_class = LabelTable
    filters_class = LabelFilters
    title = _("班组称号")
    export_name = _("班组称号")
    saved_views = (
        SavedView(_("现有效"), "living=on"),
        SavedView(_("拟摘牌"), "status=proposed"),
        SavedView(_("已摘牌"), "status=removed"),
        SavedView(_("已到期"), "run_out=on"),
    )

    def get_queryset(self) -> Any:
        return queries.labels()

    def page_actions(self) -> list[Action]:
        return allowed(
            self.actor, None,
            ("teamlabel.import", Action(_("导入记录"), url("labelimport.list"), icon="history")),
            ("teamlabel.import", Action(_("用表格导入"), url("labelimport.create"), icon="file-upload", kind="primary")),
        )  # fmt: skip


class TeamAdd(FormView):
    policy_action = "workteam.add"
    form_class = forms.TeamForm
    title = _("登记班组")
    submit_label = _("登记")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("班组"), url("workteam.list"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        found = list(Employer.objects.filter(organisation__path=self.actor.path)[:2])
        return {"actor": self.actor, "only": found[0] if len(found) == 1 else None}

    def perform(self, form: Any) -> HttpResponse:
        team = teams.add_team(actor=self.actor, employer=form.cleaned_data["employer"], facts=form.facts, now=self.now)
        return self.done(_("已登记。下一步可以授予称号，服务窗口可以启用评价码。"), team.get_absolute_url())


class OneTeam:
    view_action = "workteam.view"

    def get_queryset(self) -> Any:
        return queries.teams()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("班组"), url("workteam.list")), Crumb(self.object.name, self.get_cancel_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class TeamDetail(OneTeam, DetailView):
    policy_action = "workteam.view"
    template_name = "competitions/workteam_detail.html"
    context_name = "team"

    def page(self) -> PageContext:
        team, pk = self.object, self.object.pk
        actions = allowed(
            self.actor, team,
            ("workteam.change", Action(_("修改"), url("workteam.change", pk=pk), icon="edit")),
            ("rating.open", Action(_("服务评价码"), url("ratingpoint.open", pk=pk), icon="qrcode")),
            ("teamlabel.give", Action(_("授予称号"), url("teamlabel.give", pk=pk), icon="medal", kind="primary")),
        )  # fmt: skip
        return PageContext(title=team.name, subtitle=team.unit_name, crumbs=self.page_crumbs()[:2], actions=actions)

    def context(self) -> dict[str, Any]:
        team = self.object
        labels = list(queries.labels_of(team))
        removals_of = {r.label_id: r for r in queries.removals().filter(label__team=team).order_by("proposed_at")}
        waiting = [label for label in labels if label.entry_id and not label.is_removed]
        items = {label.pk: queries.conferral_item(label) for label in waiting[:3]}
        return {
            "facts": [
                Fact(_("类别"), team.get_kind_display()),
                Fact(_("所属工会"), team.organisation.name),
                Fact(_("班组长"), team.leader or "—"),
                Fact(_("人数"), team.headcount or "—", unit=_("人") if team.headcount else ""),
                Fact(_("成立日期"), team.founded_on or "—"),
                Fact(_("状态"), _("运行中") if team.is_active else _("已撤并")),
                Fact(_("创建公约"), team.covenant or "—", wide=True),
            ],
            "labels": [self._label(label, removals_of.get(label.pk), items.get(label.pk)) for label in labels],
            "rechecks": list(queries.rechecks().filter(label__team=team).order_by("-campaign__year")[:12]),
            "point": queries.points().filter(team=team).first(),
        }

    def _label(self, label: Any, removal: Any, item: Any) -> dict[str, Any]:
        """One label with its last proposal, what can be done with it, and the words of its plate."""
        return {
            "row": label,
            "removal": removal,
            "plate": papers.plate_words(label),
            "can_propose": may(self.actor, "teamlabel.propose", label),
            "can_decide": removal is not None and may(self.actor, "teamlabel.decide", removal),
            "revoke": item if item is not None and may(self.actor, "conferral.revoke", label.entry) else None,
        }


class TeamChange(OneTeam, FormView):
    policy_action = "workteam.change"
    form_class = forms.TeamForm
    title = _("修改班组")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "is_new": False}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in (*FACTS, "is_active")}

    def perform(self, form: Any) -> HttpResponse:
        team = teams.change_team(
            actor=self.actor, team=self.object, facts=form.facts, is_active=form.cleaned_data["is_active"],
            now=self.now,
        )  # fmt: skip
        return self.done(_("已修改。"), team.get_absolute_url())


class LabelGive(OneTeam, FormView):
    policy_action = "teamlabel.give"
    form_class = forms.GiveForm
    title = _("授予称号")
    submit_label = _("授予")

    @property
    def intro(self) -> Any:
        return _("以“%s”的名义授予。") % self.actor.at_desk.organisation_name

    def get_initial(self) -> dict[str, Any]:
        return {"given_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        label = teams.give_label(
            actor=self.actor, team=self.object, given_by=own_union(self.actor), facts=form.cleaned_data, now=self.now
        )
        return self.done(_("已授予，可以打印证书和牌匾文字。"), label.get_absolute_url())


class OneLabel:
    view_action = "teamlabel.view"

    def get_queryset(self) -> Any:
        return queries.labels()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(self.object.team.name, self.object.get_absolute_url())]


class LabelCertificate(OneLabel, FileDownloadView):
    """证书 as PDF; a label that was taken away has none any more."""

    policy_action = "teamlabel.view"
    inline = True

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(queries.LIVING)

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(papers.certificate(self.object)), safe_file_name(f"{self.object}.pdf"), "application/pdf"


class RemovalPropose(OneLabel, FormView):
    policy_action = "teamlabel.propose"
    form_class = forms.RemovalForm
    title = _("提出摘牌")
    submit_label = _("提交复核")
    submit_kind = "danger"

    @property
    def intro(self) -> Any:
        return f"{self.object.team.name}　{self.object.title}（{self.object.basis_number}）"

    def perform(self, form: Any) -> HttpResponse:
        removals.propose_removal(actor=self.actor, label=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已提出，等另一人复核。"), self.object.get_absolute_url())


class RemovalDecide(FormView):
    policy_action = "teamlabel.decide"
    view_action = "teamlabel.view"
    form_class = forms.DecideForm
    title = _("复核摘牌")
    submit_label = _("提交")

    def get_queryset(self) -> Any:
        return queries.removals()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(self.object.label.team.name, self.object.get_absolute_url())]

    @property
    def intro(self) -> Any:
        return _("拟摘牌：%(label)s。提出人：%(who)s。原因：%(why)s") % {
            "label": self.object.label, "who": self.object.proposed_by, "why": self.object.reason,
        }  # fmt: skip

    def perform(self, form: Any) -> HttpResponse:
        agreed = form.cleaned_data["agreed"] == "1"
        removals.decide_removal(
            actor=self.actor, removal=self.object, agreed=agreed, words=form.cleaned_data["words"], now=self.now
        )
        message = _("已摘牌，请收回牌匾。") if agreed else _("称号保留。")
        return self.done(message, self.object.get_absolute_url())

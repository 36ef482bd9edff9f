"""The contest at a glance, the groups and their rankings, indicators and coefficients."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green import forms, overview, queries
from competitions.green.domain import dictionary
from competitions.green.enums import SubjectLevel
from competitions.green.tables import GroupFilters, GroupTable, IndicatorFilters, IndicatorTable, departments
from competitions.green.views.base import InRoom, home_crumb, url_of
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import DetailView, FormView, ListView, PageView


class GreenOverview(InRoom, PageView):
    policy_action = "green.view"
    template_name = "competitions/green_overview.html"
    title = _("双碳竞赛一览")
    subtitle = _("“我为碳达峰碳中和做贡献”：企业、班组、岗位同组对标，职工为节能降碳献计献策。")
    tab = "green.overview"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def context(self) -> dict[str, Any]:
        return overview.home(now=self.now)

    def page_actions(self) -> list[Action]:
        possible = (
            ("suggest", _("提出建议"), "suggestion_add", "bulb", "primary"),
            ("register", _("登记参赛主体"), "subject_add", "plus", "secondary"),
        )
        return [
            Action(label, reverse(f"competitions:green.{name}"), icon=icon, kind=kind)
            for action, label, name, icon, kind in possible
            if may(self.actor, f"green.{action}")
        ]


class GroupList(InRoom, ListView):
    policy_action = "green.view"
    table_class = GroupTable
    filters_class = GroupFilters
    title = _("对标组")
    subtitle = _("只在同类产品、同一工序、同一层级内比较。")
    export_name = _("对标组")
    tab = "green.groups"

    def get_queryset(self) -> Any:
        return queries.groups()

    def page_actions(self) -> list[Action]:
        add = Action(_("设立对标组"), reverse("competitions:green.group_add"), icon="plus", kind="primary")
        return [add] if may(self.actor, "green.manage") else []


class OneGroup:
    view_action = "green.view"

    def get_queryset(self) -> Any:
        return queries.groups()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("对标组"), reverse("competitions:green.groups"))]

    def choice(self) -> tuple[str, str]:
        """Level and span asked for; else the first level that has subjects the desk sees."""
        level, span = self.request.GET.get("level", ""), self.request.GET.get("span", "year")
        if level not in SubjectLevel.values:
            there = set(self.object.subjects.values_list("level", flat=True))
            level = next((known for known in SubjectLevel.values if known in there), SubjectLevel.TEAM)
        return level, span if span in {key for key, *_rest in overview.SPANS} else "year"


class GroupDetail(OneGroup, DetailView):
    policy_action = "green.view"
    template_name = "competitions/green_group.html"
    context_name = "group"

    def page(self) -> PageContext:
        group, actions = self.object, []
        level, span = self.choice()
        address = url_of(group, "print") + f"?level={level}&span={span}"
        actions.append(Action(_("打印排名"), address, icon="printer"))
        if may(self.actor, "green.manage"):
            actions.append(Action(_("调整对标组"), url_of(group, "group_edit"), icon="edit"))
        if may(self.actor, "green.register") and group.is_open:
            address = reverse("competitions:green.subject_add") + f"?group={group.pk}"
            actions.insert(0, Action(_("登记参赛主体"), address, icon="plus", kind="primary"))
        return PageContext(
            title=group.name, subtitle=f"{group.product} · {group.indicator}", crumbs=self.page_crumbs(), actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        level, span = self.choice()
        return overview.ranking_page(self.object, level, span, self.now)


class GroupPrint(OneGroup, DetailView):
    """The ranking on paper."""

    policy_action = "green.view"
    layout = "print"
    template_name = "competitions/green_print.html"
    context_name = "group"

    def page_title(self) -> Any:
        return _("%s对标排名") % self.object.name

    context = GroupDetail.context


class GroupForm(FormView):
    policy_action = "green.manage"
    form_class = forms.GroupForm

    def get_form_kwargs(self) -> dict[str, Any]:
        shown = queries.indicators().order_by("code", "-version")
        return {"indicators": list(shown), "departments": list(departments(self.actor.path))}


class GroupAdd(GroupForm):
    title = _("设立对标组")
    submit_label = _("设立")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("对标组"), reverse("competitions:green.groups"))]

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        group = dictionary.add_group(actor=self.actor, owner=owner, facts=form.facts, now=self.now)
        return self.done(_("对标组已设立，单位可以登记参赛主体。"), group.get_absolute_url())


class GroupEdit(OneGroup, GroupForm):
    title = _("调整对标组")

    def get_initial(self) -> dict[str, Any]:
        return forms.GroupForm.initial_of(self.object)

    def perform(self, form: Any) -> HttpResponse:
        group = dictionary.change_group(actor=self.actor, group=self.object, facts=form.facts, now=self.now)
        return self.done(_("对标组已调整。"), group.get_absolute_url())


class DictionaryList(InRoom, ListView):
    """The indicators in force; below them the coefficients."""

    policy_action = "green.view"
    table_class = IndicatorTable
    filters_class = IndicatorFilters
    template_name = "competitions/green_dictionary.html"
    title = _("指标与系数")
    subtitle = _("公式和系数的每一次变动都是新的版本；已经计算的结果保留当时的版本。")
    export_name = _("能效指标")
    tab = "green.dictionary"

    def get_queryset(self) -> Any:
        rows = queries.indicators()
        return rows if self.request.GET.get("old") else rows.filter(is_last=True)

    def context(self) -> dict[str, Any]:
        return {"tables": list(queries.coefficient_tables()[:6]), "may_manage": bool(may(self.actor, "green.manage"))}

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "green.manage"):
            return []
        return [
            Action(_("新系数表"), reverse("competitions:green.coefficients_add"), icon="table-plus"),
            Action(_("新指标或新版本"), reverse("competitions:green.indicator_add"), icon="plus", kind="primary"),
        ]


class OfDictionary:
    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("指标与系数"), reverse("competitions:green.dictionary"))]


class IndicatorAdd(OfDictionary, FormView):
    policy_action = "green.manage"
    form_class = forms.IndicatorForm
    title = _("启用指标")
    submit_label = _("启用")

    def get_initial(self) -> dict[str, Any]:
        number = self.request.GET.get("from", "")
        row = queries.indicators().filter(pk=number).first() if number.isdecimal() else None
        return forms.IndicatorForm.initial_of(row) if row else {}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        facts = {name: form.cleaned_data[name] for name in dictionary.FACTS}
        row, is_new = dictionary.add_indicator(
            actor=self.actor, owner=owner, code=form.cleaned_data["code"], facts=facts, now=self.now
        )
        message = _("“%(name)s”第%(n)d版已启用。") if is_new else _("“%(name)s”与现行第%(n)d版相同，没有新版本。")
        return self.done(message % {"name": row.name, "n": row.version}, reverse("competitions:green.dictionary"))


class CoefficientsAdd(OfDictionary, FormView):
    policy_action = "green.manage"
    form_class = forms.CoefficientsForm
    title = _("启用系数表")
    submit_label = _("启用")

    def get_form_kwargs(self) -> dict[str, Any]:
        newest = queries.coefficient_tables().first()
        return {"entries": newest.values if newest else dictionary.default_coefficients()}

    def get_initial(self) -> dict[str, Any]:
        return {"year": local_date(self.now).year}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        table, is_new = dictionary.add_coefficients(
            actor=self.actor, owner=owner, year=form.cleaned_data["year"], source=form.cleaned_data["source"],
            values=form.values, now=self.now,
        )  # fmt: skip
        message = _("%s已启用。") if is_new else _("与%s相同，没有新版本。")
        return self.done(message % table, reverse("competitions:green.dictionary"))

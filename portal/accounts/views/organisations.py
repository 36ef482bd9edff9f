"""Pages of the union tree."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import display
from portal.accounts.domain import organisations as domain
from portal.accounts.forms.organisations import MergeForm, MoveForm, OrganisationForm
from portal.accounts.models import CodeList, Organisation
from portal.accounts.queries import codes
from portal.accounts.queries import organisations as queries
from portal.accounts.queries.employers import employers_of
from portal.accounts.queries.memberships import staff_of
from portal.accounts.queries.reporting import reporting_lines
from portal.accounts.tables import OrganisationFilters, OrganisationTable
from portal.core.policies import may
from portal.web.formats import thousands
from portal.web.navigation import provided
from portal.web.ui import Action, Crumb, Fact, PageContext, Tab
from portal.web.views import ActionView, DetailView, FormView, FragmentView, HistoryView, ListView, PageView

TREE_LINES = 300  # children of one organisation that the tree shows; the rest is found by name
SHOWN = 20  # rows of employers, staff and lower organisations on an organisation's page


def list_crumb() -> Crumb:
    return Crumb(_t("工会组织"), reverse("accounts:organisation.list"))


def page_of(organisation: Organisation) -> str:
    return reverse("accounts:organisation.detail", kwargs={"pk": organisation.pk})


def list_tabs(current: str) -> list[Tab]:
    """List and tree: two ways to the same organisations."""
    names = (("accounts:organisation.list", _("列表")), ("accounts:organisation.tree", _("组织树")))
    return [Tab(label, reverse(name), name == current) for name, label in names]


class OrganisationMixin:
    """Views about one organisation of the desk's own part of the tree."""

    context_name = "organisation"

    def get_queryset(self) -> QuerySet[Organisation]:
        return queries.managed(self.actor).select_related("parent", "merged_into")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.label, page_of(self.object))]

    def get_cancel_url(self) -> str:
        return page_of(self.object)

    def get_failure_url(self) -> str:
        return page_of(self.object)


class OrganisationList(ListView):
    policy_action = "organisation.view"
    table_class = OrganisationTable
    filters_class = OrganisationFilters
    title = _("工会组织")
    export_name = _("工会组织")

    def get_queryset(self) -> QuerySet[Organisation]:
        return queries.organisation_list(actor=self.actor)

    def page_tabs(self) -> list[Tab]:
        return list_tabs("accounts:organisation.list")

    def page_actions(self) -> list[Action]:
        upload = f"{reverse('accounts:import.create')}?kind=organisations"
        create = reverse("accounts:organisation.create")
        return [
            Action(_("批量导入"), upload, icon="table-import", policy_action="organisation.import"),
            Action(_("新建组织"), create, icon="plus", kind="primary", policy_action="organisation.create"),
        ]


def tree_level(organisation: Organisation) -> dict[str, Any]:
    """One level of the tree for the templates."""
    nodes = list(queries.children(organisation)[: TREE_LINES + 1])
    return {"nodes": nodes[:TREE_LINES], "has_more": len(nodes) > TREE_LINES}


class OrganisationTree(PageView):
    """The desk's part of the tree; each line opens its children when asked."""

    policy_action = "organisation.view"
    template_name = "accounts/organisation_tree.html"
    title = _("组织树")

    def page_tabs(self) -> list[Tab]:
        return list_tabs("accounts:organisation.tree")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        own = queries.managed(self.actor).get(pk=self.actor.desk.organisation_id)
        text = request.GET.get("q", "").strip()
        found = queries.search(actor=self.actor, text=text) if text else None
        return self.render(own=own, text=text, found=found, **tree_level(own))


class OrganisationChildren(OrganisationMixin, FragmentView):
    """One level of the tree."""

    policy_action = "organisation.view"
    fragment_name = "accounts/_organisation_children.html"

    def context(self) -> dict[str, Any]:
        return tree_level(self.object)


class OrganisationPick(FragmentView):
    """Suggestions of a field; ``units=1`` offers basic unions only."""

    policy_action = "organisation.view"
    fragment_name = "accounts/_organisation_options.html"

    def context(self) -> dict[str, Any]:
        text = self.request.GET.get("q", "").split("（")[0]
        return {"options": queries.search(actor=self.actor, text=text, limit=12)}


class OrganisationDetail(OrganisationMixin, DetailView):
    policy_action = "organisation.view"
    template_name = "accounts/organisation_detail.html"

    def page(self) -> PageContext:
        organisation = self.object
        return PageContext(
            title=organisation.name,
            badge=display.organisation_status(organisation),
            subtitle=f"{organisation.get_kind_display()} · {organisation.code}",
            crumbs=[list_crumb(), *self._above()],
            actions=self._main_actions(),
            tabs=detail_tabs(organisation, "accounts:organisation.detail"),
        )

    def _above(self) -> list[Crumb]:
        above = queries.ancestors(self.object).filter(path__startswith=self.actor.path)
        return [Crumb(o.label, page_of(o)) for o in above]

    def _main_actions(self) -> list[Action]:
        here = {"pk": self.object.pk}
        below = f"{reverse('accounts:organisation.create')}?parent={self.object.pk}"
        change = reverse("accounts:organisation.change", kwargs=here)
        actions = [
            Action(_("修改"), change, icon="edit", policy_action="organisation.change", policy_object=self.object)
        ]
        if self.object.is_active:
            actions.append(
                Action(
                    _("新建下级组织"),
                    below,
                    icon="plus",
                    policy_action="organisation.create",
                    policy_object=self.object,
                )
            )
        return actions

    def context(self) -> dict[str, Any]:
        organisation = self.object
        return {
            "facts": self._facts(),
            "employers": employers_of(organisation)[:SHOWN],
            "employer_count": employers_of(organisation).count(),
            "covered": queries.covered_employers(organisation)[:SHOWN],
            "staff": staff_of(organisation)[:SHOWN] if may(self.actor, "member.view") else None,
            **tree_level(organisation),
            "lines": self._lines(),
            "more": self._more_actions(),
        }

    def _facts(self) -> list[Fact]:
        organisation = self.object
        district = codes.label_of(CodeList.DISTRICT, organisation.district_code) or _t("全市")
        facts = [
            Fact(_t("上级工会"), organisation.parent.name if organisation.parent else _t("（无，市级总工会）")),
            Fact(_t("层级"), organisation.get_level_display()),
            Fact(_t("统一社会信用代码"), organisation.credit_code or _t("未取得法人资格")),
            Fact(_t("所在区"), district),
            Fact(_t("会员数"), thousands(organisation.member_count), _t("人")),
        ]
        if organisation.merged_into:
            facts.append(Fact(_t("并入"), organisation.merged_into.name))
        return facts

    def _lines(self) -> list[tuple[Any, str]]:
        """Reporting lines with the titles of their programmes."""
        lines = list(reporting_lines(self.object))
        titles = dict(provided("programme_choices", self.request, [])) if any(line.scheme for line in lines) else {}
        return [(line, titles.get(line.scheme, line.scheme)) for line in lines]

    def _more_actions(self) -> list[Action]:
        """Acts that change the shape of the tree; refused ones say why."""
        organisation, here = self.object, {"pk": self.object.pk}
        close = may(self.actor, "organisation.close", organisation)
        if not may(self.actor, "organisation.change", organisation):
            return []
        if not organisation.is_active:
            url = reverse("accounts:organisation.reopen", kwargs=here)
            return [Action(_("恢复使用"), url, icon="rotate", post=True)] if not organisation.merged_into_id else []
        closing = _("停用后该组织的工作台不能再登录，历史记录保留。确定停用？")
        return [
            Action(
                _("调整上级工会"),
                reverse("accounts:organisation.move", kwargs=here),
                icon="arrows-move",
                decision=close,
            ),
            Action(
                _("并入其他组织"), reverse("accounts:organisation.merge", kwargs=here), icon="git-merge", decision=close
            ),
            Action(
                _("停用"),
                reverse("accounts:organisation.close", kwargs=here),
                icon="ban",
                kind="danger",
                post=True,
                confirm=closing,
                decision=close,
            ),
        ]


def detail_tabs(organisation: Organisation, current: str) -> list[Tab]:
    names = (("accounts:organisation.detail", _("概况")), ("accounts:organisation.history", _("办理记录")))
    return [Tab(label, reverse(name, kwargs={"pk": organisation.pk}), name == current) for name, label in names]


class OrganisationHistory(OrganisationMixin, HistoryView):
    policy_action = "organisation.view"

    def page_title(self) -> str:
        return self.object.name

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def page_tabs(self) -> list[Tab]:
        return detail_tabs(self.object, "accounts:organisation.history")


class OrganisationCreate(FormView):
    policy_action = "organisation.create"
    form_class = OrganisationForm
    title = _("新建组织")
    submit_label = _("新建组织")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET.get("parent", "")
        parent = queries.managed(self.actor).filter(pk=wanted).first() if wanted.isdigit() else None
        return {"parent": parent} if parent else {}

    def perform(self, form: OrganisationForm) -> HttpResponse:
        organisation = domain.create_organisation(
            actor=self.actor,
            parent=form.cleaned_data["parent"],
            kind=form.cleaned_data["kind"],
            facts=form.facts(),
            now=self.now,
        )
        message = _t("已新建“%(name)s”，接下来可登记用人单位、邀请人员。") % {"name": organisation.name}
        return self.done(message, page_of(organisation))


class OrganisationChange(OrganisationMixin, FormView):
    policy_action = "organisation.change"
    form_class = OrganisationForm
    title = _("修改组织信息")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "organisation": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in (*domain.FACTS, "kind")}

    def perform(self, form: OrganisationForm) -> HttpResponse:
        domain.change_organisation(
            actor=self.actor,
            organisation=self.object,
            kind=form.cleaned_data["kind"],
            facts=form.facts(),
            now=self.now,
        )
        return self.done(_t("组织信息已更新。"), page_of(self.object))


class OrganisationMove(OrganisationMixin, FormView):
    policy_action = "organisation.close"  # not the own organisation
    form_class = MoveForm
    title = _("调整上级工会")
    submit_label = _("调整上级工会")
    intro = _(
        "该组织连同全部下级组织、用人单位、人员和办理记录一起转到新的上级之下；正在办理的申报件随之改由新的上级工会办理。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, form: MoveForm) -> HttpResponse:
        parent = form.cleaned_data["parent"]
        domain.move_organisation(actor=self.actor, organisation=self.object, parent=parent, now=self.now)
        return self.done(_t("上级工会已调整为“%(name)s”。") % {"name": parent.name}, page_of(self.object))


class OrganisationMerge(OrganisationMixin, FormView):
    policy_action = "organisation.close"
    form_class = MergeForm
    title = _("并入其他组织")
    submit_label = _("合并")
    submit_kind = "danger"
    confirm = _("合并后本组织停用，且不能恢复。确定合并？")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, form: MergeForm) -> HttpResponse:
        into = form.cleaned_data["into"]
        domain.merge_organisation(actor=self.actor, organisation=self.object, into=into, now=self.now)
        return self.done(_t("已并入“%(name)s”。") % {"name": into.name}, page_of(into))


class OrganisationClose(OrganisationMixin, ActionView):
    policy_action = "organisation.close"

    def perform(self) -> HttpResponse:
        domain.close_organisation(actor=self.actor, organisation=self.object, now=self.now)
        return self.done(_t("“%(name)s”已停用。") % {"name": self.object.name}, page_of(self.object))


class OrganisationReopen(OrganisationMixin, ActionView):
    policy_action = "organisation.change"

    def perform(self) -> HttpResponse:
        domain.reopen_organisation(actor=self.actor, organisation=self.object, now=self.now)
        return self.done(_t("“%(name)s”已恢复使用。") % {"name": self.object.name}, page_of(self.object))

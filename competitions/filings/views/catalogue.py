"""竞赛目录: forms, campaigns, tags."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings import forms, queries
from competitions.filings.domain import catalogue
from competitions.filings.tables import CatalogueFilters, CatalogueTable
from competitions.filings.views.base import list_crumb, tabs, url_of
from portal.accounts.models import Organisation
from portal.core.policies import may
from portal.web.ui import Action, Crumb, Tab
from portal.web.views import ActionView, FormView, ListView


def list_url() -> str:
    return reverse("competitions:filingcatalogue.list")


class CatalogueList(ListView):
    policy_action = "filingcatalogue.view"
    table_class = CatalogueTable
    filters_class = CatalogueFilters
    title = _("竞赛目录")
    subtitle = _("竞赛形式、竞赛活动和标签；由市总工会维护，各级备案时选用。")
    export_name = _("竞赛目录")

    def get_queryset(self) -> Any:
        return queries.catalogue_with_use(self.actor)

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "filingcatalogue.list")

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "filingcatalogue.keep"):
            return []
        load = Action(
            _("载入默认目录"), reverse("competitions:filingcatalogue.load"), icon="download", post=True,
            confirm=_("补入目录里没有的默认项，已有的不变。"),
        )  # fmt: skip
        add = Action(_("增加目录项"), reverse("competitions:filingcatalogue.add"), icon="plus", kind="primary")
        return [add, load]


class _Keeping(FormView):
    abstract = True
    policy_action = "filingcatalogue.keep"
    form_class = forms.ItemForm

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(_("竞赛目录"), list_url())]

    def get_cancel_url(self) -> str:
        return list_url()


class CatalogueAdd(_Keeping):
    title = _("增加目录项")
    submit_label = _("增加")

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        item = catalogue.add_item(
            actor=self.actor, owner=owner, group=form.cleaned_data["group"], facts=form.facts, now=self.now
        )
        return self.done(_("“%s”已加入目录，各级备案时可以选用。") % item, list_url())


class _OneItem:
    view_action = "filingcatalogue.view"

    def get_queryset(self) -> Any:
        return queries.catalogue(self.actor)


class CatalogueChange(_OneItem, _Keeping):
    title = _("修改目录项")

    def page_actions(self) -> list[Action]:
        label, ask = (
            (_("停用"), _("停用后新的备案不能再选，已有备案不变。"))
            if self.object.is_active
            else (_("恢复使用"), _("恢复后可以再选用。"))
        )
        return [Action(label, url_of("filingcatalogue.switch", self.object), post=True, confirm=ask)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"fixed": True}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in catalogue.COLUMNS}

    def perform(self, form: Any) -> HttpResponse:
        item = catalogue.change_item(actor=self.actor, item=self.object, facts=form.facts, now=self.now)
        return self.done(_("“%s”已修改。") % item, list_url())


class CatalogueSwitch(_OneItem, ActionView):
    policy_action = "filingcatalogue.keep"

    def get_failure_url(self) -> str:
        return list_url()

    def perform(self) -> HttpResponse:
        item = catalogue.switch_item(
            actor=self.actor, item=self.object, is_active=not self.object.is_active, now=self.now
        )
        return self.done(_("“%s”已恢复使用。") % item if item.is_active else _("“%s”已停用。") % item, list_url())


class CatalogueLoad(ActionView):
    policy_action = "filingcatalogue.keep"

    def get_failure_url(self) -> str:
        return list_url()

    def perform(self) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        count = catalogue.load_catalogue(
            actor=self.actor, owner=owner, data=catalogue.read_definition(), now=self.now
        )  # fmt: skip
        return self.done(_("已补入%d项。") % count if count else _("默认目录里的都已经有了。"), list_url())

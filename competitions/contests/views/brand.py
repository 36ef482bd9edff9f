"""The brand of the contests: its public page, and the media reports the desks enter for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.contests import forms, queries
from competitions.contests.domain import brand
from competitions.contests.tables import MediaFilters, MediaTable
from competitions.contests.views.base import ROOM
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb
from portal.web.views import BulkActionView, FormView, ListView, PageView, Tabbed

LIST = "competitions:media.list"


class MediaList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "media.view"
    table_class = MediaTable
    filters_class = MediaFilters
    title = _("媒体报道")
    subtitle = _("各级媒体对职工职业技能大赛的报道，显示在公众网的大赛品牌页。")
    export_name = _("大赛媒体报道")

    def get_queryset(self) -> Any:
        return queries.media()

    def page_actions(self) -> list[Action]:
        found = [Action(_("看品牌页"), reverse("competitions:public.brand"), kind="ghost")]
        if may(self.actor, "media.add"):
            found.insert(0, Action(_("登记报道"), reverse("competitions:media.add"), icon="plus", kind="primary"))
        return found


class MediaAdd(FormView):
    policy_action = "media.add"
    form_class = forms.MediaForm
    title = _("登记媒体报道")
    submit_label = _("登记")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("媒体报道"), reverse(LIST))]

    def get_initial(self) -> dict[str, Any]:
        return {"year": local_date(self.now).year}

    def get_cancel_url(self) -> str:
        return reverse(LIST)

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        brand.add_report(actor=self.actor, owner=owner, facts=form.cleaned_data, now=self.now)
        return self.done(_("已登记，一分钟内显示在品牌页。"), reverse(LIST))


class MediaRemove(BulkActionView):
    policy_action = "media.remove"
    label = _("删除媒体报道")

    def get_queryset(self) -> Any:
        return queries.media()

    def back_url(self) -> str:
        return reverse(LIST)

    def perform_one(self, obj: Any, data: dict[str, Any]) -> None:
        brand.remove_report(actor=self.actor, report=obj, now=self.now)


class PublicBrand(PageView):
    """全市职工职业技能大赛: editions, winners, what the media wrote."""

    public = True
    layout = "public"
    template_name = "competitions/public_brand.html"
    title = _("全市职工职业技能大赛")
    subtitle = _("以赛促训、以赛育匠：历届赛况、获奖选手和媒体报道。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(**queries.brand())

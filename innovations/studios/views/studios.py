"""The room's first page, studios, their naming and members."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from innovations.studios import forms, overview, queries
from innovations.studios.domain import studios
from innovations.studios.domain.studios import FACTS
from innovations.studios.enums import TONE_OF_STEP, Step, StudioStatus
from innovations.studios.index import index
from innovations.studios.sections import sections_of
from innovations.studios.tables import StudioFilters, StudioTable
from innovations.studios.views.base import ROOM, OfYear, OneStudio, allowed, home_crumb, own_union, url
from portal.accounts.models import Employer
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView, TimelineItem
from portal.web.views import ActionView, DetailView, FormView, ListView, PageView, Tabbed


class StudioHome(Tabbed, OfYear, PageView):
    room_tabs = ROOM
    policy_action = "studio.view"
    template_name = "innovations/studio_home.html"
    title = _("创新工作室")
    subtitle = _("劳模和工匠人才创新工作室：课题、成果、带徒、经费，年度考核和复核，工作室联盟。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def page_actions(self) -> list[Action]:
        return allowed(
            self.actor, None,
            ("studiocheck.open", Action(_("发起年度考核"), url("check.open"), icon="checklist")),
            ("studio.add", Action(_("登记工作室"), url("studio.add"), icon="plus", kind="primary")),
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        return {"year": self.year} | overview.page_of(self.actor, self.year, local_date(self.now))


class StudioList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "studio.view"
    table_class = StudioTable
    filters_class = StudioFilters
    title = _("工作室")
    export_name = _("创新工作室名册")
    saved_views = (
        SavedView(_("未摘牌注销"), "running=on"),
        SavedView(_("限期整改"), "status=mending"),
        SavedView(_("拟摘牌"), "status=proposed"),
        SavedView(_("复核到期"), "reconfirm=on"),
    )

    def get_queryset(self) -> Any:
        return queries.studios(local_date(self.now).year)

    def page_actions(self) -> list[Action]:
        button = Action(_("登记工作室"), url("studio.add"), icon="plus", kind="primary")
        return allowed(self.actor, None, ("studio.add", button))


class StudioAdd(FormView):
    policy_action = "studio.add"
    form_class = forms.StudioForm
    title = _("登记工作室")
    submit_label = _("登记")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("工作室"), url("studio.list"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        found = list(Employer.objects.filter(organisation__path=self.actor.path)[:2])
        return {"actor": self.actor, "only": found[0] if len(found) == 1 else None}

    def perform(self, form: Any) -> HttpResponse:
        studio = studios.register(
            actor=self.actor, employer=form.cleaned_data["employer"], facts=form.facts, honour_item=form.honour_item,
            now=self.now,
        )  # fmt: skip
        return self.done(_("已登记。下一步：登记成员、提出课题，或由工会命名。"), studio.get_absolute_url())


class StudioDetail(OneStudio, OfYear, DetailView):
    policy_action = "studio.view"
    template_name = "innovations/studio_detail.html"

    def get_queryset(self) -> Any:
        return queries.studios(self.year)

    def page(self) -> PageContext:
        studio, pk = self.object, self.object.pk
        actions = allowed(
            self.actor, studio,
            ("studio.keep", Action(_("修改"), url("studio.change", pk=pk), icon="edit")),
            ("studio.ask", Action(_("申请变更、注销"), url("request.add", pk=pk), icon="switch-horizontal")),
            ("studio.propose", Action(_("提出摘牌"), url("removal.propose", pk=pk), icon="ban")),
            ("studio.reconfirm", Action(_("复核确认"), url("studio.reconfirm", pk=pk), icon="rotate-clockwise")),
            ("studio.name", Action(_("命名"), url("studio.name", pk=pk), icon="medal", kind="primary")),
        )  # fmt: skip
        return PageContext(
            title=studio.name, subtitle=studio.employer.name, badge=studio.badge, crumbs=self.page_crumbs()[:2],
            actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        studio, today = self.object, local_date(self.now)
        facts = queries.facts_of(studio, self.year)
        removal = queries.removals().filter(studio=studio, agreed=None).first()
        request = queries.requests().filter(studio=studio, agreed=None).first()
        return sections_of(studio, self.actor, self.year) | {
            "year": self.year,
            "facts": self._facts(),
            "hints": [
                (c.title, hint, n, wanted, enough)
                for c in index().criteria
                for hint, n, wanted, enough in _hints(c, facts)
            ],
            "numbers": facts,
            "reconfirm_late": studio.status == StudioStatus.RUNNING
            and studio.reconfirm_on is not None
            and studio.reconfirm_on <= today,
            "removal": removal,
            "can_remove": removal is not None and may(self.actor, "studio.remove", removal),
            "request_open": request,
            "can_decide": request is not None and may(self.actor, "studio.decide", request),
            "checks": list(queries.checks().filter(studio=studio)[:10]),
            "alliances": list(queries.alliances_of(studio)),
            "steps": [
                TimelineItem(s.at, s.get_step_display(), actor=s.by or "", text=s.words,
                             tone=TONE_OF_STEP.get(Step(s.step), "neutral"))
                for s in queries.events(studio)[:30]
            ],
        }  # fmt: skip

    def _facts(self) -> list[Fact]:
        studio = self.object
        honour = studio.leader_honour or "—"
        if studio.honour_item_id:
            honour = f"{honour}（{_('已与荣誉登记核对')}）"
        naming = f"{studio.level_label}　{studio.named_by.name}　{studio.naming_number}" if studio.named_by else "—"
        return [
            Fact(_("类型"), studio.get_kind_display()),
            Fact(_("专业方向"), studio.direction),
            Fact(_("领衔人"), f"{studio.leader}　{studio.leader_post}"),
            Fact(_("主要荣誉"), honour),
            Fact(_("命名"), naming),
            Fact(_("复核到期"), cn_date(studio.reconfirm_on) if studio.reconfirm_on else "—"),
            Fact(_("场所"), studio.place or "—"),
            Fact(_("面积"), studio.area or "—", unit=_("m²") if studio.area else ""),
            Fact(_("成立日期"), cn_date(studio.founded_on)),
            Fact(_("所属工会"), studio.organisation.name),
            Fact(_("主要设备"), studio.equipment or "—", wide=True),
            Fact(_("制度"), studio.rules or "—", wide=True),
        ]


def _hints(criterion: Any, facts: dict[str, int]) -> list[tuple[str, int, int, bool]]:
    return [(h.text, facts[h.fact], h.at_least, facts[h.fact] >= h.at_least) for h in criterion.hints]


class StudioChange(OneStudio, FormView):
    policy_action = "studio.keep"
    form_class = forms.StudioForm
    title = _("修改工作室")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "is_new": False}

    def get_initial(self) -> dict[str, Any]:
        item = self.object.honour_item
        return {name: getattr(self.object, name) for name in FACTS} | {
            "honour_number": item.certificate_number if item else ""
        }

    def perform(self, form: Any) -> HttpResponse:
        studio = studios.change(
            actor=self.actor, studio=self.object, facts=form.facts, honour_item=form.honour_item, now=self.now
        )
        return self.done(_("已修改。"), studio.get_absolute_url())


class StudioName(OneStudio, FormView):
    policy_action = "studio.name"
    form_class = forms.NameForm
    title = _("命名工作室")
    submit_label = _("命名")

    @property
    def intro(self) -> Any:
        return _("以“%s”的名义命名；命名后由本级每年考核、到期复核。") % self.actor.at_desk.organisation_name

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"union_level": self.actor.level}

    def get_initial(self) -> dict[str, Any]:
        return {"named_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        studio = studios.name_studio(
            actor=self.actor, studio=self.object, by=own_union(self.actor), now=self.now, **form.cleaned_data
        )
        return self.done(_("已命名。"), studio.get_absolute_url())


class StudioReconfirm(OneStudio, FormView):
    policy_action = "studio.reconfirm"
    form_class = forms.ReconfirmForm
    title = _("复核确认")
    submit_label = _("确认")
    intro = _("复核合格的，确认命名继续有效；不合格的，请用年度考核要求整改，或提出摘牌。")

    def perform(self, form: Any) -> HttpResponse:
        studio = studios.reconfirm(actor=self.actor, studio=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已确认，命名继续有效。"), studio.get_absolute_url())


class MemberAdd(OneStudio, FormView):
    policy_action = "studio.keep"
    form_class = forms.MemberForm
    title = _("增加成员")
    submit_label = _("增加")

    def get_initial(self) -> dict[str, Any]:
        return {"joined_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        studios.add_member(actor=self.actor, studio=self.object, facts=form.cleaned_data, now=self.now)
        return self.done(_("已增加。"), self.object.get_absolute_url() + "#people")


class MemberLeave(ActionView):
    policy_action = "studio.keep"
    view_action = "studio.view"

    def get_queryset(self) -> Any:
        return queries.members_of_all()

    def policy_object(self) -> Any:
        return self.object.studio

    def perform(self) -> HttpResponse:
        studios.end_membership(actor=self.actor, member=self.object, now=self.now)
        return self.done(_("已登记退出，记录保留。"), self.object.get_absolute_url() + "#people")

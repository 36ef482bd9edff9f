"""The board of challenges, for unions and for everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.challenges import forms, queries
from competitions.challenges.domain import challenges
from competitions.challenges.enums import Audience, ChallengeState, ProblemKind
from competitions.challenges.models import Problem
from competitions.challenges.tables import ChallengeFilters, ChallengeTable, ClaimTable, PublicChallengeFilters
from competitions.challenges.views.base import TABS, action, crumb
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date, cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import DetailView, FormView, ListView, PageView, Tabbed

LINES = 60


class ChallengeList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "challenge.view"
    table_class = ChallengeTable
    filters_class = ChallengeFilters
    title = _("揭榜榜单")
    subtitle = _("难题张榜，有本事的团队来揭榜；验收看结果。")
    export_name = _("揭榜榜单")
    saved_views = (SavedView(_("可以揭榜"), "open=on"), SavedView(_("本工会已揭榜"), "claimed=on"))

    def get_queryset(self) -> Any:
        return queries.challenges(self.actor)

    def export(self, queryset: Any) -> HttpResponse:
        return super().export(queries.exportable_challenges(queryset, self.actor))


class ChallengePublish(FormView):
    """Opened from the problem."""

    policy_action = "challenge.publish"
    view_action = "problem.view"
    form_class = forms.PublishForm
    title = _("张榜")
    submit_label = _("张榜")
    confirm = _("张榜后各方按张榜范围立即能看到。确定？")

    def get_queryset(self) -> Any:
        return queries.problems()

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("problem.list"), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "is_secret": self.object.is_secret}

    def get_initial(self) -> dict[str, Any]:
        row: Problem = self.object
        today = local_date(self.now)
        found = {
            "claim_until": today + dt.timedelta(days=30),
            "finish_by": today + dt.timedelta(days=210),
            "audience": Audience.INVITED if row.is_secret else Audience.UNIONS,
        }
        # What is secret is not offered for a text that others read.
        return found if row.is_secret else found | {"title": row.title, "task": row.description, "wished": row.wished}

    def perform(self, form: Any) -> HttpResponse:
        row = challenges.publish(
            actor=self.actor, problem=self.object, facts=form.facts, invited=form.invited, now=self.now
        )
        return self.done(_("已张榜。"), row.get_absolute_url())


class OneChallenge:
    view_action = "challenge.view"

    def get_queryset(self) -> Any:
        return queries.challenges(self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("challenge.list"), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    get_failure_url = get_cancel_url


class ChallengeDetail(OneChallenge, DetailView):
    policy_action = "challenge.view"
    template_name = "competitions/challenge_detail.html"
    context_name = "challenge"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.title, subtitle=row.owner.name, badge=row.badge, crumbs=self.page_crumbs()[:1],
            actions=self.page_actions(),
        )  # fmt: skip

    @property
    def takes_claims(self) -> bool:
        return self.object.state == ChallengeState.OPEN and local_date(self.now) <= self.object.claim_until

    def page_actions(self) -> list[Action]:
        row, actor, found = self.object, self.actor, []
        if self.takes_claims and may(actor, "challenge.claim", row):
            found.append(action(_("揭榜"), "challenge.claim", row.pk, icon="flag", kind="primary"))
        if may(actor, "challenge.close", row):
            found.append(action(_("结榜"), "challenge.close", row.pk, icon="circle-check", kind="primary"))
        if may(actor, "challenge.extend", row):
            found.append(action(_("延期"), "challenge.extend", row.pk, icon="calendar-plus"))
        if may(actor, "challenge.stop", row):
            found.append(action(_("撤榜"), "challenge.stop", row.pk, icon="archive", kind="ghost"))
        return found

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "claims": ClaimTable(list(queries.claims().filter(challenge=row).order_by("claimed_at", "pk")[:100])),
            "is_over": row.state == ChallengeState.OPEN and not self.takes_claims,
            "problem": Problem.objects.filter(pk=row.problem_id).first(),
            "facts": [
                Fact(_("行业门类"), row.industry_name),
                Fact(_("难题类别"), ProblemKind(row.kind).label),
                Fact(_("揭榜截止"), cn_date(row.claim_until)),
                Fact(_("攻关完成期限"), cn_date(row.finish_by)),
                Fact(_("激励办法"), row.reward or "—"),
                Fact(_("张榜范围"), row.get_audience_display()),
                Fact(_("发榜工会"), row.publisher.name),
                Fact(_("发榜时间"), cn_datetime(row.published_at)),
                Fact(_("联系科室及电话"), row.contact),
            ],
        }


class ChallengeExtend(OneChallenge, FormView):
    policy_action = "challenge.extend"
    form_class = forms.ExtendForm
    title = _("延长揭榜期限")

    def get_initial(self) -> dict[str, Any]:
        return {"claim_until": self.object.claim_until, "finish_by": self.object.finish_by}

    def perform(self, form: Any) -> HttpResponse:
        challenges.extend(actor=self.actor, challenge=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已延期。"), self.object.get_absolute_url())


class ChallengeClose(OneChallenge, FormView):
    policy_action = "challenge.close"
    form_class = forms.ReasonForm
    title = _("结榜")
    submit_label = _("结榜")
    intro = _("验收通过的成果和效益记入难题，难题随之列为已解决。")

    def perform(self, form: Any) -> HttpResponse:
        challenges.close(actor=self.actor, challenge=self.object, words=form.cleaned_data["reason"], now=self.now)
        return self.done(_("已结榜，难题已解决。"), self.object.get_absolute_url())


class ChallengeStop(OneChallenge, FormView):
    policy_action = "challenge.stop"
    form_class = forms.ReasonForm
    title = _("撤榜")
    submit_label = _("撤榜")
    submit_kind = "danger"
    intro = _("撤榜后，等待确认和正在攻关的团队随之终止；难题可以重新张榜。")

    def perform(self, form: Any) -> HttpResponse:
        challenges.stop(actor=self.actor, challenge=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已撤榜。"), self.object.get_absolute_url())


class PublicChallenges(PageView):
    """揭榜攻关, for everybody: open ones first by deadline; no person, no telephone, nothing secret."""

    public = True
    layout = "public"
    template_name = "competitions/public_challenges.html"
    title = _("揭榜攻关")
    subtitle = _("企业难题面向社会张榜。有意揭榜的团队，请通过所在单位工会在系统内办理。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = PublicChallengeFilters(request.GET, actor=self.actor, now=self.now)
        rows = filters.apply(queries.public_challenges())
        opened = rows.filter(state=ChallengeState.OPEN, claim_until__gte=local_date(self.now))
        later = rows.filter(state__in=(ChallengeState.RUNNING, ChallengeState.CLOSED)).order_by("-published_at", "-pk")
        return self.render(opened=list(opened[:LINES]), later=list(later[:LINES]), filters=filters)


class PublicChallenge(DetailView):
    public = True
    layout = "public"
    template_name = "competitions/public_challenge.html"
    context_name = "challenge"

    def get_queryset(self) -> Any:
        return queries.public_challenges()

    def page(self) -> PageContext:
        row = self.object
        crumbs = [Crumb(_("揭榜攻关"), reverse("competitions:public.challenges"))]
        return PageContext(title=row.title, subtitle=row.owner.name, badge=row.badge, crumbs=crumbs)

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "facts": [
                Fact(_("行业门类"), row.industry_name),
                Fact(_("难题类别"), ProblemKind(row.kind).label),
                Fact(_("揭榜截止"), cn_date(row.claim_until)),
                Fact(_("攻关完成期限"), cn_date(row.finish_by)),
                Fact(_("激励办法"), row.reward or "—"),
                Fact(_("发布日期"), cn_date(row.published_at)),
            ]
        }

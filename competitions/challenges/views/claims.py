"""Claims: made, decided, worked on, delivered, accepted."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from competitions.challenges import forms, queries
from competitions.challenges.domain import claims
from competitions.challenges.tables import ClaimFilters, ClaimTable
from competitions.challenges.views.base import TABS, action, crumb, outcome_facts
from competitions.challenges.views.challenges import OneChallenge
from competitions.challenges.views.problems import outcome_file
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date, cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed


class ClaimList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "claim.view"
    table_class = ClaimTable
    filters_class = ClaimFilters
    title = _("揭榜团队")
    subtitle = _("哪些团队揭了榜，攻关到哪一步。")
    export_name = _("揭榜团队")
    saved_views = (
        SavedView(_("本工会揭榜"), "ours=on"),
        SavedView(_("揭本工会的榜"), "to_us=on"),
        SavedView(_("待验收"), "state=delivered"),
    )

    def get_queryset(self) -> Any:
        return queries.claims()

    def export(self, queryset: Any) -> HttpResponse:
        """A claim of a challenge that few were asked for leaves only with the problem's union."""
        shown = queries.exportable_challenges(queries.challenges(self.actor), self.actor)
        return super().export(queryset.filter(challenge__in=shown.order_by().values("pk")))


class ClaimMake(OneChallenge, FormView):
    policy_action = "challenge.claim"
    form_class = forms.ClaimForm
    title = _("揭榜")
    submit_label = _("揭榜")
    intro = _("揭榜后由难题提出工会确认；其他揭榜团队看不到您的思路。")

    def perform(self, form: Any) -> HttpResponse:
        row = claims.claim_challenge(
            actor=self.actor, challenge=self.object, facts=form.cleaned_data, now=self.now,
            organisation=Organisation.objects.get(pk=self.actor.at_desk.organisation_id),
        )  # fmt: skip
        return self.done(_("已揭榜，等待难题提出工会确认。"), row.get_absolute_url())


class OneClaim:
    view_action = "claim.view"

    def get_queryset(self) -> Any:
        return queries.claims()

    def page_crumbs(self) -> list[Crumb]:
        row = self.object
        return [crumb("challenge.list"), Crumb(row.challenge.title, row.challenge.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    get_failure_url = get_cancel_url


class ClaimDetail(OneClaim, DetailView):
    policy_action = "claim.view"
    template_name = "competitions/claim_detail.html"
    context_name = "claim"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.team, subtitle=row.challenge.title, badge=row.badge, crumbs=self.page_crumbs(),
            actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        row, actor = self.object, self.actor
        possible = (
            ("claim.decide", action(_("选中"), "claim.accept", row.pk, icon="check", kind="primary")),
            ("claim.decide", action(_("不选中"), "claim.decline", row.pk, icon="x")),
            ("claim.judge", action(_("验收通过"), "claim.pass", row.pk, icon="circle-check", kind="primary")),
            ("claim.judge", action(_("退回继续攻关"), "claim.rework", row.pk, icon="arrow-back-up")),
            ("claim.report", action(_("登记进展"), "claim.report", row.pk, icon="plus", kind="primary")),
            ("claim.plan", action(_("添加节点"), "claim.plan", row.pk, icon="calendar-plus")),
            ("claim.deliver", action(_("提交成果"), "claim.deliver", row.pk, icon="send")),
            ("claim.end", action(_("终止攻关"), "claim.end", row.pk, icon="player-stop", kind="ghost")),
            ("claim.withdraw", action(
                _("撤回揭榜"), "claim.withdraw", row.pk, icon="archive", kind="ghost", post=True, confirm=_("确定撤回揭榜？"),
            )),
        )  # fmt: skip
        return [found for policy, found in possible if may(actor, policy, row)]

    def context(self) -> dict[str, Any]:
        row = self.object
        today = local_date(self.now)
        return {
            "percent": row.percent or 0,
            "milestones": [
                {"title": m.title, "due_on": m.due_on, "done_on": m.done_on, "is_late": not m.done_on and m.due_on < today}
                for m in row.milestones.all()
            ],
            "progress": list(queries.progress(row)[:60]),
            "outcome": outcome_facts(row),
            "facts": [
                Fact(_("揭榜工会"), row.organisation.name),
                Fact(_("领衔人"), row.leader),
                Fact(_("团队人数"), row.headcount, unit=_("人")),
                Fact(_("联系电话"), row.contact),
                Fact(_("揭榜时间"), cn_datetime(row.claimed_at)),
                Fact(_("完成期限"), cn_date(row.challenge.finish_by)),
            ],
        }  # fmt: skip


class ClaimWithdraw(OneClaim, ActionView):
    policy_action = "claim.withdraw"

    def perform(self) -> HttpResponse:
        claims.withdraw(actor=self.actor, claim=self.object, now=self.now)
        return self.done(_("已撤回揭榜。"), self.object.get_absolute_url())


class OpinionView(OneClaim, FormView):
    """One decision with an opinion, which is needed where it is a no."""

    abstract = True
    form_class = forms.OpinionForm
    is_good = True
    message: Any = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"required": not self.is_good}

    def act(self, opinion: str) -> None:
        raise NotImplementedError

    def perform(self, form: Any) -> HttpResponse:
        self.act(form.cleaned_data["opinion"])
        return self.done(self.message, self.object.get_absolute_url())


class ClaimAccept(OpinionView):
    policy_action = "claim.decide"
    title = _("选中揭榜团队")
    submit_label = _("选中")
    intro = _("可以选中多支团队同时攻关。")
    message = _("已选中，揭榜工会能看到。")

    def act(self, opinion: str) -> None:
        claims.decide(actor=self.actor, claim=self.object, accept=self.is_good, opinion=opinion, now=self.now)


class ClaimDecline(ClaimAccept):
    policy_action = "claim.decide"
    title = _("不选中揭榜团队")
    submit_label = _("不选中")
    intro = _("请写明原因，揭榜工会能看到。")
    message = _("已办理。")
    is_good = False


class ClaimPass(OpinionView):
    policy_action = "claim.judge"
    title = _("验收通过")
    submit_label = _("验收通过")
    message = _("已验收通过。全部团队办完后，在榜单页结榜。")

    def act(self, opinion: str) -> None:
        claims.judge(actor=self.actor, claim=self.object, passed=self.is_good, opinion=opinion, now=self.now)


class ClaimRework(ClaimPass):
    policy_action = "claim.judge"
    title = _("退回继续攻关")
    submit_label = _("退回")
    message = _("已退回，团队继续攻关。")
    is_good = False


class ClaimEnd(OpinionView):
    policy_action = "claim.end"
    title = _("终止攻关")
    submit_label = _("终止")
    submit_kind = "danger"
    message = _("已终止。")
    is_good = False

    def act(self, opinion: str) -> None:
        claims.end(actor=self.actor, claim=self.object, opinion=opinion, now=self.now)


class ClaimPlan(OneClaim, FormView):
    policy_action = "claim.plan"
    form_class = forms.MilestoneForm
    title = _("添加攻关节点")

    def perform(self, form: Any) -> HttpResponse:
        claims.add_milestone(actor=self.actor, claim=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已添加节点；到期前会出现在工作台。"), self.object.get_absolute_url())


class ClaimReport(OneClaim, FormView):
    policy_action = "claim.report"
    form_class = forms.ProgressForm
    title = _("登记攻关进展")
    submit_label = _("登记")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"claim": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"percent": self.object.percent or 0}

    def perform(self, form: Any) -> HttpResponse:
        data = dict(form.cleaned_data)
        upload = data.pop("file")
        claims.report(actor=self.actor, claim=self.object, upload=upload, now=self.now, **data)
        return self.done(_("已登记进展。"), self.object.get_absolute_url())


class ClaimDeliver(OneClaim, FormView):
    policy_action = "claim.deliver"
    form_class = forms.OutcomeForm
    title = _("提交攻关成果")
    submit_label = _("提交验收")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("outcome", "quality_gain", "productivity_gain")}

    def perform(self, form: Any) -> HttpResponse:
        data = dict(form.cleaned_data)
        papers = {name: data.pop(name) for name in ("proof", "finance")}
        claims.deliver(actor=self.actor, claim=self.object, facts=data, now=self.now, **papers)
        return self.done(_("已提交，等待难题提出工会验收。"), self.object.get_absolute_url())


class ClaimFile(FileDownloadView):
    policy_action = "claim.view"

    def get_queryset(self) -> Any:
        return queries.claims()

    def get_file(self) -> tuple[Any, str, str]:
        return outcome_file(self.object, self.kwargs["which"])


class ProgressFile(FileDownloadView):
    policy_action = "claim.view"

    def get_queryset(self) -> Any:
        return queries.progress_files()

    def policy_object(self) -> Any:
        return self.object.claim

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type

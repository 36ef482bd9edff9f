"""The register of problems, and the topic list per industry."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.challenges import forms, queries
from competitions.challenges.domain import problems
from competitions.challenges.domain.problems import FACTS
from competitions.challenges.enums import ProblemState
from competitions.challenges.models import Challenge
from competitions.challenges.tables import ProblemFilters, ProblemTable, TopicTable
from competitions.challenges.views.base import TABS, action, crumb, outcome_facts
from competitions.filings.models import CompetitionFiling
from portal.accounts.models import Employer, Organisation
from portal.accounts.queries.codes import industry_label
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.exports import workbook_response
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, PageView, Tabbed

HEADS = ("行业门类", "提出难题", "已入选", "对应竞赛", "张榜", "已解决", "年降本增效（元）")
TOPIC_HEADS = ("行业门类", "难题", "类别", "提出工会", "对应竞赛", "状态", "成果", "年降本增效（元）")

PAPERS = ("proof", "finance")  # what is filed with a result


class ProblemList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "problem.view"
    table_class = ProblemTable
    filters_class = ProblemFilters
    title = _("企业难题")
    subtitle = _("把生产经营中的难点报上来，由上级工会遴选，开展竞赛或张榜攻关。")
    export_name = _("企业难题清单")
    saved_views = (
        SavedView(_("待本工会遴选"), "pick=on"),
        SavedView(_("入选待攻关"), "idle=on"),
        SavedView(_("已解决"), "state=solved"),
    )

    def get_queryset(self) -> Any:
        return queries.problems()

    def export(self, queryset: Any) -> HttpResponse:
        return super().export(queries.exportable(queryset, self.actor))

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "problem.add"):
            return []
        return [Action(_("提出难题"), reverse("competitions:problem.add"), icon="plus", kind="primary")]


@dataclass(frozen=True, slots=True)
class TopicLine:
    industry_name: str
    url: str
    stated: int
    picked: int
    contests: int
    challenged: int
    solved: int
    saved: Decimal


class Topics(Tabbed, PageView):
    """Problem → competition → result per industry; ``?export=xlsx`` the problems behind it, without secret ones."""

    room_tabs = TABS
    policy_action = "problem.view"
    template_name = "competitions/problem_topics.html"
    title = _("行业汇总")
    subtitle = _("竞赛突破口和产业重点难点的结合：每个行业提出了什么难题，开展了什么竞赛，解决得怎样。")

    @property
    def year(self) -> int:
        this_year, asked = local_date(self.now).year, self.request.GET.get("year", "")
        return int(asked) if asked.isdigit() and this_year - 9 <= int(asked) <= this_year else this_year

    def page_actions(self) -> list[Action]:
        return [Action(_("导出"), f"?year={self.year}&export=xlsx", icon="download")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = queries.problems().filter(year=self.year)
        if request.GET.get("export") == "xlsx":
            return self._workbook(queries.exportable(rows, self.actor))
        lines = queries.topics(rows)
        keys = ("stated", "picked", "contests", "challenged", "solved", "saved")
        total = {key: sum(line[key] for line in lines) for key in keys}
        base = reverse("competitions:problem.list")
        table = [
            TopicLine(
                industry_label(line["industry"]), f"{base}?industry={line['industry']}&year={self.year}",
                *(line[key] for key in keys),
            )
            for line in lines
        ]  # fmt: skip
        return self.render(table=TopicTable(table), total=total, year=self.year, this_year=local_date(self.now).year)

    def _workbook(self, rows: Any) -> HttpResponse:
        rows = rows.exclude(state__in=(ProblemState.DRAFT, ProblemState.WITHDRAWN, ProblemState.PASSED_OVER))
        cells = [
            [r.industry_name, r.title, str(r.get_kind_display()), r.owner.name, r.filing.title if r.filing else "",
             str(r.get_state_display()), r.outcome, r.cost_saved]
            for r in rows.order_by("industry", "pk")
        ]  # fmt: skip
        return workbook_response(_t("%d年产业重点难点攻关清单") % self.year, TOPIC_HEADS, cells)


class ProblemAdd(FormView):
    policy_action = "problem.add"
    form_class = forms.ProblemForm
    title = _("提出难题")
    submit_label = _("保存草稿")

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("problem.list")]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        own = list(Employer.objects.filter(organisation__path=self.actor.path)[:2])
        return {"employer": own[0]} if len(own) == 1 else {}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.select_related("parent").get(pk=self.actor.at_desk.organisation_id)
        row = problems.state_problem(actor=self.actor, owner=owner, facts=form.cleaned_data, now=self.now)
        return self.done(_("已保存草稿。核对后点“提出”，报上级工会遴选。"), row.get_absolute_url())


class OneProblem:
    view_action = "problem.view"

    def get_queryset(self) -> Any:
        return queries.problems()

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("problem.list"), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    get_failure_url = get_cancel_url


class ProblemDetail(OneProblem, DetailView):
    policy_action = "problem.view"
    template_name = "competitions/problem_detail.html"
    context_name = "problem"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.title, subtitle=row.owner.name, badge=row.badge, crumbs=self.page_crumbs()[:1],
            actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        row, actor = self.object, self.actor
        words = _("提出后由%s遴选，遴选前不能再修改。确定提出？") % row.checked_at.name
        possible = (
            ("problem.submit", action(_("提出"), "problem.submit", row.pk, icon="send", kind="primary", post=True, confirm=words)),
            ("problem.change", action(_("修改"), "problem.change", row.pk, icon="edit")),
            ("problem.pick", action(_("遴选"), "problem.pick", row.pk, icon="check", kind="primary")),
            ("challenge.publish", action(_("张榜"), "challenge.publish", row.pk, icon="speakerphone", kind="primary")),
            ("problem.link", action(_("对应竞赛"), "problem.link", row.pk, icon="link")),
            ("problem.solve", action(_("登记成果"), "problem.solve", row.pk, icon="circle-check")),
            ("problem.classify", action(_("定为涉密不公开"), "problem.classify", row.pk, icon="lock", kind="ghost")),
            ("problem.withdraw", action(
                _("撤回"), "problem.withdraw", row.pk, icon="archive", kind="ghost", post=True, confirm=_("确定撤回这项难题？"),
            )),
        )  # fmt: skip
        return [found for policy, found in possible if may(actor, policy, row)]

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "facts": [
                Fact(_("行业门类"), row.industry_name),
                Fact(_("难题类别"), row.get_kind_display()),
                Fact(_("企业"), row.employer.name if row.employer else _("行业共性难题")),
                Fact(_("遴选工会"), row.checked_at.name),
                Fact(_("提出时间"), cn_datetime(row.submitted_at) if row.submitted_at else "—"),
                Fact(_("联系科室及电话"), row.contact),
            ],
            "outcome": outcome_facts(row),
            "filing_seen": row.filing_id and CompetitionFiling.objects.filter(pk=row.filing_id).exists(),
            "challenges": list(Challenge.objects.filter(problem=row)),
        }


class ProblemChange(OneProblem, FormView):
    policy_action = "problem.change"
    form_class = forms.ProblemForm
    title = _("修改难题")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        problems.change_problem(actor=self.actor, problem=self.object, facts=form.cleaned_data, now=self.now)
        return self.done(_("已修改。"), self.object.get_absolute_url())


class ProblemSubmit(OneProblem, ActionView):
    policy_action = "problem.submit"

    def perform(self) -> HttpResponse:
        row = problems.submit_problem(actor=self.actor, problem=self.object, now=self.now)
        return self.done(_t("已提出，由%s遴选。") % row.checked_at.name, row.get_absolute_url())


class ProblemWithdraw(OneProblem, ActionView):
    policy_action = "problem.withdraw"

    def perform(self) -> HttpResponse:
        row = problems.withdraw_problem(actor=self.actor, problem=self.object, now=self.now)
        return self.done(_("已撤回。"), row.get_absolute_url())


class ProblemPick(OneProblem, FormView):
    policy_action = "problem.pick"
    form_class = forms.PickForm
    title = _("遴选难题")
    submit_label = _("确定")

    def perform(self, form: Any) -> HttpResponse:
        row = problems.pick_problem(actor=self.actor, problem=self.object, now=self.now, **form.cleaned_data)
        picked = row.state == ProblemState.PICKED
        words = _("已入选。可以对应竞赛，也可以张榜攻关。") if picked else _("已办理，提出工会能看到意见。")
        return self.done(words, row.get_absolute_url())


class ProblemLink(OneProblem, FormView):
    policy_action = "problem.link"
    form_class = forms.LinkForm
    title = _("对应竞赛")
    submit_label = _("保存")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"filings": queries.linkable(self.object, self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return {"filing": self.object.filing_id}

    def perform(self, form: Any) -> HttpResponse:
        problems.link_filing(actor=self.actor, problem=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已保存。"), self.object.get_absolute_url())


class ProblemClassify(OneProblem, FormView):
    policy_action = "problem.classify"
    form_class = forms.ClassifyForm
    title = _("定为涉密不公开")
    submit_label = _("确定")
    submit_kind = "danger"
    intro = _("已张的榜立即从公众网和其他工会的榜单中撤下，只留给已经揭榜的工会；之后不能改回。")

    def perform(self, form: Any) -> HttpResponse:
        row = problems.classify_problem(
            actor=self.actor, problem=self.object, grounds=form.cleaned_data["secret_grounds"], now=self.now
        )
        return self.done(_("已定为涉密不公开。"), row.get_absolute_url())


class ProblemSolve(OneProblem, FormView):
    policy_action = "problem.solve"
    form_class = forms.OutcomeForm
    title = _("登记成果")
    submit_label = _("登记")
    confirm = _("登记后难题即为已解决，不能再修改。确定？")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.object}

    def perform(self, form: Any) -> HttpResponse:
        data = dict(form.cleaned_data)
        papers = {name: data.pop(name) for name in PAPERS}
        problems.solve_problem(actor=self.actor, problem=self.object, facts=data, now=self.now, **papers)
        return self.done(_("已登记成果，难题已解决。"), self.object.get_absolute_url())


class ProblemFile(FileDownloadView):
    """``which``: the proof of the result, or the finance department's."""

    policy_action = "problem.view"

    def get_queryset(self) -> Any:
        return queries.problems()

    def get_file(self) -> tuple[Any, str, str]:
        return outcome_file(self.object, self.kwargs["which"])


def outcome_file(row: Any, which: str) -> tuple[Any, str, str]:
    kept = getattr(row, which) if which in PAPERS else None
    if not kept:
        raise Http404
    return kept.open("rb"), getattr(row, f"{which}_name"), getattr(row, f"{which}_type")

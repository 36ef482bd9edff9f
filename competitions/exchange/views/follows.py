"""订阅, 学用登记, 带动成效; and the public library of cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.exchange import effects, forms, queries
from competitions.exchange.domain import follows
from competitions.exchange.enums import CaseKind
from competitions.exchange.tables import EffectTable, PublicCaseFilters
from competitions.exchange.views.base import TABS
from competitions.exchange.views.cases import OneCase, year_of
from portal.core.dates import local_date
from portal.web.exports import workbook_response
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import ActionView, DetailView, FormView, PageView, Tabbed

LINES = 60
HEADS = ("类别", "名称", "提供单位", "学用单位", "后续开展竞赛", "首次开展竞赛")


class Subscriptions(Tabbed, PageView):
    room_tabs = TABS
    policy_action = "case.subscribe"
    template_name = "competitions/case_subscriptions.html"
    title = _("订阅案例")
    subtitle = _("订阅一类，这一类有新案例发布就出现在本单位的工作台，打开后自动消去。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = queries.subscriptions(self.actor.path)
        kinds = [{"value": value, "label": label, "on": value in mine} for value, label in CaseKind.choices]
        return self.render(kinds=kinds, notices=list(queries.notices(self.actor.path)[:30]))


class Subscribe(ActionView):
    policy_action = "case.subscribe"

    def get_failure_url(self) -> str:
        return reverse("competitions:case.subscriptions")

    def perform(self) -> HttpResponse:
        wanted = self.request.POST.get("wanted") == "1"
        follows.subscribe(actor=self.actor, kind=self.request.POST.get("kind", ""), wanted=wanted, now=self.now)
        return self.done(_("已订阅。") if wanted else _("已退订。"), self.get_failure_url())


class CaseFollowAdd(OneCase, FormView):
    policy_action = "case.follow"
    form_class = forms.FollowForm
    title = _("学用这条经验")
    submit_label = _("登记学用")
    intro = _("登记后，案例的提供单位能看到；以后本单位开展竞赛，计入这条经验的带动成效。")

    def perform(self, form: Any) -> HttpResponse:
        follows.follow_case(actor=self.actor, case=self.object, words=form.cleaned_data["words"], now=self.now)
        return self.done(_("已登记学用。"), self.object.get_absolute_url())


class Effects(Tabbed, PageView):
    """Units that joined after an exchange or case; ``?export=xlsx`` is the same as a workbook."""

    room_tabs = TABS
    policy_action = "case.view"
    template_name = "competitions/exchange_effects.html"
    title = _("带动成效")
    subtitle = _("学用了案例、参加了交流或参观的单位，此后有多少备案开展了竞赛。")

    def page_actions(self) -> list[Action]:
        return [Action(_("导出"), f"?year={year_of(self)}&export=xlsx", icon="download")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        year = year_of(self)
        lines = effects.lines(year)
        total = effects.total(lines)
        if request.GET.get("export") == "xlsx":
            cells = [[str(x.label), x.title, x.owner.name, len(x.unions), len(x.joined), len(x.first)] for x in lines]
            cells.append(["合计（去重）", "", "", total["unions"], total["joined"], total["first"]])
            return workbook_response(_t("%d年典型带动成效") % year, HEADS, cells)
        return self.render(table=EffectTable(lines), total=total, year=year, this_year=local_date(self.now).year)


class PublicCases(PageView):
    """先进典型案例库, for everybody: three kinds, and stories of saving energy by what they save."""

    public = True
    layout = "public"
    template_name = "competitions/public_cases.html"
    title = _("先进典型案例")
    subtitle = _("示范工程、示范单位、创新工作室和非公企业竞赛的做法，职工节能降碳的故事。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = PublicCaseFilters(request.GET, actor=self.actor, now=self.now)
        rows = filters.apply(queries.public_cases())
        return self.render(cases=list(rows[:LINES]), count=rows.count(), filters=filters)


class PublicCase(DetailView):
    public = True
    layout = "public"
    template_name = "competitions/public_case.html"
    context_name = "case"

    def get_queryset(self) -> Any:
        return queries.public_cases()

    def page(self) -> PageContext:
        row = self.object
        crumbs = [Crumb(_("先进典型案例"), reverse("competitions:public.cases"))]
        return PageContext(title=row.title, subtitle=f"{row.model_name} · {row.owner.name}", crumbs=crumbs)

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "facts": [
                Fact(_("案例类别"), row.get_kind_display()),
                Fact(_("节能类型"), row.get_saving_display() or "—"),
                Fact(_("领域"), row.field),
                Fact(_("所获荣誉"), row.honour or "—"),
                Fact(_("提供单位"), row.owner.name),
                Fact(_("发布日期"), cn_date(row.published_at)),
                Fact(_("阅读"), _t("%d次") % row.views),
            ]
        }

"""Pages of the codes: who does what next, drawing, the holder's own table, decoding (marks: ``mark_views``)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policies import may
from portal.lifecycle.programmes.queries import in_turn, params_of
from portal.lifecycle.review.codes import domain, queries
from portal.lifecycle.review.codes.forms import DecodeForm, DrawForm
from portal.lifecycle.review.codes.models import DECODERS_NEEDED, FIRST
from portal.lifecycle.review.codes.steps import steps_of
from portal.lifecycle.review.tables import stage_badge
from portal.web.columns import Column, DueColumn, LinkColumn
from portal.web.filters import FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Action, Crumb, Empty, PageContext
from portal.web.views import ActionView, FormView, ListView, PageView


class StageTable(Table):
    cycle = LinkColumn(gettext_lazy("届次"), url="lifecycle:codes.page", sort="cycle__year", phone="title")
    status = Column(gettext_lazy("环节状态"), sort="status", phone="fact")
    closes = DueColumn(
        gettext_lazy("环节截止"), accessor="closes_at", sort="closes_at", open_while=lambda s: s.status == "open"
    )

    class Meta:
        default_sort = "turn"
        empty = Empty(
            gettext_lazy("没有实行抽签加密的届次"),
            gettext_lazy("竞赛方案的评审环节设了加密次数的届次会列在这里。"),
            icon="lock",
        )

    def render_status(self, row: Any, value: Any) -> Any:
        return stage_badge(row)


class StageFilters(FilterSet):
    q = SearchFilter(gettext_lazy("届次"), fields=("cycle__label", "cycle__programme__title"))


class CodeStages(ListView):
    policy_action = "codes.view"
    table_class = StageTable
    filters_class = StageFilters
    title = gettext_lazy("抽签加密")
    subtitle = gettext_lazy("先抽签加密，再按码录入成绩，成绩齐全后两人解密；点届次办理。")

    def get_queryset(self) -> Any:
        return in_turn(queries.stages(actor=self.actor))


MENU = "lifecycle:codes.stages"


class OfStage:
    """A page of one stage with codes."""

    context_name = "stage"
    view_action = "codes.view"

    def get_queryset(self) -> Any:
        return queries.stages(actor=self.actor)

    @property
    def url(self) -> str:
        return reverse("lifecycle:codes.page", args=[self.object.pk])

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("抽签加密"), reverse("lifecycle:codes.stages")), Crumb(str(self.object.cycle), self.url)]

    def get_failure_url(self) -> str:
        return self.url

    def page(self) -> PageContext:
        page = super().page()
        page.menu = MENU
        return page


class CodesPage(OfStage, PageView):
    """How far the codes are and who does what next; after decoding the joined table."""

    policy_action = "codes.view"
    template_name = "lifecycle/codes_page.html"

    @cached_property
    def tables(self) -> dict[int, Any]:
        return queries.tables(self.object)

    @cached_property
    def approvals(self) -> list[Any]:
        return queries.approvals(self.object)

    @property
    def is_decoded(self) -> bool:
        return len(self.approvals) == DECODERS_NEEDED

    def page(self) -> PageContext:
        crumbs = [Crumb(_("抽签加密"), reverse("lifecycle:codes.stages"))]
        return PageContext(
            title=_("%s · 抽签加密") % self.object.cycle, crumbs=crumbs, actions=self._actions(), menu=MENU
        )

    def _actions(self) -> list[Action]:
        stage = self.object
        if self.is_decoded and stage.is_open_at(self.now) and may(self.actor, "review.organise", stage):
            url = reverse("lifecycle:review.entries", args=[stage.pk])
            return [Action(_("去完成评审"), url, icon="arrow-right", kind="primary")]
        if self.is_decoded or not stage.is_open_at(self.now):
            return []
        layers, marked, codes = queries.layers_of(stage), bool(queries.marks(stage)), params_of(stage).codes
        complete = len(self.tables) == layers
        actions = []
        for layer in range(FIRST, layers + 1):
            drawn = layer in self.tables
            if not marked and may(self.actor, "codes.draw", stage) and (layer == FIRST or FIRST in self.tables):
                label = (_("重抽%s") if drawn else _("抽%s")) % f"“{codes.name_of(layer)}”"
                url = reverse("lifecycle:codes.draw", args=[stage.pk, layer])
                kind = "secondary" if drawn else "primary"
                actions.append(Action(label, url, icon="arrows-shuffle", kind=kind))
        if may(self.actor, "codes.open", stage):
            actions.append(Action(_("我的密码表"), reverse("lifecycle:codes.table", args=[stage.pk]), icon="lock"))
        if complete and may(self.actor, "codes.mark", stage):
            actions.append(
                Action(
                    _("按码录入成绩"),
                    reverse("lifecycle:codes.marks", args=[stage.pk]),
                    icon="edit",
                    kind="secondary" if queries.approvals(stage) else "primary",
                )
            )
        found = queries.progress(stage)
        if complete and 0 < found.coded == found.confirmed and may(self.actor, "codes.decode", stage):
            url = reverse("lifecycle:codes.decode", args=[stage.pk])
            actions.append(Action(_("确认解密"), url, icon="lock-open", kind="primary"))
        return actions

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stage, codes = self.object, params_of(self.object).codes
        return self.render(
            steps=steps_of(stage, self.tables, self.approvals),
            layers=[
                {
                    "title": _("第%(n)d次加密：%(name)s") % {"n": n, "name": codes.name_of(n)},
                    "table": self.tables.get(n),
                }
                for n in range(FIRST, codes.layers + 1)
            ],
            progress=queries.progress(stage),
            approvals=self.approvals,
            is_decoded=self.is_decoded,
            lines=queries.joined(stage) if self.is_decoded else [],
            first_name=codes.name_of(FIRST),
            last_name=codes.name_of(codes.layers),
            two=codes.layers > FIRST,
        )


class DrawCodes(OfStage, FormView):
    """Draws a layer, or draws it again with a reason."""

    policy_action = "codes.draw"
    form_class = DrawForm
    submit_label = gettext_lazy("开始抽签")

    @property
    def layer(self) -> int:
        if not FIRST <= self.kwargs["layer"] <= queries.layers_of(self.object):
            raise Http404
        return self.kwargs["layer"]

    @property
    def title(self) -> str:
        name = params_of(self.object).codes.name_of(self.layer)
        return _("第%(n)d次加密：抽“%(name)s”") % {"n": self.layer, "name": name}

    @property
    def intro(self) -> str:
        return _("抽签后，密码表由您一人保管，解密前别人都看不到。随机种子的指纹现在记入审计日志，种子在解密时公开。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"again": self.layer in queries.tables(self.object)}

    def perform(self, form: Any) -> HttpResponse:
        domain.draw(actor=self.actor, stage=self.object, layer=self.layer, now=self.now, **form.cleaned_data)
        return self.done(_("抽签完成，密码表由您保管。"), self.url)


class AppendCodes(OfStage, ActionView):
    policy_action = "codes.open"

    def perform(self) -> HttpResponse:
        n = domain.append(actor=self.actor, stage=self.object, now=self.now)
        return self.done(
            _("已补抽 %d 个码，原有的码不变。") % n, reverse("lifecycle:codes.table", args=[self.object.pk])
        )


class OwnTable(OfStage, PageView):
    """The holder's own table, in the order of what the holder knows; every look is logged."""

    policy_action = "codes.open"
    template_name = "lifecycle/codes_table.html"

    def page(self) -> PageContext:
        here = [self.object.pk]
        actions = [Action(_("打印密码表"), reverse("lifecycle:codes.print", args=here), icon="printer")]
        return PageContext(title=_("我的密码表"), crumbs=self.page_crumbs(), actions=actions, menu=MENU)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        table, codes = (
            domain.open_table(actor=self.actor, stage=self.object, now=self.now),
            params_of(self.object).codes,
        )
        first, content = table.layer == FIRST, queries.content(table)
        entries = queries.of_stage(self.object) if first else {}
        return self.render(
            table=table,
            rows=[(key, code, entries.get(key)) for key, code in sorted(content.items())],
            first=first,
            from_name=_("申报编号") if first else codes.name_of(FIRST),
            to_name=codes.name_of(table.layer),
            missing=len(set(queries.subjects(self.object)) - set(content)) if first else 0,
        )


class OwnTablePrint(OwnTable):
    layout = "print"
    template_name = "lifecycle/codes_print.html"


class Decode(OfStage, FormView):
    """One of the two confirmations."""

    policy_action = "codes.decode"
    form_class = DecodeForm
    title = gettext_lazy("确认解密")
    submit_label = gettext_lazy("确认解密")
    intro = gettext_lazy("第一人确认后成绩锁定，第二人确认后密码与姓名合并，成绩直接计入“竞赛成绩”。不能撤回。")

    def perform(self, form: Any) -> HttpResponse:
        joined = domain.approve(actor=self.actor, stage=self.object, now=self.now, **form.cleaned_data)
        text = _("已解密，复核过的成绩已计入“竞赛成绩”，可以完成评审。") if joined else _("已确认，等待另一人确认。")
        return self.done(text, self.url)

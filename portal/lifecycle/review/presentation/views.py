"""Pages of the presentations: the order, drawing it, the paper for the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policies import may
from portal.lifecycle.programmes.queries import in_turn, params_of
from portal.lifecycle.review.presentation import domain, queries
from portal.lifecycle.review.tables import stage_badge
from portal.web.columns import Column, DueColumn, LinkColumn
from portal.web.filters import FilterSet, SearchFilter
from portal.web.forms import BaseForm
from portal.web.tables import Table
from portal.web.templatetags.components import badge
from portal.web.ui import Action, Crumb, Empty, PageContext
from portal.web.views import FormView, ListView, PageView


class StageTable(Table):
    cycle = LinkColumn(gettext_lazy("届次"), url="lifecycle:presentation.order", sort="cycle__year", phone="title")
    status = Column(gettext_lazy("环节状态"), sort="status", phone="fact")
    drawn = Column(gettext_lazy("抽签"), phone="fact")
    closes = DueColumn(
        gettext_lazy("环节截止"), accessor="closes_at", sort="closes_at", open_while=lambda s: s.status == "open"
    )

    class Meta:
        default_sort = "turn"
        empty = Empty(
            gettext_lazy("没有现场展示的届次"),
            gettext_lazy("评审环节设有现场展示的届次会列在这里。"),
            icon="presentation",
        )

    def render_status(self, row: Any, value: Any) -> Any:
        return stage_badge(row)

    def render_drawn(self, row: Any, value: Any) -> Any:
        if value:
            return badge(_("已抽签（第 %(n)s 次）") % {"n": value}, tone="ok")
        return badge(_("待抽签"), tone="waiting") if row.status == "open" else "—"

    def export_drawn(self, row: Any, value: Any) -> str:
        return _("已抽签（第 %(n)s 次）") % {"n": value} if value else _("未抽签")


class StageFilters(FilterSet):
    q = SearchFilter(gettext_lazy("届次"), fields=("cycle__label", "cycle__programme__title"))


class DrawForm(BaseForm):
    """A first draw asks nothing; drawing again needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("重新抽签原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("原次序作废，原因记入办理记录。"),
    )  # fmt: skip

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["reason"]


class PresentationStages(ListView):
    policy_action = "presentation.view"
    table_class = StageTable
    filters_class = StageFilters
    title = gettext_lazy("现场展示")
    subtitle = gettext_lazy("先抽签定次序，再按次序展示、答问；点届次办理。")

    def get_queryset(self) -> Any:
        return in_turn(queries.stages(actor=self.actor))


class OrderPage(PageView):
    """The order that counts, how it came about, and the way to draw."""

    policy_action = "presentation.view"
    template_name = "lifecycle/presentation_order.html"
    context_name = "stage"

    def get_queryset(self) -> Any:
        return queries.stages(actor=self.actor)

    def page(self) -> PageContext:
        stage = self.object
        crumbs = [Crumb(_("现场展示"), reverse("lifecycle:presentation.stages"))]
        actions = []
        if may(self.actor, "presentation.draw", stage):
            label = _("重新抽签") if stage.drawn else _("抽签")
            url = reverse("lifecycle:presentation.draw", args=[stage.pk])
            kind = "secondary" if stage.drawn else "primary"
            decision = queries.ready_to_draw(stage, self.now)
            if decision or not stage.drawn:
                actions.append(Action(label, url, icon="arrows-shuffle", kind=kind, decision=decision))
        if stage.drawn:
            actions.append(
                Action(_("打印次序表"), reverse("lifecycle:presentation.print", args=[stage.pk]), icon="printer")
            )
        return PageContext(title=_("%s · 现场展示") % stage.cycle, crumbs=crumbs, actions=actions)

    @cached_property
    def draw(self) -> Any:
        return queries.current_draw(self.object)

    def lines(self) -> list[dict[str, Any]]:
        rows = list(queries.slots(self.draw)) if self.draw else []
        offsets = queries.starts(params_of(self.object).presentation, len(rows))
        return [
            {"slot": row, "minutes": int(offset.total_seconds() // 60)}
            for row, offset in zip(rows, offsets, strict=True)
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(draw=self.draw, lines=self.lines(), params=params_of(self.object).presentation)


class OrderPrint(OrderPage):
    """The same for the printer."""

    layout = "print"
    template_name = "lifecycle/presentation_print.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draw is None:
            raise Http404
        return super().get(request, *args, **kwargs)


class DrawOrder(FormView):
    """Draws, or draws again with a reason."""

    policy_action = "presentation.draw"
    form_class = DrawForm
    template_name = "lifecycle/presentation_draw.html"
    title = gettext_lazy("展示次序抽签")
    submit_label = gettext_lazy("开始抽签")

    @cached_property
    def entries(self) -> list[Any]:
        return list(queries.to_present(self.object))

    @property
    def intro(self) -> str:
        n = len(self.entries)
        return _("对评审中的 %d 件申报件随机抽签。随机种子和结果记入审计日志，任何人都可以复核。") % n

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "entries": self.entries,
            "ready": queries.ready_to_draw(self.object, self.now),
            "order_url": self.url,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"again": bool(self.object.drawn)}

    def get_queryset(self) -> Any:
        return queries.stages(actor=self.actor)

    @property
    def url(self) -> str:
        return reverse("lifecycle:presentation.order", args=[self.object.pk])

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("现场展示"), reverse("lifecycle:presentation.stages")), Crumb(str(self.object.cycle), self.url)]

    def perform(self, form: Any) -> HttpResponse:
        domain.draw(actor=self.actor, stage=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("抽签完成。"), self.url)

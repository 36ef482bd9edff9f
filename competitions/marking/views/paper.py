"""The fallback: printed mark sheets, and typing them in by two people."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.marking import queries
from competitions.marking.domain import paper
from competitions.marking.models import Aspect, PaperEntry
from competitions.marking.models.marks import MEASURED
from competitions.marking.printing import mark_sheets
from competitions.marking.scheme import plain
from competitions.marking.scoring import JUDGES
from competitions.marking.views.sheet import OfPart
from portal.core.text import safe_file_name
from portal.web.forms import BaseForm
from portal.web.ui import Crumb
from portal.web.views import FileDownloadView, FormView, PageView


class SheetsPdf(OfPart, FileDownloadView):
    policy_action = "marking.view"
    inline = True

    def get_file(self) -> tuple[Any, str, str]:
        name = safe_file_name(_("评分表-%s.pdf") % self.object)
        return BytesIO(mark_sheets(self.object)), name, "application/pdf"


class PaperIndex(OfPart, PageView):
    """Which sheets there are, and how far they are typed."""

    policy_action = "marking.paper"
    template_name = "competitions/marking_paper.html"
    title = gettext_lazy("录入纸质评分表")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def context(self) -> dict[str, Any]:
        counts: dict[tuple[int, int], list[int]] = {}
        for entry in PaperEntry.objects.filter(aspect__part=self.object):
            row = counts.setdefault((entry.aspect_id, entry.seat), [0, 0, 0])
            row[0] += 1
            row[1] += entry.second_by_id is not None and entry.first == entry.second
            row[2] += entry.second_by_id is not None and entry.first != entry.second
        lines = [
            (aspect, seat, counts.get((aspect.pk, seat), [0, 0, 0]),
             reverse("competitions:marking.type", kwargs={"pk": self.object.pk, "aspect": aspect.pk, "seat": seat}))
            for aspect in Aspect.objects.filter(part=self.object)
            for seat in (range(1, JUDGES + 1) if aspect.is_judged else (MEASURED,))
        ]  # fmt: skip
        return {"lines": lines}


class PaperForm(BaseForm):
    """One figure for each bench."""

    def __init__(self, *args: Any, benches: list[Any], unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bench in benches:
            field = django_forms.DecimalField(label=bench.code, required=False, max_digits=12, decimal_places=4)
            field.unit, field.span = unit, "third"
            field.widget.attrs |= {"class": "form-control", "autocomplete": "off"}
            self.fields[f"bench_{bench.pk}"] = field

    @property
    def figures(self) -> dict[int, Decimal]:
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return {int(name.removeprefix("bench_")): value for name, value in given.items()}


class PaperSheet(OfPart, FormView):
    """One aspect of one judge: typed without seeing what the other person typed."""

    policy_action = "marking.paper"
    form_class = PaperForm
    submit_label = gettext_lazy("保存录入")
    narrow = True

    @cached_property
    def aspect(self) -> Aspect:
        found = Aspect.objects.filter(part=self.object, pk=self.kwargs["aspect"]).first()
        seat = self.kwargs["seat"]
        if found is None or (seat == MEASURED) == found.is_judged or seat > JUDGES:
            raise Http404
        return found

    def page_title(self) -> Any:
        seat = self.kwargs["seat"]
        return _("%(aspect)s · 席位%(seat)d") % {"aspect": self.aspect, "seat": seat} if seat else str(self.aspect)

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(_("录入纸质评分表"), self.address("paper"))]

    def get_cancel_url(self) -> str:
        return self.address("paper")

    def context(self) -> dict[str, Any]:
        rule = self.aspect.plain_rule
        words = rule.words if rule else _("填写裁判圈选的分数：0、1、2、3。")
        return super().context() | {"intro": _("%s 由两人分别录入，一致的才计分；不显示另一人录入的内容。") % words}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"benches": list(queries.benches_of(self.object.scheme.marking_id)), "unit": self.aspect.unit}

    def get_initial(self) -> dict[str, Any]:
        mine = paper.waiting(self.aspect, self.kwargs["seat"], self.actor)
        return {f"bench_{pk}": plain(value) for pk, value in mine.items() if value is not None}

    def perform(self, form: Any) -> HttpResponse:
        found = paper.type_sheet(
            actor=self.actor, part=self.object, aspect=self.aspect.pk, seat=self.kwargs["seat"],
            figures=form.figures, now=self.now,
        )  # fmt: skip
        for bench, message in found.refused.items():
            form.add_error(f"bench_{bench}", message)
        for bench in found.differs:
            form.add_error(f"bench_{bench}", _("与另一人录入的不一致，请核对纸质评分表；录错的一方更正后保存。"))
        if form.errors:
            return self.render(form=form, status=422)
        words = _("已保存：%(agreed)d个工位两人一致、已计分，%(first)d个等待第二人录入。")
        return self.done(words % {"agreed": len(found.agreed), "first": len(found.first)}, self.address("paper"))

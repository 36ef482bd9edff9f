"""沿用上届: what the new cycle takes over is shown before anything is made."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.lifecycle.programmes import domain
from portal.lifecycle.programmes.copying import copy_parts
from portal.lifecycle.programmes.domain.cycles import newest_blueprint
from portal.lifecycle.programmes.forms import CopyCycleForm
from portal.lifecycle.programmes.planning import copied_slots, cycle_slots
from portal.lifecycle.programmes.views import CycleFormView

NEVER = (
    _("申报件、评分、评选结果、公示和命名"),
    _("通知文号和成果起止（按新年度重新推定，可以修改）"),
    _("本届运行中对名额、公示天数等规则的调整（新一届采用最新发布的方案）"),
    _("评审任务和评分截止时间"),
)


class CycleCopy(CycleFormView):
    policy_action = "cycle.create"
    view_action = "cycle.view"
    template_name = "lifecycle/cycle_copy.html"
    fragment_name = "lifecycle/_copy_preview.html"
    form_class = CopyCycleForm
    title, submit_label = _("沿用开设下一届"), _("开设届次")
    narrow = False

    def policy_object(self) -> Any:
        return self.object.programme

    def get_initial(self) -> dict[str, Any]:
        first = self.object.stages.first()
        start = local_date(first.opens_at) if first else local_date(self.now)
        step = self.object.rules.programme.period_years or 1
        return {
            "year": self.object.year + step,
            "start_date": start.replace(year=start.year + step, day=min(start.day, 28)),
            "chosen": True,
            "parts": [part.key for part in copy_parts()],
        }

    def preview(self, start: dt.date) -> dict[str, Any]:
        """What each part would bring, and the dates beside those of the copied cycle."""
        blueprint = newest_blueprint(self.object.programme)
        old = {slot.kind: slot for slot in cycle_slots(self.object)}
        slots = copied_slots(self.object, blueprint.rules, start)
        gone = set(old) - {slot.kind for slot in slots}
        return {
            "blueprint": blueprint,
            "dates": [(slot, old.get(slot.kind)) for slot in slots],
            "gone": [slot.title for kind, slot in old.items() if kind in gone],
            "previews": [(part, part.preview(self.object, blueprint.rules)) for part in copy_parts()],
            "never": NEVER,
        }

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        start = self.get_initial()["start_date"]
        asked = self.request.POST.get("start_date") or self.request.GET.get("start_date", "")
        with contextlib.suppress(ValueError):
            start = dt.date.fromisoformat(asked)
        return super().render(status, template, **context, **self.preview(start))

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        if "draw" in self.request.POST:
            plan = reverse("lifecycle:cycle.plan", kwargs={"pk": self.object.programme_id})
            query = {"year": data["year"], "start_date": data["start_date"].isoformat(), "source": self.object.pk}
            return self.redirect(
                f"{plan}?{urlencode([*query.items(), *(('parts', key) for key in form.chosen_parts())])}"
            )
        new = domain.copy_cycle(
            cycle=self.object,
            actor=self.actor,
            now=self.now,
            year=data["year"],
            start_date=data["start_date"],
            parts=form.chosen_parts(),
        )
        return self.done(_t("“%(cycle)s”已开设，请核对各环节日期和名额。") % {"cycle": new}, new.get_absolute_url())

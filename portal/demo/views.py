"""The demo's clock, for the city's managers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.demo.clock import MAX_DAYS, let_time_pass
from portal.web.forms import BaseForm
from portal.web.views import FormView


class ClockForm(BaseForm):
    days = forms.IntegerField(label=_("前进天数"), min_value=1, max_value=MAX_DAYS, initial=9)
    days.unit = _("天")
    guard_leaving = False


class Clock(FormView):
    policy_action = "cycle.create"
    form_class = ClockForm
    title = _("演示时钟")
    submit_label = _("让时间前进")
    intro = _(
        "只在演示中提供：公示要满五个工作日，征集要几个星期。让时间前进后，所有届次的环节、公示、期限都相应提前，"
        "到期的公示自动结束，到期的环节自动开启或结束。一次公示一般前进9天。"
    )

    def perform(self, form: Any) -> HttpResponse:
        let_time_pass(days=form.cleaned_data["days"], actor=self.actor, now=self.now)
        message = _("时间已前进%d天，到期的公示和环节正在后台处理，稍候刷新即可看到。") % form.cleaned_data["days"]
        return self.done(message, reverse("demo:clock"))

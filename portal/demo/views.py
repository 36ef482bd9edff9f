"""The demo's clock and its other people, for the city's managers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.demo.clock import MAX_DAYS, let_time_pass
from portal.demo.jobs import OTHERS
from portal.jobs.domain import start
from portal.lifecycle.programmes.models import Cycle, CycleStatus
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


class OthersForm(BaseForm):
    cycle = forms.ModelChoiceField(label=_("届次"), queryset=Cycle.objects.none(), empty_label=_("请选择届次"))
    part = forms.ChoiceField(
        label=_("办理事项"),
        choices=[
            ("recommend", _("其他工会：公示、排序、上报")),
            ("mark", _("其他专家：提交评分表（zhuanjia1 的留给您）")),
        ],
        widget=forms.RadioSelect,
        initial="recommend",
    )
    guard_leaving = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = Cycle.objects.filter(status=CycleStatus.RUNNING).select_related("programme")
        self.fields["cycle"].queryset = running.order_by("-year", "programme__code")


class Others(FormView):
    policy_action = "cycle.create"
    form_class = OthersForm
    title = _("其他单位")
    submit_label = _("请其他单位办理")
    intro = _(
        "只在演示中提供：登录页上没有账号的工会和专家，由系统按规定代为办理，您可以专心演示一个单位、一位专家和市总工会。"
        "登录页上有账号的工会不会被代办。"
    )

    def perform(self, form: Any) -> HttpResponse:
        cycle, part = form.cleaned_data["cycle"], form.cleaned_data["part"]
        key = f"{cycle.pk}:{part}:{self.now:%Y%m%d%H%M%S}"
        run = start(OTHERS, key=key, params={"cycle": cycle.pk, "part": part}, actor=self.actor, now=self.now)
        return self.redirect(reverse("jobs:run.detail", kwargs={"pk": run.pk}))

"""Input of the page 联合主办."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.lifecycle.blueprints.editions import HostRight
from portal.lifecycle.programmes.forms import REASON_MAX
from portal.lifecycle.programmes.hosts.domain import Agreement
from portal.web.forms import BaseForm

RIGHTS = (
    (HostRight.SEE, _("查看：看到推荐到本会以后的申报件，个人号码只显示部分")),
    (HostRight.CLEAR, _("联审：对每件申报出具同意、不同意或不掌握情况的意见")),
    (HostRight.DECIDE, _("会签：评选名单须经其会签，方可审定")),
)


class DeskChoice(forms.ModelChoiceField):
    """A desk with what kind of organisation it is."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.get_kind_display()}）"


class HostForm(BaseForm):
    name = forms.CharField(label=_("单位名称"), max_length=120, help_text=_("写在通知、公示和证书上的全称。"))
    organisation = DeskChoice(
        label=_("对应工作台"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("选定后，对方用自己的账号办理下面约定的事项；没有工作台的只列名，意见由本会线下征求。"),
    )
    rights = forms.MultipleChoiceField(
        label=_("约定的权利"), choices=RIGHTS, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_awaited = forms.BooleanField(
        label=_("须等其出具意见，申报件方可进入评审"), required=False, initial=True, help_text=_("只对“联审”起作用。")
    )
    reason = forms.CharField(
        label=_("调整原因"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("随调整记入办理记录，并通知有关单位。"),
    )

    def __init__(self, *args: Any, desks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = desks
        self.fields["organisation"].empty_label = _("没有工作台，只列名")

    def agreement(self) -> Agreement:
        data = self.cleaned_data
        return Agreement(data["name"], data["organisation"], data["rights"], data["is_awaited"])

"""Forms of meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.meeting.domain import MAX_NOTE
from portal.web.forms import BaseForm

ALL, DISCUSSED = "all", "discussed"


class CallForm(BaseForm):
    panel = forms.ChoiceField(label=_("评审组"), help_text=_("本组成员为参会评委；须回避的评委看不到相应议题。"))
    title = forms.CharField(label=_("会议名称"), max_length=120)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    starts_at = forms.DateTimeField(label=_("时间"))
    agenda = forms.ChoiceField(
        label=_("议题"), widget=forms.RadioSelect, initial=ALL,
        choices=[(ALL, _("本组全部在评申报件")), (DISCUSSED, _("只讨论复议中的申报件"))],
    )  # fmt: skip

    def __init__(self, *args: Any, panels: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panels = {str(panel.pk): panel for panel in panels}
        self.fields["panel"].choices = [(key, str(panel)) for key, panel in self.panels.items()]


class PresentForm(BaseForm):
    present = forms.MultipleChoiceField(
        label=_("到会评委"), widget=forms.CheckboxSelectMultiple, help_text=_("没有勾选的评委不能投票。")
    )  # fmt: skip

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = [(str(m.pk), f"{m}{_('（主持）') if m.is_chair else ''}") for m in members]


class NoteForm(BaseForm):
    note = forms.CharField(
        label=_("讨论意见"), max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写入会议纪要；不写个人的投票意向。"),
    )  # fmt: skip

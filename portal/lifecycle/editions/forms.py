"""Opening an edition: only what the union above has left free; forwarding a winner."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.editions import EditionChanges, EditionPart, EditionSpec
from portal.lifecycle.programmes.models import Track
from portal.web.forms import BaseForm

TRACK_LINE = re.compile(r"^(?P<code>[a-z][a-z0-9-]{0,58})\s+(?P<title>\S.{0,79})$")


class OpenEditionForm(BaseForm):
    year = forms.IntegerField(label=_("年度"), min_value=2021, max_value=2099)
    start_date = forms.DateField(label=_("开始日期"), help_text=_("各环节日期由此推算，开设后可以调整。"))
    places = forms.IntegerField(
        label=_("入选名额"), min_value=1, max_value=999, required=False, help_text=_("不填则与上级相同。")
    )
    reserves = forms.IntegerField(label=_("递补名额"), min_value=0, max_value=999, required=False)
    tracks = forms.CharField(
        label=_("子类别"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一类：代码 名称，如“welding 焊接”。不填则与上级相同。"),
    )
    contact = forms.CharField(label=_("联系方式"), max_length=300, required=False)

    def __init__(self, *args: Any, spec: EditionSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needs = {
            "places": EditionPart.PLACES,
            "reserves": EditionPart.PLACES,
            "tracks": EditionPart.TRACKS,
            "contact": EditionPart.TEXTS,
        }
        for name, part in needs.items():
            if not spec.is_free(part):
                del self.fields[name]

    def clean_tracks(self) -> list[dict[str, str]] | None:
        lines = [line.strip() for line in self.cleaned_data["tracks"].splitlines() if line.strip()]
        found = [TRACK_LINE.match(line) for line in lines]
        wrong = [line for line, match in zip(lines, found, strict=True) if match is None]
        if wrong:
            raise forms.ValidationError(_t("“%s”不是“代码 名称”的格式，代码用小写字母和数字。") % wrong[0])
        return [match.groupdict() for match in found if match] or None

    @property
    def changes(self) -> EditionChanges:
        data = self.cleaned_data
        contact = data.get("contact")
        return EditionChanges(
            places=data.get("places"),
            reserves=data.get("reserves"),
            tracks=data.get("tracks"),
            texts={"contact": contact} if contact else None,
        )


class ForwardForm(BaseForm):
    opinion = forms.CharField(
        label=_("推荐意见"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不填则写明本级评选结果。"),
    )  # fmt: skip
    track = forms.ModelChoiceField(
        label=_("上级届次类别"),
        queryset=None,
        required=False,
        empty_label=_("与本级类别相同"),
        help_text=_("本级另设了类别的，请选择上级届次中对应的类别。"),
    )
    vetoes_checked = forms.BooleanField(label=_("已逐项核对一票否决情形，均不存在"), required=False)

    def __init__(self, *args: Any, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].queryset = Track.objects.filter(cycle=target)
        if target is None or not target.rules.tracks:
            del self.fields["track"]
        if target is None or not target.rules.vetoes:
            del self.fields["vetoes_checked"]
        else:
            self.fields["vetoes_checked"].help_text = "；".join(str(veto.text) for veto in target.rules.vetoes)

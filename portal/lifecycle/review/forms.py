"""Input of the review room; each form feeds one domain function."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.lifecycle.review.queries.conflicts import find_organisation
from portal.web.forms import BaseForm
from portal.web.ui import Section

MAX_FIELDS = 8
SEPARATORS = re.compile(r"[、，,;；\s]+")


class OrganisationNameField(forms.CharField):
    """A union or employer named exactly; what is close is offered when nothing fits. ``owner_path`` limits the tree."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 120)
        super().__init__(**kwargs)
        self.owner_path = ""
        self.suggest = False  # experts do not browse the tree

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value)
        if not text:
            return None
        found = find_organisation(text, owner_path=self.owner_path)
        if found is not None:
            return found
        message = _("没有找到“%(name)s”，请填写工会全称、简称或统一社会信用代码。") % {"name": text}
        raise forms.ValidationError(str(message) + self._close(text))

    def _close(self, text: str) -> str:
        if not self.suggest:
            return ""
        rows = Organisation.objects.filter(Q(name__icontains=text) | Q(short_name__icontains=text), is_active=True)
        names = list(rows.filter(path__startswith=self.owner_path).order_by("path").values_list("name", flat=True)[:5])
        return str(_("相近的有：%(names)s。") % {"names": "、".join(names)}) if names else ""


class ExpertFactsForm(BaseForm):
    """Facts about an expert of the pool."""

    unit = OrganisationNameField(
        label=_("所在单位工会"), required=False,
        help_text=_("填全称或统一社会信用代码。系统据此排除同单位、同推荐工会的申报件；外聘专家可不填。"),
    )  # fmt: skip
    unit_name = forms.CharField(label=_("工作单位"), max_length=120, required=False)
    title = forms.CharField(label=_("职称（职务）"), max_length=60, required=False)
    fields_text = forms.CharField(
        label=_("专业领域"), max_length=200, required=False, help_text=_("用顿号分开，如：机械制造、节能环保。")
    )
    max_load = forms.IntegerField(label=_("每届最多评审件数"), min_value=1, max_value=500, initial=40)
    is_active = forms.BooleanField(label=_("在库可用"), required=False, initial=True)

    class Meta:
        sections = (
            Section(_("所在单位"), ("user", "unit", "unit_name", "title")),
            Section(_("评审安排"), ("fields_text", "max_load", "is_active")),
        )

    def __init__(self, *args: Any, owner_path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].owner_path = owner_path
        self.fields["unit"].suggest = True

    def clean_fields_text(self) -> list[str]:
        words = [w for w in SEPARATORS.split(self.cleaned_data["fields_text"].strip()) if w]
        if len(words) > MAX_FIELDS:
            raise forms.ValidationError(_("最多填写 %(n)s 个专业领域。") % {"n": MAX_FIELDS})
        return list(dict.fromkeys(words))

    @property
    def facts(self) -> dict[str, Any]:
        """Keyword arguments of the domain function."""
        data = dict(self.cleaned_data)
        data["fields"] = data.pop("fields_text")
        return data


class ExpertForm(ExpertFactsForm):
    """Takes a person with the role of expert into the pool."""

    user = forms.ModelChoiceField(label=_("人员"), queryset=None, empty_label=_("请选择本会评审专家"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(m.user_id): m.user for m in people}
        choices = [("", _("请选择本会评审专家")), *((pk, str(user)) for pk, user in self.people.items())]
        self.fields["user"] = forms.ChoiceField(label=_("人员"), choices=choices)
        self.fields["user"].widget.attrs["class"] = "form-select"
        self.fields["user"].error_messages["required"] = _("请选择。")

    def clean_user(self) -> Any:
        return self.people[self.cleaned_data["user"]]


class ConflictForm(BaseForm):
    """An organisation an expert must not review, and why."""

    organisation = OrganisationNameField(
        label=_("须回避的单位"), help_text=_("填工会全称、简称或统一社会信用代码，其下属单位一并回避。")
    )
    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("如：近三年在该单位任职、亲属在该单位工作、受聘为顾问、师徒或合作完成成果。"),
    )  # fmt: skip

    def __init__(self, *args: Any, owner_path: str, suggest: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].owner_path = owner_path
        self.fields["organisation"].suggest = suggest


class PanelForm(BaseForm):
    """Name, track, deadline, members and chair of a panel."""

    name = forms.CharField(label=_("名称"), max_length=80)
    track = forms.ChoiceField(label=_("评审范围"), required=False)
    due_at = forms.DateTimeField(label=_("评分截止"), required=False, help_text=_("不填则到评审环节结束。"))
    members = forms.MultipleChoiceField(label=_("成员"), widget=forms.CheckboxSelectMultiple)
    chair = forms.ChoiceField(label=_("组长"), required=False)

    def __init__(self, *args: Any, tracks: Any, experts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tracks = {str(t.pk): t for t in tracks}
        people = [(str(e.user_id), _expert_label(e)) for e in experts]
        names = [(str(e.user_id), str(e.user)) for e in experts]
        self.fields["track"].choices = [("", _("全部申报件")), *((k, t.title) for k, t in self.tracks.items())]
        self.fields["members"].choices = people
        self.fields["members"].error_messages["required"] = _("请至少选择一位专家。")
        self.fields["chair"].choices = [("", _("不设组长")), *names]
        if not self.tracks:
            del self.fields["track"]

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": data["name"],
            "track": self.tracks.get(data.get("track", "")),
            "due_at": data["due_at"],
            "members": [int(pk) for pk in data["members"]],
            "chair": int(data["chair"]) if data["chair"] else None,
        }


def _expert_label(expert: Any) -> str:
    facts = [expert.title, expert.unit_name or (expert.unit.label if expert.unit else ""), "、".join(expert.fields)]
    load = _("现有 %(n)s 件") % {"n": expert.all_sheets} if expert.all_sheets else ""
    return "　".join([str(expert.user), *(f for f in facts if f), *([str(load)] if load else [])])


class ReasonForm(BaseForm):
    """One reason that stays in the record."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 4}))


class RecuseForm(ReasonForm):
    reason = forms.CharField(
        label=_("回避原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("如：认出申报单位或完成人、与其有亲属或师徒关系。主办工会会看到原因，并另行安排专家。"),
    )  # fmt: skip

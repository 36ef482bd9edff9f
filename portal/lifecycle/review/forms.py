"""Input of the review room; each form feeds one domain function."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.pickers import ActorForm, OrganisationField
from portal.core.context import Actor
from portal.lifecycle.review.queries.conflicts import find_organisation, organisations_below
from portal.web.forms import BaseForm
from portal.web.ui import Section

MAX_FIELDS = 8
SEPARATORS = re.compile(r"[、，,;；\s]+")


def own_tree(actor: Actor) -> Any:
    return organisations_below(path=actor.path)


class OrganisationNameField(forms.CharField):
    """A union or employer named exactly: experts do not browse the tree. ``owner_path`` limits it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)
        self.owner_path = ""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = find_organisation(text, owner_path=self.owner_path)
        if found is None:
            message = _("没有找到“%(name)s”，请填写工会全称、简称或统一社会信用代码；仍找不到时请联系主办工会登记。")
            raise forms.ValidationError(message % {"name": text})
        return found


class ExpertFactsForm(ActorForm):
    """Facts about an expert of the pool."""

    unit = OrganisationField(
        label=_("所在单位工会"), rows=own_tree, required=False,
        help_text=_("系统据此排除同单位、同推荐工会的申报件；市外或无工会单位的专家可不填。"),
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


REASON_HELP = _("如：近三年在该单位任职、亲属在该单位工作、受聘为顾问、师徒或合作完成成果。")


class ConflictForm(ActorForm):
    """An organisation an expert of the pool must not review, and why."""

    organisation = OrganisationField(label=_("须回避的单位"), rows=own_tree, help_text=_("其下属单位一并回避。"))
    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=REASON_HELP
    )


class OwnConflictForm(BaseForm):
    """The same, declared by the expert."""

    organisation = OrganisationNameField(
        label=_("须回避的单位"), help_text=_("填工会全称、简称或统一社会信用代码，其下属单位一并回避。")
    )
    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=REASON_HELP
    )

    def __init__(self, *args: Any, owner_path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].owner_path = owner_path


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

"""One control for every kind of key that a dataclass of the schema can have.

Every field here knows two things besides its validation: ``to_initial(plain)`` – what the page shows for a value of the
definition – and ``to_plain(clean, old)`` – the value that goes back. Nothing is required: a draft may be incomplete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.vocabulary import RouteLevel
from portal.lifecycle.workshop.words import values_of

Options = Sequence[tuple[str, Any]]
LABEL_MAX = 30
TESTS = (
    ("", _("（不设条件）")),
    ("in", _("是其中之一")),
    ("yes", _("为“是”")),
    ("no", _("为“否”")),
    ("filled", _("已填写")),
    ("empty", _("未填写")),
)


def is_same(old: Any, new: Any) -> bool:
    """Whether two plain values mean the same: 5, “5” and “5.0”; nothing, an empty text and an empty list."""
    return _normal(old) == _normal(new)


def _normal(value: Any) -> Any:
    if value is None or value in ("", [], {}, ()):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {key: _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value).replace("\r\n", "\n").strip()


class TextKey(forms.CharField):
    def __init__(self, *, long: bool = False, tall: bool = False, **kwargs: Any) -> None:
        if long:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 6 if tall else 3})
        super().__init__(required=False, strip=False, **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return plain

    def to_plain(self, clean: Any, old: Any) -> Any:
        return str(clean).replace("\r\n", "\n").strip()


class BoolKey(forms.BooleanField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return bool(plain)

    def to_plain(self, clean: Any, old: Any) -> Any:
        return bool(clean)


class IntKey(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return plain

    def to_plain(self, clean: Any, old: Any) -> Any:
        return clean


class DecimalKey(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return plain

    def to_plain(self, clean: Any, old: Any) -> Any:
        return None if clean is None else format(clean.normalize(), "f")


class OneKey(forms.ChoiceField):
    """One of a closed list. A value that is not (any longer) in the list is shown and kept."""

    def __init__(self, *, options: Options, blank: bool, kept: Any = "", **kwargs: Any) -> None:
        rows = [("", _("（不选）"))] if blank else []
        rows += list(options)
        if kept not in {value for value, _label in rows} and kept not in (None, ""):
            rows.append((str(kept), str(kept)))
        super().__init__(required=False, choices=rows, **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return plain

    def to_plain(self, clean: Any, old: Any) -> Any:
        return clean


class SomeKey(forms.MultipleChoiceField):
    """Several of a closed list; what was chosen before keeps its order."""

    def __init__(self, *, options: Options, kept: Sequence[str] = (), **kwargs: Any) -> None:
        known = {value for value, _label in options}
        rows = [*options, *((value, value) for value in kept if value not in known)]
        super().__init__(required=False, choices=rows, widget=forms.CheckboxSelectMultiple, **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return list(plain or ())

    def to_plain(self, clean: Any, old: Any) -> Any:
        before = [value for value in old or () if value in clean]
        return before + [value for value, _label in self.choices if value in clean and value not in before]


class LinesKey(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, *, tall: bool = False, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 6 if tall else 3}), **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return "\n".join(plain or ())

    def to_plain(self, clean: Any, old: Any) -> Any:
        return [line.strip() for line in clean.splitlines() if line.strip()]


class PairsKey(forms.CharField):
    """Numbers by name, one pair a line: ``binhai = 3``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return "\n".join(f"{name} = {number}" for name, number in (plain or {}).items())

    def clean(self, value: Any) -> dict[str, int]:
        pairs = {}
        for line in (super().clean(value) or "").splitlines():
            name, equals, number = line.replace("＝", "=").partition("=")
            if not line.strip():
                continue
            if not equals or not number.strip().isdigit():
                raise ValidationError(_t("“%s”应写成“代码 = 名额”。") % line.strip())
            pairs[name.strip()] = int(number)
        return pairs

    def to_plain(self, clean: Any, old: Any) -> Any:
        return clean


class LabelledWidget(forms.MultiWidget):
    """Several small inputs side by side, each with its label."""

    template_name = "lifecycle/widgets/workshop_inputs.html"
    use_fieldset = True
    is_block = True

    def __init__(self, widgets: Any, labels: Sequence[Any]) -> None:
        self.labels = [str(label) for label in labels]
        super().__init__(widgets)

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None] * len(self.widgets)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for inner, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            inner["label"] = label
        return context


class LevelsKey(forms.MultiValueField):
    """A number for each level of the federation; empty = none."""

    def __init__(self, **kwargs: Any) -> None:
        fields = [forms.IntegerField(required=False, min_value=0) for _level in RouteLevel]
        attrs = {"class": "form-control", "min": 0}
        widget = LabelledWidget([forms.NumberInput(attrs) for _level in fields], [lv.label for lv in RouteLevel])
        super().__init__(fields, required=False, require_all_fields=False, widget=widget, **kwargs)

    def compress(self, data_list: Any) -> Any:
        return dict(zip(RouteLevel.values, data_list or [None] * len(self.fields), strict=True))

    def to_initial(self, plain: Any) -> Any:
        return [(plain or {}).get(level) for level in RouteLevel.values]

    def to_plain(self, clean: Any, old: Any) -> Any:
        others = {name: number for name, number in (old or {}).items() if name not in RouteLevel.values}
        return {level: number for level, number in clean.items() if number is not None} | others


class RankedKey(forms.MultiValueField):
    """Several of a closed list in an order that matters: 先、再、后."""

    def __init__(self, *, options: Options, **kwargs: Any) -> None:
        rows = [("", _("（不选）")), *options]
        fields = [forms.ChoiceField(required=False, choices=rows) for _option in options]
        selects = [forms.Select({"class": "form-select"}, choices=rows) for _option in options]
        names = [_t("第%s") % number for number in range(1, len(selects) + 1)]
        super().__init__(
            fields, required=False, require_all_fields=False, widget=LabelledWidget(selects, names), **kwargs
        )

    def compress(self, data_list: Any) -> Any:
        return list(dict.fromkeys(value for value in data_list or () if value))

    def to_initial(self, plain: Any) -> Any:
        chosen = list(plain or ())
        return (chosen + [""] * len(self.fields))[: len(self.fields)]

    def to_plain(self, clean: Any, old: Any) -> Any:
        return clean or []


class ConditionWidget(forms.Widget):
    """Question, test, and – for closed questions – the answers that count."""

    template_name = "lifecycle/widgets/workshop_condition.html"
    use_fieldset = True
    is_block = True

    def __init__(self, questions: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.questions = questions

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        field, test = data.get(f"{name}__field", ""), data.get(f"{name}__test", "")
        picked = [value.partition("|") for value in data.getlist(f"{name}__value")]
        return as_condition(field, test, [value for code, _bar, value in picked if code == field])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}__field" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        now = value or {}
        wanted = [now["equals"]] if now.get("equals") is not None else list(now.get("in") or ())
        known = {question.get("code") for question in self.questions}
        rows = [(q.get("code", ""), (q.get("label") or "")[:LABEL_MAX]) for q in self.questions]
        if now.get("field") and now["field"] not in known:
            rows.append((now["field"], now["field"]))
        groups = [self._group(question, now.get("field"), wanted) for question in self.questions]
        context["widget"] |= {
            "questions": rows,
            "field": now.get("field", ""),
            "tests": TESTS,
            "test": test_of(value),
            "groups": [group for group in groups if group["values"]],
        }
        return context

    @staticmethod
    def _group(question: Mapping[str, Any], chosen: Any, wanted: Sequence[str]) -> dict[str, Any]:
        here = question.get("code") == chosen
        options = values_of(question)
        known = {value for value, _label in options}
        options += [(value, value) for value in wanted if here and value not in known]
        code = question.get("code", "")
        rows = [(f"{code}|{value}", label, here and value in wanted) for value, label in options]
        return {"code": code, "label": question.get("label", ""), "values": rows, "is_here": here}


def test_of(condition: Mapping[str, Any] | None) -> str:
    """Which of ``TESTS`` a stored condition makes."""
    if not condition:
        return ""
    if condition.get("is_true") is not None:
        return "yes" if condition["is_true"] else "no"
    if condition.get("filled") is not None:
        return "filled" if condition["filled"] else "empty"
    return "in"


def as_condition(field: str, test: str, values: Sequence[str]) -> dict[str, Any] | None:
    """The stored form of what the three controls say."""
    if not field or not test:
        return None
    if test in {"yes", "no"}:
        return {"field": field, "is_true": test == "yes"}
    if test in {"filled", "empty"}:
        return {"field": field, "filled": test == "filled"}
    return {"field": field, "equals": values[0]} if len(values) == 1 else {"field": field, "in": list(values)}


class ConditionKey(forms.Field):
    def __init__(self, *, questions: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(required=False, widget=ConditionWidget(questions), **kwargs)

    def to_initial(self, plain: Any) -> Any:
        return plain

    def to_plain(self, clean: Any, old: Any) -> Any:
        if old and clean and old.get("field") == clean["field"] and test_of(old) == "in" == test_of(clean):
            before = {old["equals"]} if old.get("equals") is not None else set(old.get("in", ()))
            after = {clean["equals"]} if "equals" in clean else set(clean["in"])
            return old if before == after else clean
        return clean

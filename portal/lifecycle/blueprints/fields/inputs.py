"""Django form fields for the field types of a blueprint.

``clean()`` gives what is stored (JSON primitives only). Emptiness is never an error here: whether a question must be
answered depends on other answers and is the form's matter. ``typed(value)`` turns a stored value into what an input shows.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import identifiers
from portal.core.money import MoneyError, fen_to_yuan, yuan_to_fen
from portal.lifecycle.blueprints.schema import FieldSpec
from portal.web.widgets import DateInput, MonthInput

KEPT_LENGTH = 100_000
"""Characters that are kept of anything typed: far above every limit, far below what would hurt."""

YES, NO = "yes", "no"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def plain(text: Any) -> str:
    """What was typed, with one kind of line break and without characters that XML and PDF refuse."""
    text = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_TEXT.sub("", text).strip()[:KEPT_LENGTH]


def half_width(text: Any) -> str:
    """Numbers and dates as a machine reads them: １２３ → 123, no separators."""
    return unicodedata.normalize("NFKC", plain(text)).replace(",", "").replace(" ", "")


def length_problem(text: str, spec: FieldSpec) -> str:
    """Why a text is too long or too short, and by how much; empty when it fits."""
    length = len(text)
    if spec.max_length is not None and length > spec.max_length:
        numbers = {"limit": spec.max_length, "now": length, "over": length - spec.max_length}
        return _("最多 %(limit)d 字，现有 %(now)d 字，超出 %(over)d 字，请删减（已填内容已保留）") % numbers
    if spec.min_length is not None and 0 < length < spec.min_length:
        numbers = {"limit": spec.min_length, "now": length, "short": spec.min_length - length}
        return _("至少 %(limit)d 字，现有 %(now)d 字，还差 %(short)d 字") % numbers
    return ""


class AnswerField(forms.Field):
    """Base: one line of text in, one JSON primitive out."""

    def __init__(self, spec: FieldSpec, **kwargs: Any) -> None:
        self.spec = spec
        self.unit = spec.unit
        self.placeholder = spec.placeholder
        self.span = {"narrow": "third", "half": "half"}.get(spec.width, "full")
        super().__init__(required=False, label=spec.label, help_text=spec.help, **kwargs)

    def clean(self, value: Any) -> Any:
        value = self.to_python(value)
        return self.check(value) if value not in (None, "", []) else self.empty()

    def empty(self) -> Any:
        return ""

    def to_python(self, value: Any) -> Any:
        return plain(value)

    def check(self, value: Any) -> Any:
        """The stored form of a value that is not empty; raises ValidationError."""
        return value

    def typed(self, value: Any) -> Any:
        return value

    def prepare_value(self, value: Any) -> Any:
        return self.typed(value)


class TextAnswer(AnswerField):
    def check(self, value: str) -> str:
        problem = length_problem(value, self.spec)
        if problem:
            raise ValidationError(problem, code="length")
        if self.spec.pattern and not re.fullmatch(self.spec.pattern, value):
            raise ValidationError(self.spec.pattern_message, code="pattern")
        return value


class LongTextAnswer(TextAnswer):
    def __init__(self, spec: FieldSpec, **kwargs: Any) -> None:
        rows = spec.rows or min(12, max(4, (spec.max_length or 400) // 80))
        super().__init__(spec, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.max_length = spec.max_length  # read by the form base for its character counter


class EmailAnswer(TextAnswer):
    def check(self, value: str) -> str:
        value = half_width(super().check(value))
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValidationError(_("请填写正确的邮箱地址"), code="email") from error
        return value


class IntegerAnswer(AnswerField):
    def to_python(self, value: Any) -> str:
        return half_width(value)

    def empty(self) -> None:
        return None

    def check(self, value: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,15}", value):
            raise ValidationError(_("请填写整数，例如 120"), code="integer")
        number = int(value)
        _check_bounds(Decimal(number), self.spec)
        return number


class DecimalAnswer(AnswerField):
    """Decimals are stored as text so that no digit is lost."""

    decimals = 4

    def to_python(self, value: Any) -> str:
        return half_width(value).removesuffix(self.spec.unit or "%").removesuffix("%")

    def check(self, value: str) -> str:
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= 10**15:
            raise ValidationError(_("请填写数字，例如 12.5"), code="number")
        places = self.spec.decimals if self.spec.decimals is not None else self.decimals
        if number != round(number, places):
            raise ValidationError(_("最多保留 %d 位小数") % places, code="decimals")
        _check_bounds(number, self.spec)
        return format(number.normalize() + 0, "f")


class PercentAnswer(DecimalAnswer):
    decimals = 2

    def check(self, value: str) -> str:
        text = super().check(value)
        if self.spec.minimum is None and Decimal(text) < 0:
            raise ValidationError(_("百分比不能为负数"), code="minimum")
        return text


class MoneyAnswer(AnswerField):
    """Yuan with two decimals, stored as text."""

    def to_python(self, value: Any) -> str:
        return half_width(value).removesuffix("元")

    def check(self, value: str) -> str:
        try:
            text = fen_to_yuan(yuan_to_fen(value))
        except MoneyError as error:
            raise ValidationError(str(error), code="money") from error
        _check_bounds(Decimal(text), self.spec)
        return text


def _check_bounds(number: Decimal, spec: FieldSpec) -> None:
    if spec.minimum is not None and number < spec.minimum:
        raise ValidationError(_("不能小于 %s") % format(spec.minimum.normalize(), "f"), code="minimum")
    if spec.maximum is not None and number > spec.maximum:
        raise ValidationError(_("不能大于 %s") % format(spec.maximum.normalize(), "f"), code="maximum")


class DateAnswer(AnswerField):
    """Stored as ``2026-11-22``; understands 2026年11月22日, 2026/11/22, 2026.11.22 and 20261122."""

    widget = DateInput
    shape = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
    example = "2026-11-22"

    def to_python(self, value: Any) -> str:
        return half_width(value)

    def check(self, value: str) -> str:
        match = self.shape.fullmatch(value)
        try:
            day = dt.date(*(int(part) for part in match.groups() if part)) if match else None
        except ValueError:
            day = None
        if day is None or day.year < 1900:
            raise ValidationError(_("请填写正确的日期，例如 %s") % self.example, code="date")
        if self.spec.not_future and day > timezone.localdate():
            raise ValidationError(_("不能晚于今天"), code="future")
        return self.stored(day)

    def stored(self, day: dt.date) -> str:
        return day.isoformat()


class MonthAnswer(DateAnswer):
    """Stored as ``2026-11``."""

    widget = MonthInput
    example = "2026-11"

    def check(self, value: str) -> str:
        match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d{2})", value)
        return super().check("-".join([*(part for part in match.groups() if part), "01"]) if match else "")

    def stored(self, day: dt.date) -> str:
        return day.isoformat()[:7]


class ChoiceAnswer(AnswerField):
    """One of a list. A value that is no longer offered stays visible, so that nothing changes silently."""

    def __init__(self, spec: FieldSpec, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        self.choices = choices
        radio = len(choices) <= 6 and spec.type == "choice"
        options = choices if radio else [("", _("请选择")), *choices]
        super().__init__(spec, widget=(forms.RadioSelect if radio else forms.Select)(choices=options), **kwargs)

    def check(self, value: str) -> str:
        if value not in {str(code) for code, _label in self.choices}:
            raise ValidationError(_("请从给出的选项中选择"), code="choice")
        return value

    def typed(self, value: Any) -> Any:
        known = {str(code) for code, _label in self.choices}
        if value and value not in known and isinstance(self.widget, forms.Select):
            self.widget.choices = [*self.widget.choices, (value, _("%s（已停用，请重新选择）") % value)]
        return value


class MultiChoiceAnswer(AnswerField):
    def __init__(self, spec: FieldSpec, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(spec, widget=forms.CheckboxSelectMultiple(choices=choices), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        given = [plain(item) for item in value] if isinstance(value, list | tuple) else []
        return [item for item in given if item]

    def empty(self) -> list[str]:
        return []

    def check(self, value: list[str]) -> list[str]:
        known = [str(code) for code, _label in self.choices]
        if set(value) - set(known):
            raise ValidationError(_("请从给出的选项中选择"), code="choice")
        limit = self.spec.max_choices
        if limit is not None and len(set(value)) > limit:
            numbers = {"limit": limit, "now": len(set(value))}
            raise ValidationError(_("最多选 %(limit)d 项，现选了 %(now)d 项") % numbers, code="max_choices")
        return [code for code in known if code in value]

    def typed(self, value: Any) -> Any:
        return value or []


class BooleanAnswer(ChoiceAnswer):
    """A question of yes or no that can also be unanswered: True, False, None."""

    def __init__(self, spec: FieldSpec, **kwargs: Any) -> None:
        AnswerField.__init__(self, spec, widget=forms.RadioSelect(choices=[(YES, _("是")), (NO, _("否"))]), **kwargs)
        self.choices = [(YES, _("是")), (NO, _("否"))]

    def empty(self) -> None:
        return None

    def check(self, value: str) -> bool:
        return super().check(value) == YES

    def typed(self, value: Any) -> Any:
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


class IdentifierAnswer(AnswerField):
    """Numbers with check digits; the message says which digit is wrong."""

    def __init__(self, spec: FieldSpec, checker: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(spec, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}), **kwargs)
        self.checker = checker

    def check(self, value: str) -> str:
        try:
            return self.checker(value)
        except identifiers.IdentifierError as error:
            raise ValidationError(str(error), code="identifier") from error


def check_citizen_id(value: str) -> str:
    """Demonstration and test installations also accept the unassigned area 120199 (domain.md 15.4)."""
    return identifiers.validate_citizen_id(
        value,
        today=timezone.localdate(),
        allow_unassigned_area=settings.DEMO or getattr(settings, "ALLOW_UNASSIGNED_ID_AREA", False),
    )

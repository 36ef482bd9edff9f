"""The three workbooks that people fill in: their columns, in order, with what each may hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import EmergingKind, ImportKind, OrganisationKind, OwnershipClass, Role
from portal.accounts.models import CodeList
from portal.accounts.queries import codes

YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``options`` maps what people choose to what is stored; ``kind`` is text, whole or date.

    ``later``: workbooks from before the column may lack it; what is stored then stays.
    """

    key: str
    label: str
    required: bool = False
    length: int = 0
    help: Any = ""
    kind: str = "text"
    options: Callable[[], dict[str, Any]] | None = None
    width: int = 16
    example: str = ""
    later: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    kind: TextChoices
    columns: tuple[Column, ...]
    identity: Any  # in words: how a row is recognised

    def column(self, key: str) -> Column:
        return next(c for c in self.columns if c.key == key)

    @property
    def labels(self) -> list[str]:
        return [c.label for c in self.columns]


@dataclass(frozen=True, slots=True)
class Row:
    """One line as read: ``values`` by column key – str, int, date or None – and its number in the file."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; ``row`` 0 is the whole file, ``column`` a label or empty."""

    row: int
    column: str
    message: str

    def plain(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "message": str(self.message)}


def _labels(enum: Any, *, without: tuple[str, ...] = ()) -> Callable[[], dict[str, Any]]:
    return lambda: {str(label): value for value, label in enum.choices if value not in without}


def _codes(name: str) -> Callable[[], dict[str, Any]]:
    return lambda: codes.codes_by_label(name)


def _yes_no() -> dict[str, Any]:
    return {YES: True, NO: False}


ORGANISATIONS = Sheet(
    ImportKind.ORGANISATIONS,
    (
        Column("code", "内部编号", True, 30, _("全市唯一；已有的编号表示更新该组织。"), example="JN-0001"),
        Column("name", "名称", True, 120, _("与公章一致的全称。"), width=34, example="津南区示范企业工会"),
        Column("short_name", "简称", False, 40),
        Column(
            "kind", "组织类型", True, options=_labels(OrganisationKind, without=("municipal",)), example="单独基层工会"
        ),
        Column("parent", "上级编号", True, 30, _("上级工会的内部编号；可以是本表中新增的组织。"), example="JN"),
        Column("credit_code", "统一社会信用代码", False, 24, _("取得法人资格的工会填写，81开头。"), width=24),
        Column("district_code", "所在区", options=_codes(CodeList.DISTRICT)),
        Column("member_count", "会员数", kind="whole", example="120"),
    ),
    _("按“内部编号”识别：编号已存在的更新，不存在的新增。"),
)

EMPLOYERS = Sheet(
    ImportKind.EMPLOYERS,
    (
        Column(
            "name", "单位名称", True, 120, _("与营业执照或登记证书一致。"), width=34, example="天津示范机械有限公司"
        ),
        Column(
            "credit_code", "统一社会信用代码", False, 24, _("没有代码的单位按“所属工会编号＋单位名称”识别。"), width=24
        ),
        Column("organisation", "所属工会编号", True, 30, _("基层工会的内部编号。"), example="JN-0001"),
        Column("economic_type", "经济类型", options=_codes(CodeList.ECONOMIC_TYPE), width=22),
        Column("ownership", "所有制", options=_labels(OwnershipClass), help=_("经济类型不能确定所有制时填写。")),
        Column(
            "emerging_kind",
            "三新和八大群体",
            options=_labels(EmergingKind),
            help=_("都不是的留空；几类都符合的选排在前面的一类。以前下载的模板没有这一列也可以导入，原有类别不变。"),
            width=22,
            later=True,
        ),
        Column("industry", "行业门类", options=_codes(CodeList.INDUSTRY), width=26),
        Column("division", "行业大类代码", False, 4, _("2至4位数字，例如 34。")),
        Column("district_code", "所在区", options=_codes(CodeList.DISTRICT)),
        Column("address", "经营地址", False, 200, width=34),
        Column("established_on", "成立日期", kind="date", help=_("例如 2008-05-20。")),
        Column("year", "年度", kind="whole", help=_("填写了年度，就表示确认该年度的以下数字。"), example="2026"),
        Column("employees", "职工数", kind="whole", example="150"),
        Column("members", "会员数", kind="whole", example="140"),
        Column("frontline", "一线职工数", kind="whole"),
        Column("migrant", "农民工数", kind="whole"),
        Column("revenue", "营业收入（万元）", kind="whole"),
        Column("assets", "资产总额（万元）", kind="whole"),
        Column("is_above_scale", "是否规上", options=_yes_no),
    ),
    _("按“统一社会信用代码”识别：代码已登记的更新，未登记的新增。"),
)

STAFF = Sheet(
    ImportKind.STAFF,
    (
        Column("username", "用户名", True, 60, _("用于登录；已有账号的人员填写其现有用户名。"), example="zhangsan01"),
        Column("name", "姓名", True, 60, example="张三"),
        Column("organisation", "工会组织编号", True, 30, _("任职的工会组织的内部编号。"), example="JN-0001"),
        Column("role", "角色", True, options=_labels(Role), example="填报"),
        Column("title", "职务", False, 60, example="工会干事"),
        Column("phone", "手机", False, 20),
        Column("email", "电子邮箱", False, 120, width=26),
    ),
    _("按“用户名＋工会组织编号＋角色”识别；新用户导入后生成首次登录链接，七天内有效。"),
)

SHEETS: dict[str, Sheet] = {sheet.kind: sheet for sheet in (ORGANISATIONS, EMPLOYERS, STAFF)}


def clean_cell(column: Column, value: Any) -> Any:
    """The stored form of one cell; None for an empty one. Raises ValueError with the Chinese reason."""
    text = _text(value)
    if not text:
        if column.required:
            raise ValueError("没有填写")
        return None
    if column.options is not None:
        options = column.options()
        if text not in options:
            raise ValueError(f"“{text[:30]}”不在可选项中，请从下拉列表选择")
        return options[text]
    if column.kind == "whole":
        return _whole(text)
    if column.kind == "date":
        return _date(value, text)
    if column.length and len(text) > column.length:
        raise ValueError(f"最多{column.length}个字，现在是{len(text)}个字")
    return text


def _text(value: Any) -> str:
    """What the cell shows: numbers without a trailing .0, formulas as the text they are."""
    if value is None:
        return ""
    value = getattr(value, "text", value)  # array formulas are objects that hold their text
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _whole(text: str) -> int:
    plain = text.replace(",", "").replace("，", "")
    if not plain.isdecimal():
        raise ValueError(f"“{text[:30]}”不是非负整数")
    if len(plain) > 12:
        raise ValueError("数字过大，请核对单位")
    return int(plain)


def _date(value: Any, text: str) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"):
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a calendar day has no zone
        except ValueError:
            continue
    raise ValueError(f"“{text[:30]}”不是日期，请写成 2008-05-20")

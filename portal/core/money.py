"""Money: amounts are whole 分 (``int``), texts are 元; ``Decimal`` in between, never ``float``. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

FEN_PER_YUAN = 100
# 9,999 亿元; larger amounts are typing errors, and the Chinese wording below is defined up to here.
MAX_FEN = 9_999_9999_9999_99


class MoneyError(ValueError):
    """Not an amount; ``str(error)`` is the Chinese reason."""


def yuan_to_fen(value: str | int | Decimal) -> int:
    """``"1,234.5"`` 元 → ``123450`` 分. Thousands separators, full-width digits, ``¥`` and ``元`` are accepted.

    Raises :class:`MoneyError` for anything that is not a number, has more than two decimals, is negative or exceeds
    9,999 亿元. Floats are refused: they cannot hold 0.1 元.
    """
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        raise MoneyError("金额必须是文本、整数或十进制数。")
    try:
        amount = Decimal(_plain_number(value)) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        raise MoneyError("金额不是有效的数字。") from None
    if not amount.is_finite():
        raise MoneyError("金额不是有效的数字。")
    if amount < 0:
        raise MoneyError("金额不能为负数。")
    fen = Fraction(amount) * FEN_PER_YUAN  # exact, whatever the precision of the decimal context
    if fen > MAX_FEN:
        raise MoneyError("金额过大，请核对。")
    if fen.denominator != 1:
        raise MoneyError("金额最多保留两位小数（精确到分）。")
    return int(fen)


def _plain_number(text: str) -> str:
    """Half-width digits without separators, currency sign and unit; empty becomes something ``Decimal`` refuses."""
    table = str.maketrans("０１２３４５６７８９．，￥", "0123456789.,¥")
    plain = text.translate(table).strip().removeprefix("¥").removesuffix("元").replace(",", "").strip()
    return plain if plain.isascii() and "_" not in plain and "e" not in plain.lower() else "invalid"


def fen_to_yuan(fen: int) -> str:
    """``123450`` → ``"1234.50"``: two decimals always, no separators; for forms and exports."""
    sign, whole, rest = _split(fen)
    return f"{sign}{whole}.{rest:02d}"


def format_yuan(fen: int) -> str:
    """``123450`` → ``"1,234.50"`` for reading."""
    sign, whole, rest = _split(fen)
    return f"{sign}{whole:,}.{rest:02d}"


def format_wan(fen: int, places: int = 2) -> str:
    """Amount in 万元, rounded half up once at ``places``: ``12345600`` → ``"12.35"``."""
    unit = Decimal(1).scaleb(-places)
    wan = Decimal(abs(fen)).scaleb(-6).quantize(unit, rounding=ROUND_HALF_UP)
    return f"{'-' if fen < 0 and wan else ''}{wan:,}"


def _split(fen: int) -> tuple[str, int, int]:
    return "-" if fen < 0 else "", *divmod(abs(fen), FEN_PER_YUAN)


# --- 大写 ----------------------------------------------------------------------------------------------------------

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def capital_amount(fen: int) -> str:
    """The amount in the capital characters that cheques and grant agreements use: ``人民币壹仟贰佰叁拾肆元伍角整``.

    《票据法》第8条 with the People's Bank's “正确填写票据和结算凭证的基本规定”: 整 after 元 or 角 but not after 分; one
    零 for any run of zeros between digits; 零 before 分 when 角 is zero. Raises :class:`MoneyError` outside
    0 … 9,999 亿元.
    """
    if not 0 <= fen <= MAX_FEN:
        raise MoneyError("大写金额只支持0至9,999亿元。")
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    jiao, cent = divmod(rest, 10)
    text = f"{_capital_integer(yuan)}元" if yuan or not rest else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif cent and yuan:
        text += "零"
    text += f"{_DIGITS[cent]}分" if cent else "整"
    return f"人民币{text}"


def _capital_integer(number: int) -> str:
    """``10203`` → ``壹万零贰佰零叁``. Groups of four digits; a 零 joins groups when the lower one starts with zero."""
    if not number:
        return _DIGITS[0]
    text, gap = "", False
    for power in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**power % 10_000
        if group:
            joined = text and (gap or group < 1_000)
            text += (_DIGITS[0] if joined else "") + _capital_group(group) + _GROUPS[power]
        gap = not group
    return text


def _capital_group(group: int) -> str:
    """One to four digits: ``1020`` → ``壹仟零贰拾``."""
    text, zero = "", False
    for power in range(3, -1, -1):
        digit = group // 10**power % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[power]
        zero = not digit
    return text


# --- sharing -------------------------------------------------------------------------------------------------------


def split_fen(total: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Share ``total`` 分 in proportion to ``weights`` so that the parts add up to it exactly (largest remainder).

    Each part differs from its exact share by less than one 分; equal remainders favour the earlier part. Raises
    :class:`MoneyError` for a negative total, a negative weight or when no weight is positive.
    """
    shares = [Fraction(w) for w in weights]
    whole = sum(shares, Fraction(0))
    if total < 0 or whole <= 0 or min(shares) < 0:
        raise MoneyError("分配比例必须为非负数，且至少有一项大于零。")
    exact = [share * total / whole for share in shares]
    parts = [int(x) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts

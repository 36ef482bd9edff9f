"""Formulas of indicators: numbers, names, ``+ − × ÷`` and parentheses over ``Decimal``; nothing is ever executed. Pure.

Grammar: ``sum = product {(+|-) product}``; ``product = factor {(*|/) factor}``; ``factor = number | name | (sum) | -factor``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

LONGEST = 300  # characters
DEEPEST = 20  # nested parentheses and signs
PRECISION = 40  # digits while calculating
PLACES = Decimal("0.000001")
LIMIT = Decimal(10) ** 12
TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/()]))")
SAME = str.maketrans("−×÷（）", "-*/()")
CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])

Node = tuple  # ("number", Decimal) | ("name", str) | ("neg", Node) | (sign, Node, Node)


class FormulaError(ValueError):
    """Cannot be read or calculated; ``str(error)`` says why in words."""


@dataclass(frozen=True)
class Formula:
    text: str
    root: Node
    names: frozenset[str]

    def value(self, known: Mapping[str, Decimal]) -> Decimal:
        """The result, not rounded. Raises FormulaError for a missing name, a division by zero or a result out of range."""
        if missing := sorted(self.names - known.keys()):
            raise FormulaError(f"缺少{'、'.join(missing)}的数值，无法计算。")
        try:
            return _value(self.root, known)
        except (DivisionByZero, InvalidOperation) as error:
            raise FormulaError("除数为零，无法计算，请核对作为分母的数据。") from error
        except Overflow as error:
            raise FormulaError("计算结果超出范围，请核对数据和单位。") from error

    def rounded(self, known: Mapping[str, Decimal]) -> Decimal:
        """The result with six decimals, half up. Raises FormulaError as ``value`` does, and from 10¹² on."""
        found = self.value(known)
        if abs(found) >= LIMIT:
            raise FormulaError("计算结果超出范围，请核对数据和单位。")
        return found.quantize(PLACES, ROUND_HALF_UP)


def parse(text: str) -> Formula:
    """Reads a formula. Raises FormulaError with the place that cannot be read."""
    if len(text) > LONGEST:
        raise FormulaError(f"公式不能超过{LONGEST}个字符。")
    tokens = _tokens(text)
    root, rest = _sum(tokens, 0, 0)
    if rest != len(tokens):
        raise FormulaError(f"公式在“{tokens[rest][1]}”处无法理解。")
    return Formula(text, root, frozenset(token for kind, token in tokens if kind == "name"))


def in_words(text: str, names: Mapping[str, str]) -> str:
    """The formula as people read it: ``power / output`` → ``电力 ÷ 合格产品产量``; what has no name keeps its code."""
    shown = re.sub(r"[a-z][a-z0-9_]*", lambda found: names.get(found[0], found[0]), text.translate(SAME))
    return shown.replace("*", "×").replace("/", "÷").replace("-", "−")


def _tokens(text: str) -> list[tuple[str, str]]:
    clean, place, found = text.translate(SAME).rstrip(), 0, []
    while place < len(clean):
        match = TOKEN.match(clean, place)
        if match is None:
            raise FormulaError(f"公式第{place + 1}个字符“{clean[place:].strip()[:1]}”不能使用。")
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    if not found:
        raise FormulaError("公式是空的。")
    return found


def _sum(tokens: list, at: int, depth: int) -> tuple[Node, int]:
    node, at = _product(tokens, at, depth)
    while at < len(tokens) and tokens[at][1] in {"+", "-"}:
        sign = tokens[at][1]
        other, at = _product(tokens, at + 1, depth)
        node = (sign, node, other)
    return node, at


def _product(tokens: list, at: int, depth: int) -> tuple[Node, int]:
    node, at = _factor(tokens, at, depth)
    while at < len(tokens) and tokens[at][1] in {"*", "/"}:
        sign = tokens[at][1]
        other, at = _factor(tokens, at + 1, depth)
        node = (sign, node, other)
    return node, at


def _factor(tokens: list, at: int, depth: int) -> tuple[Node, int]:
    if depth > DEEPEST:
        raise FormulaError("公式的括号嵌套过深。")
    if at >= len(tokens):
        raise FormulaError("公式没有写完。")
    kind, word = tokens[at]
    if kind == "number":
        return ("number", Decimal(word)), at + 1
    if kind == "name":
        return ("name", word), at + 1
    if word == "-":
        node, at = _factor(tokens, at + 1, depth + 1)
        return ("neg", node), at
    if word != "(":
        raise FormulaError(f"公式在“{word}”处无法理解。")
    node, at = _sum(tokens, at + 1, depth + 1)
    if at >= len(tokens) or tokens[at][1] != ")":
        raise FormulaError("公式的括号不成对。")
    return node, at + 1


def _value(node: Node, known: Mapping[str, Decimal]) -> Decimal:
    kind = node[0]
    if kind == "number":
        return node[1]
    if kind == "name":
        return known[node[1]]
    if kind == "neg":
        return CONTEXT.minus(_value(node[1], known))
    act = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}[kind]
    return act(_value(node[1], known), _value(node[2], known))

"""National identifiers: normalise, check, explain in Chinese what is wrong. Pure: standard library only.

Two verbs for each kind of number:

* ``<kind>_problem(raw)`` returns ``""`` when the number is well formed, otherwise one Chinese sentence that can
  stand beside the field;
* ``validate_<kind>(raw)`` returns the normalised number or raises :class:`IdentifierError` with the same sentence.

All of them accept what people really type: full-width characters, spaces, hyphens, lower case.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date


class IdentifierError(ValueError):
    """The number is not well formed; ``str(error)`` is the Chinese reason."""


def _compact(raw: str, drop: str = " -") -> str:
    """Half-width, upper case, without white space and the characters of ``drop``.

    NFKC turns full-width digits, letters and the full-width hyphen into ASCII; the typographic dashes that
    word processors put in are dropped as well.
    """
    text = unicodedata.normalize("NFKC", raw or "").upper()
    unwanted = set(drop) | set("‐‑‒–—−") if "-" in drop else set(drop)
    return "".join(ch for ch in text if ch not in unwanted and not ch.isspace())


def _odd_characters(text: str, allowed: str) -> str:
    """The characters of ``text`` outside ``allowed``, each once, in order, for the message."""
    return "、".join(dict.fromkeys(ch for ch in text if ch not in allowed))


def _or_raise(problem: str) -> None:
    if problem:
        raise IdentifierError(problem)


# --- 统一社会信用代码 GB 32100-2015 and 组织机构代码 GB 11714-1997 -------------------------------------------------

# No I, O, S, V, Z: they are too easily read as 1, 0, 5, U and 2 (GB 32100-2015, 表 1).
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# 3^(i-1) mod 31 for the places 1 to 17 (GB 32100-2015, 附录 A).
CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# GB 11714-1997, 4.3.
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# First character (登记管理部门) and second character (机构类别) that are in use. The table describes, it never refuses:
# the standard reserves the right to add departments, so an unknown pair is still a valid code.
CREDIT_KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "1": ("机构编制", {"1": "机关", "2": "事业单位", "3": "编办直接管理机构编制的群众团体", "9": "其他"}),
    "2": ("外交", {"1": "外国常驻新闻机构", "9": "其他"}),
    "3": (
        "司法行政",
        {
            "1": "律师执业机构",
            "2": "公证处",
            "3": "基层法律服务所",
            "4": "司法鉴定机构",
            "5": "仲裁委员会",
            "9": "其他",
        },
    ),
    "4": ("文化", {"1": "外国在华文化中心", "9": "其他"}),
    "5": ("民政", {"1": "社会团体", "2": "民办非企业单位", "3": "基金会", "9": "其他"}),
    "6": ("旅游", {"1": "外国旅游部门常驻代表机构", "2": "港澳台地区旅游部门常驻内地（大陆）代表机构", "9": "其他"}),
    "7": ("宗教", {"1": "宗教活动场所", "2": "宗教院校", "9": "其他"}),
    "8": ("工会", {"1": "基层工会", "9": "其他"}),
    "9": ("市场监管", {"1": "企业", "2": "个体工商户", "3": "农民专业合作社"}),
    "A": ("中央军委改革和编制管理", {"1": "军队事业单位", "9": "其他"}),
    "N": ("农业农村", {"1": "组级集体经济组织", "2": "村级集体经济组织", "3": "乡镇级集体经济组织", "9": "其他"}),
    "Y": ("其他", {"1": "其他"}),
}


def normalise_credit_code(raw: str) -> str:
    """Half-width, upper case, without spaces and hyphens. Does not check anything."""
    return _compact(raw)


def organisation_code_check_digit(first8: str) -> str:
    """Check character of an 8-character organisation code (GB 11714-1997): 11 − Σ mod 11, 10 → X, 11 → 0."""
    total = sum(
        ORGANISATION_ALPHABET.index(ch) * weight for ch, weight in zip(first8, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def credit_code_check_digit(first17: str) -> str:
    """Check character of a unified social credit code (GB 32100-2015): 31 − Σ mod 31, where 31 stands for 0."""
    total = sum(CREDIT_ALPHABET.index(ch) * weight for ch, weight in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def credit_code_problem(raw: str) -> str:  # noqa: PLR0911 -- one sentence per rule
    """Why ``raw`` is not a unified social credit code, or ``""``.

    Every registering department is accepted (unions 81…, organs 11…, institutions 12…, companies 91…, …), not
    only 9…. Both check characters must hold: the 17th (organisation code, GB 11714) and the 18th (GB 32100).
    """
    code = normalise_credit_code(raw)
    if not code:
        return "请填写统一社会信用代码。"
    odd = _odd_characters(code, CREDIT_ALPHABET)
    if odd:
        hint = "（信用代码不使用字母 I、O、S、V、Z，请核对是否应为数字 1、0、5、2）" if set(odd) & set("IOSVZ") else ""
        return f"统一社会信用代码中有不允许的字符：{odd}{hint}。"
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现在是{len(code)}位。"
    if not code[2:8].isdigit():
        return "统一社会信用代码第3至8位是行政区划码，只能是数字。"
    if credit_code_check_digit(code[:17]) != code[17]:
        return "统一社会信用代码的校验码（第18位）不符，请对照登记证书逐位核对。"
    if organisation_code_check_digit(code[8:16]) != code[16]:
        return "统一社会信用代码中的组织机构代码校验码（第17位）不符，请对照登记证书逐位核对。"
    return ""


def validate_credit_code(raw: str) -> str:
    """The normalised code. Raises :class:`IdentifierError` with the reason of :func:`credit_code_problem`."""
    _or_raise(credit_code_problem(raw))
    return normalise_credit_code(raw)


def credit_code_kind(code: str) -> str:
    """What the first two characters of a valid code say, e.g. ``工会·基层工会``; ``其他`` where the table is silent."""
    department, kinds = CREDIT_KINDS.get(code[:1], ("其他", {}))
    kind = kinds.get(code[1:2], "其他")
    return department if kind == department else f"{department}·{kind}"


def organisation_code_problem(raw: str) -> str:
    """Why ``raw`` is not a 9-character organisation code (GB 11714), or ``""``. The hyphen is optional."""
    code = _compact(raw)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return "组织机构代码应为8位数字或大写字母，加1位校验码（数字或X）。"
    if organisation_code_check_digit(code[:8]) != code[8]:
        return "组织机构代码的校验码（最后一位）不符，请核对。"
    return ""


def validate_organisation_code(raw: str) -> str:
    """``XXXXXXXX-X``. Raises :class:`IdentifierError`."""
    _or_raise(organisation_code_problem(raw))
    code = _compact(raw)
    return f"{code[:8]}-{code[8]}"


# --- 公民身份号码 GB 11643-1999 -----------------------------------------------------------------------------------

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
# First two digits of GB/T 2260, and 81, 82, 83 of the residence permits for 港澳台居民. Nothing finer is demanded:
# people keep the number they were given when their county still existed (120221 宁河县, 120107 塘沽区, …).
PROVINCES = frozenset(
    str(n)
    for n in (
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        *(71, 81, 82, 83),
    )
)
# The districts of a municipality (市辖区, third and fourth digit 01) are numbered from 01; 81 to 99 are the numbers of
# county-level cities, which a municipality's 市辖区 has never had (structure of GB/T 2260).
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
OLDEST_PLAUSIBLE_AGE = 130


@dataclass(frozen=True, slots=True)
class CitizenId:
    """A checked citizen identity number and what it says."""

    number: str
    area: str
    birth_date: date
    sex: str  # "male" or "female"

    def age_on(self, day: date) -> int:
        """Completed years on ``day``; somebody born on 29 February completes a year on 1 March."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)


def citizen_id_check_digit(first17: str) -> str:
    """Check character after 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(int(ch) * weight for ch, weight in zip(first17, CITIZEN_WEIGHTS, strict=True))
    return CITIZEN_CHECKS[total % 11]


def _area_was_never_assigned(area: str) -> bool:
    if area[:2] not in PROVINCES:
        return True
    return area[:2] in MUNICIPALITIES and area[2:4] == "01" and int(area[4:]) > 80


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def citizen_id_problem(raw: str, *, today: date, allow_unassigned_area: bool = False) -> str:  # noqa: PLR0911 -- one sentence per rule
    """Why ``raw`` is not a citizen identity number, or ``""``.

    ``today`` bounds the date of birth. ``allow_unassigned_area`` also lets area codes pass that were never given
    to anybody (demonstration and test data use 120199); leave it off in production.
    """
    number = _compact(raw)
    if not number:
        return "请填写身份证号码。"
    if len(number) == 15 and number.isascii() and number.isdigit():
        return "这是15位的旧身份证号码，请填写18位号码。"
    if len(number) != 18:
        return f"身份证号码应为18位，现在是{len(number)}位。"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "身份证号码前17位只能是数字，最后一位是数字或X。"
    if not allow_unassigned_area and _area_was_never_assigned(number[:6]):
        return "身份证号码前6位不是有效的行政区划码，请核对。"
    born = _birth_date(number)
    if born is None:
        return f"身份证号码中的出生日期（{number[6:10]}年{number[10:12]}月{number[12:14]}日）不存在，请核对。"
    if born > today:
        return "身份证号码中的出生日期晚于今天，请核对。"
    if today.year - born.year > OLDEST_PLAUSIBLE_AGE:
        return "身份证号码中的出生日期过早，请核对。"
    if citizen_id_check_digit(number[:17]) != number[17]:
        return "身份证号码的校验码（最后一位）不符，请逐位核对。"
    return ""


def parse_citizen_id(raw: str, *, today: date, allow_unassigned_area: bool = False) -> CitizenId:
    """Check the number and read it. Raises :class:`IdentifierError`. An odd 17th digit means male."""
    _or_raise(citizen_id_problem(raw, today=today, allow_unassigned_area=allow_unassigned_area))
    number = _compact(raw)
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return CitizenId(number, number[:6], born, "male" if int(number[16]) % 2 else "female")


def validate_citizen_id(raw: str, *, today: date, allow_unassigned_area: bool = False) -> str:
    """The normalised 18 characters (``x`` becomes ``X``). Raises :class:`IdentifierError`."""
    return parse_citizen_id(raw, today=today, allow_unassigned_area=allow_unassigned_area).number


# --- 电话号码 ------------------------------------------------------------------------------------------------------


def _phone_text(raw: str) -> str:
    """Compact form without the country prefix 86 and without brackets round the area code."""
    return re.sub(r"^(\+|00)86|^86(?=1\d{10}$)", "", _compact(raw, " -()"))


def mobile_problem(raw: str) -> str:
    """Why ``raw`` is not a mainland mobile number, or ``""``: 11 digits, first 1, second 3 to 9."""
    number = _phone_text(raw)
    if not number:
        return "请填写手机号码。"
    if not re.fullmatch(r"[0-9]+", number):
        return "手机号码只能由数字组成。"
    if len(number) != 11:
        return f"手机号码应为11位数字，现在是{len(number)}位。"
    if not re.fullmatch(r"1[3-9][0-9]{9}", number):
        return "手机号码应以13至19开头，请核对。"
    return ""


def validate_mobile(raw: str) -> str:
    """Eleven digits. Raises :class:`IdentifierError`."""
    _or_raise(mobile_problem(raw))
    return _phone_text(raw)


def _landline(number: str) -> re.Match[str] | None:
    # Beijing, Guangzhou, Shanghai, Tianjin, … have 3-digit area codes (010, 02x) and 8-digit numbers.
    return re.fullmatch(r"(010|02[0-9]|0[3-9][0-9]{2})([2-9][0-9]{6,7})", number)


def phone_problem(raw: str) -> str:
    """Why ``raw`` is neither a mainland mobile number nor a landline with its area code, or ``""``."""
    number = _phone_text(raw)
    if not number:
        return "请填写联系电话。"
    if number.startswith("1"):
        return mobile_problem(raw)
    if not _landline(number):
        return "联系电话请填写11位手机号码，或带区号的座机号码（例如 022-23456789）。"
    return ""


def validate_phone(raw: str) -> str:
    """A mobile number as eleven digits, a landline as ``022-23456789``. Raises :class:`IdentifierError`."""
    _or_raise(phone_problem(raw))
    number = _phone_text(raw)
    landline = _landline(number)
    return f"{landline[1]}-{landline[2]}" if landline else number


# --- 专利号 --------------------------------------------------------------------------------------------------------

PATENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
# Fifth digit of an application number (ZC 0006-2003): 8 and 9 are international applications that entered China.
PATENT_KINDS = {"1": "发明", "2": "实用新型", "3": "外观设计", "8": "PCT发明", "9": "PCT实用新型"}
# Twelve-digit numbers are given since 2003-10-01; older patents have run out of their twenty years.
PATENT_FIRST_YEAR = 2003


def patent_check_digit(twelve: str) -> str:
    """Check character after the twelve digits of a Chinese patent application number (ZC 0006-2003)."""
    total = sum(int(ch) * weight for ch, weight in zip(twelve, PATENT_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


def _patent_text(raw: str) -> str:
    """``ZL`` (if given) + the thirteen characters; the prefixes CN and 专利号 and the dot are dropped."""
    return re.sub(r"^(专利号|申请号)?:?(CN)?", "", _compact(raw, " -.·。"))


def patent_problem(raw: str, *, today: date, granted: bool = True) -> str:  # noqa: PLR0911 -- one sentence per rule
    """Why ``raw`` is not a Chinese patent number, or ``""``.

    ``granted=True`` wants a patent number (``ZL`` + 12 digits + ``.`` + check character); ``granted=False`` also
    accepts the number of a pending application without ``ZL``.
    """
    text = _patent_text(raw)
    if not text:
        return "请填写专利号。"
    if granted and not text.startswith("ZL"):
        return "专利号应以“ZL”开头；尚未授权的申请没有专利号，请填写申请号。"
    digits = text.removeprefix("ZL")
    if not re.fullmatch(r"[0-9]{12}[0-9X]", digits):
        return "专利号应为“ZL”加12位数字、小数点和1位校验码，例如 ZL202310123456.6。"
    if not PATENT_FIRST_YEAR <= int(digits[:4]) <= today.year:
        return f"专利号前4位是申请年份，应在{PATENT_FIRST_YEAR}年至{today.year}年之间。"
    if digits[4] not in PATENT_KINDS:
        return "专利号第5位表示专利种类，应为1（发明）、2（实用新型）、3（外观设计）、8或9（国际申请）。"
    if patent_check_digit(digits[:12]) != digits[12]:
        return "专利号的校验码（小数点后一位）不符，请对照专利证书核对。"
    return ""


def validate_patent_number(raw: str, *, today: date, granted: bool = True) -> str:
    """``ZL202310123456.6`` (or without ``ZL`` for a pending application). Raises :class:`IdentifierError`."""
    _or_raise(patent_problem(raw, today=today, granted=granted))
    text = _patent_text(raw)
    return f"{text[:-1]}.{text[-1]}"

"""Identifiers: the official examples, the fictitious fixtures, and properties that single-error checks must have."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.core import identifiers as ids

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 22)

CREDIT_CODES = {
    "91350100M000100Y43": "市场监管·企业",  # the standard's own example
    "81120101MC0000012M": "工会·基层工会",
    "91120116MA00000A97": "市场监管·企业",
    "12120000000000019L": "机构编制·事业单位",
    "52120103MJ0000018H": "民政·民办非企业单位",
    "93120119MA00000B77": "市场监管·农民专业合作社",
    "11120000000000027J": "机构编制·机关",
}
CITIZEN_IDS = {
    "120199199001010012": (date(1990, 1, 1), "male"),
    "120199198512310020": (date(1985, 12, 31), "female"),
    "120199200002290031": (date(2000, 2, 29), "male"),
    "120199196907070149": (date(1969, 7, 7), "female"),
    "120199197811030251": (date(1978, 11, 3), "male"),
}


def credit_codes():
    """Random codes that satisfy both check characters."""
    body = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)

    def build(parts):
        head, area, eight = parts
        nine = eight + ids.organisation_code_check_digit(eight)
        first17 = head + area + nine
        return first17 + ids.credit_code_check_digit(first17)

    return st.tuples(
        st.text(ids.CREDIT_ALPHABET, min_size=2, max_size=2), st.text("0123456789", min_size=6, max_size=6), body
    ).map(build)


def citizen_ids():
    def build(parts):
        born, sequence = parts
        first17 = f"120199{born:%Y%m%d}{sequence:03d}"
        return first17 + ids.citizen_id_check_digit(first17)

    return st.tuples(st.dates(date(1930, 1, 1), TODAY), st.integers(0, 999)).map(build)


# --- credit code ---


@pytest.mark.parametrize(("code", "kind"), CREDIT_CODES.items())
def test_credit_code_of_every_registering_department_is_accepted(code, kind):
    assert ids.credit_code_problem(code) == ""
    assert ids.validate_credit_code(code) == code
    assert ids.credit_code_kind(code) == kind


def test_credit_weights_are_those_of_the_standard():
    assert ids.CREDIT_WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def test_credit_code_is_normalised_from_full_width_spaces_hyphens_and_lower_case():
    assert ids.validate_credit_code(" ８１１２0101-mc00\u30000001 2m ") == "81120101MC0000012M"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "请填写"),
        ("   ", "请填写"),
        (None, "请填写"),
        ("8112O101MC0000012M", "O（信用代码不使用字母 I、O、S、V、Z"),
        ("81120101MC00000*2M", "不允许的字符：*。"),
        ("81120101MC00000一2M", "不允许的字符：一。"),
        ("81120101MC000001", "现在是16位"),
        ("81120101MC0000012M9", "现在是19位"),
        ("8112010AMC0000012M", "第3至8位"),
        ("81120101MC0000012L", "第18位"),
        ("81120101MC0000021M", "第18位"),
    ],
)
def test_credit_code_refusal_says_what_is_wrong(code, words):
    assert words in ids.credit_code_problem(code)
    with pytest.raises(ids.IdentifierError, match=r"."):
        ids.validate_credit_code(code)


def test_credit_code_with_right_last_but_wrong_organisation_check_is_refused():
    first17 = "81120101MC0000013"  # the organisation code's check character should be 2
    assert ids.organisation_code_check_digit("MC000001") == "2"
    assert "第17位" in ids.credit_code_problem(first17 + ids.credit_code_check_digit(first17))


def test_unknown_department_is_described_as_other_but_accepted():
    assert ids.credit_code_kind("ZZ") == "其他"
    assert ids.credit_code_kind("9X") == "市场监管·其他"
    assert ids.credit_code_kind("Y1") == "其他"


@given(credit_codes())
def test_credit_code_built_from_its_check_characters_is_valid(code):
    assert ids.credit_code_problem(code) == ""


@given(credit_codes(), st.integers(0, 17), st.sampled_from(ids.CREDIT_ALPHABET))
def test_credit_code_with_one_wrong_character_is_refused(code, place, character):
    assume(code[place] != character)
    assert ids.credit_code_problem(code[:place] + character + code[place + 1 :]) != ""


@given(credit_codes(), st.integers(0, 16))
def test_credit_code_with_two_neighbours_swapped_is_refused(code, place):
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert ids.credit_code_problem(swapped) != ""


@given(st.text(max_size=30))
def test_credit_code_check_never_crashes(text):
    assert isinstance(ids.credit_code_problem(text), str)


# --- organisation code ---


@pytest.mark.parametrize("raw", ["M000100Y-4", "m000100y4", "Ｍ000100Y－4"])
def test_organisation_code_example_of_the_standard(raw):
    assert ids.validate_organisation_code(raw) == "M000100Y-4"


@pytest.mark.parametrize(("raw", "words"), [("", "8位"), ("M000100Y-5", "校验码"), ("M000100Y-A", "8位")])
def test_organisation_code_refusal(raw, words):
    assert words in ids.organisation_code_problem(raw)
    with pytest.raises(ids.IdentifierError):
        ids.validate_organisation_code(raw)


def test_organisation_check_digit_covers_ten_and_eleven():
    seen = {ids.organisation_code_check_digit(f"{n:08d}") for n in range(200)}
    assert seen == set("0123456789X")


# --- citizen identity number ---


@pytest.mark.parametrize(("number", "facts"), CITIZEN_IDS.items())
def test_citizen_fixture_is_valid_with_the_switch_and_refused_without(number, facts):
    person = ids.parse_citizen_id(number, today=TODAY, allow_unassigned_area=True)
    assert (person.birth_date, person.sex) == facts
    assert person.area == "120199"
    assert "行政区划码" in ids.citizen_id_problem(number, today=TODAY)


def test_citizen_example_of_the_standard_with_lower_case_x():
    assert ids.validate_citizen_id("11010519491231002x", today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    "area", ["120221", "120223", "120225", "120107", "120108", "120109", "120116", "500381", "810000", "830000"]
)
def test_area_codes_that_are_no_longer_in_use_are_accepted(area):
    first17 = area + "19800101001"
    assert ids.citizen_id_problem(first17 + ids.citizen_id_check_digit(first17), today=TODAY) == ""


@pytest.mark.parametrize("area", ["000000", "990101", "160101", "120199", "110181"])
def test_area_codes_that_nobody_ever_had_need_the_switch(area):
    first17 = area + "19800101001"
    number = first17 + ids.citizen_id_check_digit(first17)
    assert "行政区划码" in ids.citizen_id_problem(number, today=TODAY)
    assert ids.citizen_id_problem(number, today=TODAY, allow_unassigned_area=True) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "请填写"),
        ("120199900101001", "15位的旧身份证"),
        ("12019990010100", "现在是14位"),
        ("12019919900101001Y", "最后一位是数字或X"),
        ("1201991990010100X2", "前17位只能是数字"),
        ("120199199002300012", "1990年02月30日）不存在"),
        ("120199199913010012", "不存在"),
        ("120199000001010012", "不存在"),
        ("120199190002290012", "不存在"),
        ("120199202611230012", "晚于今天"),
        ("120199189501010012", "过早"),
        ("120199199001010011", "校验码"),
        ("120199１９９001010012٣", "现在是19位"),
        ("12019919900101001٣", "最后一位是数字或X"),
    ],
)
def test_citizen_refusal_says_what_is_wrong(number, words):
    assert words in ids.citizen_id_problem(number, today=TODAY, allow_unassigned_area=True)
    with pytest.raises(ids.IdentifierError):
        ids.parse_citizen_id(number, today=TODAY, allow_unassigned_area=True)


def test_born_today_is_accepted():
    first17 = "12019920261122001"
    assert (
        ids.citizen_id_problem(first17 + ids.citizen_id_check_digit(first17), today=TODAY, allow_unassigned_area=True)
        == ""
    )


def test_age_of_a_leap_day_child_changes_on_the_first_of_march():
    person = ids.parse_citizen_id("120199200002290031", today=TODAY, allow_unassigned_area=True)
    assert person.age_on(date(2026, 2, 28)) == 25
    assert person.age_on(date(2026, 3, 1)) == 26
    assert person.age_on(date(2024, 2, 29)) == 24


@given(citizen_ids())
def test_citizen_number_built_from_its_check_character_is_valid(number):
    person = ids.parse_citizen_id(number, today=TODAY, allow_unassigned_area=True)
    assert f"{person.birth_date:%Y%m%d}" == number[6:14]
    assert person.sex == ("male" if int(number[16]) % 2 else "female")


@given(citizen_ids(), st.integers(0, 16), st.sampled_from("0123456789"))
def test_citizen_number_with_one_wrong_digit_is_refused(number, place, digit):
    assume(number[place] != digit)
    wrong = number[:place] + digit + number[place + 1 :]
    assert ids.citizen_id_problem(wrong, today=TODAY, allow_unassigned_area=True) != ""


@given(st.text(max_size=20))
def test_citizen_check_never_crashes(text):
    assert isinstance(ids.citizen_id_problem(text, today=TODAY), str)


# --- telephone ---


@pytest.mark.parametrize(
    "raw",
    ["13800001234", "+86 138-0000-1234", "0086 13800001234", "8613800001234", "１３８ 0000 1234", "138–0000–1234"],
)
def test_mobile_is_normalised(raw):
    assert ids.validate_mobile(raw) == "13800001234"
    assert ids.validate_phone(raw) == "13800001234"


@pytest.mark.parametrize(
    ("raw", "words"), [("", "请填写"), ("1380000123", "现在是10位"), ("12800001234", "13至19"), ("138a0001234", "数字")]
)
def test_mobile_refusal(raw, words):
    assert words in ids.mobile_problem(raw)
    with pytest.raises(ids.IdentifierError):
        ids.validate_mobile(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("022-23456789", "022-23456789"),
        ("(022) 23456789", "022-23456789"),
        ("03166123456", "0316-6123456"),
        ("+86 22 23456789", None),
    ],
)
def test_landline_needs_its_area_code(raw, expected):
    if expected is None:
        assert "带区号" in ids.phone_problem(raw)
    else:
        assert ids.validate_phone(raw) == expected


@pytest.mark.parametrize(
    ("raw", "words"), [("", "请填写"), ("23456789", "带区号"), ("1380000123", "11位"), ("0221234567", "带区号")]
)
def test_phone_refusal(raw, words):
    assert words in ids.phone_problem(raw)
    with pytest.raises(ids.IdentifierError):
        ids.validate_phone(raw)


# --- patent ---


@pytest.mark.parametrize(
    "raw",
    ["ZL201710601862.3", "zl 2017 1 0601862.3", "专利号：ZL201710601862.3", "ＺＬ2017106018623", "CNZL201710601862.3"],
)
def test_patent_number_of_a_published_example(raw):
    assert ids.validate_patent_number(raw, today=TODAY) == "ZL201710601862.3"


def test_application_number_without_prefix_only_when_not_granted():
    assert ids.validate_patent_number("CN201710601862.3", today=TODAY, granted=False) == "201710601862.3"
    assert "ZL" in ids.patent_problem("CN201710601862.3", today=TODAY)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("", "请填写"),
        ("ZL97101765.4", "12位数字"),
        ("ZL200210601862.3", "申请年份"),
        ("ZL202710601862.3", "申请年份"),
        ("ZL201740601862.3", "专利种类"),
        ("ZL201710601862.4", "校验码"),
        ("ZL20171060186A.3", "12位数字"),
    ],
)
def test_patent_refusal(raw, words):
    assert words in ids.patent_problem(raw, today=TODAY)
    with pytest.raises(ids.IdentifierError):
        ids.validate_patent_number(raw, today=TODAY)


def test_example_in_the_patent_message_is_itself_valid():
    message = ids.patent_problem("ZL1", today=TODAY)
    assert ids.patent_problem(message.split("例如 ")[1].rstrip("。"), today=TODAY) == ""


@given(st.integers(2003, 2026), st.sampled_from("12389"), st.integers(0, 9_999_999))
def test_patent_number_built_from_its_check_character_is_valid(year, kind, serial):
    twelve = f"{year}{kind}{serial:07d}"
    check = ids.patent_check_digit(twelve)
    assert ids.patent_problem(f"ZL{twelve}.{check}", today=TODAY) == ""
    for other in set("0123456789X") - {check}:
        assert ids.patent_problem(f"ZL{twelve}.{other}", today=TODAY) != ""

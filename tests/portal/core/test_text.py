"""Masking never leaks, spreadsheet text never becomes a formula, titles compare by what they say."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import text as t

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        (None, ""),
        ("张", "*"),
        ("张三", "张*"),
        ("张三丰", "张*丰"),
        ("欧阳娜娜", "欧**娜"),
        (" 张三 ", "张*"),
        ("阿依·古丽", "阿***丽"),
    ],
)
def test_name_is_masked(name, masked):
    assert t.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001234", "138****1234"),
        ("022-23456789", "022-****6789"),
        ("0316-6123456", "0316-****3456"),
        ("23456789", "****6789"),
        ("1234567", "*******"),
        ("", ""),
        (None, ""),
    ],
)
def test_phone_is_masked(phone, masked):
    assert t.mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("120199199001010012", "120***********0012"),
        ("120199900101001", "120*********001"),
        ("E12345678", "E******78"),
        ("1234", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_identity_number_is_masked(number, masked):
    assert t.mask_id_number(number) == masked


@given(st.text("0123456789X", min_size=1, max_size=20))
def test_identity_mask_never_shows_the_date_of_birth(number):
    masked = t.mask_id_number(number)
    assert len(masked) == len(number)
    if len(number) == 18:
        assert masked[6:14] == "********"
    elif len(number) == 15:
        assert masked[6:12] == "******"
    assert sum(ch != "*" for ch in masked) <= 7


@given(st.text("0123456789", min_size=1, max_size=30))
def test_masks_hide_at_least_a_third_of_the_digits(digits):
    for masked in (t.mask_phone(digits), t.mask_bank(digits)):
        assert masked.count("*") * 3 >= len(digits)


@pytest.mark.parametrize(
    ("address", "masked"),
    [("zhang@example.cn", "z***@example.cn"), ("@example.cn", "***@example.cn"), ("none", "***"), ("", ""), (None, "")],
)
def test_email_is_masked(address, masked):
    assert t.mask_email(address) == masked


@pytest.mark.parametrize(
    ("account", "masked"),
    [("6222 0000 0000 1234", "6222********1234"), ("12345678", "******78"), ("1234", "****"), (None, "")],
)
def test_bank_account_is_masked(account, masked):
    assert t.mask_bank(account) == masked


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠"))
def test_formula_like_text_gets_an_apostrophe(start):
    value = f"{start}HYPERLINK(1)"
    assert t.is_formula_like(value)
    assert t.spreadsheet_text(value) == f"'{value}"
    assert t.spreadsheet_clean(value) == value


@pytest.mark.parametrize(("value", "text"), [(None, ""), (12, "12"), ("一二", "一二"), ("a=b", "a=b"), (-5, "'-5")])
def test_other_values_stay_as_they_are(value, text):
    assert t.spreadsheet_text(value) == text


@given(st.text(st.characters(), max_size=60))
def test_spreadsheet_text_is_never_a_formula_and_always_writable(value):
    text = t.spreadsheet_text(value)
    assert not t.is_formula_like(text)
    assert all(ch in "\t\n\r" or ch >= " " for ch in text)
    text.encode()


def test_spreadsheet_text_is_cut_at_the_cell_limit():
    assert len(t.spreadsheet_text("=" + "长" * 40_000)) == t.CELL_LIMIT


@pytest.mark.parametrize(
    ("text", "form"), [("　ＡＢＣ　１２３\n天津 ", "abc 123 天津"), ("", ""), (None, ""), ("ＴＩＡＮＪＩＮ", "tianjin")]
)
def test_search_form(text, form):
    assert t.normalise_search(text) == form


@given(st.text(max_size=60))
def test_search_and_title_forms_are_stable(text):
    assert t.normalise_search(t.normalise_search(text)) == t.normalise_search(text)
    assert t.normalise_title(t.normalise_title(text)) == t.normalise_title(text)
    assert t.normalise_title(f" 《{text}》。") == t.normalise_title(text)


def test_title_form_ignores_brackets_width_and_punctuation():
    assert t.normalise_title("《“五小”成果》（一）") == t.normalise_title("五小成果(一)") == "五小成果一"


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("", "", 0),
        ("甲", "", 0),
        ("甲乙", "乙甲", 0),
        ("甲乙", "《甲乙》", 100),
        ("甲乙丙", "甲乙丁", 50),
        ("甲", "乙", 0),
    ],
)
def test_title_similarity(one, other, percent):
    assert t.title_similarity(one, other) == percent


@given(st.text(max_size=30), st.text(max_size=30))
def test_title_similarity_is_symmetric_and_bounded(one, other):
    assert t.title_similarity(one, other) == t.title_similarity(other, one)
    assert 0 <= t.title_similarity(one, other) <= 100


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("推荐表.docx", "推荐表.docx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a<b>:c"d|e?.pdf', "a_b_c_d_e_.pdf"),
        ("con.txt", "_con.txt"),
        ("COM1", "_COM1"),
        ("", "文件"),
        (None, "文件"),
        ("...", "文件"),
        ("a\u202egpj.exe", "a_gpj.exe"),
        ("名字 . ", "名字"),
    ],
)
def test_file_name_is_safe(name, safe):
    assert t.safe_file_name(name) == safe


def test_long_file_name_keeps_its_extension():
    name = t.safe_file_name("长" * 300 + ".docx", max_bytes=100)
    assert name.endswith("长.docx")
    assert len(name.encode()) <= 100


def test_name_that_becomes_reserved_by_the_cut_is_still_safe():
    assert t.safe_file_name("con     x.abcdefgh", max_bytes=16) == "_con.abcdefgh"


def test_default_that_is_cut_away_becomes_an_underscore():
    assert t.safe_file_name(".......", default="长长长", max_bytes=3) == "_"


@given(st.text(st.characters(), max_size=400), st.integers(16, 255))
def test_file_name_properties(name, limit):
    safe = t.safe_file_name(name, max_bytes=limit)
    assert safe
    assert len(safe.encode()) <= limit
    assert not set(safe) & set('\\/:*?"<>|\x00')
    assert safe == safe.strip(" .")
    assert all(unicodedata.category(ch) != "Cc" or ch > "\x7f" for ch in safe)

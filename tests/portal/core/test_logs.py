"""No personal data in any log line, whoever wrote it."""

import datetime as dt
import io
import json
import logging
import logging.config

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from portal.core.logs import logging_config, mask_personal_data, mask_text

ID_NUMBER = "120199199001011233"


@pytest.fixture
def lines():
    """What the production configuration writes, parsed."""
    stream = io.StringIO()
    config = logging_config(json=True)
    config["handlers"]["console"]["stream"] = stream
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in config["loggers"]}
    before, level = root.handlers[:], root.level
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    structlog.reset_defaults()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"证件 {ID_NUMBER} 重复", "证件 [id] 重复"),
        ("12019919900101123x。", "[id]。"),
        ("旧证 120199900101123", "旧证 [id]"),
        ("拨打13812345678或022-23456789", "拨打[phone]或[phone]"),
        ("+86 138-1234-5678", "[phone]"),
        ("mail zhang.san+x@example.com.cn failed", "mail [email] failed"),
        ("GET /accounts/invitations/q8Zr3kP0xTt1/ 404", "GET /accounts/invitations/…/ 404"),
        (
            "DETAIL:  Key (full_name, city)=(张三, 天津) already exists.",
            "DETAIL:  Key (full_name, city)=(…) already exists.",
        ),
        ("DETAIL:  Failing row contains (7, 张三, null).", "DETAIL:  Failing row contains (…)."),
        ("round 2026 produced 20 of 1523 entries in 345 ms", "round 2026 produced 20 of 1523 entries in 345 ms"),
        ("信用代码 91120116MA06ABCD12", "信用代码 91120116MA06ABCD12"),
        ("id 0b8f6c1e4d5a4f6b9c0d1e2f3a4b5c6d", "id 0b8f6c1e4d5a4f6b9c0d1e2f3a4b5c6d"),
    ],
)
def test_mask_text_hides_people_and_keeps_the_rest(text, expected):
    assert mask_text(text) == expected


@pytest.mark.unit
@given(
    before=st.text(alphabet="张三 ,。:=()'\"", max_size=8),
    birth=st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda day: f"{day:%Y%m%d}"),
    order=st.integers(0, 999),
    check=st.sampled_from("0123456789Xx"),
    after=st.text(alphabet="张三 ,。:=()'\"", max_size=8),
)
def test_mask_text_finds_every_identity_number(before, birth, order, check, after):
    number = f"120199{birth}{order:03}{check}"
    assert number not in mask_text(before + number + after)


@pytest.mark.unit
def test_fields_at_any_depth_are_masked():
    event = {
        "event": "x",
        "data": {"list": [ID_NUMBER, {"phone": "x"}]},
        "password": "secret",
        "count": 3,
        "number": int(ID_NUMBER),
    }
    assert mask_personal_data(None, "info", event) == {
        "event": "x",
        "data": {"list": ["[id]", {"phone": "[hidden]"}]},
        "password": "[hidden]",
        "count": 3,
        "number": "[id]",
    }


@pytest.mark.unit
def test_production_lines_are_json_and_masked_also_from_libraries(lines):
    structlog.get_logger("portal.test").info("entry.submitted", entry=7, note=f"of {ID_NUMBER}")
    logging.getLogger("some.library").warning("mail to %s refused", "zhang@example.com")
    try:
        raise ValueError(f"bad number {ID_NUMBER}")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: /x/?phone=13812345678")
    ours, library, crash = lines()
    assert ours["event"] == "entry.submitted"
    assert ours["entry"] == 7
    assert ours["note"] == "of [id]"
    assert ours["level"] == "info"
    assert ours["timestamp"].endswith("Z")
    assert library["event"] == "mail to [email] refused"
    assert library["logger"] == "some.library"
    assert "bad number [id]" in crash["exception"]
    assert crash["event"].endswith("phone=[phone]")
    assert ID_NUMBER not in json.dumps([ours, library, crash])


@pytest.mark.unit
def test_request_id_stands_in_every_line(lines):
    with structlog.contextvars.bound_contextvars(request_id="abc-12345"):
        structlog.get_logger("portal.test").info("inside")
    structlog.get_logger("portal.test").info("outside")
    inside, outside = lines()
    assert inside["request_id"] == "abc-12345"
    assert "request_id" not in outside

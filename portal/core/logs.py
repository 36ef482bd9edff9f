"""Structured logs without personal data: JSON in production, readable lines in development.

Every value of every line, also of libraries and of tracebacks, passes ``mask_personal_data``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Values that PostgreSQL quotes in its messages: names have no pattern of their own.
    (re.compile(r"(Key \([^)]*\))=\(.*?\)(?= |\.|$)", re.MULTILINE), r"\1=(…)"),
    (re.compile(r"(Failing row contains )\(.*\)"), r"\1(…)"),
    # Tokens of invitation, sign-in and reset links.
    (re.compile(r"(/(?:invitations?|reset|token|key)/)[^/\s]{8,}"), r"\1…"),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "[email]"),
    # GB 11643: 18 characters, the last may be X; also the old 15-digit form.
    (re.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[0-9Xx](?![0-9A-Za-z])"), "[id]"),
    (re.compile(r"(?<![0-9A-Za-z])\d{15}(?![0-9A-Za-z])"), "[id]"),
    (re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])"), "[phone]"),
    (re.compile(r"(?<![0-9A-Za-z])0\d{2,3}[- ]\d{7,8}(?![0-9A-Za-z])"), "[phone]"),
)
# Fields that hold what a person typed; their value is never needed to find a fault.
_SECRET_FIELDS = frozenset(
    {"password", "token", "secret", "name", "full_name", "id_number", "phone", "email", "address"}
)


def mask_text(text: str) -> str:
    """The text with identity numbers, telephone numbers, mail addresses, link tokens and quoted rows replaced."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def mask_personal_data(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Structlog processor: masks every string of the event, at any depth."""
    return {key: "[hidden]" if key in _SECRET_FIELDS and value else _mask(value) for key, value in event.items()}


def _mask(value: Any) -> Any:
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return mask_personal_data(None, "", value)
    if isinstance(value, (list, tuple, set)):
        return [_mask(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return mask_text(str(value)) if type(value) is int and value >= 10**10 else value
    return mask_text(str(value))


def logging_config(*, json: bool) -> dict[str, Any]:
    """Dictionary for ``logging.config.dictConfig``; also sets up structlog. One handler, to standard error."""
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any] = [
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        mask_personal_data,
    ]
    if json:
        last.append(structlog.processors.JSONRenderer(ensure_ascii=False, default=str))
    else:
        last.append(structlog.dev.ConsoleRenderer(colors=False))
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": before,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # One line a request comes from RequestIdMiddleware; these would repeat it with the full address.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "fontTools": {"level": "WARNING"},
            "PIL": {"level": "WARNING"},
        },
    }


@contextmanager
def quiet() -> Iterator[None]:
    """Errors only, for commands that report on their own; afterwards as before."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)

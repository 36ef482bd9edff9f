"""typst → PDF. Data reach a template as JSON only, so nothing a person typed is ever read as markup."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

TEMPLATES = Path(__file__).resolve().parent / "typst"
FONT_FOLDERS = (
    "@expo-google-fonts/noto-serif-sc/400Regular",
    "@expo-google-fonts/noto-serif-sc/700Bold",
    "@expo-google-fonts/noto-sans-sc/400Regular",
    "@expo-google-fonts/noto-sans-sc/700Bold",
)
"""Noto Serif SC for the text, Noto Sans SC for labels; only the glyphs in use are embedded."""

_LONG_RUN = re.compile(r"[!-~]{19,}")
BREAK = "\u200b"


class FontMissing(RuntimeError):
    """The front-end packages, which hold the fonts, are not installed."""


def font_folders() -> list[Path]:
    """Folders with the embedded fonts. Raises FontMissing with what to do."""
    folders = [Path(settings.NODE_MODULES) / folder for folder in FONT_FOLDERS]
    if not all(any(folder.glob("*.ttf")) for folder in folders):
        raise FontMissing(_("缺少中文字体，请在项目目录运行 npm ci 后重试"))
    return folders


def compile_pdf(template: Path, payload: Mapping[str, Any], *, made_at: dt.datetime | None = None) -> bytes:
    """Typeset ``template`` with ``payload`` (JSON primitives; the template reads ``json(bytes(sys.inputs.data))``).

    ``made_at`` fixes the time written into the PDF. Raises FontMissing.
    """
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(folder) for folder in font_folders()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_breakable(payload), ensure_ascii=False)},
        timestamp=int(made_at.timestamp()) if made_at else None,
        format="pdf",
    )


def _breakable(value: Any) -> Any:
    """Long runs of Latin characters (addresses, numbers) may break anywhere instead of leaving their cell."""
    if isinstance(value, str):
        return _LONG_RUN.sub(lambda match: BREAK.join(match[0]), value)
    if isinstance(value, Mapping):
        return {key: _breakable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(item) for item in value]
    return value

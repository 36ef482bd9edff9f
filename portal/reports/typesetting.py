"""PDF through typst: a template file and data. Text of users is data (``sys.inputs.payload``), never markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

FONT_PACKAGES = ("noto-serif-sc", "noto-sans-sc")


class FontMissing(RuntimeError):
    """The Chinese fonts come with the front-end packages (``npm ci``)."""


def font_folders() -> list[Path]:
    """Folders of the Chinese fonts that papers embed; raises FontMissing when they are not installed."""
    folders = [settings.NODE_MODULES / "@expo-google-fonts" / name for name in FONT_PACKAGES]
    present = [folder for folder in folders if folder.is_dir()]
    if not present:
        raise FontMissing("Chinese fonts are missing; run `npm ci` in the project folder.")
    return present


def compile_pdf(template: Path, payload: Mapping[str, Any]) -> bytes:
    """The PDF of one template with its data; fonts embedded, nothing fetched from the network."""
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(folder) for folder in font_folders()],
        ignore_system_fonts=True,
        sys_inputs={"payload": json.dumps(payload, ensure_ascii=False, default=str)},
        format="pdf",
    )

"""Uploaded files are checked by their content, not by their name (issue of trust: a renamed .exe stays an .exe).

Allowed kinds are a closed list. Office files are opened as archives: no macros, no bombs. Pictures are decoded.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from portal.core.errors import Invalid
from portal.core.text import safe_file_name

MB = 1024 * 1024
MAX_UNPACKED = 200 * MB
MAX_RATIO = 200  # an office file that unpacks to more than that is a bomb
MAX_PARTS = 5000
MAX_PIXELS = 60_000_000

# extension → (content type, what the content must be)
KINDS: dict[str, tuple[str, str]] = {
    ".pdf": ("application/pdf", "pdf"),
    ".jpg": ("image/jpeg", "image"),
    ".jpeg": ("image/jpeg", "image"),
    ".png": ("image/png", "image"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xl/"),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "ppt/"),
    ".zip": ("application/zip", "zip"),
    ".mp4": ("video/mp4", "mp4"),
}


@dataclass(frozen=True)
class Upload:
    """A file that passed: ``file`` rewound, ``name`` safe, ``size`` in bytes, ``sha256`` in hex."""

    file: Any
    name: str
    size: int
    content_type: str
    sha256: str


def checked_upload(file: UploadedFile, *, accept: Sequence[str], max_mb: float, field: str = "files") -> Upload:
    """Raises Invalid with a message beside ``field`` that names the file, what is wrong and what is allowed."""
    name = safe_file_name(file.name or "")
    suffix = PurePath(name).suffix.lower()
    problem = _problem(file, suffix, [s.lower() for s in accept], max_mb)
    if problem:
        message = _("“%(name)s”%(problem)s") % {"name": name, "problem": problem}
        raise Invalid(message, fields={field: [message]})
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return Upload(file, name, file.size, KINDS[suffix][0], digest.hexdigest())


def _problem(file: UploadedFile, suffix: str, accept: list[str], max_mb: float) -> str:
    if not file.size:
        return _("是空文件。")
    if file.size > max_mb * MB:
        size = {"size": round(file.size / MB, 1), "max": f"{max_mb:g}"}
        return _("有%(size)sMB，超过%(max)sMB的上限，请压缩后再上传。") % size
    if suffix not in accept or suffix not in KINDS:
        return _("的类型不允许，可上传：%s。") % "、".join(s.lstrip(".").upper() for s in accept)
    kind = KINDS[suffix][1]
    if kind == "image":
        return _image_problem(file, KINDS[suffix][0])
    if kind.endswith("/") or kind == "zip":
        return _archive_problem(file, kind)
    file.seek(0)
    guess = filetype.guess(file.read(262))
    if guess is None or guess.mime != KINDS[suffix][0]:
        return _("的内容与扩展名不符，请确认文件没有损坏或改名。")
    return ""


def _image_problem(file: UploadedFile, content_type: str) -> str:
    file.seek(0)
    try:
        with Image.open(file) as image:
            if Image.MIME.get(image.format or "") != content_type:
                return _("的内容与扩展名不符，请用原图上传。")
            if image.width * image.height > MAX_PIXELS:
                return _("的像素过大，请缩小后再上传。")
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return _("不是有效的图片。")
    return ""


def _archive_problem(file: UploadedFile, kind: str) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return _("已损坏或内容与扩展名不符。")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > max(file.size, 1) * MAX_RATIO:
        return _("解压后过大，已拒绝。")
    names = [part.filename for part in parts]
    if kind != "zip":
        if not any(name.startswith(kind) for name in names):
            return _("的内容与扩展名不符，请确认文件没有改名。")
        if any(name.endswith("vbaProject.bin") for name in names):
            return _("含有宏，请另存为不带宏的文件后上传。")
    return ""

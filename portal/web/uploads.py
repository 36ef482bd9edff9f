"""What an uploaded file really is: checked by its content, never by its name alone. No database.

Every refusal is a sentence that says what is wrong with which file and what to do.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any

import filetype
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from portal.core.errors import Invalid
from portal.core.text import safe_file_name

MB = 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_UNPACKED = 200 * MB
MAX_RATIO = 120  # text compresses well, but not a thousandfold
MAX_MEMBERS = 5_000
METADATA = (
    "exif",
    "xmp",
    "comment",
    "photoshop",
    "Comment",
    "Author",
    "Software",
    "XML:com.adobe.xmp",
    "Raw profile type exif",
)
TURNED_QUALITY = 92
HEAD = 8192

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Extension → (type served later, types the content may be recognised as)
KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "pdf": ("application/pdf", frozenset({"application/pdf"})),
    "jpg": ("image/jpeg", frozenset({"image/jpeg"})),
    "jpeg": ("image/jpeg", frozenset({"image/jpeg"})),
    "png": ("image/png", frozenset({"image/png"})),
    "docx": (WORD, frozenset({WORD, "application/zip"})),
    "xlsx": (EXCEL, frozenset({EXCEL, "application/zip"})),
    "mp4": ("video/mp4", frozenset({"video/mp4", "video/x-m4v"})),
}
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
ACTIVE_PARTS = re.compile(r"(?i)(vbaProject\.bin|activeX/|oleObject\d*\.bin|\.exe$|\.dll$|\.js$|\.vbs$)")
ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch)\b")


class FileRefused(Exception):
    """The file does not fit; the message is for the person who chose it."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    name: str
    extension: str
    content_type: str
    size: int
    sha256: str


def check_file(file: IO[bytes], *, name: str, size: int, accept: Collection[str], max_bytes: int) -> CheckedFile:
    """Checks name, size and content of an upload and returns what is stored about it.

    ``accept`` are extensions without dot. Leaves the file at its beginning. Raises FileRefused.
    """
    clean = safe_file_name(name)
    extension = clean.rpartition(".")[2].lower() if "." in clean else ""
    kinds = "、".join(kind.upper() for kind in accept)
    if extension not in accept or extension not in KINDS:
        raise FileRefused(_("“%(name)s”不是可上传的类型，请上传 %(kinds)s 文件。") % {"name": clean, "kinds": kinds})
    if size == 0:
        raise FileRefused(_("“%s”是空文件，请重新选择。") % clean)
    if size > max_bytes:
        raise FileRefused(
            _("“%(name)s”有 %(size).1f MB，超过 %(limit).0f MB 的上限，请压缩后再上传。")
            % {"name": clean, "size": size / MB, "limit": max_bytes / MB}
        )
    content_type, recognised = KINDS[extension]
    _check_head(file, clean, extension, recognised)
    _check_inside(file, clean, extension)
    digest = _sha256(file)
    return CheckedFile(clean, extension, content_type, size, digest)


def without_metadata(file: IO[bytes], checked: CheckedFile) -> tuple[IO[bytes], CheckedFile]:
    """A picture without what the camera wrote into it (place, time, device, names), upright; other files unchanged.

    Pictures come onto public pages, and nobody looks into their metadata before agreeing to that. A picture that
    carries none stays byte for byte; one that is merely stripped is written with its own JPEG tables, not coarser ones.
    """
    if checked.extension not in {"jpg", "jpeg", "png"}:
        return file, checked
    file.seek(0)
    with Image.open(file, formats=("JPEG", "PNG")) as picture:
        exif = picture.getexif()
        if not exif and not any(key in picture.info for key in METADATA):
            file.seek(0)
            return file, checked
        turned = exif.get(ExifTags.Base.Orientation, 1) != 1
        upright = ImageOps.exif_transpose(picture) if turned else picture
        options: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
        if picture.format == "JPEG":
            options["quality"] = TURNED_QUALITY if turned else "keep"
        upright.info = {}  # otherwise Pillow writes texts and EXIF again
        clean = io.BytesIO()
        upright.save(clean, picture.format, exif=b"", **options)
    size = clean.tell()
    return clean, dataclasses.replace(checked, size=size, sha256=_sha256(clean))


def _check_head(file: IO[bytes], name: str, extension: str, recognised: frozenset[str]) -> None:
    file.seek(0)
    kind = filetype.guess(file.read(HEAD))
    if kind is None:
        raise FileRefused(
            _("“%(name)s”的内容不是 %(kind)s 文件，可能已损坏，请重新导出后上传。")
            % {"name": name, "kind": extension.upper()}
        )
    if kind.mime not in recognised:
        raise FileRefused(
            _("“%(name)s”的内容其实是 %(kind)s 文件，与扩展名 .%(extension)s 不符，请上传原始文件，不要改扩展名。")
            % {"name": name, "kind": kind.extension.upper(), "extension": extension}
        )


def _check_inside(file: IO[bytes], name: str, extension: str) -> None:
    file.seek(0)
    if extension in MAIN_PART:
        _check_office(file, name, extension)
    elif extension in {"jpg", "jpeg", "png"}:
        _check_image(file, name)
    elif extension == "pdf":
        _check_pdf(file, name)
    file.seek(0)


def _check_office(file: IO[bytes], name: str, extension: str) -> None:
    """Word and Excel files are zip archives: no bombs, no macros, nothing that runs."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            broken = MAIN_PART[extension] not in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused(_("“%s”已损坏或设有密码，无法打开，请另存后重新上传。") % name) from error
    if broken:
        raise FileRefused(
            _("“%(name)s”的内容不是 %(kind)s 文件，请用办公软件另存为 .%(extension)s 后上传。")
            % {"name": name, "kind": extension.upper(), "extension": extension}
        )
    packed = sum(member.compress_size for member in members) or 1
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked / packed > MAX_RATIO:
        raise FileRefused(_("“%s”解压后异常庞大，为安全起见不能上传。请删去多余内容另存后再试，或转为 PDF。") % name)
    if any(ACTIVE_PARTS.search(member.filename) for member in members):
        raise FileRefused(_("“%s”含有宏或嵌入的程序，不能上传。请另存为不含宏的文件，或转为 PDF。") % name)


def _check_image(file: IO[bytes], name: str) -> None:
    """Decoded completely, so that a damaged or disguised picture is found now and not by an expert later."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise FileRefused(
                        _("“%(name)s”有 %(width)d×%(height)d 像素，过大，请缩小后再上传。")
                        % {"name": name, "width": width, "height": height}
                    )
                picture.load()
    except FileRefused:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise FileRefused(_("“%s”不是完整的图片，可能已损坏，请重新导出后上传。") % name) from error


def _check_pdf(file: IO[bytes], name: str) -> None:
    """The end is there (a broken upload lacks it) and nothing in plain sight runs."""
    tail = b""
    for block in iter(lambda: file.read(MB), b""):
        if ACTIVE_PDF.search(tail[-16:] + block):
            raise FileRefused(_("“%s”含有脚本或启动程序的动作，不能上传。请用“打印为 PDF”重新生成后上传。") % name)
        tail = (tail + block)[-2048:]
    if b"%%EOF" not in tail:
        raise FileRefused(_("“%s”不完整，可能没有保存好，请重新导出后上传。") % name)


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for block in iter(lambda: file.read(MB), b""):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def checked_upload(upload: Any, *, accept: Collection[str], max_mb: int, field: str) -> tuple[IO[bytes], CheckedFile]:
    """The file behind a Django upload, checked by its content and without a camera's metadata, and what is stored of it.

    ``accept`` are extensions without dot. Raises Invalid with the sentence beside ``field``.
    """
    file = as_binary(upload)
    try:
        checked = check_file(file, name=upload.name, size=upload.size, accept=accept, max_bytes=max_mb * MB)
    except FileRefused as error:
        raise Invalid(str(error), fields={field: [str(error)]}) from error
    return without_metadata(file, checked)


def as_binary(upload: Any) -> IO[bytes]:
    """The seekable binary file behind a Django upload."""
    return upload.file if hasattr(upload, "file") else upload

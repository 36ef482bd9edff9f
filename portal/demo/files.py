"""Small real files for the demo: a drawn picture, a sealed paper as PDF, a film."""

from __future__ import annotations

import io
import random
from functools import cache
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from portal.reports.typesetting import compile_pdf

PAPER = Path(__file__).with_name("paper.typ")


def upload(label: str, accept: tuple[str, ...], rng: random.Random, mark: str) -> SimpleUploadedFile:
    """A file of a kind that the place accepts; ``mark`` makes its content unique."""
    if "pdf" in accept:
        return SimpleUploadedFile(f"{label}.pdf", _paper(label) + f"\n% {mark}\n".encode(), "application/pdf")
    if "mp4" in accept and not {"jpg", "jpeg", "png"} & set(accept):
        return SimpleUploadedFile(f"{label}.mp4", _film(mark), "video/mp4")
    return SimpleUploadedFile(f"{label}.jpg", picture(rng), "image/jpeg")


def _film(mark: str) -> bytes:
    """A film without a single frame: the boxes every player reads first (ISO/IEC 14496-12), told apart by a free box."""

    def box(kind: bytes, content: bytes) -> bytes:
        return (8 + len(content)).to_bytes(4, "big") + kind + content

    brands = b"isom" + (512).to_bytes(4, "big") + b"isomiso2avc1mp41"
    rate, volume = (0x10000).to_bytes(4, "big"), (0x100).to_bytes(2, "big")
    matrix = b"".join(n.to_bytes(4, "big") for n in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))
    times = bytes(12) + (1000).to_bytes(4, "big") + bytes(4)
    header = times + rate + volume + bytes(10) + matrix + bytes(24) + (1).to_bytes(4, "big")
    return box(b"ftyp", brands) + box(b"moov", box(b"mvhd", header)) + box(b"free", mark.encode()) + box(b"mdat", b"")


@cache
def _paper(label: str) -> bytes:
    return compile_pdf(PAPER, {"title": label})


def picture(rng: random.Random) -> bytes:
    """A plain drawing of a workpiece on a bench, in calm colours."""
    image = Image.new("RGB", (960, 600), (238, 241, 244))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 960, 600), fill=(203, 209, 215))
    for _ in range(rng.randint(3, 6)):
        x, width, height = rng.randint(60, 700), rng.randint(90, 220), rng.randint(80, 280)
        tone = rng.randint(95, 175)
        draw.rounded_rectangle((x, 430 - height, x + width, 430), 12, fill=(tone, tone + 12, tone + 24))
        draw.ellipse((x + 20, 430 - height + 20, x + 60, 430 - height + 60), fill=(166, 27, 31))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()

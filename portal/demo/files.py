"""Small real files for the demo: a drawn picture, and a sealed paper as PDF."""

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
    return SimpleUploadedFile(f"{label}.jpg", picture(rng), "image/jpeg")


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

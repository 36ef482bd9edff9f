"""Files of the public boards: written whole by a job, read by views without a database. Pure input and output.

A file is replaced by renaming, so that a reader has the old one or the new one and never half of either, however many
read at once. The answer's ETag is the hash of its bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

INDEX, UNIONS = "index", "unions"
_kept: dict[Path, tuple[tuple[int, int, int], Published]] = {}


@dataclass(frozen=True, slots=True)
class Published:
    """One file as it stands: its bytes, their ETag, and what they say."""

    content: bytes
    etag: str
    data: dict[str, Any]


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "boards"


def path_of(name: str | int) -> Path:
    return folder() / f"{name}.json"


def write(name: str | int, data: Mapping[str, Any]) -> None:
    """Puts the file in place at once; the same content leaves it as it is."""
    content = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and target.read_bytes() == content:
        return
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o640)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def remove(name: str | int) -> None:
    path_of(name).unlink(missing_ok=True)


def read(name: str | int) -> Published | None:
    """The file as it stands now, or None. What was parsed is kept in memory until the file is another one."""
    target = path_of(name)
    try:
        facts = target.stat()
        mark = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        kept = _kept.get(target)
        if kept and kept[0] == mark:
            return kept[1]
        content = target.read_bytes()
    except FileNotFoundError:
        _kept.pop(target, None)
        return None
    found = Published(content, f'"{hashlib.sha256(content).hexdigest()[:20]}"', json.loads(content))
    _kept[target] = (mark, found)
    return found


def all_boards() -> list[dict[str, Any]]:
    """Every board that is shown, by number."""
    if not folder().is_dir():
        return []
    numbers = sorted(int(p.stem) for p in folder().glob("*.json") if p.stem.isdigit())
    return [found.data for number in numbers if (found := read(number)) is not None]

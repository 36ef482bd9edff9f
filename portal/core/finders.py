"""Static files of front-end packages: exactly the files we serve, straight out of ``node_modules``.

``settings.PACKAGE_FILES`` maps the name under STATIC_URL to the path below ``settings.NODE_MODULES``. A package's
whole ``dist`` folder (ECharts: 50 MB) would otherwise be collected, hashed and compressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core import checks
from django.core.files.storage import FileSystemStorage


class PackageStorage(FileSystemStorage):
    """Reads by the public name, finds the file in its package."""

    def path(self, name: str) -> str:
        return str(Path(self.location) / settings.PACKAGE_FILES[name])


class PackageFinder(BaseFinder):
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        source = settings.PACKAGE_FILES.get(path)
        file = settings.NODE_MODULES / source if source else None
        if file is None or not file.is_file():
            return []
        return [str(file)] if find_all else str(file)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        missing = [
            source for source in settings.PACKAGE_FILES.values() if not (settings.NODE_MODULES / source).is_file()
        ]
        if not missing:
            return []
        return [
            checks.Warning(f"Front-end packages are missing: {', '.join(missing)}.", hint="npm ci", id="portal.W001")
        ]

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, PackageStorage]]:
        storage = PackageStorage(location=settings.NODE_MODULES)
        for name in settings.PACKAGE_FILES:
            yield name, storage

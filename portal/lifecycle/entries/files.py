"""The check of uploads, under the name the rooms know it by; it lives in ``portal.web.uploads``."""

from portal.web.uploads import (
    EXCEL,
    KINDS,
    MB,
    WORD,
    CheckedFile,
    FileRefused,
    as_binary,
    check_file,
    without_metadata,
)

__all__ = ["EXCEL", "KINDS", "MB", "WORD", "CheckedFile", "FileRefused", "as_binary", "check_file", "without_metadata"]

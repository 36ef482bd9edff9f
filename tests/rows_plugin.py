"""Pytest plugin of ``manage.py rows``: writes which collected test proves which row, runs nothing."""

import json
import os
from pathlib import Path

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    proofs: dict[int, list[str]] = {}
    for item in session.items:
        if item.get_closest_marker("skip"):
            continue
        test = item.nodeid.split("[")[0]
        for mark in item.iter_markers("row"):
            for number in mark.args:
                tests = proofs.setdefault(number, [])
                if test not in tests:
                    tests.append(test)
    Path(os.environ["PORTAL_ROWS_FILE"]).write_text(json.dumps(proofs), encoding="utf-8")

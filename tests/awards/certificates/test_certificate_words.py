"""What a certificate says: the words of every programme, filled in from public answers only."""

from __future__ import annotations

import datetime as dt

import pytest

from awards.certificates import render
from awards.register.models import HonourRecord
from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.vocabulary import StageKind
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


def words(rules):
    stage = rules.stage(StageKind.CONFERRAL)
    return stage.params.certificate_text if stage else ""


CODES = [path.stem for path in loader.programme_files() if words(loader.load_file(path))]


@pytest.mark.parametrize("code", CODES)
def test_certificate_of_every_programme_is_filled_in_completely(code, tianjin, all_rows):
    cycle = make_cycle(tianjin, code)
    entry = make_entry(cycle, tianjin.filer)
    record = HonourRecord(
        entry=entry,
        recipient=entry.title,
        honour=cycle.rules.honour.title,
        cycle_label="2026年度",
        year=2026,
        conferred_on=dt.date(2026, 4, 28),
    )
    text = render._text(record)
    assert "{" not in text
    assert text.endswith("。")
    assert entry.title in text or "{title}" not in words(cycle.rules)


def test_certificate_never_prints_answers_that_are_not_public(tianjin, all_rows):
    entry = make_entry(make_cycle(tianjin, "innovation-star"), tianjin.filer)
    shown = render._public_answers(entry)
    assert "name" in shown
    assert not {"id_number", "phone"} & shown.keys()

"""The factories give what they promise: every real programme's complete entry may be submitted."""

import pytest

from portal.core.crypto import decrypt
from portal.lifecycle.blueprints.fields import map_sensitive, missing_items
from portal.lifecycle.blueprints.loader import programme_files
from tests.factories.entries import make_cycle, make_entry

CODES = ["small-work", *(path.stem for path in programme_files())]


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_factory_entry_is_complete_by_its_own_blueprint(code, tianjin, all_rows):
    cycle = make_cycle(tianjin, code)
    entry = make_entry(cycle, tianjin.filer)
    rules = cycle.rules
    files = dict.fromkeys(entry.attachments.values_list("field", flat=True), 1)
    assert missing_items(rules, map_sensitive(rules, entry.answers, decrypt), files) == []

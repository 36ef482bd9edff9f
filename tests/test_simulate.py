"""Every programme file, and every shape a programme may have, walks from its draft to its end by the real pages.

A new file is walked the day it is added: nothing has to be written here.
"""

import io

import pytest
from django.core.management import CommandError, call_command

from portal.core.scoping import system_scope
from portal.demo.desk import PageProblem
from portal.demo.walk import simulate
from portal.lifecycle.blueprints import loader
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.models import Programme

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ENTRIES = 2
FILES = loader.programme_files()


@pytest.fixture(autouse=True)
def code_lists():
    with system_scope("code lists"):
        call_command("load_codes", verbosity=0, stdout=io.StringIO())


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_programme_walks_from_its_draft_to_its_end(path):
    outcome = simulate(path.read_text(encoding="utf-8"), entries=ENTRIES)
    assert sum(outcome.states.values()) == ENTRIES
    assert outcome.states[EntryState.DRAFT] == 0


def test_simulation_names_the_page_and_repeats_what_it_said(nonpublic):
    """Whoever writes a programme file reads on which page people would get stuck."""
    assert "max_per_unit = 1" in nonpublic
    with pytest.raises(PageProblem, match=r"/desk/entries/new/\d+/：.*1 件"):
        simulate(nonpublic, entries=4)  # there are three units


def test_command_leaves_nothing_behind_and_counts_what_stopped(tmp_path, nonpublic):
    out = io.StringIO()
    good = tmp_path / "good.toml"
    good.write_text(nonpublic, encoding="utf-8")
    call_command("programmes", "simulate", str(good), stdout=out)
    assert "✓ good" in out.getvalue()
    with system_scope("what is left"):
        assert not Programme.objects.exists()
    with pytest.raises(CommandError):
        call_command("programmes", "simulate", stdout=out)


@pytest.fixture
def nonpublic():
    return next(path for path in FILES if path.stem == "nonpublic-top10").read_text(encoding="utf-8")

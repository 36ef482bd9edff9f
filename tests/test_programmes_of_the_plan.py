"""The plan's programmes as files: in their pillar, with the rhythm, the subject and the way to choose of design 3.13."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.programmes.models import Programme

ANY = None
"""The plan does not say; the file proposes something and marks it for confirmation."""

NOTHING = {None}
"""Nobody is chosen: taking part, or showing, is all."""

PLAN = {
    # code: (pillar, cadences, subjects, rules of selection)
    "haihe-craftsman-cup": ("competitions", {"annual"}, {"person"}, {"places_per_track"}),
    "joint-skill-contests": ("competitions", {"rolling"}, {"person", "team"}, {"places_per_track", "places"}),
    "nonpublic-top10": ("competitions", {"annual"}, {"unit"}, {"places"}),
    "demonstration-project": ("competitions", ANY, {"project"}, {"batch"}),
    "demonstration-unit": ("competitions", ANY, {"unit"}, {"batch"}),
    "five-compares-one-create": ("competitions", {"rolling"}, {"project", "team"}, {"threshold"}),
    "carbon-peak": ("competitions", {"on_demand"}, {"team", "person"}, {"batch"}),
    "energy-benchmark": ("competitions", ANY, {"unit", "team"}, {"places", "places_per_track"}),
    "beijing-tianjin-hebei": ("competitions", ANY, {"project"}, ANY),
    "manufacturing-chain": ("competitions", ANY, {"unit", "team"}, ANY),
    "public-sector-five-compares": ("competitions", ANY, {"unit"}, ANY),
    "nonpublic-four-tiers": ("competitions", ANY, {"unit"}, NOTHING),
    "model-exchange": ("competitions", {"rolling"}, {"work"}, NOTHING),
    "five-small-top20": ("innovations", {"every_years"}, {"work"}, {"places"}),
    "innovation-star": ("innovations", {"every_years"}, {"person"}, {"places"}),
    "innovation-studio": ("innovations", ANY, {"unit"}, {"batch"}),
    "innovation-subsidy": ("innovations", ANY, {"project"}, {"budget"}),
    "suggestions": ("innovations", {"rolling"}, {"work"}, {"threshold"}),
    "team-innovation": ("innovations", {"rolling"}, {"team", "work"}, {"threshold"}),
    "ankang-cup": ("safety", ANY, {"unit", "team"}, {"places_per_track"}),
    "safety-quiz": ("safety", ANY, {"person", "team"}, {"places_per_track"}),
    "health-star-video": ("safety", ANY, {"work"}, {"batch"}),
    "safe-team": ("safety", ANY, {"team"}, {"batch"}),
    "golden-idea": ("safety", ANY, {"work"}, {"threshold"}),
    "worker-pioneer": ("awards", ANY, {"team"}, {"batch"}),
    "may-day-instant": ("awards", {"on_demand"}, {"team", "person"}, {"batch"}),
    "craftsman-titles": ("awards", ANY, {"person"}, {"places_per_track"}),
}

METHODS = {
    "haihe-craftsman-cup": "imported_marks",
    "joint-skill-contests": "imported_marks",
    "energy-benchmark": "imported_marks",
    "safety-quiz": "imported_marks",
    "ankang-cup": "checklist",
    "five-small-top20": "rubric_panel",
    "health-star-video": "rubric_panel",
    "may-day-instant": None,
    "nonpublic-four-tiers": None,
    "model-exchange": None,
}


def rules_of(code):
    return loader.load_file(loader.PROJECT_ROOT / PLAN[code][0] / "programmes" / f"{code}.toml")


def test_programmes_of_the_plan_have_their_file():
    assert set(PLAN) == {path.stem for path in loader.programme_files()}


@pytest.mark.parametrize("code", PLAN)
def test_programme_has_the_rhythm_subject_and_selection_of_the_plan(code):
    pillar, cadences, subjects, selections = PLAN[code]
    rules = rules_of(code)
    selection = rules.stage(StageKind.SELECTION)
    assert rules.programme.pillar == pillar
    assert rules.programme.subject in subjects
    assert cadences is ANY or rules.programme.cadence in cadences
    assert selections is ANY or (selection.params.rule if selection else None) in selections


@pytest.mark.parametrize("code", METHODS)
def test_marks_come_in_the_way_the_programme_needs(code):
    review = rules_of(code).stage(StageKind.REVIEW)
    assert (review.params.method if review else None) == METHODS[code]


@pytest.mark.parametrize("code", PLAN)
def test_programme_speaks_of_the_clause_it_carries_out(code):
    rules = rules_of(code)
    assert "方案" in rules.programme.basis
    texts = rules.texts
    for text in (texts.call, texts.eligibility, texts.guide, texts.consent, texts.contact):
        assert len(text) > 10


def test_no_two_programmes_have_the_same_words():
    """A copy with the title changed would ask a studio what it asks a contestant."""
    for part in ("call", "eligibility", "guide", "consent"):
        words = [getattr(rules_of(code).texts, part) for code in PLAN]
        assert len(set(words)) == len(words), part
    questions = [tuple(spec.code for spec in rules_of(code).fields) for code in PLAN]
    assert len(set(questions)) == len(questions)


@pytest.fixture
def copied_files(tmp_path, monkeypatch):
    """The programme files in a folder of their own, so that a test may add one."""
    for path in loader.programme_files():
        target = tmp_path / path.relative_to(loader.PROJECT_ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    monkeypatch.setattr(loader, "PROJECT_ROOT", tmp_path)
    return tmp_path


def write_new_programme(root: Path) -> Path:
    """One more: the golden ideas once more, under another name, as an officer would begin it."""
    text = (root / "safety/programmes/golden-idea.toml").read_text(encoding="utf-8")
    text = text.replace('code = "golden-idea"', 'code = "heat-relief-idea"', 1)
    text = text.replace('title = "“劳动安全金点子”征集展示"', 'title = "防暑降温好办法征集"', 1)
    path = root / "safety/programmes/heat-relief-idea.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_one_more_file_is_found_checked_and_loaded_without_any_code(copied_files, tianjin, all_rows):
    path = write_new_programme(copied_files)
    assert path in loader.programme_files()
    out = io.StringIO()
    call_command("programmes", "check", stdout=out)
    assert "heat-relief-idea.toml：通过" in out.getvalue()
    call_command("programmes", "load", "--all", "--owner", tianjin.municipal.code, stdout=io.StringIO())
    assert Programme.objects.count() == len(PLAN) + 1
    assert Programme.objects.get(code="heat-relief-idea").title == "防暑降温好办法征集"


@pytest.mark.django_db
def test_a_file_with_a_mistake_stops_the_load_and_says_where(copied_files, tianjin, all_rows):
    path = write_new_programme(copied_files)
    path.write_text(path.read_text(encoding="utf-8").replace("min_score = 75", "min_score = 750"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"heat-relief-idea\.toml"):
        call_command("programmes", "load", "--all", "--owner", tianjin.municipal.code, stdout=io.StringIO())
    assert not Programme.objects.exists()

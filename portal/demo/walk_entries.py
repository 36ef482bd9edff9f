"""Units fill in the form, section by section, attach files, give consents, submit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.demo import words
from portal.demo.answers import answers_for
from portal.demo.desk import Desk, PageProblem
from portal.demo.federation import Unit
from portal.demo.files import upload
from portal.demo.sheets import PROOF, typed_items
from portal.lifecycle.blueprints.conditions import is_required, visible_fields
from portal.lifecycle.blueprints.fields import form_data
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.entries.models import Entry

if TYPE_CHECKING:
    from portal.demo.walk import Walk

PICTURES = {"pictures", "picture", "photo", "photos", "form_scan"}


def enter(walk: Walk) -> None:
    """As many entries as asked for, of different units."""
    walk.open_stage("application")
    walk.open_stage("recommendation")
    units = walk.federation.units
    for number in range(walk.entries):
        unit = units[number % len(units)]
        submit(walk, unit, fill_in(walk, unit))


def fill_in(walk: Walk, unit: Unit) -> Entry:
    """A complete draft, by the pages of the form."""
    desk = walk.desk(unit.filer)
    entry = _begin(walk, desk)
    rules = walk.cycle.rules
    given = {code: value for code, value in answers_of(entry).items() if value not in (None, "", [])}
    answers = answers_for(rules, walk.rng, given)
    shown = visible_fields(rules, answers)
    for section in rules.sections:
        version = _look(walk, desk, entry, section.code)
        typed = form_data(rules, {f.code: answers[f.code] for f in section.fields if f.code in answers})
        values = {name: typed.getlist(name) for name in typed}
        desk.press("lifecycle:entry.section", entry.code, section.code, **values, version=version)
        for spec in section.fields:
            wanted = is_required(spec, answers) or spec.code in PICTURES
            if spec.accept and spec.code in shown and wanted:
                file = upload(spec.label, spec.accept, walk.rng, f"{entry.code}-{spec.code}")
                desk.press("lifecycle:entry.upload", entry.code, spec.code, **{spec.code: file})
    walk.looked = True
    return Entry.objects.get(pk=entry.pk)


def _look(walk: Walk, desk: Desk, entry: Entry, section: str) -> str:
    """Opens the section's page for the first entry; its fingerprint, as the page sends it with a save."""
    if walk.looked:
        return ""
    page = desk.open("lifecycle:entry.section", entry.code, section)
    return "".join(page.tree.xpath('//input[@name="version"]/@value')[:1])


def _begin(walk: Walk, desk: Desk) -> Entry:
    page = desk.open("lifecycle:entry.begin", walk.cycle.pk)
    values = page.form() | {"title": _title(walk)}
    for name in ("track", "employer"):
        if options := page.options(name):
            values[name] = options[0]
    before = set(Entry.objects.filter(cycle=walk.cycle).values_list("pk", flat=True))
    desk.press("lifecycle:entry.begin", walk.cycle.pk, **values)
    return Entry.objects.filter(cycle=walk.cycle).exclude(pk__in=before).get()


def _title(walk: Walk) -> str:
    rules = walk.cycle.rules
    most = rules.field(rules.programme.subject_field).max_length or 200
    subject = str(rules.programme.subject)
    if subject == "person":
        return words.person(walk.rng)
    if subject == "work":
        return words.work_title(walk.rng)[:most]
    return (walk.rng.choice(words.PLACES) + walk.rng.choice(words.OBJECTS) + "班组")[:most]


def submit(walk: Walk, unit: Unit, entry: Entry) -> None:
    """Consents, then the button of the check page."""
    desk = walk.desk(unit.filer)
    review = walk.cycle.rules.stage("review")
    if review is not None and review.params.checklist is not None and review.params.checklist.self_mark:
        desk.open("lifecycle:checklist.self", entry.code)
        desk.press("lifecycle:checklist.self_save", entry.code, **typed_items(review.params.checklist, PROOF))
    page = desk.open("lifecycle:entry.review", entry.code)
    for purpose in page.tree.xpath('//form[contains(@action,"consent/")]//input[@name="purpose"]/@value'):
        if not page.tree.xpath(f'//form[contains(@action,"consent/withdraw/")]//input[@value="{purpose}"]'):
            desk.press("lifecycle:entry.consent", entry.code, purpose=purpose)
    entry.refresh_from_db()
    try:
        desk.press("lifecycle:entry.review", entry.code, version=str(entry.version))
    except PageProblem as problem:
        missing = desk.open("lifecycle:entry.review", entry.code).tree.xpath('//*[contains(@class,"missing")]')
        text = "；".join(" ".join("".join(node.itertext()).split()) for node in missing[:4])
        raise PageProblem(problem.page, f"{problem.message}　{text}") from problem
    desk.open("lifecycle:entry.detail", entry.code)

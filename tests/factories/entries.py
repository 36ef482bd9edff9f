"""Programmes, cycles and entries as other rooms' tests need them: on the real blueprints, in any stage and state."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from portal.accounts.models import Code, Employer, Organisation
from portal.accounts.queries.codes import cache_key
from portal.core.context import Actor
from portal.core.crypto import encrypt
from portal.core.dates import local_date
from portal.core.text import normalise_title
from portal.lifecycle.blueprints.fields import map_sensitive, subject_name
from portal.lifecycle.blueprints.loader import definition_from_toml, programme_files
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.vocabulary import ROUTE_ORDER
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries import routes
from portal.lifecycle.entries.models import Attachment, ConsentRecord, Entry, EntryVersion
from portal.lifecycle.entries.queries import route_of
from portal.lifecycle.programmes.domain import load_blueprint, open_cycle
from portal.lifecycle.programmes.models import Cycle, CycleStatus, Programme, StageStatus
from tests.factories.answers import complete_answers, required_files
from tests.factories.people import Tree

_numbers = itertools.count(1)
SMALL = Path(__file__).parent / "blueprints" / "small-work.toml"


def definition_of(toml: str) -> dict[str, Any]:
    """The definition of a programme of the plan by its code, or ``small-work``: every kind of question, short."""
    files = {path.stem: path for path in programme_files()} | {SMALL.stem: SMALL}
    return definition_from_toml(files[toml].read_text(encoding="utf-8"))


def make_programme(
    tree: Tree, toml: str | dict[str, Any] = "five-small-top20", *, now: dt.datetime | None = None
) -> Programme:
    """The programme with its published blueprint, owned by the tree's federation; the same one when asked twice."""
    return load_blueprint(
        definition=definition_of(toml) if isinstance(toml, str) else toml,
        owner=tree.municipal,
        actor=tree.manager,
        now=now or timezone.now(),
    ).programme


def make_cycle(
    tree: Tree,
    toml: str | dict[str, Any] = "five-small-top20",
    *,
    stage: str = "application",
    year: int | None = None,
    now: dt.datetime | None = None,
    params: dict[str, dict[str, Any]] | None = None,
) -> Cycle:
    """A running cycle that stands in ``stage``: earlier stages are closed, later ones pending, dates around ``now``.

    While ``stage`` is application the recommendation stage is open too, as ``open_cycle`` plans it.
    ``params={"application": {"max_per_unit": 1}}`` changes single pinned parameters.
    """
    now = now or timezone.now()
    programme = make_programme(tree, toml, now=now)
    start = local_date(now) - dt.timedelta(days=10)
    cycle = open_cycle(programme=programme, year=year or now.year, actor=tree.manager, now=now, start_date=start)
    kinds = [row.kind for row in cycle.stages.all()]
    for position, row in enumerate(cycle.stages.all()):
        offset = position - kinds.index(stage)
        if offset < 0:
            row.status = StageStatus.CLOSED
            row.opens_at, row.closes_at = (
                now - dt.timedelta(days=10 - 20 * offset),
                now - dt.timedelta(days=1 - 10 * offset),
            )
        else:
            row.status = StageStatus.PENDING if offset else StageStatus.OPEN
            row.opens_at, row.closes_at = (
                now + dt.timedelta(days=30 * offset - 10),
                now + dt.timedelta(days=30 * offset + 15),
            )
        if row.kind == "recommendation" and stage == "application":
            row.status, row.opens_at = StageStatus.OPEN, now - dt.timedelta(days=10)
        row.params |= (params or {}).get(row.kind, {})
        row.save()
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.RUNNING)
    return Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=cycle.pk)


def make_entry(
    cycle: Cycle,
    actor: Actor,
    state: str = EntryState.DRAFT,
    *,
    answers: dict[str, Any] | None = None,
    at_level: str = "",
    complete: bool = True,
    files: bool = True,
    now: dt.datetime | None = None,
    **fields: Any,
) -> Entry:
    """An entry of the actor's unit with valid, complete answers, consents and files, put directly into ``state``.

    ``at_level`` says which stop of the route holds a submitted entry (default: the first). ``answers`` override single
    questions, ``fields`` set columns (title, track, nominating, final_rank …).
    """
    now = now or timezone.now()
    rules = cycle.rules
    ensure_codes(rules)
    organisation = Organisation.objects.get(pk=actor.desk.organisation_id)
    plain = complete_answers(rules, **(answers or {})) if complete else dict(answers or {})
    number = next(_numbers)
    title = fields.pop("title", "") or subject_name(rules, plain)
    if complete and title != subject_name(rules, plain):
        plain[rules.programme.subject_field] = title
    entry = Entry(
        code=fields.pop("code", f"T{cycle.pk}-{number:05d}"),
        cycle=cycle,
        organisation=organisation,
        track=fields.pop("track", None) or cycle.tracks.first(),
        employer=Employer.objects.filter(organisation=organisation).first(),
        title=title,
        title_key=normalise_title(title)[:200],
        answers=map_sensitive(rules, plain, encrypt),
        created_by=actor.user,
        state=state,
        state_changed_at=now,
    )
    if state not in {EntryState.DRAFT, EntryState.WITHDRAWN}:
        _on_route(entry, cycle, state, at_level, now)
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    if complete:
        for spec in rules.fields:
            if spec.type == "consent" and plain.get(spec.code):
                ConsentRecord.objects.create(
                    entry=entry,
                    purpose=spec.code if spec.text else "publish",
                    text=spec.text or rules.texts.consent,
                    given_by=actor.user,
                    given_at=now,
                )
    if files and complete:
        for spec in required_files(rules, plain):
            make_attachment(entry, actor, spec.code)
    if entry.submitted_at:
        make_version(entry, actor, now=now)
    return entry


def ensure_codes(rules: Blueprint) -> None:
    """At least one value in every code list that the blueprint asks for."""
    specs = [spec for field in rules.fields for spec in (field, *field.columns)]
    for name in {str(spec.code_list) for spec in specs if spec.code_list}:
        if not Code.objects.filter(list=name).exists():
            code, label = ("C", "制造业") if name == "industry" else ("1", "第一项")
            Code.objects.create(list=name, code=code, label=label)
        cache.delete(cache_key(name))


def _on_route(entry: Entry, cycle: Cycle, state: str, at_level: str, now: dt.datetime) -> None:
    hops = route_of(entry.organisation, cycle)
    entry.route = routes.to_json(hops)
    entry.route_path = routes.route_path(hops, cycle.owner.path)
    entry.submitted_at = now
    if not hops:
        return
    if state == EntryState.SUBMITTED:
        here = next(hop for hop in hops if not at_level or hop.level == at_level)
    else:
        here = hops[-1]
    entry.at_level, entry.at_organisation_id = here.level, here.organisation
    if state not in {EntryState.SUBMITTED, EntryState.RETURNED, EntryState.DECLINED}:
        above = [hop for hop in hops if ROUTE_ORDER.index(hop.level) >= ROUTE_ORDER.index("district")]
        entry.nominating_id = (above or hops)[0].organisation


def picture_bytes(kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), (166, 27, 31)).save(stream, kind)
    return stream.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def make_attachment(entry: Entry, actor: Actor, field: str, name: str = "现场照片.png") -> Attachment:
    """A stored picture in the place ``field``."""
    content = picture_bytes()
    attachment = Attachment(
        entry=entry,
        field=field,
        name=name,
        size=len(content),
        content_type="image/png",
        sha256=f"{entry.pk:064x}",
        uploaded_by=actor.user,
    )
    attachment.file.save("test.png", ContentFile(content), save=True)
    return attachment


def make_version(entry: Entry, actor: Actor, *, number: int = 1, now: dt.datetime | None = None) -> EntryVersion:
    """The snapshot that a submission makes."""
    return EntryVersion.objects.create(
        entry=entry,
        number=number,
        title=entry.title,
        answers=entry.answers,
        attachments=list(entry.attachments.filter(removed_at=None).values("id", "field", "name", "size", "sha256")),
        fingerprint=f"{entry.pk:064x}",
        created_by=actor.user,
        created_at=now or timezone.now(),
    )

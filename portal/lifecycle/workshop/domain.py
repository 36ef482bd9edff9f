"""Writes of drafts: begin, save a page, discard, publish."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.diff import changes
from portal.lifecycle.blueprints.loader import canonical_json
from portal.lifecycle.programmes.domain import Loaded, load_blueprint
from portal.lifecycle.programmes.models import Blueprint, Programme
from portal.lifecycle.workshop.changes import Act, applied, with_source
from portal.lifecycle.workshop.models import BlueprintDraft, DraftStatus
from portal.lifecycle.workshop.presets import skeleton
from portal.lifecycle.workshop.queries import problems_of

RECORDED = 50  # differences that the audit keeps in words


def _own_organisation(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.at_desk.organisation_id)


def _create(
    definition: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
    programme: Programme | None = None,
    base: Blueprint | None = None,
) -> BlueprintDraft:
    with transaction.atomic():
        draft = BlueprintDraft.objects.create(
            owner=_own_organisation(actor),
            programme=programme,
            base=base,
            title=str(definition["programme"]["title"])[:120],
            definition=json.loads(canonical_json(definition)),
            created_by=actor.user,
            changed_by=actor.user,
        )
        record(
            "lifecycle.draft.created",
            draft,
            actor=actor,
            now=now,
            code=definition["programme"]["code"],
            base=base.pk if base else None,
            base_version=base.version if base else None,
        )
        return draft


def _require_free_code(owner: Organisation, code: str) -> None:
    if Programme.objects.filter(owner=owner, code=code).exists():
        raise Invalid("代码重复。", fields={"code": ["已有项目使用这个代码，请换一个。"]})


def draft_from_nothing(
    *, title: str, code: str, pillar: str, subject: str, cadence: str, year: int, actor: Actor, now: dt.datetime
) -> BlueprintDraft:
    """A draft of a new programme: a small valid skeleton. Raises Invalid when the code is taken, Refused by policy."""
    policy_for("draft").require(actor, "create")
    _require_free_code(_own_organisation(actor), code)
    definition = skeleton(title=title, code=code, pillar=pillar, subject=subject, cadence=cadence, year=year)
    return _create(definition, actor=actor, now=now)


def draft_of_programme(*, programme: Programme, actor: Actor, now: dt.datetime) -> BlueprintDraft:
    """A draft of the programme's next version, from its newest one.

    Raises Invalid when the programme has no version yet, Refused unless the actor runs the programme.
    """
    policy_for("draft").require(actor, "create")
    policy_for("cycle").require(actor, "create", programme)
    newest = _newest(programme)
    return _create(newest.definition, actor=actor, now=now, programme=programme, base=newest)


def draft_from_copy(*, blueprint: Blueprint, title: str, code: str, actor: Actor, now: dt.datetime) -> BlueprintDraft:
    """A draft of a new programme that begins as a copy of any version the desk may see.

    Raises Invalid when the code is taken.
    """
    policy_for("draft").require(actor, "create")
    _require_free_code(_own_organisation(actor), code)
    definition = json.loads(canonical_json(blueprint.definition))
    definition["programme"] |= {"code": code, "title": title}
    definition["programme"].pop("short_title", None)
    return _create(definition, actor=actor, now=now, base=blueprint)


def _newest(programme: Programme) -> Blueprint:
    newest = programme.blueprints.filter(published_at__isnull=False).order_by("-version").first()
    if newest is None:
        raise Invalid("这个项目还没有已发布的方案。")
    return newest


def _lock(draft: BlueprintDraft, *, version: int, action: str, actor: Actor) -> BlueprintDraft:
    locked = lock_row(BlueprintDraft, draft.pk)
    policy_for("draft").require(actor, action, locked)
    if locked.version != version:
        raise Conflict(
            f"这份草稿刚由{locked.changed_by or '他人'}在另一个页面修改过，您打开的不是最新内容；这次没有保存。",
            code="stale",
        )
    return locked


def save_page(
    *,
    draft: BlueprintDraft,
    version: int,
    at: str,
    values: Mapping[str, Any],
    act: Act | None,
    actor: Actor,
    now: dt.datetime,
) -> BlueprintDraft:
    """Writes the changed ``values`` of the page ``at`` and does what its button says; see ``changes.applied``.

    ``version`` is the one that the page was drawn from: Conflict when somebody has saved since. A draft may be wrong or
    incomplete, only publishing asks for more. Nothing is written when nothing has changed.
    """
    with transaction.atomic():
        locked = _lock(draft, version=version, action="edit", actor=actor)
        return _store(locked, applied(locked.definition, at, values, act), at=at, actor=actor, now=now)


def save_source(
    *,
    draft: BlueprintDraft,
    version: int,
    path: str,
    source: str,
    note: str,
    confirm: bool,
    actor: Actor,
    now: dt.datetime,
) -> BlueprintDraft:
    """Says where a value comes from and whether the federation still has to confirm it. Conflict as in ``save_page``."""
    with transaction.atomic():
        locked = _lock(draft, version=version, action="edit", actor=actor)
        changed = with_source(locked.definition, path, source=source, note=note, confirm=confirm)
        return _store(locked, changed, at=path, actor=actor, now=now)


def _store(
    draft: BlueprintDraft, definition: Mapping[str, Any], *, at: str, actor: Actor, now: dt.datetime
) -> BlueprintDraft:
    stored = json.loads(canonical_json(definition))
    if draft.programme_id:
        stored["programme"]["code"] = draft.definition["programme"]["code"]  # another code is another programme
    if stored == draft.definition:
        return draft
    words = [change.text for change in changes(draft.definition, stored)][:RECORDED]
    draft.definition = stored
    draft.title = str(stored.get("programme", {}).get("title") or draft.title)[:120]
    draft.version += 1
    draft.changed_by = actor.user
    draft.save()
    record("lifecycle.draft.changed", draft, actor=actor, now=now, at=at, version=draft.version, changes=words)
    return draft


def discard_draft(*, draft: BlueprintDraft, actor: Actor, now: dt.datetime) -> BlueprintDraft:
    """Gives a draft up; it stays in the history and can no longer be edited."""
    with transaction.atomic():
        locked = lock_row(BlueprintDraft, draft.pk)
        policy_for("draft").require(actor, "discard", locked)
        locked.status = DraftStatus.DISCARDED
        locked.save(update_fields=["status", "updated_at"])
        record("lifecycle.draft.discarded", locked, actor=actor, now=now, version=locked.version)
        return locked


def publish_draft(*, draft: BlueprintDraft, version: int, reason: str, actor: Actor, now: dt.datetime) -> Loaded:
    """Makes the draft the programme's next version; running cycles keep theirs.

    Raises Invalid without a reason, with problems left, when a new programme's code has been taken meanwhile, or when
    nothing differs from the current version; Conflict when the draft has changed since the page was drawn.
    """
    if not reason.strip():
        raise Invalid("请写明修改说明。", fields={"reason": ["请写明这一版改了什么、为什么改。"]})
    with transaction.atomic():
        locked = _lock(draft, version=version, action="publish", actor=actor)
        left = problems_of(locked.definition)
        if left:
            raise Invalid(f"还有 {len(left)} 处问题没有改正，不能发布。")
        if locked.programme is None:
            _require_free_code(locked.owner, locked.definition["programme"]["code"])
        loaded = load_blueprint(
            definition=locked.definition, owner=locked.owner, actor=actor, now=now, reason=reason.strip()
        )
        if not loaded.is_new:
            raise Invalid("草稿与现行方案内容相同，没有需要发布的修改。")
        locked.status, locked.published, locked.programme = DraftStatus.PUBLISHED, loaded.blueprint, loaded.programme
        locked.save(update_fields=["status", "published", "programme", "updated_at"])
        record(
            "lifecycle.draft.published",
            locked,
            actor=actor,
            now=now,
            programme=loaded.programme,
            version=loaded.blueprint.version,
            sha256=loaded.blueprint.sha256,
        )
        return loaded

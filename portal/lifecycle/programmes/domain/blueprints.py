"""Programmes and the versions of their blueprints."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock
from portal.core.policies import policy_for
from portal.lifecycle.blueprints import schema
from portal.lifecycle.blueprints.diff import changes
from portal.lifecycle.blueprints.loader import canonical_json, from_definition, sha256_of, to_definition
from portal.lifecycle.programmes.models import Blueprint, Programme


@dataclass(frozen=True)
class Loaded:
    """What ``load_blueprint`` found or made."""

    programme: Programme
    blueprint: Blueprint
    is_new: bool


def load_blueprint(
    *, definition: Mapping[str, Any], owner: Organisation, actor: Actor, now: dt.datetime, reason: str = ""
) -> Loaded:
    """Publishes a definition as the programme's next version; the programme is created when it is new.

    Idempotent: a definition that says the same as the newest version makes nothing. Published versions are never
    changed: cycles pin them (design.md 3.5). Raises BlueprintInvalid with every problem of the definition, Refused when
    the actor may not open programmes at ``owner``.
    """
    rules = from_definition(definition)
    with transaction.atomic():
        advisory_lock(f"programme:{owner.pk}:{rules.programme.code}")
        programme = Programme.objects.filter(owner=owner, code=rules.programme.code).first()
        candidate = programme or Programme(owner=owner, code=rules.programme.code)
        policy_for("cycle").require(actor, "create", candidate)
        newest = candidate.blueprints.order_by("-version").first() if programme else None
        if newest and _says_the_same(newest, definition, rules):
            return Loaded(candidate, newest, is_new=False)
        _describe(candidate, rules.programme)
        blueprint = _store(candidate, newest, definition, reason=reason, now=now)
        differences = changes(newest.definition, blueprint.definition) if newest else []
        record(
            "lifecycle.blueprint.published",
            blueprint,
            actor=actor,
            now=now,
            version=blueprint.version,
            sha256=blueprint.sha256,
            reason=reason,
            changes=[change.text for change in differences][:200],
        )
        return Loaded(candidate, blueprint, is_new=True)


def _says_the_same(newest: Blueprint, definition: Mapping[str, Any], rules: schema.Blueprint) -> bool:
    """Same fingerprint, or the same after both were read by today's schema (defaults may have been added)."""
    return newest.sha256 == sha256_of(definition) or to_definition(newest.rules) == to_definition(rules)


def _describe(programme: Programme, info: schema.ProgrammeInfo) -> None:
    programme.pillar = info.pillar
    programme.title = info.title
    programme.short_title = info.short_title
    programme.save()


def _store(
    programme: Programme, newest: Blueprint | None, definition: Mapping[str, Any], *, reason: str, now: dt.datetime
) -> Blueprint:
    """The definition as JSON primitives; the fingerprint is that of the stored text, so that anybody can check it."""
    stored = json.loads(canonical_json(definition))
    return Blueprint.objects.create(
        programme=programme,
        version=newest.version + 1 if newest else 1,
        definition=stored,
        sha256=sha256_of(stored),
        reason=reason[:300],
        published_at=now,
    )

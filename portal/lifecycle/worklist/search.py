"""全站搜索: a few of everything that the desk may see."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.policies import may
from portal.lifecycle.conferral.models import ConferralItem
from portal.lifecycle.entries.display import display_status
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.queries import entries
from portal.lifecycle.notice.models import PUBLIC_STATUSES, Notice
from portal.lifecycle.notice.queries import own_notices
from portal.lifecycle.programmes.models import Cycle
from portal.web.navigation import url_of

if TYPE_CHECKING:
    from portal.core.context import Actor

PER_KIND = 10
MAX_WORDS = 5


@dataclass(frozen=True)
class Hit:
    title: Any
    url: str
    note: Any = ""
    badge: Any = None


@dataclass(frozen=True)
class Result:
    """Hits of one kind; ``more`` when there are others, found by ``list_url``."""

    title: Any
    icon: str
    hits: list[Hit]
    more: bool
    list_url: str = ""


@dataclass(frozen=True)
class _Kind:
    title: Any
    icon: str
    policy_action: str
    fields: tuple[str, ...]
    rows: Callable[[Actor], QuerySet]
    hit: Callable[[Any, Actor, dt.datetime], Hit]
    list_url: str = ""


def _entry(entry: Entry, actor: Actor, now: dt.datetime) -> Hit:
    note = f"{entry.code} · {entry.organisation.name} · {entry.cycle}"
    return Hit(entry.title or entry.code, entry.get_absolute_url(), note, display_status(entry, actor, now))


def _organisation(organisation: Organisation, *_who: Any) -> Hit:
    note = f"{organisation.get_kind_display()} · {organisation.code}"
    url = f"{url_of('accounts:organisation.list')}?q={organisation.code}"
    return Hit(organisation.name, url, note)


def _cycle(cycle: Cycle, *_who: Any) -> Hit:
    return Hit(str(cycle), reverse("lifecycle:cycle.detail", kwargs={"pk": cycle.pk}), cycle.get_status_display())


def _notices(actor: Actor) -> QuerySet[Notice]:
    """The own union's, also drafts; of the others what everybody may read."""
    public = Notice.objects.filter(status__in=PUBLIC_STATUSES)
    return (own_notices(actor=actor) | public).select_related("organisation").order_by("-pk")


def _notice(notice: Notice, actor: Actor, now: dt.datetime) -> Hit:
    if notice.organisation.path == actor.path and may(actor, "notice.draft"):
        return Hit(notice.title, reverse("lifecycle:notice.detail", kwargs={"pk": notice.pk}), notice.code)
    return Hit(notice.title, reverse("lifecycle:public.notice", kwargs={"code": notice.code}), notice.code)


def _honour(item: ConferralItem, *_who: Any) -> Hit:
    note = " · ".join(part for part in (item.certificate_number, item.entry.organisation.name) if part)
    return Hit(item.entry.title, item.entry.get_absolute_url(), note)


KINDS = (
    _Kind(
        _("申报件"),
        "files",
        "entry.view",
        ("title", "code", "organisation__name"),
        lambda actor: entries(actor=actor).order_by("-pk"),
        _entry,
        "lifecycle:entry.list",
    ),
    _Kind(
        _("届次"),
        "calendar-event",
        "cycle.view",
        ("programme__title", "programme__short_title", "label"),
        lambda actor: Cycle.objects.select_related("programme").order_by("-year", "pk"),
        _cycle,
        "lifecycle:cycle.list",
    ),
    _Kind(
        _("荣誉"),
        "award",
        "conferral.view",
        ("certificate_number", "entry__title", "entry__organisation__name"),
        lambda actor: ConferralItem.objects.select_related("entry__organisation").order_by("-pk"),
        _honour,
    ),
    _Kind(
        _("公示"),
        "speakerphone",
        "notice.view",
        ("title", "code", "document_number"),
        _notices,
        _notice,
        "lifecycle:notice.list",
    ),
    _Kind(
        _("工会组织"),
        "sitemap",
        "organisation.view",
        ("name", "short_name", "code", "credit_code"),
        lambda actor: Organisation.objects.filter(is_active=True).order_by("path"),
        _organisation,
        "accounts:organisation.list",
    ),
)


def search(text: str, *, actor: Actor, now: dt.datetime) -> list[Result]:
    """Rows of every kind in which all words occur, newest first, inside the desk's scope: one query a kind."""
    words = text.split()[:MAX_WORDS]
    if not words:
        return []
    results = []
    for kind in KINDS:
        if not may(actor, kind.policy_action):
            continue
        rows = kind.rows(actor)
        for word in words:
            rows = rows.filter(reduce(operator.or_, (Q(**{f"{field}__icontains": word}) for field in kind.fields)))
        found = list(rows[: PER_KIND + 1])
        if found:
            url = url_of(kind.list_url) if kind.list_url else ""
            hits = [kind.hit(row, actor, now) for row in found[:PER_KIND]]
            results.append(Result(kind.title, kind.icon, hits, len(found) > PER_KIND, url))
    return results

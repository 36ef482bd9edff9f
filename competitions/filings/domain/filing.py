"""A filing from its first draft to the desk above: saved, filed, amended, copied, withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.filings.domain.cohosts import copy_cohosts, refresh_sight
from competitions.filings.domain.content import (
    FACTS,
    Content,
    content_of,
    differences,
    has_scheme,
    missing,
    write_lists,
    wrong,
)
from competitions.filings.domain.files import need, store_files
from competitions.filings.domain.moving import lock_filing, move
from competitions.filings.domain.reports import owe_reports
from competitions.filings.enums import FilingState
from competitions.filings.models import Amendment, CompetitionFiling, FilingFile, FilingStep
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import system_scope

STALE = "这份备案刚被他人修改过，请核对最新内容后再保存。"
Uploads = Mapping[str, Iterable[Any]]  # by FilePurpose


def _check(content: Content, owner_id: int, *, but: int = 0) -> None:
    found = wrong(content)
    year, title = content.facts["year"], content.facts["title"]
    others = CompetitionFiling.objects.filter(owner=owner_id, year=year, title=title).exclude(pk=but)
    if others.exclude(state=FilingState.WITHDRAWN).exists():
        found["title"] = [_("%d年度已有同名竞赛。") % year]
    if found:
        raise Invalid("".join(m for messages in found.values() for m in messages), fields=found)


def _write(filing: CompetitionFiling, content: Content) -> None:
    for name in FACTS:
        setattr(filing, name, content.facts[name])
    filing.revision += 1
    filing.save()
    write_lists(filing, content)


def _keep(filing: CompetitionFiling, uploads: Uploads, actor: Actor, now: dt.datetime) -> None:
    for purpose, files in uploads.items():
        store_files(
            FilingFile, files, actor=actor, field=f"{purpose}_files", now=now, filing=filing, purpose=purpose
        )  # fmt: skip


@transaction.atomic
def create_filing(
    *, actor: Actor, owner: Organisation, content: Content, now: dt.datetime, files: Uploads | None = None
) -> CompetitionFiling:
    """A draft of ``owner``, the acting union. Needs title, year and kind; everything else may come later."""
    policy_for("filing").require(actor, "create")
    advisory_lock(f"competitions:filing:{owner.pk}")
    _check(content, owner.pk)
    filing = CompetitionFiling(owner=owner, reviewer=owner.parent, **{name: content.facts[name] for name in FACTS})
    filing.save()
    write_lists(filing, content)
    _keep(filing, files or {}, actor, now)
    FilingStep.objects.create(
        filing=filing, after=FilingState.DRAFT, title=_("新建草稿"), actor=actor.user, organisation=owner, at=now
    )
    record("competitions.filing.created", filing, actor=actor, now=now, title=filing.title, year=filing.year)
    return filing


@transaction.atomic
def save_filing(
    *,
    actor: Actor,
    filing: CompetitionFiling,
    content: Content,
    revision: int,
    now: dt.datetime,
    files: Uploads | None = None,
) -> CompetitionFiling:
    """Saves a draft, or what was returned. Raises Conflict when somebody saved since ``revision`` was read."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "change", filing)
    if filing.revision != revision:
        raise Conflict(_(STALE))
    advisory_lock(f"competitions:filing:{filing.owner_id}")
    _check(content, filing.owner_id, but=filing.pk)
    before = content_of(filing)
    _write(filing, content)
    _keep(filing, files or {}, actor, now)
    changed = [name for name, _old, _new in differences(before, content)]
    record("competitions.filing.saved", filing, actor=actor, now=now, changed=changed)
    return filing


@transaction.atomic
def file_filing(*, actor: Actor, filing: CompetitionFiling, now: dt.datetime) -> CompetitionFiling:
    """报上级备案; a federation, with nobody above, adopts its own. Raises Invalid naming everything that is missing."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "file", filing)
    content = content_of(filing)
    found = wrong(content) | missing(content, has_scheme_file=has_scheme(filing))
    if found:
        raise Invalid("".join(m for messages in found.values() for m in messages), fields=found, code="incomplete")
    filing.number = filing.number or _next_number(filing.year)
    filing.filed_path = filing.owner.path
    filing.reviewer = filing.owner.parent
    fields: dict[str, Any] = {"filed_at": now, "filed_by": actor.user, "opinion": "", "correct_by": None}
    if filing.reviewer is None:
        move(
            filing, "adopt", actor=actor, now=now, decided_at=now, decided_by=actor.user, in_city_plan_at=now, **fields
        )
        owe_reports(filing, now=now)
    else:
        move(filing, "file", actor=actor, now=now, **fields)
    refresh_sight(filing)
    return filing


def _next_number(year: int) -> str:
    advisory_lock(f"competitions:filing-number:{year}")
    with system_scope("numbers run through all unions, and the acting one sees its own only"):
        last = CompetitionFiling.objects.filter(number__startswith=f"JS{year}-").order_by("-number").first()
    return f"JS{year}-{int(last.number.partition('-')[2]) + 1 if last else 1:05d}"


@transaction.atomic
def amend_filing(
    *,
    actor: Actor,
    filing: CompetitionFiling,
    content: Content,
    reason: str,
    revision: int,
    now: dt.datetime,
    files: Uploads | None = None,
) -> Amendment:
    """备案后变更: the filing stays in force; what changed is kept in words, and the union above takes note of it.

    Raises Invalid without a reason or a change, or when the filing would no longer be complete; year and kind stay.
    """
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "amend", filing)
    if filing.revision != revision:
        raise Conflict(_(STALE))
    reason = need(reason, "reason", _("请填写变更原因。"))
    if content.facts["year"] != filing.year:
        message = _("备案后不能改年度。")
        raise Invalid(message, fields={"year": [message]})
    advisory_lock(f"competitions:filing:{filing.owner_id}")
    _check(content, filing.owner_id, but=filing.pk)
    before, files = content_of(filing), {k: list(v) for k, v in (files or {}).items()}
    if found := missing(content, has_scheme_file=has_scheme(filing)):
        raise Invalid("".join(m for messages in found.values() for m in messages), fields=found)
    changes = differences(before, content)
    changes += [[_("补充文件"), "", "、".join(f.name for f in new)] for new in files.values() if new]
    if not changes:
        raise Invalid(_("没有任何变化，不需要办理变更。"))
    _write(filing, content)
    _keep(filing, files, actor, now)
    owe_reports(filing, now=now)
    row = Amendment.objects.create(filing=filing, reason=reason, changes=changes, actor=actor.user, at=now)
    record("competitions.filing.amended", filing, actor=actor, now=now, reason=reason, changed=[c[0] for c in changes])
    return row


@transaction.atomic
def withdraw_filing(*, actor: Actor, filing: CompetitionFiling, reason: str, now: dt.datetime) -> CompetitionFiling:
    """撤回: a draft, what waits above, or what was accepted and has not begun. It stays readable, with the reason."""
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "withdraw", filing)
    reason = need(reason, "reason", _("请填写撤回原因。"))
    return move(filing, "withdraw", actor=actor, now=now, text=reason, in_city_plan_at=None)


def _next_year(day: dt.date | None) -> dt.date | None:
    if day is None:
        return None
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@transaction.atomic
def copy_filing(*, actor: Actor, filing: CompetitionFiling, now: dt.datetime) -> CompetitionFiling:
    """次年复制: a draft of the next year with the same content, dates a year later; co-hosts have to agree anew.

    Basis document and files are not taken along: next year has its own. Raises Conflict when it was copied already.
    """
    filing = lock_filing(filing)
    policy_for("filing").require(actor, "copy", filing)
    old = content_of(filing)
    year = filing.year + 1
    facts = old.facts | {
        "year": year, "title": filing.title.replace(str(filing.year), str(year)),
        "starts_on": _next_year(filing.starts_on), "ends_on": _next_year(filing.ends_on),
        "basis_title": "", "basis_number": "", "basis_on": None,
    }  # fmt: skip
    phases = [
        row | {"starts_on": _next_year(row["starts_on"]), "ends_on": _next_year(row["ends_on"])}
        for row in old.lists["phases"]
    ]
    taken = CompetitionFiling.objects.filter(owner=filing.owner_id, year=year, title=facts["title"])
    if taken.exclude(state=FilingState.WITHDRAWN).exists():
        raise Conflict(_("%(year)d年度已有“%(title)s”，不用再复制。") % {"year": year, "title": facts["title"]})
    content = Content(facts, dict(old.lists) | {"phases": phases}, [item for item in old.tags if item.is_active])
    copy = create_filing(actor=actor, owner=filing.owner, content=content, now=now)
    copy.copied_from = filing
    copy.save(update_fields=["copied_from", "updated_at"])
    copy_cohosts(filing, copy, now=now)
    record("competitions.filing.copied", copy, actor=actor, now=now, copied_from=filing.number or filing.title)
    return copy

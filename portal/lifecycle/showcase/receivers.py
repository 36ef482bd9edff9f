"""A revoked honour, or one whose unit took back its consent, is not shown any more – in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from portal.core.scoping import system_scope
from portal.lifecycle.engine.signals import consent_withdrawn, entry_transitioned, honour_revoked
from portal.lifecycle.showcase.domain import take_down
from portal.lifecycle.showcase.models import ShowcaseItem


@receiver(honour_revoked, dispatch_uid="showcase.revoked")
def on_revoked(sender: type, *, entry: Any, actor: Any, now: Any, reason: str, **_kwargs: Any) -> None:
    item = ShowcaseItem.objects.filter(entry=entry).first()
    if item is not None:
        take_down(item=item, actor=actor, now=now, reason=reason)


@receiver(entry_transitioned, dispatch_uid="showcase.left")
def on_left(sender: type, *, entry: Any, transition: str, actor: Any, now: Any, payload: dict, **_kwargs: Any) -> None:
    """Shown without a conferral, and now withdrawn or disqualified."""
    if transition not in {"withdraw", "disqualify"}:
        return
    with system_scope("the page belongs to the cycle's owner"):
        item = ShowcaseItem.objects.filter(entry=entry).first()
        if item is not None:
            take_down(item=item, actor=actor, now=now, reason=payload.get("reason", "") or str(_("申报件已退出")))


@receiver(consent_withdrawn, dispatch_uid="showcase.consent")
def on_consent_withdrawn(sender: type, *, entry: Any, actor: Any, now: Any, purpose: str, **_kwargs: Any) -> None:
    if purpose != "publish":
        return
    with system_scope("the unit takes back its consent; the page belongs to the cycle's owner"):
        item = ShowcaseItem.objects.filter(entry=entry).first()
        if item is not None:
            take_down(item=item, actor=actor, now=now, reason=_("申报单位撤回同意公开"))

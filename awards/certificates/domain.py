"""Issuing and re-issuing certificates."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from awards.certificates.keys import key_ring
from awards.certificates.models import CertificateIssue
from awards.certificates.signing import Claims, sign
from awards.register.models import HonourRecord
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

MIN_REASON, MAX_REASON = 5, 300


def claims_of(honour: HonourRecord, version: int) -> Claims:
    """What the certificate of this record says."""
    return Claims(
        number=honour.certificate_number,
        version=version,
        date=honour.conferred_on.isoformat(),
        honour=honour.honour,
        recipient=honour.recipient,
        unit=honour.unit_name,
        issuer=honour.issuer.name,
    )


def current_issue(honour: HonourRecord, *, actor: Actor, now: dt.datetime) -> CertificateIssue:
    """The certificate in force; the first one is signed when it is asked for first (records of earlier years)."""
    with transaction.atomic():
        locked = lock_row(HonourRecord, honour.pk)
        found = CertificateIssue.objects.filter(honour=locked, superseded_at=None).first()
        return found or _issue(locked, 1, reason="", actor=actor, now=now)


def reissue_certificate(
    *, honour: HonourRecord, recipient: str, unit_name: str, reason: str, actor: Actor, now: dt.datetime
) -> CertificateIssue:
    """Signs the next version, with corrected names where they were wrong; the old certificate says from now on that it was replaced.

    Raises Invalid without a reason or a name, Conflict for a revoked honour.
    """
    fields: dict[str, list[str]] = {}
    reason, recipient, unit_name = reason.strip(), recipient.strip(), unit_name.strip()
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        fields["reason"] = [_("请写明换发原因（5至300字），如“姓名有误，经核对更正”。")]
    if not recipient:
        fields["recipient"] = [_("请填写获得者。")]
    if fields:
        raise Invalid(_("请更正标出的内容。"), fields=fields)
    with transaction.atomic():
        locked = lock_row(HonourRecord, honour.pk)
        policy_for("honour").require(actor, "honour.reissue", locked)
        if not locked.is_valid:
            raise Conflict(_("荣誉已撤销，不能换发证书。"))
        old = current_issue(locked, actor=actor, now=now)
        before = {"recipient": locked.recipient, "unit_name": locked.unit_name, "version": old.version}
        locked.recipient, locked.unit_name = recipient, unit_name
        locked.save(update_fields=["recipient", "unit_name", "updated_at"])
        old.superseded_at = now
        old.save(update_fields=["superseded_at"])
        issue = _issue(locked, old.version + 1, reason=reason, actor=actor, now=now)
        after = {"recipient": recipient, "unit_name": unit_name, "version": issue.version}
        record(
            "awards.certificate.reissued", locked, actor=actor, now=now, before=before, after=after,
            reason=reason, key=issue.key,
        )  # fmt: skip
        return issue


def _issue(honour: HonourRecord, version: int, *, reason: str, actor: Actor, now: dt.datetime) -> CertificateIssue:
    ring = key_ring()
    token = sign(claims_of(honour, version), ring)
    return CertificateIssue.objects.create(
        honour=honour, version=version, token=token, key=ring.current, issued_at=now, issued_by=actor.user,
        reason=reason,
    )  # fmt: skip

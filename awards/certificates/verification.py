"""What a scanned certificate is worth: first its signature, which needs no database; then what the register says today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from awards.certificates.keys import key_ring
from awards.certificates.models import CertificateIssue
from awards.certificates.signing import Claims, Reading, Signature, read
from awards.register.models import HonourRecord

SIGNATURE_LETTERS = 80  # an Ed25519 signature has 86 letters; what is shorter was cut off, not changed


class Verdict(StrEnum):
    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    UNREGISTERED = "unregistered"  # signed by us, but the register has no such certificate
    DIFFERENT = "different"  # signed by us, but the register says something else now
    ALTERED = "altered"  # half of it is a real certificate's: its signature under other words, or its words unsigned
    FORGED = "forged"  # a signature that our key never gave
    UNKNOWN_KEY = "unknown_key"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Check:
    """``claims`` is what the certificate says, ``honour`` what stands in the register, ``newer`` its successor.

    Of an altered certificate ``honour`` is the one it was made from.
    """

    verdict: Verdict
    reading: Reading
    honour: HonourRecord | None = None
    issue: CertificateIssue | None = None
    newer: CertificateIssue | None = None

    @property
    def conferred_on(self) -> dt.date | None:
        """The date that the certificate claims; None when a forger wrote no date."""
        try:
            return dt.date.fromisoformat(self.reading.claims.date) if self.reading.claims else None
        except ValueError:
            return None

    @property
    def claims(self) -> Claims | None:
        return self.reading.claims

    @property
    def is_signed(self) -> bool:
        return self.reading.signature is Signature.GENUINE


def check_token(token: str) -> Check:
    """The verdict on a token, inside the active scope (the public one shows the whole register)."""
    reading = read(token, key_ring())
    if reading.signature is Signature.GENUINE:
        return _registered(token, reading)
    if len(reading.raw_signature) < SIGNATURE_LETTERS:
        return Check(Verdict.MALFORMED, Reading(Signature.MALFORMED))
    if source := _altered_from(token):
        return Check(Verdict.ALTERED, reading, source.honour, source)
    if reading.signature is Signature.UNKNOWN_KEY:
        return Check(Verdict.UNKNOWN_KEY, reading)
    return Check(Verdict.MALFORMED if reading.signature is Signature.MALFORMED else Verdict.FORGED, reading)


def _altered_from(token: str) -> CertificateIssue | None:
    """The certificate whose words or signature, but not both, this token bears; a single changed letter is told by it."""
    words, _dot, signature = token.partition(".")
    same = Q(token__startswith=f"{words}.") | Q(token__endswith=f".{signature}")
    return CertificateIssue.objects.select_related("honour__issuer").filter(same).exclude(token=token).first()


def _registered(token: str, reading: Reading) -> Check:
    rows = HonourRecord.objects.select_related("issuer")
    honour = rows.filter(certificate_number=reading.claims.number).first()
    issues = list(CertificateIssue.objects.filter(honour=honour)) if honour else []
    mine = next((issue for issue in issues if issue.version == reading.claims.version), None)
    if honour is None or mine is None:
        return Check(Verdict.UNREGISTERED, reading, honour)
    newer = next((issue for issue in issues if issue.superseded_at is None and issue.version > mine.version), None)
    if not honour.is_valid:
        verdict = Verdict.REVOKED
    elif mine.superseded_at is not None:
        verdict = Verdict.SUPERSEDED
    else:
        verdict = Verdict.VALID if mine.token == token and _same(reading.claims, honour) else Verdict.DIFFERENT
    return Check(verdict, reading, honour, mine, newer)


def _same(claims: Claims, honour: HonourRecord) -> bool:
    """The register says today what was signed (a name changed in the database alone is seen here)."""
    return (
        honour.recipient.startswith(claims.recipient)
        and honour.honour.startswith(claims.honour)
        and honour.conferred_on.isoformat() == claims.date
    )

"""Lists for those who check certificates without asking the portal: public keys, and what is no longer valid, signed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from awards.certificates.keys import encode, key_ring
from awards.certificates.models import CertificateIssue
from awards.register.models import HonourRecord, HonourStatus

KEYS, REVOKED = "certificate-keys-1", "certificate-revocations-1"


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def public_keys() -> dict[str, Any]:
    """All keys that ever signed, and the one that signs now."""
    ring = key_ring()
    return {"format": KEYS, "current": ring.current, "keys": {name: encode(key) for name, key in ring.public.items()}}


def revocation_list(*, now: dt.datetime) -> dict[str, Any]:
    """Certificates that are no longer valid: whole numbers that were revoked, versions that were replaced. Signed."""
    revoked = HonourRecord.objects.filter(status=HonourStatus.REVOKED).order_by("certificate_number")
    replaced = CertificateIssue.objects.exclude(superseded_at=None).order_by("honour__certificate_number", "version")
    content = {
        "format": REVOKED,
        "made_at": now.isoformat(timespec="seconds"),
        "revoked": [[n, day.isoformat()] for n, day in revoked.values_list("certificate_number", "revoked_on") if day],
        "superseded": [list(row) for row in replaced.values_list("honour__certificate_number", "version")],
    }
    ring = key_ring()
    return content | {"key": ring.current, "signature": encode(ring.sign(canonical(content)))}

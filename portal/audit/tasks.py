"""Beat's work on the evidence chain: seal, daily roots, nightly verification. Thin and safe to run twice."""

from __future__ import annotations

import structlog
from celery import current_app
from django.utils import timezone

from portal.audit import sealing, verification
from portal.core.errors import LockTimeout

log = structlog.get_logger(__name__)


@current_app.task(name="audit.seal")
def seal() -> None:
    """Seals what was written since the last time; another sealer at work is no error."""
    try:
        sealing.seal(now=timezone.now())
    except LockTimeout:
        log.info("audit.sealer_at_work")


@current_app.task(name="audit.close_day")
def close_day() -> None:
    """Yesterday's roots, then every chain is read again from its beginning."""
    now = timezone.now()
    roots = sealing.close_day(now=now)
    for root in roots:  # the log is kept outside the database: a copy of the root that cannot be changed with it
        log.info("audit.root", chain=root.chain, day=root.day.isoformat(), sequence=root.sequence, sha256=root.sha256)
    for check in verification.verify_all(now=now):
        if check.findings:
            log.error("audit.chain_broken", chain=check.chain, findings=len(check.findings))

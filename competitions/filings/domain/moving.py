"""The one place where the state of a filing changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from competitions.filings.models import CompetitionFiling, FilingStep
from competitions.filings.steps import STEPS, after
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict


def lock_filing(filing: CompetitionFiling | int) -> CompetitionFiling:
    """The row, locked and freshly read: taken first by every act on a filing."""
    return lock_row(CompetitionFiling, filing if isinstance(filing, int) else filing.pk)


def move(
    filing: CompetitionFiling, code: str, *, actor: Actor, now: dt.datetime, text: str = "", **fields: Any
) -> CompetitionFiling:
    """The one place where a state changes: by the table, with its line in the history and its audit event.

    The caller has locked the row and asked the policy. Raises Conflict when the step does not begin at this state.
    """
    state = after(code, filing.state)
    if state is None:
        raise Conflict(_("这项竞赛已经是“%s”，没有再次办理。") % filing.get_state_display())
    before, filing.state = filing.state, state
    for name, value in fields.items():
        setattr(filing, name, value)
    filing.save()
    FilingStep.objects.create(
        filing=filing, before=before, after=state, title=STEPS[code].title, text=text.strip(), at=now, actor=actor.user,
        organisation_id=actor.desk.organisation_id if actor.desk else None,
    )  # fmt: skip
    record(
        STEPS[code].action, filing, actor=actor, now=now, before={"state": before}, after={"state": state},
        text=text.strip(),
    )  # fmt: skip
    return filing

"""Effect of “confer”: only as an item of a decision – with its certificate's number, its sum, or both."""

from __future__ import annotations

from portal.core.errors import Invalid
from portal.lifecycle.conferral.models import ConferralItem
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import effect


@effect("confer")
def confer(act: Act) -> None:
    item = ConferralItem.objects.filter(entry=act.entry).first()
    if item is None:
        raise Invalid("命名须先编号；请通过“命名决定”印发。")
    act.facts["certificate_number"] = item.certificate_number or ""
    if item.amount is not None:
        act.facts["amount"] = str(item.amount)

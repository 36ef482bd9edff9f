"""Effects: “confer” only as an item of a decision – with its certificate's number, its sum, or both –, “revoke” by one of its own."""

from __future__ import annotations

from portal.core.errors import Invalid
from portal.lifecycle.conferral.models import ConferralItem, Withdrawal
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


@effect("revoke")
def revoke(act: Act) -> None:
    withdrawal = Withdrawal.objects.filter(item__entry=act.entry).first()
    if withdrawal is None:
        raise Invalid("撤销须有撤销决定；请在“命名决定”中办理撤销。")
    act.facts["document_number"] = withdrawal.document_number

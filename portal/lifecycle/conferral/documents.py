"""The decision as an official paper (.docx)."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.lifecycle.conferral.models import Conferral
from portal.lifecycle.conferral.queries import approved_amounts
from portal.lifecycle.entries.models import Entry
from portal.reports.official import OfficialPaper


def conferral_docx(conferral: Conferral, entries: Sequence[Entry]) -> io.BytesIO:
    """命名（拨付）决定: number, title, addressees, text, list by nominating union (with sums), issuer and date."""
    paper = OfficialPaper()
    paper.number(conferral.document_number)
    paper.title(conferral.title)
    paper.addressee(_("各区总工会，各局、集团公司工会，各有关单位工会："))
    paper.paragraphs(conferral.body)
    paper.signature(conferral.cycle.owner.name, conferral.decided_on)
    rules = conferral.cycle.rules
    paper.heading(_("附件：%s名单") % (rules.honour.title or conferral.cycle.programme.title))
    rows = [
        [
            number,
            entry.title,
            entry.employer.name if entry.employer else entry.organisation.name,
            entry.nominating.name if entry.nominating else "—",
        ]
        for number, entry in enumerate(entries, start=1)
    ]
    heads, widths = [_("序号"), _("名称"), _("单位"), _("推荐单位")], [14, 62, 46, 34]
    amounts = approved_amounts(entries)
    if amounts:
        given = [amounts.get(entry.pk) for entry in entries]
        rows = [[*row, "" if amount is None else f"{amount:,.2f}"] for row, amount in zip(rows, given, strict=True)]
        rows.append(["", _("合计"), "", "", f"{sum(amounts.values()):,.2f}"])
        heads, widths = [*heads, _("金额（元）")], [14, 50, 40, 26, 26]
    elif any(track.honour for track in rules.tracks):
        named = [rules.honour_title(entry.track.code if entry.track else None) for entry in entries]
        rows = [[*row, honour] for row, honour in zip(rows, named, strict=True)]
        heads, widths = [*heads, _("称号")], [14, 34, 46, 34, 28]
    paper.table(heads, rows, widths)
    return paper.save()

"""The certificate as PDF: federation, title, recipient, document number, and a QR code that verifies it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import segno

from portal.core.dates import format_cn
from portal.lifecycle.blueprints.fields.display import cell_text
from portal.lifecycle.blueprints.vocabulary import StageKind, Viewer
from portal.lifecycle.entries.content import answers_of
from portal.reports.typesetting import compile_pdf

if TYPE_CHECKING:
    from awards.register.models import HonourRecord
    from portal.lifecycle.entries.models import Entry

TEMPLATE = Path(__file__).with_name("certificate.typ")


def verification_url(number: str, base_url: str) -> str:
    """The public page that answers for this number, for those who type it."""
    return urljoin(base_url, f"public/verify/{quote(number)}/")


def signed_url(token: str, base_url: str) -> str:
    """What the QR code says: a public page that checks the signed words themselves, then asks the register."""
    return urljoin(base_url, f"public/c/{token}/")


def certificate_pdf(honour: HonourRecord, base_url: str, token: str) -> io.BytesIO:
    """PDF, A4 landscape, Chinese font embedded. ``base_url`` is the public address of the portal, ``token`` the signed words."""
    url = verification_url(honour.certificate_number, base_url)
    payload = {
        "issuers": [honour.issuer.name, *_hosts(honour)],
        "title": "荣誉证书",
        "recipient": honour.recipient,
        "unit": honour.unit_name,
        "text": _text(honour),
        "honour": honour.honour,
        "cycle": honour.cycle_label,
        "number": honour.certificate_number,
        "document": honour.document_number,
        "date": format_cn(honour.conferred_on),
        "qr": _qr(signed_url(token, base_url)),
        "url": url,
    }
    return io.BytesIO(compile_pdf(TEMPLATE, payload))


def _hosts(honour: HonourRecord) -> list[str]:
    """联合主办单位 of the cycle, in the order of the rules."""
    return [host.name for host in honour.entry.cycle.rules.hosts] if honour.entry else []


def _text(honour: HonourRecord) -> str:
    """Words of the blueprint with the usual placeholders and public answers; else the plain naming sentence."""
    stage = honour.entry.cycle.rules.stage(StageKind.CONFERRAL) if honour.entry else None
    text = stage.params.certificate_text if stage else ""
    values = _public_answers(honour.entry) | {
        "recipient": honour.recipient,
        "unit": honour.unit_name,
        "honour": honour.honour,
        "cycle": honour.cycle_label,
        "year": honour.year,
        "title": honour.recipient,
        "subject": honour.recipient,
        "date": format_cn(honour.conferred_on),
    }
    if honour.entry is not None:
        entry = honour.entry
        values["programme"] = entry.cycle.programme.title
        values["organisation"] = entry.organisation.name
        values["nominating"] = entry.nominating.name if entry.nominating else ""
    return text.format_map(_Kept(values)) if text else f"命名为{honour.cycle_label}“{honour.honour}”。特发此证。"


def _public_answers(entry: Entry | None) -> dict[str, str]:
    """What a certificate may say of the entry: its public answers, in words."""
    if entry is None:
        return {}
    answers = answers_of(entry)
    fields = [spec for spec in entry.cycle.rules.fields if spec.public and not spec.is_table and spec.is_answer]
    return {spec.code: cell_text(spec, answers.get(spec.code), Viewer.PUBLIC) for spec in fields}


def _qr(text: str) -> str:
    """SVG of the QR code, level M (a print with a crease still scans)."""
    stream = io.BytesIO()
    segno.make(text, error="m", micro=False).save(stream, kind="svg", border=0)
    return stream.getvalue().decode()


class _Kept(dict):
    """Unknown placeholders stay visible instead of failing at the printer's."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"

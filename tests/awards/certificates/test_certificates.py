"""Certificates: a PDF with its own fonts, text that can be read, and a QR code that leads to the verification."""

from __future__ import annotations

import io

import pytest
import segno
from pypdf import PdfReader

from awards.certificates import render
from awards.register.models import HonourRecord
from portal.audit.models import AuditEvent
from portal.core.scoping import system_scope
from tests.factories.notices import make_conferred

pytestmark = pytest.mark.django_db
BASE = "https://portal.example/"


@pytest.fixture
def honour(tianjin):
    entries = make_conferred(tianjin, 1, toml="five-small-top20")
    with system_scope("test"):
        return HonourRecord.objects.select_related("issuer", "entry__cycle__blueprint").get(entry=entries[0])


def pdf_of(honour):
    with system_scope("test"):
        return PdfReader(render.certificate_pdf(honour, BASE, honour.issues.get(superseded_at=None).token))


def test_certificate_is_one_landscape_page_with_embedded_fonts(honour):
    reader = pdf_of(honour)
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert round(float(box.width)) == 842  # A4 landscape, in points
    assert round(float(box.height)) == 595
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    descendants = [f.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for f in fonts]
    assert descendants
    assert all({"/FontFile2", "/FontFile3"} & set(d) for d in descendants)


@pytest.mark.row(45)
def test_text_of_the_certificate_can_be_read_out(honour):
    text = "".join(pdf_of(honour).pages[0].extract_text().split())
    for shown in (honour.recipient, honour.unit_name, honour.certificate_number, honour.document_number):
        assert "".join(shown.split()) in text, shown
    assert "荣誉证书" in text
    assert f"“{honour.recipient}”被命名为" in text  # the words of the programme's blueprint
    assert honour.issuer.name in text


def test_qr_code_holds_the_address_of_the_verification(honour, client, monkeypatch):
    codes = []
    make = segno.make
    monkeypatch.setattr(render.segno, "make", lambda text, **options: codes.append(text) or make(text, **options))
    pdf_of(honour)
    assert len(codes) == 1
    with system_scope("test"):
        assert codes[0] == render.signed_url(honour.issues.get().token, BASE)
    path = codes[0].removeprefix(BASE.rstrip("/"))
    response = client.get(path)
    assert response.status_code == 200
    assert honour.recipient in response.content.decode()


def test_long_names_stay_on_the_page(honour):
    honour.recipient = "大型盾构机刀盘在线监测与更换装置及其在复合地层长距离掘进中的应用研究" * 2
    honour.unit_name = "天津市某某重型装备制造与工程技术服务集团股份有限公司第三工程分公司"
    assert len(pdf_of(honour).pages) == 1


def test_text_of_users_is_never_markup(honour):
    honour.recipient = "#set text(red) *粗* _斜_ $x$ `code` <b>"
    text = "".join(pdf_of(honour).pages[0].extract_text().split())
    assert "#settext(red)*粗*_斜_$x$`code`<b>" in text


def test_download_is_recorded_and_kept_to_issuer_and_recipient(honour, tianjin, hebei, desk_client):
    url = f"/desk/honours/certificates/{honour.certificate_number}.pdf"
    for actor in (tianjin.manager, tianjin.filer, tianjin.district_checker):
        response = desk_client(actor).get(url)
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert PdfReader(io.BytesIO(b"".join(response.streaming_content))).pages
    for actor in (tianjin.group_filer, hebei.manager):
        assert desk_client(actor).get(url).status_code == 404
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="awards.certificate.downloaded").count() == 3


def test_revoked_honour_has_no_certificate_any_more(honour, tianjin, desk_client):
    with system_scope("test"):
        HonourRecord.objects.filter(pk=honour.pk).update(status="revoked")
    url = f"/desk/honours/certificates/{honour.certificate_number}.pdf"
    assert desk_client(tianjin.manager).get(url).status_code == 404

"""Official papers (.docx): the layout of GB/T 9704, and files that a word processor really opens."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from docx import Document
from docx.shared import Pt
from pypdf import PdfReader

from portal.core.scoping import system_scope
from portal.lifecycle.conferral.documents import conferral_docx
from portal.lifecycle.conferral.models import Conferral
from portal.lifecycle.conferral.queries import items_of
from portal.lifecycle.notice import queries
from portal.lifecycle.notice.documents import notice_docx
from portal.lifecycle.notice.models import Notice
from portal.reports.official import OfficialPaper
from tests.factories.notices import make_conferred, make_draft, make_selected

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    OFFICE is None, reason="no LibreOffice: PAPERS ARE NOT OPENED (apt-get install libreoffice)"
)


@pytest.fixture
def papers(tianjin):
    """The decision and the closed notice of two conferred entries: name → bytes."""
    entries = make_conferred(tianjin)
    with system_scope("fixture"):
        conferral = Conferral.objects.select_related("cycle__owner").get()
        notice = Notice.objects.select_related("organisation").get(kind="selection")
        named = [item.entry for item in items_of(conferral)]
        return {
            "decision": (conferral_docx(conferral, named).getvalue(), [conferral.document_number, entries[0].title]),
            "notice": (
                notice_docx(notice, list(queries.items_of(notice))).getvalue(),
                [notice.sha256, entries[1].title],
            ),
        }


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.django_db
def test_papers_hold_what_they_announce(papers):
    for content, expected in papers.values():
        text = text_of(content)
        for part in expected:
            assert part in text
        assert "天津市总工会" in text


@pytest.mark.django_db
def test_draft_of_a_notice_says_when_its_days_begin(tianjin):
    draft = make_draft(make_selected(tianjin), tianjin.manager)
    with system_scope("test"):
        text = text_of(notice_docx(draft, list(queries.items_of(draft))).getvalue())
    assert "自发布次日起5个工作日" in text
    assert "名单指纹" not in text


def test_page_follows_the_standard():
    paper = OfficialPaper()
    paper.number("津工发〔2026〕1号")
    paper.title("关于命名的决定")
    paper.paragraphs("第一段。\n\n第二段。")
    document = Document(paper.save())
    section = document.sections[0]
    measures = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(m.mm) for m in measures] == [210, 297, 37, 28]
    assert [p.text for p in document.paragraphs] == ["津工发〔2026〕1号", "关于命名的决定", "第一段。", "第二段。"]
    title, body = document.paragraphs[1], document.paragraphs[2]
    assert title.runs[0].font.size == Pt(22)
    assert body.runs[0].font.size == Pt(16)
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert body.paragraph_format.line_spacing == Pt(28)


@needs_office
@pytest.mark.django_db
def test_papers_open_in_an_office_program(papers, tmp_path):
    for name, (content, _expected) in papers.items():
        (tmp_path / f"{name}.docx").write_bytes(content)
    command = [OFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf"]
    files = [str(tmp_path / f"{name}.docx") for name in papers]
    subprocess.run([*command, "--outdir", str(tmp_path), *files], check=True, timeout=180, capture_output=True)
    for name, (_content, expected) in papers.items():
        reader = PdfReader(tmp_path / f"{name}.pdf")
        text = "".join("".join(page.extract_text().split()) for page in reader.pages)
        assert round(float(reader.pages[0].mediabox.width)) == 595  # A4 portrait
        for part in expected:
            assert "".join(part.split()) in text, (name, part)

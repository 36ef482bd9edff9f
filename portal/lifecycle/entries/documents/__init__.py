"""Papers made from an entry: 申报表, 授权书, 承诺书, 证明, 汇总表, as PDF and as Word from the same content."""

from portal.lifecycle.entries.documents.application import application_docx, application_pdf
from portal.lifecycle.entries.documents.data import AttachmentData, EntryData, OpinionData, SummaryData, SummaryLine
from portal.lifecycle.entries.documents.letters import letter_docx, letter_pdf
from portal.lifecycle.entries.documents.summary import summary_docx
from portal.lifecycle.entries.documents.typesetting import FontMissing, compile_pdf

__all__ = [
    "AttachmentData",
    "EntryData",
    "FontMissing",
    "OpinionData",
    "SummaryData",
    "SummaryLine",
    "application_docx",
    "application_pdf",
    "compile_pdf",
    "letter_docx",
    "letter_pdf",
    "summary_docx",
]

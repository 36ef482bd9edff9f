"""Files of an entry, and the papers made from it."""

from __future__ import annotations

import io
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property

from portal.accounts.policies import is_department
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.content import shows_numbers
from portal.lifecycle.entries.domain import log_document
from portal.lifecycle.entries.models import Attachment, Entry
from portal.lifecycle.entries.papers import KINDS, make_paper, papers_of
from portal.web.views import FileDownloadView


class _OfEntry(FileDownloadView):
    abstract = True
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Entry]:
        return queries.entry_records(actor=self.actor)


class EntryAttachment(_OfEntry):
    """One file; ``?inline=1`` shows pictures, PDF and video in the page. Removed ones stay reachable for old versions."""

    policy_action = "entry.view"

    @cached_property
    def attachment(self) -> Attachment:
        found = Attachment.objects.filter(entry=self.object, pk=self.kwargs["pk"]).first()
        hidden = is_department(self.actor) and shows_numbers(self.object.cycle.rules, found.field if found else "")
        if found is None or hidden:
            raise Http404
        return found

    def get_file(self) -> tuple[Any, str, str]:
        return self.attachment.file.open("rb"), self.attachment.name, self.attachment.content_type


class EntryDocument(_OfEntry):
    """申报表、授权书 … as PDF or Word. Holds personal numbers in clear: for who may see them, and logged."""

    policy_action = "entry.reveal"

    def get_file(self) -> tuple[Any, str, str]:
        document = next((d for d in papers_of(self.object) if d.code == self.kwargs["document"]), None)
        kind = self.kwargs["kind"]
        if document is None or kind not in KINDS:
            raise Http404
        paper = make_paper(self.object, document, kind, now=self.now)
        log_document(
            actor=self.actor, entry=self.object, code=document.code, title=document.title, kind=kind, now=self.now
        )
        return io.BytesIO(paper.content), paper.name, paper.content_type

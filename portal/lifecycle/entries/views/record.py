"""The record of one entry: content, files, versions, history, papers; at the right its state, route and actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.accounts.enums import UNIT_LEVELS
from portal.accounts.policies import is_department
from portal.audit import queries as audit
from portal.core.policies import may
from portal.lifecycle.blueprints.fields import AnswerChange, answer_diff, display_rows
from portal.lifecycle.blueprints.vocabulary import Viewer
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.engine.registry import registry
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.content import answers_of, clear_answers
from portal.lifecycle.entries.deadlines import deadline_note
from portal.lifecycle.entries.display import DisplayStatus, display_status
from portal.lifecycle.entries.domain.attachments import is_sealed_paper
from portal.lifecycle.entries.guards import warnings_of
from portal.lifecycle.entries.models import Attachment, Entry, EntryVersion
from portal.lifecycle.entries.papers import papers_of
from portal.lifecycle.entries.trail import route_steps
from portal.web.ui import Action, Crumb, PageContext, Tab, TimelineItem
from portal.web.views import DetailView
from portal.web.views.history import timeline_item

HISTORY_LIMIT = 200


class EntryRecord(DetailView):
    """Base of the tabs: head and right column are the same on each."""

    abstract = True
    policy_action = "entry.view"
    lookup_field = "code"
    context_name = "entry"
    tab = ""

    def get_queryset(self) -> QuerySet[Entry]:
        return queries.entry_records(actor=self.actor)

    @cached_property
    def status(self) -> DisplayStatus:
        return display_status(self.object, self.actor, self.now)

    @cached_property
    def is_own_unit(self) -> bool:
        return self.actor.level in UNIT_LEVELS and self.object.organisation.path.startswith(self.actor.path)

    @cached_property
    def viewer(self) -> str:
        return Viewer.APPLICANT if self.is_own_unit else Viewer.STAFF

    @cached_property
    def files(self) -> dict[str, list[Attachment]]:
        if is_department(self.actor):
            return queries.attachments_for_guests(self.object)
        return queries.attachments_of(self.object)

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"lifecycle:entry.{name}", kwargs={"code": self.object.code, **kwargs})

    # --- head --------------------------------------------------------------------------------------
    def page(self) -> PageContext:
        entry = self.object
        return PageContext(
            title=entry.title or _("（未命名的申报）"),
            badge=self.status,
            subtitle=f"{entry.cycle} · {entry.code}",
            crumbs=[Crumb(_("申报件"), reverse("lifecycle:entry.list"))],
            actions=self.page_actions(),
            tabs=self.page_tabs(),
            menu="lifecycle:entry.list",
        )

    def page_actions(self) -> list[Action]:
        """For the unit that files: what it can do now; the rest stands in the right column."""
        entry = self.object
        if not self.is_own_unit or not may(self.actor, "entry.edit", entry):
            return []
        return [
            Action(_("继续填报"), self.url("edit"), icon="edit"),
            Action(_("检查并提交"), self.url("review"), icon="send", kind="primary"),
        ]

    def page_tabs(self) -> list[Tab]:
        count = sum(len(rows) for rows in self.files.values())
        tabs = [
            ("detail", _("内容"), None),
            ("attachments", _("附件"), count),
            ("versions", _("版本"), None),
            ("history", _("历史"), None),
            ("files", _("文件"), None),
        ]
        return [Tab(label, self.url(name), name == self.tab, number) for name, label, number in tabs]

    # --- right column ------------------------------------------------------------------------------
    def context(self) -> dict[str, Any]:
        entry = self.object
        may_edit = bool(may(self.actor, "entry.edit", entry))
        return {
            "status": self.status,
            "is_own_unit": self.is_own_unit,
            "may_edit": may_edit,
            "deadline": deadline_note(entry, self.now) if may_edit else None,
            "returned": queries.return_note(entry),
            "refusals": preview(entry, "submit", actor=self.actor, now=self.now) if may_edit else [],
            "withdrawable": self.is_own_unit and not preview(entry, "withdraw", actor=self.actor, now=self.now),
            "steps": route_steps(entry, queries.hops_of(entry), queries.opinions_of(entry)),
            "may_reveal": bool(may(self.actor, "entry.reveal", entry)),
            "panels": list(self.panels()),
        }

    def panels(self) -> Iterator[SafeString]:
        """Boxes of later rooms and of pillars, drawn, as far as the policy lets this desk see them."""
        common = {"entry": self.object, "actor": self.actor, "now": self.now, "status": self.status}
        for panel in registry.panels.values():
            if may(self.actor, panel.policy_action, self.object):
                context = panel.context(self.actor, self.object)
                yield render_to_string(panel.template, common | context, request=self.request)


class EntryDetail(EntryRecord):
    """内容: the answers in the sections of the paper form, personal numbers masked."""

    policy_action = "entry.view"
    template_name = "lifecycle/entry_detail.html"
    tab = "detail"

    def answers(self) -> dict[str, Any]:
        """What the desk may read: while the unit corrects a returned entry, unions see what was submitted."""
        entry = self.object
        if not self.is_own_unit and entry.facts.editable_by_applicant:
            last = queries.versions_of(entry).first()
            if last is not None:
                return clear_answers(entry.cycle.rules, last.answers)
        return answers_of(entry)

    def context(self) -> dict[str, Any]:
        entry = self.object
        rules = entry.cycle.rules
        answers = self.answers()
        sections = [
            {"section": section, "rows": rows}
            for section in rules.sections
            if (rows := display_rows(rules, section, answers, self.viewer, self.files))
        ]
        return super().context() | {
            "sections": sections,
            "has_personal": any(spec.is_personal or any(c.is_personal for c in spec.columns) for spec in rules.fields),
            "warnings": warnings_of(entry) if not self.is_own_unit or entry.facts.editable_by_applicant else [],
        }


class EntryAttachments(EntryRecord):
    """附件: every file with who sent it, when, and its fingerprint."""

    policy_action = "entry.view"
    template_name = "lifecycle/entry_attachments.html"
    tab = "attachments"

    def context(self) -> dict[str, Any]:
        rules = self.object.cycle.rules
        groups = [
            {"label": rules.field(field).label if rules.has_field(field) else field, "files": rows}
            for field, rows in self.files.items()
        ]
        return super().context() | {"groups": groups}


class EntryVersions(EntryRecord):
    """版本: what was submitted when; any two compared down to the words."""

    policy_action = "entry.view"
    template_name = "lifecycle/entry_versions.html"
    tab = "versions"

    @property
    def shows_draft(self) -> bool:
        """Corrections under way are the unit's own business until they are sent in."""
        return self.is_own_unit and self.object.facts.editable_by_applicant

    def context(self) -> dict[str, Any]:
        versions = list(queries.versions_of(self.object))
        older, newer = self._chosen(versions)
        return super().context() | {
            "versions": versions,
            "with_draft": self.shows_draft and bool(versions),
            "older": older,
            "newer": newer,
            "changes": self._changes(versions, older, newer),
            "file_changes": self._file_changes(versions, older, newer),
        }

    def _chosen(self, versions: list[EntryVersion]) -> tuple[int | None, int | None]:
        """Numbers of the two versions to compare; 0 is the draft as it stands. Default: the last change."""
        numbers = {version.number for version in versions}
        if self.shows_draft:
            numbers.add(0)
        asked = [self.request.GET.get(key, "") for key in ("old", "new")]
        chosen = [int(text) for text in asked if text.isdigit() and int(text) in numbers]
        if len(chosen) == 2 and chosen[0] != chosen[1]:
            return chosen[0], chosen[1]
        if self.shows_draft and versions:
            return versions[0].number, 0
        if len(versions) > 1:
            return versions[1].number, versions[0].number
        return None, None

    def _answers(self, versions: list[EntryVersion], number: int) -> dict[str, Any]:
        if number == 0:
            return answers_of(self.object)
        stored = next(version.answers for version in versions if version.number == number)
        return clear_answers(self.object.cycle.rules, stored)

    def _changes(self, versions: list[EntryVersion], older: int | None, newer: int | None) -> list[dict[str, Any]]:
        if older is None or newer is None:
            return []
        rules = self.object.cycle.rules
        found = answer_diff(rules, self._answers(versions, older), self._answers(versions, newer))
        by_section: dict[str, list[AnswerChange]] = {}
        for change in found:
            by_section.setdefault(rules.section(change.section).title, []).append(change)
        return [{"title": title, "changes": changes} for title, changes in by_section.items()]

    def _file_names(self, versions: list[EntryVersion], number: int) -> dict[str, str]:
        if number == 0:
            return {row.sha256: row.name for rows in self.files.values() for row in rows}
        files = next(version.attachments for version in versions if version.number == number)
        return {row["sha256"]: row["name"] for row in files}

    def _file_changes(self, versions: list[EntryVersion], older: int | None, newer: int | None) -> dict[str, list[str]]:
        if older is None or newer is None:
            return {}
        before, after = self._file_names(versions, older), self._file_names(versions, newer)
        return {
            "added": [name for sha, name in after.items() if sha not in before],
            "removed": [name for sha, name in before.items() if sha not in after],
        }


class EntryHistory(EntryRecord):
    """历史: from the audit log, as far as this desk may read it; saves in a row count as one line."""

    policy_action = "entry.view"
    template_name = "lifecycle/entry_history.html"
    tab = "history"

    def context(self) -> dict[str, Any]:
        events = list(audit.history_of(self.object)[:HISTORY_LIMIT])
        return super().context() | {"items": list(self._items(events)), "is_cut": len(events) == HISTORY_LIMIT}

    def _items(self, events: list[Any]) -> Any:
        run: list[Any] = []
        for event in [*events, None]:
            same = event is not None and run and event.action == run[0].action == "lifecycle.entry.saved"
            if run and not (same and event.actor_id == run[0].actor_id and event.desk_label == run[0].desk_label):
                yield self._item(run)
                run = []
            if event is not None:
                run.append(event)

    def _item(self, run: list[Any]) -> TimelineItem:
        item = timeline_item(run[0])
        if len(run) > 1:
            titles = list(dict.fromkeys(event.data.get("section_title", "") for event in run))
            text = _("%(n)d 次保存：%(parts)s") % {"n": len(run), "parts": "、".join(filter(None, titles))}
            item = TimelineItem(item.when, item.title, item.actor, text)
        return item


class EntryFiles(EntryRecord):
    """文件: papers made from the entry, and the sealed scans that come back."""

    policy_action = "entry.view"
    template_name = "lifecycle/entry_files.html"
    tab = "files"

    def context(self) -> dict[str, Any]:
        entry = self.object
        rules = entry.cycle.rules
        may_attach = bool(may(self.actor, "entry.attach", entry))
        papers = []
        for document in papers_of(entry):
            field = document.upload_field
            takes = may_attach and field and is_sealed_paper(rules, field)
            papers.append(
                {
                    "document": document,
                    "pdf_url": self.url("document", document=document.code, kind="pdf"),
                    "docx_url": self.url("document", document=document.code, kind="docx"),
                    "spec": rules.field(field) if field else None,
                    "files": self.files.get(field, []) if field else [],
                    "upload_url": self.url("upload", field=field) if takes else "",
                }
            )
        return super().context() | {"papers": papers, "here": self.url("files")}

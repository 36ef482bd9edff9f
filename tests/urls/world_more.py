"""More of the federation of tests/urls/world.py: objects for the addresses of tests/urls/table_more.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from portal.jobs.models import JobRun, JobState, StoredFile
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.letters.models import Delivery
from portal.workplans.models import Scheme
from tests.factories.editions import make_edition
from tests.factories.entries import make_cycle, make_entry
from tests.factories.letters import make_letters, send
from tests.factories.people import Tree
from tests.factories.workplans import fill, make_accepted, make_year

NONE: dict[str, Any] = {}


def same(keys: dict[str, Any], *names: str) -> dict[str, dict[str, Any]]:
    """The same keys for several URL names."""
    return dict.fromkeys(names, keys)


class MoreWorld:
    """``World`` takes these steps after its own."""

    tree: Tree
    now: dt.datetime
    keys: dict[str, dict[str, Any]]

    def _workplans(self) -> None:
        tree, now = self.tree, self.now
        year = make_year(tree, now=now, year=2026)
        scheme = make_accepted(year, tree.district_checker, tree.checker, now=now)
        draft = fill(Scheme.objects.get(year=year, organisation=tree.group), tree.group_checker, now=now)
        report = scheme.lines.first().reports.first()
        self.keys |= {
            **same(NONE, "plan.list", "scheme.list"),
            "plan.detail": {"pk": year.plan_id},
            "year.open": {"pk": year.plan_id},
            "board": {"pk": year.pk},
            "task.detail": {"pk": year.plan.tasks.first().pk},
            "scheme.": {"pk": scheme.pk},
            "scheme.file": {"pk": draft.files.first().pk},
            "scheme.file_remove": {"pk": draft.files.first().pk},
            "version.detail": {"pk": scheme.versions.first().pk},
            "report.detail": {"pk": report.pk},
            "report.file": {"pk": report.pk},
        }

    def _editions(self) -> None:
        tree = self.tree
        edition = make_edition(tree, tree.district_manager, now=self.now, levels=["district"])
        winner = make_entry(edition, tree.filer, EntryState.CONFIRMED, title="区级入选成果")
        self.keys |= {
            **same(NONE, "edition.list", "edition.choose"),
            "edition.open": {"pk": edition.programme_id},
            "edition.detail": {"pk": edition.pk},
            "edition.forward": {"code": winner.code},
        }

    def _letters(self) -> None:
        tree = self.tree
        cycle = make_cycle(tree, "innovation-star", now=self.now)
        make_entry(cycle, tree.filer, EntryState.SUBMITTED, at_level="district", title="待催办的成果")
        send(make_letters(cycle, "call", tree.manager), tree.manager)
        batch = make_letters(cycle, "reminder", tree.manager)
        message = Delivery.objects.get(user_id=tree.district_checker.user_id, channel="site")
        self.keys |= {
            **same(NONE, "letters.list", "letters.draft", "message.list", "message.remind"),
            **same({"pk": batch.pk}, "letters.batch", "letters.change", "letters.send", "letters.resend", "letters.discard"),
            **same(
                {"pk": batch.letters.get().pk},
                "letters.letter", "letters.letter_change", "letters.leave_out", "letters.take_in",
            ),
            "message.detail": {"pk": message.pk},
        }  # fmt: skip

    def _jobs(self) -> None:
        desk = self.tree.manager.desk
        run = JobRun.objects.create(
            kind="reports.yearly",
            key="reports.yearly:matrix",
            title="年度统计报表",
            state=JobState.SUCCEEDED,
            organisation_path=desk.organisation_path,
            membership_id=desk.membership_id,
            started_by=self.tree.manager.user,
        )
        stored = StoredFile(
            job=run,
            name="报表.xlsx",
            content_type="application/octet-stream",
            organisation_path=desk.organisation_path,
            owner=self.tree.manager.user,
            expires_at=self.now + dt.timedelta(days=1),
        )
        stored.file.save("report.xlsx", ContentFile(b"PK"), save=True)
        self.keys |= {"run.detail": {"pk": run.pk}, "file.download": {"pk": stored.pk}}

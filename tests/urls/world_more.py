"""More of the federation of tests/urls/world.py: objects for the addresses of tests/urls/table_more.py."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from competitions.projects.domain.field import enter_care, enter_scorecard, plan_visit
from competitions.projects.domain.progress import add_milestone
from portal.accounts.enums import Role
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.jobs.models import JobRun, JobState, StoredFile
from portal.lifecycle.clearance.departments.queries import lines_of
from portal.lifecycle.clearance.departments.register import propose_waiver, record_replies, register_letter
from portal.lifecycle.clearance.domain import Answer, request_clearances
from portal.lifecycle.clearance.opinions.models import HostOpinion
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.letters.models import Delivery
from portal.lifecycle.programmes.models import Cycle, CycleStage
from portal.lifecycle.recommendation.domain import Share, allocate_quota
from portal.lifecycle.review.codes.domain import draw as draw_codes
from portal.lifecycle.review.codes.marking import mark as mark_code
from portal.lifecycle.review.codes.models import CodedBatch
from portal.lifecycle.selection.countersigning.models import Countersignature
from portal.lifecycle.selection.domain import produce_round
from portal.lifecycle.similarity.models import SimilarPair
from portal.web.exports import workbook_bytes
from portal.workplans.models import Scheme
from tests.factories.editions import make_edition
from tests.factories.entries import PDF, make_cycle, make_entry
from tests.factories.hosts import make_host
from tests.factories.letters import make_letters, send
from tests.factories.people import Tree, make_actor
from tests.factories.projects import file as file_project
from tests.factories.projects import make_definition, make_project, make_ticket, report, with_group
from tests.factories.review import make_entry_in_review, make_expert, make_panel, make_reviewed
from tests.factories.shapes import shape
from tests.factories.workplans import fill, make_accepted, make_year
from tests.urls.rooms import rooms

NONE: dict[str, Any] = {}


def same(keys: dict[str, Any], *names: str) -> dict[str, dict[str, Any]]:
    """The same keys for several URL names."""
    return dict.fromkeys(names, keys)


class MoreWorld:
    """``World`` takes these steps after its own."""

    tree: Tree
    year: int
    actors: dict[str, Actor | None]
    now: dt.datetime
    keys: dict[str, dict[str, Any]]

    def _rooms(self) -> None:
        """What the rooms of the pillars bring (tests/urls/rooms)."""
        for room in rooms():
            self.keys |= room.keys(self)

    def _coded_contest(self) -> None:
        """A contest with both layers of codes drawn, by the manager and by the checker."""
        tree, now = self.tree, self.now
        definition = shape("contest")
        definition["programme"]["code"] = "shape-coded"
        next(stage for stage in definition["stages"] if stage["kind"] == "review")["codes"] = {"layers": 2}
        cycle = make_cycle(tree, definition, year=self.year, stage="review")
        make_entry_in_review(cycle, tree.group_filer)
        stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="review")
        draw_codes(actor=tree.manager, stage=stage, layer=1, now=now)
        draw_codes(actor=tree.checker, stage=stage, layer=2, now=now)
        recorder = make_actor(tree.municipal, Role.CHECKER, "录入人")
        mark_code(
            actor=recorder, stage=stage, code="001", typed={"theory": "80", "practice": "80"}, absent=False, note="",
            now=now,
        )  # fmt: skip
        batch = CodedBatch(stage=stage, file_name="按码成绩单.xlsx", sha256="0" * 64, state="faulty", rows=1)
        batch.problems = [{"row": 2, "column": "实操", "message": "没有填写"}]
        batch.uploaded_by = recorder.user
        batch.file.save("coded.xlsx", ContentFile(workbook_bytes("数据", ["工位码"], [["001"]])), save=True)
        self.keys |= {
            "codes.": {"pk": stage.pk},
            **same({"pk": batch.pk}, "codes.batch", "codes.apply", "codes.cancel", "codes.errors"),
            "codes.return": {"pk": stage.pk, "code": "001"},
            "codes.marks": {"pk": stage.pk},
            "codes.stages": NONE,
            "codes.draw": {"pk": stage.pk, "layer": 1},
            "codes.mark": {"pk": stage.pk, "code": "001"},
        }

    def _projects(self) -> None:
        """One project with all that can hang on it; the first ticket is open, the first report waits for its check."""
        tree, now = self.tree, self.now
        today = local_date(now)
        definition = make_definition(tree, now=now)
        project = make_project(tree, now=now, starts_on=today.replace(day=1), ends_on=today + dt.timedelta(days=300))
        file_project(tree, project, now=now)
        participant = with_group(tree, project, now=now).participants.get()
        milestone = add_milestone(actor=tree.filer, project=project, title="封顶", planned_on=today, now=now)
        period = report(project.periods.first(), tree.filer, percent=3, now=now)
        marks = {d["code"]: Decimal(d["max"]) for d in definition.content["dimensions"]}
        card = enter_scorecard(
            actor=tree.checker, project=project, definition=definition, scored_on=today, marks=marks, now=now
        )
        visit = plan_visit(actor=tree.checker, project=project, planned_on=today, team="调研组", agenda="", now=now)
        facts = {
            "on": today,
            "leaders": "领导",
            "recipients": "班组",
            "headcount": 9,
            "goods": "",
            "amount": Decimal(0),
        }
        more = {"source": "employer", "approval_number": ""}
        care = enter_care(actor=tree.checker, project=project, facts=facts | more, now=now)
        ticket = make_ticket(tree, project, now=now)
        keys, project_keys = self.keys, {"pk": project.pk}
        keys |= same(project_keys, "project.", "participant.add", "milestone.add", "scorecard.add", "inspection.plan")
        keys |= same(project_keys, "care.add", "ticket.raise")
        keys |= same(NONE, *(f"{name}.list" for name in ("project", "period", "inspection", "care", "ticket")))
        keys |= same(NONE, "project.wall", "project.register")
        parts = {
            "participant.remove": participant, "milestone.done": milestone, "period.": period, "scorecard.detail": card,
            "inspection.detail": visit, "inspection.record": visit, "care.detail": care, "ticket.": ticket,
            "file": project.files.first(),
        }  # fmt: skip
        keys |= {name: {"pk": row.pk} for name, row in parts.items()}

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
        self._projects()
        self._coded_contest()

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
        one = make_entry(cycle, tree.filer, EntryState.SUBMITTED, at_level="district", title="待催办的成果")
        other = make_entry(cycle, tree.group_filer, EntryState.RECOMMENDED, title="相似的成果")
        pair = SimilarPair.objects.create(earlier=one, later=other, percent=62)
        self.keys |= {"similarity.list": NONE, "similarity.pair": {"pk": pair.pk}}
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

    def _joint(self) -> None:
        """The other root hosts one cycle with this one: these pages, and no others, are open to it."""
        tree, guest = self.tree, self.actors["other manager"]
        params = {"selection": {"places": 1, "reserves": 1, "cap_per_nominating": None}}
        cycle = make_cycle(tree, "small-work", year=self.year - 14, stage="selection", params=params)
        host = make_host(cycle, guest, "see", "clear", "decide")
        experts = [make_expert(tree) for _ in range(5)]
        make_reviewed(cycle, tree.filer, make_panel(cycle, experts), experts, 0.9)
        entry = make_entry(cycle, tree.filer, EntryState.RECOMMENDED, title="联合主办的成果")
        stage = CycleStage.objects.get(cycle=cycle, kind="selection")
        round_ = produce_round(actor=tree.manager, stage_id=stage.pk, number=1, now=self.now)
        by_guest = {"host": host, "given_by": guest.user, "given_at": self.now}
        opinion = HostOpinion(entry=entry, verdict="refused", note="不同意", **by_guest)
        opinion.file_name, opinion.file_type = "意见.pdf", "application/pdf"
        opinion.file.save("opinion.pdf", ContentFile(PDF), save=True)
        signature = Countersignature.objects.create(
            round=round_, host=host, verdict="refused", reason="不同意", list_sha256=round_.list_sha256,
            signed_by=guest.user, signed_at=self.now,
        )  # fmt: skip
        self.keys |= {
            **same({"pk": cycle.pk}, "cycle.hosts", "cycle.host_add"),
            **same({"pk": host.pk}, "cycle.host_edit", "cycle.host_end", "joint."),
            **same(NONE, "joint.list", "joint.agree"),
            **same({"pk": opinion.pk}, "joint.scan", "clearance.scan", "clearance.overrule"),
            **same({"pk": round_.pk}, "joint.round", "joint.sign"),
            "joint.rounds": {"pk": host.pk},
            "joint.entry": {"pk": host.pk, "code": entry.code},
            "joint.file": {"pk": host.pk, "code": entry.code, "file": entry.attachments.first().pk},
            "round.answer": {"pk": signature.pk},
        }

    def _department_letters(self) -> None:
        """A letter with two candidates: one answer with its scan, one decision to go on that waits for its second person."""
        tree, checker = self.tree, self.tree.checker
        cycle = make_cycle(tree, "innovation-star", year=self.year - 12, stage="clearance")
        leader = {"post_category": "leader", "is_cadre": False}
        for _ in range(2):
            request_clearances(entry=make_entry(cycle, tree.filer, EntryState.RECOMMENDED, files=False, answers=leader))
        letter = register_letter(
            cycle=cycle, department="税务部门", number="1号", sent_on=local_date(self.now), working_days=5,
            actor=checker, now=self.now,
        )  # fmt: skip
        first, second = lines_of(letter)
        record_replies(
            letter=letter, answers={first.pk: Answer("refused", "欠税")}, received_on=None, reason="",
            upload=SimpleUploadedFile("复函.pdf", PDF), actor=checker, now=self.now,
        )  # fmt: skip
        waiver = propose_waiver(row=first, decision="会议", reason="已补缴", actor=checker, now=self.now)
        self.keys |= {
            "clearance.letter_sent": NONE,
            "clearance.letter": {"pk": letter.pk},
            "clearance.reply_scan": {"pk": first.replies.get().pk},
            "clearance.waive": {"pk": second.pk},
            "clearance.waive_confirm": {"pk": waiver.pk},
        }

    def _places(self) -> None:
        tree = self.tree
        cycle = Cycle.objects.get(pk=self.keys["quota.edit"]["pk"])
        shares = {tree.district.pk: Share(4, 1)}
        account = allocate_quota(cycle=cycle, shares=shares, actor=tree.manager, now=self.now)[0]
        self.keys |= {
            "place.list": NONE,
            **same({"pk": account.pk}, "place.account", "place.transfer", "place.give_back"),
            "place.reverse": {"pk": account.incoming.first().pk},
        }

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

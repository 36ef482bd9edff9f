"""One federation in which every URL has an object: what tests/urls/table.py asks for, with the keys of each address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from portal.accounts.domain.feeds import create_feed
from portal.accounts.domain.invitations import invite
from portal.accounts.enums import Role
from portal.accounts.models import ApiToken, Holiday, ReportingLine, UnionCoverage
from portal.accounts.models.imports import ImportBatch
from portal.core.context import Actor
from portal.core.scoping import system_scope
from portal.lifecycle.conferral.models import Conferral
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.notice.models import NoticeKind
from portal.lifecycle.notice.objections import accept_objection
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.checklist.models import SelfMark
from portal.lifecycle.review.imported.models import ResultBatch
from portal.lifecycle.review.models import DeclaredConflict, ExpertProfile
from portal.lifecycle.review.presentation.domain import draw
from portal.lifecycle.review.visits.models import Visit, VisitPhoto
from portal.lifecycle.review.vote.domain import open_vote
from portal.lifecycle.review.vote.models import VoteWindow
from portal.lifecycle.selection.domain import produce_round
from portal.lifecycle.showcase.domain import prepare_page, publish_page
from portal.lifecycle.workshop.changes import Act
from portal.lifecycle.workshop.domain import save_page
from portal.web.exports import workbook_bytes
from tests.factories.announcements import make_announcement
from tests.factories.drafts import make_new_draft
from tests.factories.entries import make_attachment, make_cycle, make_entry, picture_bytes
from tests.factories.notices import (
    bundle_behind,
    make_conferred,
    make_confirmed,
    make_decision,
    make_draft,
    make_notice,
    make_selected,
    object_to,
)
from tests.factories.people import Tree, make_membership, make_organisation
from tests.factories.review import assign, declare, make_entry_in_review, make_expert, make_panel, make_reviewed
from tests.factories.shapes import shape
from tests.urls.world_more import NONE, MoreWorld, same
from tests.urls.world_review import ReviewWorld


class World(MoreWorld, ReviewWorld):
    """Everything belongs to ``tree``; ``other`` is the manager of another municipal root. ``kwargs(name)`` fills a URL."""

    def __init__(self, tree: Tree, other: Tree) -> None:
        self.tree, self.now, self.year = tree, (now := timezone.now()), now.year
        self.keys: dict[str, dict[str, Any]] = {}
        self.actors: dict[str, Actor | None] = {
            "anonymous": None,
            "filer": tree.filer,
            "unit checker": tree.unit_checker,
            "zone checker": tree.zone_checker,
            "district checker": tree.district_checker,
            "district manager": tree.district_manager,
            "expert": tree.expert,
            "city checker": tree.checker,
            "city manager": tree.manager,
            "supervisor": tree.supervisor,
            "auditor": tree.auditor,
            "other manager": other.manager,
        }
        self._organisations()
        self._entries()
        self._review()
        self._contest()
        self._review_steps()
        self._round()
        self._notices()
        self._honours()
        self._jobs()
        self._workplans()
        self._joint()
        self._department_letters()
        self._editions()
        self._letters()
        self._places()
        self._review_rooms()
        self._rooms()

    def kwargs(self, name: str) -> dict[str, Any]:
        """By the whole name, else by its longest registered beginning."""
        name = name.rpartition(":")[2]
        fitting = [key for key in self.keys if name == key or name.startswith(key)]
        return self.keys[max(fitting, key=len)] if fitting else NONE

    def _organisations(self) -> None:
        tree, keys = self.tree, self.keys
        member = tree.filer.desk.membership_id
        closed = make_organisation("grassroots", "停用厂工会", tree.zone, is_active=False)
        merged = make_organisation("grassroots", "并入厂工会", tree.zone)
        line = ReportingLine.objects.create(organisation=merged, parent=tree.group)
        UnionCoverage.objects.create(organisation=tree.unit, employer=tree.group_employer)
        invitation, token = invite(
            actor=tree.manager, organisation=tree.unit, role=Role.CHECKER, name="李新明", now=self.now
        )
        api_token, _secret = ApiToken.objects.create(user=tree.manager.user)
        holiday = Holiday.objects.create(day=dt.date(self.year, 12, 31), name="测试假日", is_workday=False)
        batch = ImportBatch(kind="organisations", organisation=tree.municipal, file_name="名册.xlsx", sha256="0" * 64)
        batch.uploaded_by = tree.manager.user
        batch.errors, batch.problems = 1, [{"row": 7, "column": "名称", "message": "请填写。"}]
        batch.file.save("names.xlsx", ContentFile(workbook_bytes("名册", ["名称"], [["甲厂工会"]])), save=True)
        second = make_membership(tree.manager.user, tree.municipal, Role.CHECKER)
        keys |= {
            "organisation.": {"pk": tree.unit.pk},
            "organisation.merge": {"pk": merged.pk},
            "organisation.reopen": {"pk": closed.pk},
            **same(NONE, "organisation.list", "organisation.tree", "organisation.pick", "organisation.create"),
            "reporting.set": {"pk": tree.unit.pk},
            "reporting.clear": {"pk": merged.pk, "line": line.pk},
            "coverage.add": {"pk": tree.unit.pk},
            "coverage.end": {"pk": tree.unit.pk, "employer": tree.group_employer.pk},
            "employer.": {"pk": tree.employer.pk},
            **same(NONE, "employer.list", "employer.pick", "employer.create"),
            "member.": {"pk": member},
            **same(NONE, "member.list", "member.grant"),
            "invitation.": {"pk": invitation.pk},
            "invitation.accept": {"token": token},
            **same(NONE, "invitation.list", "invitation.create"),
            "import.": {"pk": batch.pk},
            "import.template": {"kind": "organisations"},
            **same(NONE, "import.list", "import.create"),
            "calendar.feed": {"secret": create_feed(membership=second, actor=tree.manager, now=self.now)},
            "feed.": {"membership_id": second.pk},
            "feed.list": NONE,
            "public.feed": NONE,
            "token.revoke": {"token_key": api_token.token_key},
            "holiday.": {"pk": holiday.pk},
            **same(NONE, "holiday.list", "holiday.create"),
            "code.rows": {"name": "education"},
            "desk.switch": {"membership_id": second.pk},
        }

    def _drafts(self) -> dict[str, dict[str, Any]]:
        """A blueprint on which the city's manager is working, with a paper."""
        manager = self.tree.manager
        with system_scope("objects of the URL matrix"):
            draft = make_new_draft(manager)
            act = Act("add", "documents")
            save_page(draft=draft, version=1, at="documents", values={}, act=act, actor=manager, now=self.now)
        return {
            "draft.": {"pk": draft.pk},
            **same(NONE, "draft.list", "draft.create", "draft.revise", "draft.copy"),
            "draft.paper": {"pk": draft.pk, "code": "paper1"},
        }

    def _entries(self) -> None:
        tree, keys = self.tree, self.keys
        cycle = make_cycle(tree, "small-work", year=self.year)
        draft = make_entry(cycle, tree.filer, title="草稿一件")
        picture = make_attachment(draft, tree.filer, "photos")
        at_unit = make_entry(cycle, tree.filer, EntryState.SUBMITTED)
        at_district = make_entry(cycle, tree.filer, EntryState.SUBMITTED, at_level="district")
        application = CycleStage.objects.get(cycle=cycle, kind="application")
        self.cycle, self.draft = cycle, draft
        section = cycle.rules.sections[0].code
        keys |= {
            "cycle.": {"pk": cycle.pk},
            **same(NONE, "cycle.list", "cycle.create", "cycle.calendar"),
            **same({"pk": cycle.programme_id}, "cycle.plan", "cycle.plan_check"),
            "announcement.": {"pk": make_announcement(cycle, tree.manager).pk},
            "stage.": {"pk": application.pk},
            "programme.detail": {"pk": cycle.programme_id},
            "programme.copy": {"pk": cycle.programme_id},
            **self._drafts(),
            "entry.": {"code": at_district.code},
            **same(NONE, "entry.list", "entry.create"),
            "entry.begin": {"cycle": cycle.pk},
            "entry.edit": {"code": draft.code},
            "entry.section": {"code": draft.code, "section": section},
            "entry.autosave": {"code": draft.code, "section": section},
            "entry.upload": {"code": draft.code, "field": "photos"},
            "entry.attachment": {"code": draft.code, "pk": picture.pk},
            "entry.attachments": {"code": at_district.code},
            "entry.review": {"code": draft.code},
            "entry.consent": {"code": draft.code},
            "entry.document": {
                "code": at_district.code, "document": cycle.rules.documents[0].code, "kind": "pdf",
            },
            "nomination.": {"pk": cycle.pk},
            **same(NONE, "nomination.list", "nomination.waiting", "nomination.bulk_endorse"),
            **same({"code": at_district.code}, "nomination.endorse", "nomination.return", "nomination.decline"),
            "quota.edit": {"pk": cycle.pk},
            "public.call": {"pk": cycle.pk},
            "public.calls": NONE,
            "entry-": {"code": at_unit.code},
            "entry-list": NONE,
            "programme-detail": {"pk": cycle.programme_id},
            "cycle-detail": {"pk": cycle.pk},
        }  # fmt: skip
        self.at_district = at_district

    def _review(self) -> None:
        tree, keys = self.tree, self.keys
        cycle = make_cycle(tree, "small-work", year=self.year - 1, stage="review")
        ExpertProfile.objects.create(user=tree.expert.user, owner=tree.municipal)
        profile = ExpertProfile.objects.get(user=make_expert(tree).user)
        panel = make_panel(cycle, [tree.expert, make_expert(tree)])
        entry = make_entry_in_review(cycle, tree.group_filer)
        sheet = assign(panel, entry, tree.expert)[0]
        stage = CycleStage.objects.get(cycle=cycle, kind="review")
        declare(tree.expert, tree, tree.district)
        conflict = DeclaredConflict.objects.get(expert=tree.expert.user)
        to_check = make_entry(cycle, tree.filer, EntryState.RECOMMENDED)
        keys |= {
            "review.": {"pk": stage.pk},
            **same(NONE, "review.desk", "review.conflicts", "review.stages", "review.begin", "review.complete"),
            **same(NONE, "review.experts", "review.expert_add"),
            **same(
                {"pk": sheet.pk},
                "review.sheet",
                "review.save",
                "review.submit",
                "review.recuse",
                "review.withdraw",
                "review.reopen",
            ),
            "review.file": {"pk": sheet.pk, "number": 1},
            **same(
                {"pk": panel.pk},
                "review.matrix",
                "review.panel",
                "review.panel_remove",
                "review.proposal",
                "review.accept",
            ),
            "review.panels": {"pk": stage.pk},
            "review.panel_create": {"pk": stage.pk},
            "review.entry": {"pk": entry.pk},
            "review.entries": {"pk": stage.pk},
            "review.expert": {"pk": profile.pk},
            "review.expert_conflict": {"pk": profile.pk},
            **same({"pk": conflict.pk}, "review.conflict_withdraw", "review.expert_conflict_withdraw"),
            "clearance.": {"code": to_check.code},
            **same(NONE, "clearance.list", "clearance.letters"),
            "review-": {"pk": sheet.pk},
            "review-list": NONE,
        }

    def _contest(self) -> None:
        tree = self.tree
        cycle = make_cycle(tree, shape("contest"), year=self.year, stage="review")
        entry = make_entry_in_review(cycle, tree.group_filer)
        stage = CycleStage.objects.get(cycle=cycle, kind="review")
        batch = ResultBatch(stage=stage, file_name="成绩单.xlsx", sha256="0" * 64, state="faulty", rows=1)
        batch.uploaded_by = tree.manager.user
        batch.problems = [{"row": 2, "column": "理论", "message": "请填写数字。"}]
        batch.file.save("marks.xlsx", ContentFile(workbook_bytes("成绩", ["申报编号"], [["甲"]])), save=True)
        self.keys |= {
            "result.": {"pk": batch.pk},
            **same(NONE, "result.stages", "result.confirm", "result.return"),
            **same({"pk": stage.pk}, "result.list", "result.template", "result.upload", "result.confirm_all"),
            "result.edit": {"pk": entry.pk},
        }

    def _review_steps(self) -> None:
        """A checklist with visits, presentations and a vote of each kind."""
        tree, now = self.tree, self.now
        cycle = make_cycle(tree, shape("checklist"), year=self.year, stage="review")
        draft = make_entry(cycle, tree.filer)
        entry = make_entry_in_review(cycle, tree.filer)
        (sheet,) = assign(make_panel(cycle, [tree.expert]), entry, tree.expert)
        proof = ContentFile(b"proof", name="proof.pdf")
        for filed in (draft, entry):
            SelfMark.objects.create(entry=filed, item="lead.chair", value=30, file=proof, file_name="任命.pdf")
        stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="review")
        visit = Visit.objects.create(
            entry=entry, visited_on=now, conclusion="passed", state="filed", filed_by=tree.manager.user, filed_at=now
        )
        photo = VisitPhoto(visit=visit, name="现场.png", size=1, content_type="image/png", sha256="0" * 64)
        photo.uploaded_by = tree.manager.user
        photo.file.save("photo.png", ContentFile(picture_bytes()), save=True)
        draw(actor=tree.manager, stage=stage, now=now)
        public = open_vote(actor=tree.manager, stage=stage, now=now)
        again = CycleStage.objects.get(cycle=self.cycle, kind="review")
        staff = VoteWindow.objects.create(
            stage=again, token="staff", title="职工投票", audience="staff", votes_per_person=1, address_cap=30,
            opens_at=now, closes_at=public.closes_at, opened_by=tree.manager.user,
        )  # fmt: skip
        self.keys |= {
            **same({"code": draft.code}, "checklist.self", "checklist.self_save", "self-mark-"),
            "checklist.evidence": {"code": draft.code, "item": "lead.chair"},
            **same({"pk": sheet.pk}, "checklist.save", "review-items"),
            "checklist.review_evidence": {"pk": sheet.pk, "item": "lead.chair"},
            **same(NONE, "visit.stages", "visit.plan", "presentation.stages", "vote.stages"),
            **same({"pk": stage.pk}, "visit.list", "presentation.", "vote."),
            **same({"pk": visit.pk}, "visit.record", "visit.reopen"),
            **same({"pk": photo.pk}, "visit.photo", "visit.photo_remove"),
            "visit.reading": {"pk": sheet.pk},
            "visit.reading_photo": {"pk": sheet.pk, "photo": photo.pk},
            "vote.public": {"token": public.token},
            "vote.staff": {"token": staff.token},
        }

    def _round(self) -> None:
        tree = self.tree
        params = {"selection": {"places": 2, "reserves": 1, "cap_per_nominating": None, "min_score": "60"}}
        cycle = make_cycle(tree, "small-work", year=self.year - 2, stage="selection", params=params)
        experts = [make_expert(tree) for _ in range(5)]
        panel = make_panel(cycle, experts)
        for share in (0.9, 0.8, 0.8):
            make_reviewed(cycle, tree.filer, panel, experts, share)
        stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="selection")
        round_ = produce_round(actor=tree.manager, stage_id=stage.pk, number=1, now=self.now)
        batch = self._batch()
        self.keys |= {
            "round.": {"pk": round_.pk},
            "round.meter": {"pk": batch["pk"]},
            "round.list": NONE,
            "round.stage": {"pk": stage.pk},
            "round.produce": {"pk": stage.pk},
            "round.tie": {"pk": round_.pk, "number": 0},
            "round-detail": {"pk": round_.pk},
            "round.lines": NONE,
            "round.line": batch,
        }

    def _batch(self) -> dict[str, int]:
        """A round that people decide line by line."""
        tree = self.tree
        cycle = make_cycle(tree, shape("batch_without_review"), year=self.year, stage="selection")
        entry = make_entry(cycle, tree.filer, EntryState.RECOMMENDED)
        stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="selection")
        round_ = produce_round(actor=tree.manager, stage_id=stage.pk, number=1, now=self.now)
        return {"pk": round_.pk, "entry": entry.pk}

    def _notices(self) -> None:
        tree = self.tree
        first, second = make_selected(tree, 2, year=self.year - 3)
        running = make_notice([first], tree.manager)
        bundle_behind(running)
        draft = make_draft([second], tree.manager)
        receipt = object_to(running, first, files=1)
        accept_objection(objection=receipt.objection, actor=tree.manager, now=self.now)
        local = make_notice([self.at_district], tree.district_manager, kind=NoticeKind.LOCAL)
        self.keys |= {
            "notice.": {"pk": draft.pk},
            "notice.close": {"pk": running.pk},
            "notice.detail": {"pk": running.pk},
            "notice.docx": {"pk": running.pk},
            **same(NONE, "notice.list", "notice.choose"),
            "notice.create": {"cycle": first.cycle_id, "kind": "selection"},
            "objection.": {"pk": receipt.objection.pk},
            "objection.list": NONE,
            "objection.letter": {"pk": receipt.objection.pk, "kind": "acceptance"},
            "objection.report": {"pk": running.pk},
            "objection.file": {"pk": receipt.objection.files.get().pk},
            "public.notice": {"code": running.code},
            "public.bundle": {"code": running.code},
            "public.verify_result": NONE,
            "public.notices": NONE,
            "public.object": {"code": local.code},
            "public.objection": NONE,
            "notice-detail": {"code": running.code},
        }

    def _honours(self) -> None:
        tree = self.tree
        confirmed = make_confirmed(tree, 1, year=self.year - 4)
        decision = make_decision(confirmed[0].cycle, tree.manager)
        shown, waiting = make_conferred(tree, 2, year=self.year - 5)
        issued = Conferral.objects.get(cycle=shown.cycle_id)
        page = prepare_page(entry=shown, actor=tree.manager, now=self.now)
        picture = shown.attachments.filter(content_type__startswith="image/").first()
        publish_page(item=page, summary="减少返工。", picture=picture, actor=tree.manager, now=self.now)
        honour = shown.honour_record
        number = {"certificate_number": honour.certificate_number}
        self.keys |= {
            "conferral.": {"pk": decision.pk},
            "conferral.detail": {"pk": issued.pk},
            "conferral.docx": {"pk": issued.pk},
            **same(NONE, "conferral.list", "conferral.choose"),
            "conferral.create": {"cycle": confirmed[0].cycle_id},
            "conferral.revoke": {"pk": shown.conferral_item.pk},
            "showcase.": {"pk": page.pk},
            "showcase.desk": NONE,
            "showcase.prepare": {"pk": waiting.pk},
            "public.showcase": NONE,
            **same({"pk": page.pk}, "public.showcase_item", "public.showcase_picture"),
            "honour.detail": {"pk": honour.pk},
            "honour-detail": {"pk": honour.pk},
            "certificate": number,
            "public.verify": number,
            "public.verify_form": NONE,
            "certificate.reissue": {"pk": honour.pk},
            "public.certificate": {"token": honour.issues.get().token},
            **same(NONE, "public.keys", "public.revocations", "public.verifier"),
        }

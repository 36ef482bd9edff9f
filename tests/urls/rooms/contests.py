"""技能竞赛: one contest of the federation that takes entries, a delegation of the unit, an appeal, a promotion."""

from __future__ import annotations

import datetime as dt
from typing import Any

from competitions.contests.models import (
    Competitor,
    ContestAppeal,
    ContestFile,
    ContestImport,
    ContestPart,
    ContestResult,
    ContestSession,
    HonourCandidate,
    Promotion,
)
from tests.factories import contests as make

TABLE = """
competitions:public.brand                  GET  o ooooo ooooo o
competitions:media.list                    GET  L ooooo xoooo o
competitions:media.add                     GET  L xoooo xooxx o
competitions:media.add                     POST L xoooo xooxx o
competitions:media.remove                  POST L xoooo xooxx o
competitions:contest.list                  GET  L ooooo xoooo o
competitions:contest.plan                  GET  L ooooo xoooo o
competitions:contest.calendar              GET  L ooooo xoooo o
competitions:contest.target                GET  L xxxxx xooxx o
competitions:contest.target                POST L xxxxx xooxx o
competitions:contest.trades_load           POST L xxxxx xooxx o
competitions:contest.add                   GET  L xoooo xooxx o
competitions:contest.add                   POST L xoooo xooxx o
competitions:contest.roster_template       GET  L ooooo xoooo o
competitions:contest.plan_template         GET  L xoooo xooxx o
competitions:contest.plan_load             GET  L xoooo xooxx o
competitions:contest.plan_load             POST L xoooo xooxx o
competitions:contest_import.detail         GET  L ..... .oooo .
competitions:contest.detail                GET  L ooooo .oooo .
competitions:contest.people                GET  L ooooo xoooo .
competitions:contest.results               GET  L ooooo xoooo .
competitions:contest.edit                  GET  L xxxxx .ooxx .
competitions:contest.edit                  POST L xxxxx .ooxx .
competitions:contest.session               GET  L xxxxx .ooxx .
competitions:contest.session               POST L xxxxx .ooxx .
competitions:contest.document              GET  L xxxxx .ooxx .
competitions:contest.document              POST L xxxxx .ooxx .
competitions:contest.open                  POST L xxxxx .ooxx .
competitions:contest.check                 POST L xxxxx .ooxx .
competitions:contest.close                 POST L xxxxx .ooxx .
competitions:contest.draw                  POST L xxxxx .ooxx .
competitions:contest.start                 POST L xxxxx .ooxx .
competitions:contest.lock                  POST L xxxxx .ooxx .
competitions:contest.publish               POST L xxxxx .ooxx .
competitions:contest.confirm               POST L xxxxx .ooxx .
competitions:contest.archive               POST L xxxxx .ooxx .
competitions:contest.cancel                GET  L xxxxx .ooxx .
competitions:contest.cancel                POST L xxxxx .ooxx .
competitions:contest.narrow                GET  L xxxxx .ooxx .
competitions:contest.narrow                POST L xxxxx .ooxx .
competitions:delegation.add                GET  L ooooo .ooxx .
competitions:delegation.add                POST L ooooo .ooxx .
competitions:session.remove                POST L xxxxx .ooxx .
competitions:contest.file                  GET  L ooooo .oooo .
competitions:delegation.detail             GET  L ooooo .oooo .
competitions:competitor.add                GET  L ooxxx .xxxx .
competitions:competitor.add                POST L ooxxx .xxxx .
competitions:delegation.load               GET  L ooxxx .xxxx .
competitions:delegation.load               POST L ooxxx .xxxx .
competitions:contest_appeal.add            GET  L xxxxx .xxxx .
competitions:contest_appeal.add            POST L xxxxx .xxxx .
competitions:competitor.detail             GET  L ooooo .oooo .
competitions:competitor.decide             GET  L xxxxx .ooxx .
competitions:competitor.decide             POST L xxxxx .ooxx .
competitions:competitor.withdraw           POST L ooxxx .xxxx .
competitions:part.marks                    GET  L xxxxx .ooxx .
competitions:part.marks                    POST L xxxxx .ooxx .
competitions:part.template                 GET  L xxxxx .ooxx .
competitions:part.load                     GET  L xxxxx .ooxx .
competitions:part.load                     POST L xxxxx .ooxx .
competitions:part.confirm                  POST L xxxxx .ooxx .
competitions:part.reopen                   GET  L xxxxx .ooxx .
competitions:part.reopen                   POST L xxxxx .ooxx .
competitions:contest_appeal.list           GET  L ooooo xoooo o
competitions:contest_appeal.detail         GET  L ooooo .oooo .
competitions:contest_appeal.file           GET  L ooooo .oooo .
competitions:contest_appeal.rule           GET  L xxxxx .ooxx .
competitions:contest_appeal.rule           POST L xxxxx .ooxx .
competitions:contest_appeal.correct        GET  L xxxxx .ooxx .
competitions:contest_appeal.correct        POST L xxxxx .ooxx .
competitions:promotion.list                GET  L ooooo xoooo o
competitions:contest_levels.page           GET  L ooooo xoooo o
competitions:contest_levels.workbook       GET  L ooooo xoooo o
competitions:promotion.workbook            GET  L xoooo xooxx o
competitions:promotion.send                POST L xoooo xooxx o
competitions:promotion.grant               GET  L xxxxx .ooxx .
competitions:promotion.grant               POST L xxxxx .ooxx .
competitions:promotion.drop                GET  L xxxxx .ooxx .
competitions:promotion.drop                POST L xxxxx .ooxx .
competitions:contest_honour.list           GET  L ooooo xoooo o
competitions:contest_honour.workbook       GET  L xoooo xooxx o
competitions:contest_honour.send           POST L xoooo xooxx o
competitions:contest_honour.detail         GET  L ooooo .oooo .
competitions:contest_honour.unit           GET  L xxxxx .xxxx .
competitions:contest_honour.unit           POST L xxxxx .xxxx .
competitions:contest_honour.draft          POST L oxxxx .xxxx .
competitions:contest.scale                 GET  L ..... ..... .
competitions:contest.certificates          GET  L xxxxx .xxxx .
competitions:competitor.pdf                GET  L xxxxx .xxxx .
competitions:public.contests               GET  o ooooo ooooo o
competitions:public.contest                GET  o ooooo ooooo o
competitions:public.contest_file           GET  o ooooo ooooo o
competitions:public.contest_certificate    GET  o ooooo ooooo o
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    contest = make.open_contest(tree.manager, tree.municipal, now)
    delegation = make.enter(tree.filer, contest, now, [make.person(1), make.person(2)])
    person = Competitor.objects.filter(contest=contest).first()
    ContestResult.objects.create(
        contest=contest, competitor=person, shown_name="选*", shown_unit="厂", total=90, rank=1
    )
    promotion = Promotion.objects.create(
        competitor=person, root_path=tree.municipal.path, year=world.year, id_index=person.id_index, before="3", after="2",
        rules="2024", reason="第1名", state="sent", proposed_at=now - dt.timedelta(days=1),
    )  # fmt: skip
    honour = HonourCandidate.objects.create(
        competitor=person, honour="may_day", unit=delegation.organisation, reason="第一名", proposed_at=now
    )
    batch = ContestImport.objects.create(
        organisation=tree.municipal, kind="plan", file_name="计划.xlsx", uploaded_by=tree.manager.user, uploaded_at=now
    )
    document = ContestFile.objects.filter(contest=contest).first()
    appeal = ContestAppeal.objects.create(
        contest=contest, delegation=delegation, kind="result", words="少计分", filed_at=now, paper=document
    )
    one = {"pk": contest.pk}
    found: dict[str, dict[str, Any]] = {
        "contest.": one,
        "public.contest": one,
        "public.contest_file": {"pk": document.pk},
        "contest.file": {"pk": document.pk},
        "session.": {"pk": ContestSession.objects.filter(contest=contest).first().pk},
        "part.": {"pk": ContestPart.objects.filter(contest=contest).first().pk},
        "delegation.": {"pk": delegation.pk},
        "delegation.add": one,
        "competitor.": {"pk": person.pk},
        "competitor.add": {"pk": delegation.pk},
        "contest_appeal.": {"pk": appeal.pk},
        "contest_appeal.add": {"pk": delegation.pk},
        "promotion.": {"pk": promotion.pk},
        "public.contests": {},
        "public.brand": {},
        "media.": {},
        "contest_import.": {"pk": batch.pk},
        "public.contest_certificate": {"number": "2026-0001-001"},
        "contest_honour.": {"pk": honour.pk},
    }
    bare = ("list", "plan", "calendar", "target", "trades_load", "add", "roster_template", "plan_template", "plan_load")
    found |= {f"contest.{name}": {} for name in bare}
    found |= {
        "contest_appeal.list": {},
        **{f"contest_honour.{name}": {} for name in ("list", "workbook", "send")},
        "promotion.list": {},
        "contest_levels.": {},
        "promotion.workbook": {},
        "promotion.send": {},
    }
    return found

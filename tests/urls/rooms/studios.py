"""创新工作室."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from innovations.studios.models import (
    Alliance,
    AllianceMember,
    Result,
    StudioMember,
    StudioRemoval,
    StudioRequest,
    Topic,
    YearCheck,
)
from portal.core.dates import local_date
from tests.factories.studios import make_check, make_line, make_studio

TABLE = """
innovations:studio.home                    GET  L ooooo xoooo o
innovations:studio.list                    GET  L ooooo xoooo o
innovations:studio.add                     GET  L ooooo xooxx o
innovations:studio.add                     POST L ooooo xooxx o
innovations:studio.detail                  GET  L ooooo .oooo .
innovations:studio.change                  GET  L ooooo .ooxx .
innovations:studio.change                  POST L ooooo .ooxx .
innovations:studio.name                    GET  L xxxxx .ooxx .
innovations:studio.name                    POST L xxxxx .ooxx .
innovations:studio.reconfirm               GET  L xxxoo .xxxx .
innovations:studio.reconfirm               POST L xxxoo .xxxx .
innovations:studiomember.add               GET  L ooooo .ooxx .
innovations:studiomember.add               POST L ooooo .ooxx .
innovations:studiomember.leave             POST L ooooo .ooxx .
innovations:topic.list                     GET  L ooooo xoooo o
innovations:topic.add                      GET  L ooooo .ooxx .
innovations:topic.add                      POST L ooooo .ooxx .
innovations:topic.approve                  GET  L xoooo .ooxx .
innovations:topic.approve                  POST L xoooo .ooxx .
innovations:topic.finish                   GET  L ooooo .ooxx .
innovations:topic.finish                   POST L ooooo .ooxx .
innovations:topic.stop                     GET  L ooooo .ooxx .
innovations:topic.stop                     POST L ooooo .ooxx .
innovations:studioresult.list              GET  L ooooo xoooo o
innovations:studioresult.add               GET  L ooooo .ooxx .
innovations:studioresult.add               POST L ooooo .ooxx .
innovations:activity.add                   GET  L ooooo .ooxx .
innovations:activity.add                   POST L ooooo .ooxx .
innovations:studiogrowth.add               GET  L ooooo .ooxx .
innovations:studiogrowth.add               POST L ooooo .ooxx .
innovations:record.remove                  POST L ooooo .ooxx .
innovations:record.proof                   GET  L ooooo .oooo .
innovations:studio.money                   GET  L ooooo .oooo .
innovations:money.add                      GET  L ooooo .ooxx .
innovations:money.add                      POST L ooooo .ooxx .
innovations:money.reverse                  GET  L ooooo .ooxx .
innovations:money.reverse                  POST L ooooo .ooxx .
innovations:request.add                    GET  L ooooo .ooxx .
innovations:request.add                    POST L ooooo .ooxx .
innovations:request.decide                 GET  L xxxoo .xxxx .
innovations:request.decide                 POST L xxxoo .xxxx .
innovations:removal.propose                GET  L xxxoo .xxxx .
innovations:removal.propose                POST L xxxoo .xxxx .
innovations:removal.decide                 GET  L xxxoo .xxxx .
innovations:removal.decide                 POST L xxxoo .xxxx .
innovations:check.list                     GET  L ooooo xoooo o
innovations:check.open                     GET  L xoooo xooxx o
innovations:check.open                     POST L xoooo xooxx o
innovations:check.detail                   GET  L ooooo .oooo .
innovations:check.file                     GET  L ooxxx .xxxx .
innovations:check.file                     POST L ooxxx .xxxx .
innovations:check.mark                     GET  L xxxoo .xxxx .
innovations:check.mark                     POST L xxxoo .xxxx .
innovations:check.return                   GET  L xxxoo .xxxx .
innovations:check.return                   POST L xxxoo .xxxx .
innovations:check.paper                    GET  L ooooo .oooo .
innovations:alliance.list                  GET  L ooooo xoooo o
innovations:alliance.add                   GET  L xoooo xooxx o
innovations:alliance.add                   POST L xoooo xooxx o
innovations:alliance.detail                GET  L ooooo .oooo .
innovations:alliance.change                GET  L xxxoo .xxxx .
innovations:alliance.change                POST L xxxoo .xxxx .
innovations:alliance.join                  GET  L xxxoo .xxxx .
innovations:alliance.join                  POST L xxxoo .xxxx .
innovations:alliance.leave                 POST L xxxoo .xxxx .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    """One studio that the district named, with one of everything."""
    tree, now, today = world.tree, world.now, local_date(world.now)
    studio = make_studio(tree.employer, named_by=tree.district)
    dropped = make_studio(tree.employer, named_by=tree.district)
    by = {"studio": studio, "entered_at": now}
    topic = Topic.objects.create(
        title="焊缝跟踪", year=world.year, goal="降低返修", head="周师傅", due_on=today + dt.timedelta(days=30), **by
    )
    result = Result(title="跟踪装置", kind="process", on=today, applied_in="一车间", benefit=Decimal(1), **by)
    result.file_name, result.content_type = "证明.pdf", "application/pdf"
    result.file.save("proof.pdf", ContentFile(b"%PDF-1.4"), save=True)
    request = StudioRequest.objects.create(
        kind="leader", reason="retired", on=today, words="退休", new_leader="李师傅", **by
    )
    removal = StudioRemoval.objects.create(studio=dropped, reason="停止运行", was="running", proposed_at=now)
    alliance = Alliance.objects.create(owner=tree.district, name="焊接联盟", direction="焊接", founded_on=today)
    allied = AllianceMember.objects.create(alliance=alliance, studio=studio, share="试验", joined_on=today)
    member = StudioMember.objects.create(studio=studio, name="吴师傅", trade="焊工", joined_on=today)
    check: YearCheck = make_check(studio, tree.district, world.year)
    filed: YearCheck = make_check(dropped, tree.district, world.year, status="filed", filed_at=now)
    pk = {"pk": studio.pk}
    return {
        "studio.": pk, "studio.home": {}, "studio.list": {}, "studio.add": {},
        "studiomember.add": pk, "studiomember.leave": {"pk": member.pk},
        "topic.": {"pk": topic.pk}, "topic.list": {}, "topic.add": pk,
        "studioresult.list": {}, "studioresult.add": pk, "activity.add": pk, "studiogrowth.add": pk,
        "record.remove": {"kind": "topic", "pk": topic.pk}, "record.proof": {"kind": "result", "pk": result.pk},
        "money.add": pk, "money.reverse": {"pk": make_line(studio, now).pk},
        "request.add": pk, "request.decide": {"pk": request.pk},
        "removal.propose": pk, "removal.decide": {"pk": removal.pk},
        "check.": {"pk": filed.pk}, "check.list": {}, "check.open": {}, "check.file": {"pk": check.pk},
        "alliance.": {"pk": alliance.pk}, "alliance.list": {}, "alliance.add": {}, "alliance.leave": {"pk": allied.pk},
    }  # fmt: skip

"""立项备案: a competition of the unit, decided by its zone; checks of the city; a complaint at the zone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from competitions.filings.domain import cohosts, complaints, reports, supervision
from competitions.filings.domain import filing as filings
from competitions.filings.models import (
    CheckPhoto,
    ComplaintFile,
    FilingFile,
    FilingReport,
    ReportFile,
    SpotCheck,
)
from portal.core.context import PUBLIC
from portal.core.dates import local_date
from tests.factories import filings as make

TABLE = """
competitions:filing.list                   GET  L ooooo xoooo o
competitions:filing.calendar               GET  L ooooo xoooo o
competitions:filing.board                  GET  L ooooo xoooo o
competitions:filing.cohosted               GET  L ooooo xoooo o
competitions:filing.create                 GET  L ooooo xooxx o
competitions:filing.create                 POST L ooooo xooxx o
competitions:filing.detail                 GET  L ooooo .oooo .
competitions:filing.print                  GET  L ooooo .oooo .
competitions:filing.edit                   GET  L oo... ..... .
competitions:filing.edit                   POST L oo... ..... .
competitions:filing.file                   POST L oo... ..... .
competitions:filing.withdraw               GET  L oo... ..... .
competitions:filing.withdraw               POST L oo... ..... .
competitions:filing.remove_file            POST L oo... ..... .
competitions:filing.amend                  GET  L ooxxx .xxxx .
competitions:filing.amend                  POST L ooxxx .xxxx .
competitions:filing.start                  POST L ooxxx .xxxx .
competitions:filing.archive                POST L xxxxx .xxxx .
competitions:filing.copy                   POST L ooxxx .xxxx .
competitions:filing.accept                 GET  L xxoxx .xxxx .
competitions:filing.accept                 POST L xxoxx .xxxx .
competitions:filings.accept                POST L xoooo xooxx o
competitions:filing.return                 GET  L xxoxx .xxxx .
competitions:filing.return                 POST L xxoxx .xxxx .
competitions:filing.plan                   POST L xxxxx .ooxx .
competitions:filing.unplan                 POST L xxxxx .ooxx .
competitions:filing.download               GET  L ooooo .oooo .
competitions:amendment.note                POST L xxoxx .xxxx .
competitions:cohost.add                    GET  L ooxxx .xxxx .
competitions:cohost.add                    POST L ooxxx .xxxx .
competitions:cohost.change                 GET  L ooxxx .xxxx .
competitions:cohost.change                 POST L ooxxx .xxxx .
competitions:cohost.end                    POST L ooxxx .xxxx .
competitions:cohost.confirm                POST L xxxxx .xxxx .
competitions:filingreport.list             GET  L ooooo xoooo o
competitions:filingreport.detail           GET  L ooooo .oooo .
competitions:filingreport.write            GET  L ooxxx .xxxx .
competitions:filingreport.write            POST L ooxxx .xxxx .
competitions:filingreport.accept           GET  L xxoxx .xxxx .
competitions:filingreport.accept           POST L xxoxx .xxxx .
competitions:filingreport.return           GET  L xxoxx .xxxx .
competitions:filingreport.return           POST L xxoxx .xxxx .
competitions:filingreport.download         GET  L ooooo .oooo .
competitions:commendation.list             GET  L ooooo xoooo o
competitions:commendation.edit             GET  L ooxxx .xxxx .
competitions:commendation.edit             POST L ooxxx .xxxx .
competitions:commendation.hand             POST L ooxxx .xxxx .
competitions:filingcatalogue.list          GET  L ooooo xoooo o
competitions:filingcatalogue.add           GET  L xxxxx xxoxx o
competitions:filingcatalogue.add           POST L xxxxx xxoxx o
competitions:filingcatalogue.load          POST L xxxxx xxoxx o
competitions:filingcatalogue.change        GET  L xxxxx .xoxx .
competitions:filingcatalogue.change        POST L xxxxx .xoxx .
competitions:filingcatalogue.switch        POST L xxxxx .xoxx .
competitions:checkdraw.list                GET  L xxooo xooox o
competitions:checkdraw.create              GET  L xxooo xooox o
competitions:checkdraw.create              POST L xxooo xooox o
competitions:checkdraw.detail              GET  L ..... .oooo .
competitions:filingcheck.list              GET  L ooooo xoooo o
competitions:filingcheck.detail            GET  L ooooo .oooo .
competitions:filingcheck.record            GET  L xxxxx .ooox .
competitions:filingcheck.record            POST L xxxxx .ooox .
competitions:filingcheck.rectify           GET  L ooxxx .xxxx .
competitions:filingcheck.rectify           POST L ooxxx .xxxx .
competitions:filingcheck.photo             GET  L ooooo .oooo .
competitions:complaint.list                GET  L xxooo xoooo o
competitions:complaint.detail              GET  L ..ooo .oooo .
competitions:complaint.answer              GET  L ..oxx .xxxx .
competitions:complaint.answer              POST L ..oxx .xxxx .
competitions:complaint.reveal              GET  L ..xxx .xxxx .
competitions:complaint.reveal              POST L ..xxx .xxxx .
competitions:complaint.download            GET  L ..ooo .oooo .
competitions:public.competitions           GET  o ooooo ooooo o
competitions:public.complaint              GET  o ooooo ooooo o
competitions:public.complaint              POST o ooooo ooooo o
competitions:public.complain               GET  o ooooo ooooo o
competitions:public.complain               POST o ooooo ooooo o
"""
LISTS = (
    "filing.list", "filings.accept", "filing.calendar", "filing.board", "filing.cohosted", "filing.create", "filingreport.list",
    "commendation.list", "filingcatalogue.list", "filingcatalogue.add", "filingcatalogue.load", "checkdraw.list",
    "checkdraw.create", "filingcheck.list", "complaint.list", "public.competitions", "public.complaint",
)  # fmt: skip


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    today = local_date(now)
    span = {"year": today.year, "starts_on": dt.date(today.year, 1, 1), "ends_on": dt.date(today.year, 12, 31)}
    lists = {"phases": [{"title": "初赛", "starts_on": span["starts_on"], "ends_on": dt.date(today.year, 1, 2), "tasks": ""},
                        {"title": "复赛", "starts_on": span["starts_on"], "ends_on": dt.date(today.year, 1, 3), "tasks": ""}]}  # fmt: skip
    draft = make.make_filing(tree, now=now, title="草稿", lists=lists, **span)
    waiting = make.filed(tree, now=now, title="待审", lists=lists, **span)
    ready = make.accepted(tree, now=now, title="待启动", lists=lists, **span)
    row = make.running(tree, now=now, title="进行中", lists=lists, **span)
    file = {"name": "方案.pdf", "size": 4, "content_type": "application/pdf"}
    stamp = file | {"uploaded_at": now, "sha256": "0" * 64}
    papers = {f: FilingFile(filing=f, purpose="scheme", **stamp) for f in (draft, row)}
    cohost = cohosts.add_cohost(
        actor=tree.filer, filing=row, name="", organisation=tree.group, duty="", sight=(), now=now
    )
    row.refresh_from_db()
    change = filings.amend_filing(
        actor=tree.filer, filing=row, content=make.content(tree, lists, title="进行中", expected_people=9, **span),
        reason="减少", revision=row.revision, now=now,
    )  # fmt: skip
    first, second = FilingReport.objects.filter(filing=row, kind="stage").order_by("pk")
    told = reports.report(actor=tree.filer, report=second, figures={}, words={"words": "完成"}, now=now)
    draw = supervision.draw_checks(
        actor=tree.checker, organisation=tree.municipal, year=today.year, title="抽查", size=2, due_on=today, now=now
    )
    check = SpotCheck.objects.get(draw=draw, filing=row)
    problem = SpotCheck.objects.get(draw=draw, filing=ready)
    SpotCheck.objects.filter(pk=problem.pk).update(result="problem", checked_on=today)
    complaint = complaints.make_complaint(
        actor=PUBLIC,
        filing=row,
        kind="other",
        grounds="现场没有急救人员和设备。",
        name="示例",
        phone="022-00000000",
        now=now,
    ).complaint
    stored = {
        "photo": CheckPhoto(filing=row, spot_check=check, **stamp),
        "report": ReportFile(filing=row, report=told, **stamp),
        "complaint": ComplaintFile(complaint=complaint, **file),
        "draft": papers[draft],
        "row": papers[row],
    }
    for kept in stored.values():
        kept.file.save("a.pdf", ContentFile(b"%PDF"), save=True)
    pks = {name: {"pk": kept.pk} for name, kept in stored.items()}
    item = {"pk": make.item(tree, "kind", "skill").pk}
    return {key: {} for key in LISTS} | {
        "filing.": {"pk": row.pk},
        **{key: {"pk": draft.pk} for key in ("filing.edit", "filing.file", "filing.withdraw")},
        **{key: {"pk": waiting.pk} for key in ("filing.accept", "filing.return")},
        "filing.start": {"pk": ready.pk},
        "filing.remove_file": pks["draft"],
        "filing.download": pks["row"],
        "amendment.note": {"pk": change.pk},
        "cohost.": {"pk": cohost.pk},
        "cohost.add": {"pk": row.pk},
        "filingreport.": {"pk": told.pk},
        "filingreport.write": {"pk": first.pk},
        "filingreport.download": pks["report"],
        "commendation.": {"pk": row.pk},
        "filingcatalogue.": item,
        "checkdraw.detail": {"pk": draw.pk},
        "filingcheck.": {"pk": check.pk},
        "filingcheck.rectify": {"pk": problem.pk},
        "filingcheck.photo": pks["photo"],
        "complaint.": {"pk": complaint.pk},
        "complaint.download": pks["complaint"],
        "public.complain": {"number": row.number},
    }

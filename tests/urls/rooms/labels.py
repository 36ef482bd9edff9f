"""班组称号和服务评价."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from competitions.labels.models import (
    LabelImport,
    LabelRemoval,
    Rating,
    RatingPoint,
    Recheck,
    RecheckCampaign,
    RecheckFile,
    TeamContest,
    TeamLabel,
    WorkTeam,
)
from competitions.labels.workbook import SHEET
from portal.accounts.imports.template import template
from portal.core.dates import local_date

TABLE = """
competitions:label.home                    GET  L ooooo xoooo o
competitions:workteam.list                 GET  L ooooo xoooo o
competitions:workteam.add                  GET  L ooooo xooxx o
competitions:workteam.add                  POST L ooooo xooxx o
competitions:workteam.detail               GET  L ooooo .oooo .
competitions:workteam.change               GET  L ooooo .ooxx .
competitions:workteam.change               POST L ooooo .ooxx .
competitions:teamlabel.list                GET  L ooooo xoooo o
competitions:teamlabel.give                GET  L xoooo .ooxx .
competitions:teamlabel.give                POST L xoooo .ooxx .
competitions:teamlabel.certificate         GET  L ooooo .oooo .
competitions:teamlabel.propose             GET  L xxoxx .xxxx .
competitions:teamlabel.propose             POST L xxoxx .xxxx .
competitions:teamlabel.decide              GET  L xxooo .ooxx .
competitions:teamlabel.decide              POST L xxooo .ooxx .
competitions:labelimport.list              GET  L xoooo xooxx o
competitions:labelimport.create            GET  L xoooo xooxx o
competitions:labelimport.create            POST L xoooo xooxx o
competitions:labelimport.template          GET  L xoooo xooxx o
competitions:labelimport.detail            GET  L ..o.. ..... .
competitions:labelimport.errors            GET  L ..o.. ..... .
competitions:labelimport.apply             POST L ..o.. ..... .
competitions:labelimport.cancel            POST L ..o.. ..... .
competitions:campaign.list                 GET  L ooooo xoooo o
competitions:campaign.open                 GET  L xoooo xooxx o
competitions:campaign.open                 POST L xoooo xooxx o
competitions:campaign.detail               GET  L ooooo .oooo .
competitions:campaign.remind               POST L xxoxx .xxxx .
competitions:recheck.list                  GET  L ooooo xoooo o
competitions:recheck.detail                GET  L ooooo .oooo .
competitions:recheck.file                  GET  L ooxxx .xxxx .
competitions:recheck.file                  POST L ooxxx .xxxx .
competitions:recheck.confirm               GET  L xxxxx .xxxx .
competitions:recheck.confirm               POST L xxxxx .xxxx .
competitions:recheck.mend                  GET  L xxxxx .xxxx .
competitions:recheck.mend                  POST L xxxxx .xxxx .
competitions:recheck.evidence              GET  L ooooo .oooo .
competitions:teamcontest.list              GET  L ooooo xoooo o
competitions:teamcontest.templates         GET  L ooooo xoooo o
competitions:teamcontest.start             GET  L ooooo xooxx o
competitions:teamcontest.start             POST L ooooo xooxx o
competitions:teamcontest.detail            GET  L ooooo .oooo .
competitions:teamcontest.people            GET  L ooxxx .xxxx .
competitions:teamcontest.people            POST L ooxxx .xxxx .
competitions:teamcontest.score             GET  L ooxxx .xxxx .
competitions:teamcontest.score             POST L ooxxx .xxxx .
competitions:teamcontest.close             GET  L ooxxx .xxxx .
competitions:teamcontest.close             POST L ooxxx .xxxx .
competitions:teamcontest.template          POST L ooooo .ooxx .
competitions:ratingpoint.list              GET  L ooooo xoooo o
competitions:ratingpoint.open              GET  L ooooo .ooxx .
competitions:ratingpoint.open              POST L ooooo .ooxx .
competitions:ratingpoint.detail            GET  L ooooo .oooo .
competitions:ratingpoint.close             POST L ooooo .ooxx .
competitions:ratingpoint.renew             POST L ooooo .ooxx .
competitions:ratingpoint.poster            GET  L ooooo .ooxx .
competitions:rating.list                   GET  L ooooo .oooo .
competitions:rating.judge                  GET  L xxoxx .xxxx .
competitions:rating.judge                  POST L xxoxx .xxxx .
competitions:rating.moderate               GET  L xxoxx .xxxx .
competitions:rating.moderate               POST L xxoxx .xxxx .
competitions:public.rate                   GET  o ooooo ooooo o
competitions:public.rate                   POST o ooooo ooooo o
competitions:public.rated                  GET  o ooooo ooooo o
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    day = local_date(now)
    team = WorkTeam.objects.create(organisation=tree.unit, employer=tree.employer, name="焊接一班")
    given: dict[str, Any] = {"team": team, "given_by": tree.zone, "level": "zone", "given_on": day, "basis_number": "1"}
    label = TeamLabel.objects.create(kind="learning", **given)
    doubtful = TeamLabel.objects.create(kind="quality", status="proposed", **given)
    removal = LabelRemoval.objects.create(label=doubtful, reason="发生事故", proposed_at=now)
    batch = LabelImport.objects.create(
        organisation=tree.zone, file_name="称号.xlsx", sha256="0" * 64, status="faulty", uploaded_at=now,
        uploaded_by=tree.zone_checker.user, content=template(SHEET),
    )  # fmt: skip
    campaign = RecheckCampaign.objects.create(
        owner=tree.zone, kind="learning", year=day.year, due_on=day + dt.timedelta(days=9), version="1", opened_at=now,
        criteria=[{"code": "plan", "text": "有计划", "veto": False}],
    )  # fmt: skip
    recheck = Recheck.objects.create(campaign=campaign, label=label, due_on=campaign.due_on)
    file = RecheckFile(recheck=recheck, file_name="证明.pdf", content_type="application/pdf", sha256="0", added_at=now)
    file.file.save("proof.pdf", ContentFile(b"%PDF-1.4"), save=True)
    point = RatingPoint.objects.create(team=team, token="window-token", service="帮扶", opened_at=now)
    held = TeamContest.objects.create(
        organisation=tree.unit, title="小指标竞赛", rhythm="day", among="teams", starts_on=day, ends_on=day
    )
    marks = dict.fromkeys(("attitude", "quality", "innovation", "ability", "efficiency"), 5)
    rating = Rating.objects.create(
        point=point, day=day, at=now, device="d", network="n", remark="好", remark_status="pending", **marks
    )
    return {
        "label.": {},
        "workteam.": {"pk": team.pk},
        "workteam.list": {},
        "workteam.add": {},
        "teamlabel.": {"pk": label.pk},
        "teamlabel.list": {},
        "teamlabel.give": {"pk": team.pk},
        "teamlabel.decide": {"pk": removal.pk},
        "labelimport.": {"pk": batch.pk},
        "labelimport.list": {},
        "labelimport.create": {},
        "labelimport.template": {},
        "campaign.": {"pk": campaign.pk},
        "campaign.list": {},
        "campaign.open": {},
        "recheck.": {"pk": recheck.pk},
        "recheck.list": {},
        "recheck.evidence": {"pk": file.pk},
        "ratingpoint.": {"pk": point.pk},
        "ratingpoint.list": {},
        "ratingpoint.open": {"pk": team.pk},
        "rating.": {"pk": rating.pk},
        "rating.list": {"pk": point.pk},
        "teamcontest.": {"pk": held.pk},
        "teamcontest.list": {},
        "teamcontest.templates": {},
        "teamcontest.start": {},
        "public.rate": {"token": point.token},
        "public.rated": {},
    }

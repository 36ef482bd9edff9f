"""师徒帮教、练兵比武、职工成长档案."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from competitions.growth.models import DrillFile, DrillImport, DrillResult, FilePurge
from portal.core.dates import local_date
from tests.factories.growth import make_drill, make_file, make_mentorship

TABLE = """
competitions:mentorship.list               GET  L ooooo xoooo o
competitions:mentorship.figures            GET  L ooooo xoooo o
competitions:mentorship.add                GET  L ooooo xooxx o
competitions:mentorship.add                POST L ooooo xooxx o
competitions:mentorship.detail             GET  L ooooo .oooo .
competitions:mentorship.print              GET  L ooooo .oooo .
competitions:mentorship.change             GET  L ooxxx .xxxx .
competitions:mentorship.change             POST L ooxxx .xxxx .
competitions:mentorship.sign               GET  L ooxxx .xxxx .
competitions:mentorship.sign               POST L ooxxx .xxxx .
competitions:mentorship.assess             GET  L xoxxx .xxxx .
competitions:mentorship.assess             POST L xoxxx .xxxx .
competitions:mentorship.terminate          GET  L xoxxx .xxxx .
competitions:mentorship.terminate          POST L xoxxx .xxxx .
competitions:mentorship.month              GET  L ooxxx .xxxx .
competitions:mentorship.month              POST L ooxxx .xxxx .
competitions:drill.list                    GET  L ooooo xoooo o
competitions:drill.figures                 GET  L ooooo xoooo o
competitions:drill.add                     GET  L ooooo xooxx o
competitions:drill.add                     POST L ooooo xooxx o
competitions:drill.template                GET  L ooooo xooxx o
competitions:drill.detail                  GET  L ooooo .oooo .
competitions:drill.export                  GET  L ooooo .oooo .
competitions:drill.file                    GET  L ooooo .oooo .
competitions:drill.change                  GET  L ooxxx .xxxx .
competitions:drill.change                  POST L ooxxx .xxxx .
competitions:drill.remove                  GET  L xoxxx .xxxx .
competitions:drill.remove                  POST L xoxxx .xxxx .
competitions:drill.result                  GET  L ooxxx .xxxx .
competitions:drill.result                  POST L ooxxx .xxxx .
competitions:drill.file_add                GET  L ooxxx .xxxx .
competitions:drill.file_add                POST L ooxxx .xxxx .
competitions:drill.import                  GET  L ooxxx .xxxx .
competitions:drill.import                  POST L ooxxx .xxxx .
competitions:drill.result_remove           POST L ooxxx .xxxx .
competitions:drill.file_remove             POST L ooxxx .xxxx .
competitions:drill.import_detail           GET  L ooxxx .xxxx .
competitions:drill.import_apply            POST L ooxxx .xxxx .
competitions:drill.import_cancel           POST L ooxxx .xxxx .
competitions:growth.list                   GET  L ooooo xoooo o
competitions:growth.add                    GET  L ooooo xooxx o
competitions:growth.add                    POST L ooooo xooxx o
competitions:growth.detail                 GET  L ooooo .oooo .
competitions:growth.print                  GET  L ooooo .oooo .
competitions:growth.purges                 GET  L ooooo xoooo o
competitions:growth.purge                  GET  L ooxxx .xxxx .
competitions:growth.purge                  POST L ooxxx .xxxx .
competitions:growth.decide                 GET  L xoooo .ooxx .
competitions:growth.decide                 POST L xoooo .ooxx .
competitions:growth.change                 GET  L ooxxx .xxxx .
competitions:growth.change                 POST L ooxxx .xxxx .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    master, learner = make_file(tree.unit, "张示范"), make_file(tree.unit, "李示范")
    draft = make_mentorship(master, learner, starts_on=local_date(now), trade="焊工")
    active = make_mentorship(
        master, learner, starts_on=local_date(now) - dt.timedelta(days=60), trade="钳工", signed_at=now
    )
    drill = make_drill(tree.unit)
    result = DrillResult.objects.create(drill=drill, worker=master, rank=1)
    file = DrillFile(drill=drill, file_name="成绩单.pdf", content_type="application/pdf", sha256="0" * 64)
    file.file.save("drill.pdf", ContentFile(b"%PDF-1.4"), save=True)
    batch = DrillImport.objects.create(
        drill=drill, file_name="成绩.xlsx", rows="[]", state="checked", uploaded_by=tree.filer.user, uploaded_at=now
    )
    asked = FilePurge.objects.create(
        file=learner, organisation=tree.unit, basis="request", reason="本人要求", asked_at=now
    )
    one, running = {"pk": draft.pk}, {"pk": active.pk}
    return {
        "mentorship.": one,
        "mentorship.list": {},
        "mentorship.figures": {},
        "mentorship.add": {},
        "mentorship.assess": running,
        "mentorship.month": {"pk": active.months.first().pk},
        "drill.": {"pk": drill.pk},
        "drill.list": {},
        "drill.figures": {},
        "drill.add": {},
        "drill.template": {},
        "drill.file": {"pk": file.pk},
        "drill.file_remove": {"pk": file.pk},
        "drill.file_add": {"pk": drill.pk},
        "drill.result": {"pk": drill.pk},
        "drill.result_remove": {"pk": result.pk},
        "drill.import": {"pk": drill.pk},
        "drill.import_detail": {"pk": batch.pk},
        "drill.import_apply": {"pk": batch.pk},
        "drill.import_cancel": {"pk": batch.pk},
        "growth.": {"pk": master.pk},
        "growth.list": {},
        "growth.add": {},
        "growth.purges": {},
        "growth.decide": {"pk": asked.pk},
    }

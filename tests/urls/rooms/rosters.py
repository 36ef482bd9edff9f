"""参赛名单."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from competitions.rosters.domain import consent, rosters, snapshots
from competitions.rosters.enums import Basis, ParticipationState
from competitions.rosters.models import Participation, RosterImport, RosterTeam
from portal.accounts.enums import ImportState
from portal.core.dates import local_date
from tests.factories.rosters import enter, make_filing, make_roster, person, scan

TABLE = """
competitions:roster.list                   GET  L ooooo xoooo o
competitions:roster.open                   GET  L ooooo xooxx o
competitions:roster.open                   POST L ooooo xooxx o
competitions:roster.detail                 GET  L ooooo .oooo .
competitions:roster.edit                   GET  L ooxxx .xxxx .
competitions:roster.edit                   POST L ooxxx .xxxx .
competitions:roster_team.add               GET  L ooxxx .xxxx .
competitions:roster_team.add               POST L ooxxx .xxxx .
competitions:roster_team.edit              GET  L ooxxx .xxxx .
competitions:roster_team.edit              POST L ooxxx .xxxx .
competitions:roster.door                   GET  L ooxxx .xxxx .
competitions:roster.door_open              GET  L ooxxx .xxxx .
competitions:roster.door_open              POST L ooxxx .xxxx .
competitions:participation.list            GET  L ooooo .oooo .
competitions:participation.add             GET  L ooxxx .xxxx .
competitions:participation.add             POST L ooxxx .xxxx .
competitions:participation.detail          GET  L ooooo .oooo .
competitions:participation.change          GET  L ooxxx .xxxx .
competitions:participation.change          POST L ooxxx .xxxx .
competitions:participation.remove          GET  L ooxxx .xxxx .
competitions:participation.remove          POST L ooxxx .xxxx .
competitions:participation.reject          GET  L ooxxx .xxxx .
competitions:participation.reject          POST L ooxxx .xxxx .
competitions:roster_import.list            GET  L ooooo xooxx o
competitions:roster_import.template        GET  L ooooo xooxx o
competitions:roster_import.create          GET  L ooxxx .xxxx .
competitions:roster_import.create          POST L ooxxx .xxxx .
competitions:roster_import.detail          GET  L ooxxx .xxxx .
competitions:roster_import.errors          GET  L ..xxx .xxxx .
competitions:roster_consent.sheet          GET  L ooxxx .xxxx .
competitions:roster_consent.paper          GET  L ooxxx .xxxx .
competitions:roster_consent.record         GET  L ooxxx .xxxx .
competitions:roster_consent.record         POST L ooxxx .xxxx .
competitions:roster_consent.file           GET  L ooxxx .xxxx .
competitions:counting.overview             GET  L ooooo xoooo o
competitions:counting.sign                 GET  L xxooo xooxx o
competitions:counting.sign                 POST L xxooo xooxx o
competitions:counting.snapshots            GET  L ooooo xoooo o
competitions:counting.snapshot             GET  L ..... .oooo .
competitions:public.left                   GET  o ooooo ooooo o
competitions:public.taking_part            GET  o ooooo ooooo o
competitions:public.taking_part            POST o ooooo ooooo o
competitions:public.enlist                 GET  o ooooo ooooo o
competitions:public.enlist                 POST o ooooo ooooo o
competitions:roster_team.remove            POST L ooxxx .xxxx .
competitions:roster.door_close             POST L ooxxx .xxxx .
competitions:participation.accept          POST L ooxxx .xxxx .
competitions:roster_import.apply           POST L ooxxx .xxxx .
competitions:roster_import.cancel          POST L ooxxx .xxxx .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    """A roster of the unit, open to everybody, with somebody on it, somebody to accept, a paper, an upload, a snapshot."""
    tree, now = world.tree, world.now
    roster = make_roster(tree.filer, make_filing(tree.district, "登记测试竞赛", year=world.year), now=now)
    rosters.open_door(actor=tree.filer, roster=roster, until=local_date(now) + dt.timedelta(days=9), now=now)
    roster.refresh_from_db()
    row, signed, applied = (enter(tree.filer, roster, person(900 + n), now=now) for n in range(3))
    Participation.objects.filter(pk=applied.pk).update(state=ParticipationState.APPLIED)
    paper = consent.record_batch(
        actor=tree.filer, roster=roster, chosen=[signed.pk], signed_on=local_date(now), note="", upload=scan(), now=now
    )
    upload = RosterImport(
        roster=roster, file_name="名单.xlsx", state=ImportState.CHECKED, creates=1, uploaded_by=tree.filer.user,
        uploaded_at=now,
    )  # fmt: skip
    upload.file.save("roster.enc", ContentFile(b"enc1:"), save=False)
    upload.save()
    snapshot = snapshots.take_snapshot(
        actor=tree.manager, organisation=tree.municipal, year=world.year, basis=Basis.CALENDAR, reason="", now=now
    )
    team = {"pk": RosterTeam.objects.create(roster=roster, name="空班").pk}
    of_one = {"pk": row.pk}
    return {
        "roster.": {"pk": roster.pk},
        "roster.list": {},
        "roster.open": {},
        "roster_team.": team,
        "roster_team.add": {"pk": roster.pk},
        "participation.": of_one,
        "participation.list": {"pk": roster.pk},
        "participation.add": {"pk": roster.pk},
        "participation.accept": {"pk": applied.pk},
        "participation.reject": {"pk": applied.pk},
        "roster_import.": {"pk": upload.pk},
        "roster_import.list": {},
        "roster_import.template": {},
        "roster_import.create": {"pk": roster.pk},
        "roster_consent.": {"pk": roster.pk},
        "roster_consent.file": {"pk": paper.pk},
        "counting.": {},
        "counting.snapshot": {"pk": snapshot.pk},
        "counting.snapshots": {},
        "public.left": {},
        "public.taking_part": {"token": row.token},
        "public.enlist": {"token": roster.door_token},
    }

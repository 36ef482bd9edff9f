"""交流互鉴."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from competitions.exchange.models import (
    CaseFile,
    EventRegistration,
    ExchangeCase,
    ExchangeEvent,
    OpenDay,
    ShareDuty,
    VisitBooking,
)
from portal.core.dates import local_date
from portal.lifecycle.entries.models import Entry

TABLE = """
competitions:exchange.list                 GET  L ooooo xoooo o
competitions:exchange.add                  GET  L ooooo xooxx o
competitions:exchange.add                  POST L ooooo xooxx o
competitions:exchange.detail               GET  L ooooo .oooo .
competitions:exchange.change               GET  L ooxxx .xxxx .
competitions:exchange.change               POST L ooxxx .xxxx .
competitions:exchange.open                 POST L xoxxx .xxxx .
competitions:exchange.cancel               GET  L xoxxx .xxxx .
competitions:exchange.cancel               POST L xoxxx .xxxx .
competitions:exchange.register             GET  L xxooo .ooxx .
competitions:exchange.register             POST L xxooo .ooxx .
competitions:exchange.hold                 GET  L ooxxx .xxxx .
competitions:exchange.hold                 POST L ooxxx .xxxx .
competitions:registration.leave            POST L ..oxx .xxxx .
competitions:registration.feedback         GET  L ..oxx .xxxx .
competitions:registration.feedback         POST L ..oxx .xxxx .
competitions:openday.list                  GET  L ooooo xoooo o
competitions:openday.offer                 GET  L ooooo xooxx o
competitions:openday.offer                 POST L ooooo xooxx o
competitions:openday.detail                GET  L ooooo .oooo .
competitions:openday.close                 POST L ooxxx .xxxx .
competitions:openday.book                  GET  L xxooo .ooxx .
competitions:openday.book                  POST L xxooo .ooxx .
competitions:booking.answer                GET  L ooxxx .xxxx .
competitions:booking.answer                POST L ooxxx .xxxx .
competitions:booking.record                GET  L ooxxx .xxxx .
competitions:booking.record                POST L ooxxx .xxxx .
competitions:booking.cancel                POST L xxoxx .xxxx .
competitions:case.list                     GET  L ooooo xoooo o
competitions:case.add                      GET  L ooooo xooxx o
competitions:case.add                      POST L ooooo xooxx o
competitions:case.detail                   GET  L ooooo .oooo .
competitions:case.change                   GET  L ooxxx .xxxx .
competitions:case.change                   POST L ooxxx .xxxx .
competitions:case.file_add                 GET  L ooxxx .xxxx .
competitions:case.file_add                 POST L ooxxx .xxxx .
competitions:case.file                     GET  L ooooo .oooo .
competitions:case.file_remove              POST L ooxxx .xxxx .
competitions:case.submit                   POST L ooxxx .xxxx .
competitions:case.publish                  POST L xxoxx .xxxx .
competitions:case.return                   GET  L xxoxx .xxxx .
competitions:case.return                   POST L xxoxx .xxxx .
competitions:case.withdraw                 GET  L xxoxx .xxxx .
competitions:case.withdraw                 POST L xxoxx .xxxx .
competitions:public.cases                  GET  o ooooo ooooo o
competitions:public.case                   GET  o ooooo ooooo o
competitions:case.subscriptions            GET  L ooooo xooxx o
competitions:case.subscribe                POST L ooooo xooxx o
competitions:case.follow                   GET  L xxooo .ooxx .
competitions:case.follow                   POST L xxooo .ooxx .
competitions:case.show                     POST L xxoxx .xxxx .
competitions:case.hide                     POST L xxoxx .xxxx .
competitions:effect.page                   GET  L ooooo xoooo o
competitions:duty.list                     GET  L ooooo xoooo o
competitions:duty.set                      POST L xxooo xooxx o
competitions:duty.detail                   GET  L ooooo .oooo .
competitions:duty.report                   GET  L ooxxx .xxxx .
competitions:duty.report                   POST L ooxxx .xxxx .
competitions:duty.check                    GET  L xxoxx .xxxx .
competitions:duty.check                    POST L xxoxx .xxxx .
competitions:sharing.list                  GET  L ooooo xoooo o
competitions:sharing.remind                POST L xxooo xooxx o
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    hour = dt.timedelta(hours=1)
    written = {
        "owner": tree.unit, "checked_at": tree.zone, "subject": "team", "model_name": "焊接一班", "field": "技能竞赛",
        "practice": "每周一赛。", "effect": "合格率提高。",
    }  # fmt: skip
    states = {
        name: ExchangeCase.objects.create(title=name, state=name, **written) for name in ("returned", "submitted")
    }
    shown = ExchangeCase.objects.create(title="发布", state="published", shown_path=tree.unit.path, **written)
    before_all = ExchangeCase.objects.create(
        title="公开", state="published", shown_path=tree.municipal.path, is_public=True, **written
    )
    duty = ShareDuty.objects.create(
        entry=Entry.objects.order_by("pk").first(), organisation=tree.unit, year=now.year, due_on=local_date(now) + dt.timedelta(days=30),
        words="交流一次", set_from=tree.zone, set_at=now, state="reported", report="交流过", reported_at=now,
    )  # fmt: skip
    file = CaseFile(case=states["returned"], name="照片.png", size=8, content_type="image/png", uploaded_at=now)
    file.file.save("picture.png", ContentFile(b"\x89PNG"), save=True)
    common = {
        "owner": tree.unit, "kind": "visit", "starts_at": now + 4 * hour, "ends_at": now + 6 * hour,
        "register_until": now + 2 * hour, "place": "一车间", "capacity": 20, "agenda": "看现场。",
    }  # fmt: skip
    planned = ExchangeEvent.objects.create(title="筹备", **common)
    opened = ExchangeEvent.objects.create(title="观摩", state="open", shown_path=tree.unit.path, **common)
    seen = [tree.zone.path]
    joined = EventRegistration.objects.create(
        event=opened, organisation=tree.zone, seen_by=seen, people=3, contact="某某", state="registered",
        registered_at=now, came=3,
    )  # fmt: skip
    day = OpenDay.objects.create(
        owner=tree.unit, shown_path=tree.unit.path, topic="智能产线", on=local_date(now) + dt.timedelta(days=9), hours="下午",
        place="一车间", capacity=30,
    )  # fmt: skip
    booked = {"organisation": tree.zone, "seen_by": [tree.zone.path, tree.unit.path], "people": 5, "contact": "某某"}
    asked = VisitBooking.objects.create(day=day, purpose="看产线", asked_at=now, **booked)
    other = OpenDay.objects.create(
        owner=tree.unit,
        shown_path=tree.unit.path,
        topic="班组",
        on=local_date(now),
        hours="下午",
        place="一车间",
        capacity=30,
    )
    accepted = VisitBooking.objects.create(day=other, purpose="看班组", asked_at=now, state="accepted", **booked)
    return {
        "exchange.": {"pk": planned.pk},
        "exchange.list": {},
        "exchange.add": {},
        "exchange.register": {"pk": opened.pk},
        "exchange.hold": {"pk": opened.pk},
        "registration.": {"pk": joined.pk},
        "openday.": {"pk": day.pk},
        "openday.list": {},
        "openday.offer": {},
        "booking.": {"pk": asked.pk},
        "booking.record": {"pk": accepted.pk},
        "case.": {"pk": states["returned"].pk},
        "case.list": {},
        "case.add": {},
        "case.file": {"pk": file.pk},
        "case.file_add": {"pk": states["returned"].pk},
        "case.publish": {"pk": states["submitted"].pk},
        "case.return": {"pk": states["submitted"].pk},
        "case.withdraw": {"pk": shown.pk},
        "case.file_remove": {"pk": file.pk},
        "case.subscriptions": {},
        "case.subscribe": {},
        "case.follow": {"pk": shown.pk},
        "case.show": {"pk": shown.pk},
        "case.hide": {"pk": shown.pk},
        "public.cases": {},
        "public.case": {"pk": before_all.pk},
        "effect.": {},
        "duty.": {"pk": duty.pk},
        "duty.list": {},
        "duty.set": {},
        "sharing.": {},
    }

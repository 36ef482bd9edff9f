"""师徒帮教、练兵比武、职工成长档案."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.factories.growth import make_file, make_mentorship

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
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    master, learner = make_file(tree.unit, "张示范"), make_file(tree.unit, "李示范")
    draft = make_mentorship(master, learner, starts_on=now.date(), trade="焊工")
    active = make_mentorship(master, learner, starts_on=now.date() - dt.timedelta(days=60), trade="钳工", signed_at=now)
    one, running = {"pk": draft.pk}, {"pk": active.pk}
    return {
        "mentorship.": one,
        "mentorship.list": {},
        "mentorship.figures": {},
        "mentorship.add": {},
        "mentorship.assess": running,
        "mentorship.month": {"pk": active.months.first().pk},
    }

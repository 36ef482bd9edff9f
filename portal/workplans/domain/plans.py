"""A plan comes in as data; a year of it is deployed to every second-level union at once."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import UnionLevel
from portal.accounts.models import Organisation
from portal.accounts.queries.calendar import working_calendar
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.core.db import advisory_lock
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.workplans.models import Plan, PlanTask, PlanYear, Scheme, SchemeLine

PLAN_FILE = Path(__file__).resolve().parent.parent / "plan.toml"
CLOSING = "17:00"


def working_deadline(start: dt.date, days: int) -> dt.datetime:
    """17:00 of the ``days``-th working day after ``start``; years without a holiday table count plain weekdays."""
    return closing_time(working_calendar().deadline(start, days).day, CLOSING)


@transaction.atomic
def load_plan(
    *, actor: Actor, owner: Organisation, data: dict[str, Any], now: dt.datetime, last_year: int | None = None
) -> tuple[Plan, bool]:
    """Creates the plan of a parsed plan file, or brings its texts up to date; tasks are matched by their code.

    ``last_year`` prolongs a plan that goes on until its successor is out. Tasks that left the file stay as long as
    schemes speak of them. Loading the same file twice changes nothing. Returns the plan and whether it is new.
    """
    policy_for("workplan").require(actor, "open")
    advisory_lock(f"workplans:{owner.pk}:{data['code']}")
    end = last_year or data["last_year"]
    plan, is_new = Plan.objects.update_or_create(
        owner=owner,
        code=data["code"],
        defaults={
            "title": data["title"],
            "first_year": data["first_year"],
            "last_year": end,
            "mandate": data["mandate"],
            "source": data["source"],
        },
    )
    rows = [(chapter["title"], task) for chapter in data["chapters"] for task in chapter["tasks"]]
    for position, (chapter, task) in enumerate(rows, start=1):
        PlanTask.objects.update_or_create(plan=plan, code=task["code"], defaults=_task(plan, chapter, position, task))
    left = PlanTask.objects.filter(plan=plan, lines=None).exclude(code__in=[task["code"] for _c, task in rows])
    PlanTask.objects.filter(pk__in=list(left.values_list("pk", flat=True))).delete()
    if is_new:
        record("workplans.plan.loaded", plan, actor=actor, now=now, tasks=len(rows))
    return plan, is_new


def _task(plan: Plan, chapter: str, position: int, task: dict[str, Any]) -> dict[str, Any]:
    return {
        "position": position,
        "chapter": chapter,
        "title": task["title"],
        "text": task["text"],
        "source_lines": task["lines"],
        "lead": task["lead"],
        "first_year": task.get("first_year", plan.first_year),
        "last_year": task.get("last_year", plan.last_year),
        "measure": task["measure"],
        "unit": task["unit"],
        "city_target": task.get("city_target"),
        "accumulates": task.get("accumulates", True),
    }


def read_plan(path: Path = PLAN_FILE) -> dict[str, Any]:
    """The parsed plan file. Raises Invalid when it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Invalid(_("方案任务文件无法读取：%s") % error) from error


@transaction.atomic
def open_year(
    *,
    actor: Actor,
    plan: Plan,
    year: int,
    now: dt.datetime,
    scheme_days: int = 20,
    review_days: int = 10,
    report_days: int = 10,
) -> PlanYear:
    """Deploys one year: every second-level union gets its empty scheme with a line for each task of that year.

    All periods are working days. Raises Invalid for a year outside the plan, Conflict when it is deployed already.
    """
    policy_for("workplan").require(actor, "open", plan)
    advisory_lock(f"workplans:year:{plan.pk}:{year}")
    if not plan.first_year <= year <= plan.last_year:
        message = _("%(year)d年不在方案的年度（%(period)s）之内。") % {"year": year, "period": plan.period}
        raise Invalid(message, fields={"year": [message]})
    if PlanYear.objects.filter(plan=plan, year=year).exists():
        raise Conflict(_("%d年度已经部署。") % year)
    opened = PlanYear.objects.create(
        plan=plan,
        year=year,
        scheme_due_at=working_deadline(local_date(now), scheme_days),
        review_days=review_days,
        report_days=report_days,
        opened_by=actor.user,
        opened_at=now,
    )
    unions = Organisation.objects.filter(path__startswith=plan.owner.path, level=UnionLevel.DISTRICT, is_active=True)
    tasks = list(PlanTask.objects.filter(plan=plan, first_year__lte=year, last_year__gte=year))
    schemes = Scheme.objects.bulk_create(
        [Scheme(year=opened, organisation=union, due_at=opened.scheme_due_at) for union in unions]
    )
    SchemeLine.objects.bulk_create([SchemeLine(scheme=scheme, task=task) for scheme in schemes for task in tasks])
    record("workplans.year.opened", opened, actor=actor, now=now, year=year, unions=len(schemes), tasks=len(tasks))
    return opened

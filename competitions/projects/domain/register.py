"""The register: a project comes in, changes, gets its unions, is closed and archived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.projects.domain.files import need, store_files
from competitions.projects.enums import FilePurpose, PeriodState, ProjectStatus, TicketState
from competitions.projects.models import KeyProject, Participant, Period, Ticket
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope

FACTS = (
    "name", "approval_code", "level", "kind", "status", "districts", "place", "is_regional", "client", "contractor",
    "supervisor", "committee", "investment", "workers", "migrant_workers", "teams", "starts_on", "ends_on", "cadence",
    "report_days", "named_year",
)  # fmt: skip
FIXED_BY_PLAN = ("starts_on", "ends_on", "cadence")  # the periods were cut from them


def lock_project(project: KeyProject | int) -> KeyProject:
    """The project row, locked and freshly read: taken first by every act on a project."""
    return lock_row(KeyProject, project if isinstance(project, int) else project.pk)


@transaction.atomic
def register_project(
    *, actor: Actor, owner: Organisation, reporter: Organisation | None, facts: dict[str, Any], now: dt.datetime
) -> KeyProject:
    """Enters a project under ``owner`` (the acting union). ``facts`` are the fields of FACTS.

    The number is 年份-序号 of the portal, never used twice. Raises Invalid beside the field, Conflict for a double.
    """
    policy_for("project").require(actor, "register")
    _check(facts)
    advisory_lock("competitions:project-number", f"competitions:project:{owner.pk}")
    if KeyProject.objects.filter(owner=owner, name=facts["name"]).exists():
        raise Conflict(_("“%s”已经登记。") % facts["name"])
    project = KeyProject(owner=owner, reporter=reporter, **{name: facts[name] for name in FACTS if name in facts})
    project.number = _next_number(local_date(now).year)
    project.seen_by = _sight([owner.path, *([reporter.path] if reporter else [])])
    project.save()
    record("competitions.project.registered", project, actor=actor, now=now, number=project.number, name=project.name)
    return project


def _next_number(year: int) -> str:
    with system_scope("numbers run through all unions, and the acting one sees its own only"):
        last = KeyProject.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
    return f"{year}-{int(last.number.partition('-')[2]) + 1 if last else 1:04d}"


def _check(facts: dict[str, Any]) -> None:
    fields: dict[str, list[str]] = {}
    if facts["ends_on"] <= facts["starts_on"]:
        fields["ends_on"] = [_("计划竣工日期须晚于开工日期。")]
    if facts.get("migrant_workers", 0) > facts.get("workers", 0):
        fields["migrant_workers"] = [_("农民工人数不能多于参建职工人数。")]
    if not facts.get("districts") and not facts.get("place"):
        fields["districts"] = [_("请选择所在区；市外工程请填写市外地点。")]
    if fields:
        raise Invalid("".join(m for messages in fields.values() for m in messages), fields=fields)


@transaction.atomic
def change_project(
    *, actor: Actor, project: KeyProject, reporter: Organisation | None, facts: dict[str, Any], now: dt.datetime
) -> KeyProject:
    """Corrects the register; dates and cadence stay as they are once the plan is filed."""
    project = lock_project(project)
    policy_for("project").require(actor, "change", project)
    _check(facts)
    wanted = {name: facts[name] for name in FACTS if name in facts}
    if project.has_plan:
        for name in FIXED_BY_PLAN:
            if wanted.get(name, getattr(project, name)) != getattr(project, name):
                message = _("方案已备案，工期和报送周期不能再改。")
                raise Invalid(message, fields={name: [message]})
    if KeyProject.objects.filter(owner=project.owner_id, name=wanted["name"]).exclude(pk=project.pk).exists():
        raise Conflict(_("“%s”已经登记。") % wanted["name"])
    before = {name: getattr(project, name) for name in wanted} | {"reporter": project.reporter_id}
    for name, value in wanted.items():
        setattr(project, name, value)
    project.reporter = reporter
    project.save()
    refresh_sight(project)
    after = wanted | {"reporter": project.reporter_id}
    record("competitions.project.changed", project, actor=actor, now=now, before=before, after=after)
    return project


def _sight(paths: Iterable[str]) -> list[str]:
    return sorted({prefix for path in paths for prefix in path_prefixes(path)})


def refresh_sight(project: KeyProject) -> None:
    """Who sees the project: the unions that have a hand in it, and all that stand above them."""
    others = Participant.objects.filter(project=project).values_list("organisation__path", flat=True)
    reporter = [project.reporter.path] if project.reporter_id else []
    project.seen_by = _sight([project.owner.path, *reporter, *others])
    project.save(update_fields=["seen_by"])


@transaction.atomic
def add_participant(
    *, actor: Actor, project: KeyProject, organisation: Organisation, duty: str, now: dt.datetime
) -> Participant:
    """A builder's or a district's union: it and those above it see the project from now on."""
    project = lock_project(project)
    policy_for("project").require(actor, "change", project)
    if Participant.objects.filter(project=project, organisation=organisation).exists():
        raise Conflict(_("“%s”已经在参与工会里。") % organisation)
    row = Participant.objects.create(project=project, organisation=organisation, duty=duty)
    refresh_sight(project)
    record("competitions.participant.added", project, actor=actor, now=now, organisation=organisation.name, duty=duty)
    return row


@transaction.atomic
def remove_participant(*, actor: Actor, participant: Participant, now: dt.datetime) -> KeyProject:
    """Takes a union out of the project; not while it answers for an open ticket."""
    project = lock_project(participant.project_id)
    policy_for("project").require(actor, "change", project)
    answers = Ticket.objects.filter(project=project, responsible=participant.organisation_id)
    if answers.exclude(state=TicketState.CLOSED).exists():
        raise Conflict(_("“%s”还有没办结的问题单，办结后才能移除。") % participant.organisation)
    name = participant.organisation.name
    Participant.objects.filter(pk=participant.pk).delete()
    refresh_sight(project)
    record("competitions.participant.removed", project, actor=actor, now=now, organisation=name)
    return project


def open_points(project: KeyProject) -> list[str]:
    """What must be settled before the project can be closed, in words."""
    found = []
    if tickets := Ticket.objects.filter(project=project).exclude(state=TicketState.CLOSED).count():
        found.append(_("还有%d个问题单没有办结。") % tickets)
    if periods := Period.objects.filter(project=project, state=PeriodState.SUBMITTED).count():
        found.append(_("还有%d期进展没有审核。") % periods)
    return found


@transaction.atomic
def close_project(
    *,
    actor: Actor,
    project: KeyProject,
    finished_on: dt.date,
    summary: str,
    experience: str,
    now: dt.datetime,
    files: Iterable[Any] = (),
) -> KeyProject:
    """收尾: the works are finished, the summary is in; no more reports, visits or tickets. Raises Invalid with what is open."""
    project = lock_project(project)
    policy_for("project").require(actor, "close", project)
    if found := open_points(project):
        raise Invalid("".join(found), code="open_points")
    project.summary = need(summary, "summary", _("请填写竞赛总结。"))
    if not project.starts_on <= finished_on <= local_date(now):
        message = _("实际竣工日期须在开工之后、今天之前。")
        raise Invalid(message, fields={"finished_on": [message]})
    project.experience, project.finished_on, project.closed_at = experience.strip(), finished_on, now
    project.status = ProjectStatus.FINISHED
    project.save()
    store_files(files, actor=actor, project=project, purpose=FilePurpose.SUMMARY, field="files", now=now)
    record("competitions.project.closed", project, actor=actor, now=now, finished_on=finished_on)
    return project


@transaction.atomic
def archive_project(*, actor: Actor, project: KeyProject, now: dt.datetime) -> KeyProject:
    """归档: from now on the project can only be read."""
    project = lock_project(project)
    policy_for("project").require(actor, "archive", project)
    project.archived_at, project.archived_by = now, actor.user
    project.save(update_fields=["archived_at", "archived_by", "updated_at"])
    record("competitions.project.archived", project, actor=actor, now=now)
    return project

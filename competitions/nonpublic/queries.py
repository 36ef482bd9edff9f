"""Units with the competitions they held, reminders, the pool and the records, in the active scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Left, Length

from competitions.filings.enums import COUNTED
from competitions.filings.models import CompetitionFiling
from competitions.nonpublic.enums import ENDED, AnswerState, Benefit, GuidanceStatus, Reached, Support
from competitions.nonpublic.models import (
    AnswerFile,
    BenefitRecord,
    CoverageRow,
    CoverageSnapshot,
    Cultivated,
    CultivationStep,
    EngagementRecord,
    GuidanceTemplate,
    PolicyPaper,
    Reminder,
    SelfAnswer,
    SelfAssessment,
    SupportStep,
    WeakUnit,
)
from portal.accounts.enums import UNIT_LEVELS, OwnershipClass, SizeClass
from portal.accounts.models import Employer, EmployerYear, Organisation
from portal.core.policies import policy_for
from portal.lifecycle.entries.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from portal.core.context import Actor

BELOW_LARGE = (SizeClass.MEDIUM, SizeClass.SMALL, SizeClass.MICRO)
SEGMENT = len("0000001/")  # one step of an organisation's path


def units(*, year: int) -> QuerySet[Employer]:
    """Employers of open unions with the facts of the newest year confirmed up to ``year``: ``above_scale`` and
    ``employees`` (None: never confirmed),
    ``held`` filed competitions, their ``layers``, the open or last reminder.

    A competition counts for the units of the union that filed it (domain.md 12.4).
    """
    facts = EmployerYear.objects.filter(employer=OuterRef("pk"), year__lte=year, confirmed_at__isnull=False).order_by(
        "-year"
    )
    filed = CompetitionFiling.objects.filter(owner=OuterRef("organisation"), year=year, state__in=COUNTED).order_by()
    reminders = Reminder.objects.filter(employer=OuterRef("pk"), year=year).order_by("-sent_at")
    return (
        Employer.objects.filter(organisation__is_active=True)
        .select_related("organisation")
        .annotate(
            employees=Subquery(facts.values("employees")[:1]),
            above_scale=Subquery(facts.values("is_above_scale")[:1]),
            held=Coalesce(Subquery(filed.values("owner").annotate(n=Count("pk")).values("n")), 0),
            layers=ArraySubquery(filed.exclude(layer="").values("layer").distinct()),
            reminded_at=Subquery(reminders.values("sent_at")[:1]),
            answer=Subquery(reminders.values("answer")[:1]),
        )
    )


def gap(rows: QuerySet) -> QuerySet:
    """Unionised enterprises above the scale that hold no competition (row 29 of the plan)."""
    return rows.filter(above_scale=True, held=0)


def with_union(rows: QuerySet, actor: Actor) -> QuerySet:
    """``union_path``: the union next below the desk that a unit (or row of a snapshot) belongs to."""
    return rows.annotate(union_path=Left(F("organisation__path"), len(actor.path) + SEGMENT))


def unions_by_path(paths: set[str]) -> dict[str, Organisation]:
    return {o.path: o for o in Organisation.objects.filter(path__in=paths)}


def unions_below(actor: Actor) -> QuerySet[Organisation]:
    """Unions right below the desk that are not units themselves, in their order."""
    rows = Organisation.objects.filter(path__startswith=actor.path, is_active=True).exclude(level__in=UNIT_LEVELS)
    return rows.annotate(depth=Length("path")).filter(depth=len(actor.path) + SEGMENT).order_by("path")


def reminders() -> QuerySet[Reminder]:
    return Reminder.objects.select_related("employer", "organisation", "sent_from", "answered_by")


def snapshots() -> QuerySet[CoverageSnapshot]:
    return CoverageSnapshot.objects.select_related("owner", "taken_by")


def snapshot_rows(snapshot: CoverageSnapshot) -> QuerySet[CoverageRow]:
    return CoverageRow.objects.filter(snapshot=snapshot)


def pool() -> QuerySet[Cultivated]:
    last = CultivationStep.objects.filter(cultivated=OuterRef("pk")).order_by("-on", "-pk")
    return Cultivated.objects.select_related("owner", "employer__organisation", "helper").annotate(
        last_on=Subquery(last.values("on")[:1]), step_count=Count("steps")
    )


def steps(cultivated: Cultivated) -> QuerySet[CultivationStep]:
    return CultivationStep.objects.filter(cultivated=cultivated).select_related("written_by")


def in_pool(employer_id: int) -> Cultivated | None:
    """The enterprise's place in a pool the desk sees, while it is being brought on."""
    return pool().filter(employer=employer_id).exclude(stage__in=ENDED).first()


def entries_of(employer_id: int) -> QuerySet[Entry]:
    """Entries of the enterprise that the desk may see, newest first."""
    return Entry.objects.filter(employer=employer_id).select_related("cycle__programme").order_by("-pk")


def weak_units() -> QuerySet[WeakUnit]:
    """With ``planned`` and ``done`` steps and the day the next open step is due."""
    open_steps = SupportStep.objects.filter(weak_unit=OuterRef("pk"), done_on=None).order_by("due_on", "pk")
    return WeakUnit.objects.select_related("owner", "employer__organisation", "helper", "filing").annotate(
        next_due=Subquery(open_steps.values("due_on")[:1]),
        planned=Count("steps"),
        done=Count("steps", filter=Q(steps__done_on__isnull=False)),
    )


def weak_totals(*, year: int) -> dict[str, int]:
    """How many enterprises are ``active`` now, and ended in ``year`` as ``held`` and ``unable``. One query."""
    ended = Q(ended_at__year=year)
    return WeakUnit.objects.aggregate(
        active=Count("pk", filter=Q(status=Support.ACTIVE)),
        held=Count("pk", filter=ended & Q(status=Support.HELD)),
        unable=Count("pk", filter=ended & Q(status=Support.UNABLE)),
    )


def support_steps() -> QuerySet[SupportStep]:
    return SupportStep.objects.select_related("weak_unit__employer__organisation", "weak_unit__owner", "done_by")


def suggested_weak(*, year: int) -> QuerySet[Employer]:
    """Non-public enterprises below large size whose union filed no competition in ``year`` nor the year before, and which
    are not being helped, nor were found unable in ``year`` (row 146 of the plan); ``employees`` of the newest confirmed year.
    """
    facts = EmployerYear.objects.filter(employer=OuterRef("pk"), confirmed_at__isnull=False).order_by("-year")
    filed = CompetitionFiling.objects.filter(
        owner=OuterRef("organisation"), year__in=(year - 1, year), state__in=COUNTED
    )
    looked_at = Q(status=Support.ACTIVE) | Q(status=Support.UNABLE, ended_at__year=year)
    helped = WeakUnit.objects.filter(looked_at, employer=OuterRef("pk"))
    rows = Employer.objects.filter(
        organisation__is_active=True, ownership=OwnershipClass.NON_PUBLIC, size_class__in=BELOW_LARGE
    ).exclude(Exists(filed))
    rows = rows.exclude(Exists(helped)).select_related("organisation")
    return rows.annotate(employees=Subquery(facts.values("employees")[:1]))


def guidance(actor: Actor) -> QuerySet[GuidanceTemplate]:
    """What is published above the desk, and all versions of its own."""
    return policy_for("guidance").rows(actor, "guidance.view").select_related("owner", "published_by")


def guidance_for(employer: Employer) -> QuerySet[GuidanceTemplate]:
    """Published templates that fit the enterprise; a sort that names no kinds fits all. The narrowest first."""
    rows = GuidanceTemplate.objects.filter(status=GuidanceStatus.PUBLISHED)
    for name, value in (
        ("ownerships", employer.ownership), ("sizes", employer.size_class), ("emerging", employer.emerging_kind),
    ):  # fmt: skip
        rows = rows.filter(Q(**{name: []}) | Q(**{f"{name}__contains": [value]}))
    narrowness = sum(
        (Case(When(**{name: []}, then=0), default=1) for name in ("emerging", "sizes", "ownerships")), Value(0)
    )
    return rows.order_by(narrowness.desc(), "title")


def filings_of(employer: Employer, *, since: int) -> QuerySet[CompetitionFiling]:
    """Filed competitions of the employer's union from the year ``since`` on, newest first."""
    rows = CompetitionFiling.objects.filter(owner=employer.organisation_id, year__gte=since, state__in=COUNTED)
    return rows.order_by("-year", "-pk")


def engagements() -> QuerySet[EngagementRecord]:
    return EngagementRecord.objects.select_related("employer__organisation", "organisation")


def benefits() -> QuerySet[BenefitRecord]:
    return BenefitRecord.objects.select_related("employer__organisation", "organisation")


def benefit_totals(rows: QuerySet) -> dict[str, dict[str, object]]:
    """People (per record) and 元 for each kind of benefit."""
    zero = Value(0)
    found = rows.order_by().values("kind").annotate(people=Coalesce(Sum("headcount"), zero), money=Sum("amount"))
    return {Benefit(row["kind"]): row for row in found}


def engaged_units(rows: QuerySet, *, year: int) -> QuerySet:
    """Units whose leader took part in the year."""
    records = EngagementRecord.objects.filter(employer=OuterRef("pk"), on__year=year)
    return rows.filter(Exists(records))


def waiting_reminders(path: str) -> QuerySet[Reminder]:
    return reminders().filter(Q(answered_at=None), organisation__path=path)


def policies() -> QuerySet[PolicyPaper]:
    """With the year of the newest assessment (``last_year``)."""
    newest = SelfAssessment.objects.filter(policy=OuterRef("pk")).order_by("-year")
    return PolicyPaper.objects.select_related("owner").annotate(last_year=Subquery(newest.values("year")[:1]))


def assessments() -> QuerySet[SelfAssessment]:
    """With how many unions were asked, have handed in (``filed``: also confirmed) and are confirmed."""
    return (
        SelfAssessment.objects.select_related("policy__owner")
        .annotate(
            asked=Count("answers"),
            filed=Count("answers", filter=Q(answers__status__in=(AnswerState.FILED, AnswerState.CONFIRMED))),
            confirmed=Count("answers", filter=Q(answers__status=AnswerState.CONFIRMED)),
        )
        .order_by("-year", "pk")
    )


def self_answers() -> QuerySet[SelfAnswer]:
    return SelfAnswer.objects.select_related("assessment__policy__owner", "union", "filed_by", "decided_by")


def answer_files(answer: SelfAnswer) -> QuerySet[AnswerFile]:
    return AnswerFile.objects.filter(answer=answer)


def answer_before(answer: SelfAnswer) -> SelfAnswer | None:
    """What the union answered to the same policy the year before."""
    rows = self_answers().filter(assessment__policy=answer.assessment.policy_id, union=answer.union_id)
    return rows.filter(assessment__year=answer.assessment.year - 1).first()


def item_counts(answers: Iterable[SelfAnswer], items: Sequence[dict]) -> list[dict[str, int]]:
    """For each item how many of the handed-in answers say what: ``{"full": n, "partly": n, "not": n}``. No query."""
    handed = [a for a in answers if a.status in {AnswerState.FILED, AnswerState.CONFIRMED}]
    return [
        {value: sum(1 for a in handed if a.mark(number).get("reached") == value) for value in Reached.values}
        for number in range(len(items))
    ]

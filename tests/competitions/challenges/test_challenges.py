"""From a problem to its result: by a competition, and by a challenge that others claim."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from competitions.challenges import queries
from competitions.challenges.domain import challenges, claims, problems
from competitions.challenges.enums import Audience, ChallengeState, ClaimState, ProblemState
from competitions.challenges.models import Challenge, Claim, ClaimMilestone, Problem
from competitions.challenges.sheets import CHALLENGES, RESULTS, TOPICS
from competitions.filings import queries as filing_queries
from competitions.filings.enums import Library
from competitions.filings.tables import FilingFilters
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from portal.web.work import sources_for
from tests.factories.challenges import make_challenge, make_claim, make_problem
from tests.factories.nonpublic import make_filing

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def paper(name="证明.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def stated(tree, **changes):
    return {
        "employer": tree.employer, "title": "壳体焊接变形", "industry": "C", "kind": "quality", "description": "超差。",
        "wished": "小于0.5毫米。", "contact": "技术科60000001", "is_secret": False, "secret_grounds": "",
    } | changes  # fmt: skip


def gained(**changes):
    return {
        "outcome": "改进工装，变形减小。", "quality_gain": Decimal("12.5"), "productivity_gain": None, "cost_saved": Decimal(80000),
    } | changes  # fmt: skip


def published(**changes):
    return {
        "title": "焊接变形攻关", "task": "减小变形", "wished": "小于0.5毫米", "reward": "补助", "contact": "60000001",
        "claim_until": TODAY + 20 * DAY, "finish_by": TODAY + 90 * DAY, "audience": Audience.PUBLIC,
    } | changes  # fmt: skip


CLAIMED = {
    "team": "焊接工作室",
    "leader": "李领衔",
    "headcount": 5,
    "strength": "有",
    "plan": "试验",
    "contact": "6000",
}


def waiting(actor, key):
    source = next(s for s in sources_for(actor) if s.key == key)
    return [source.item(row, NOW).title for row in source.rows(actor, NOW)]


@pytest.mark.django_db
@pytest.mark.row(49, 67, 68)
def test_problem_leads_to_a_competition_and_its_proven_result(tianjin, in_scope):
    actor, above = tianjin.filer, tianjin.zone_checker
    with system_scope("test"):
        filing = make_filing(tianjin.unit, tianjin, year=NOW.year)
        foreign = make_filing(tianjin.group, tianjin, year=NOW.year)
    with in_scope(actor):
        row = problems.state_problem(actor=actor, owner=tianjin.unit, facts=stated(tianjin), now=NOW)
    with in_scope(above):
        assert not Problem.objects.exists()  # a draft is its writer's
    with in_scope(actor):
        problems.submit_problem(actor=actor, problem=row, now=NOW)
        with pytest.raises(Refused):
            problems.pick_problem(actor=actor, problem=row, verdict="picked", opinion="", now=NOW)
    with in_scope(above):
        assert waiting(above, "problem.pick") == ["壳体焊接变形"]
        with pytest.raises(Invalid) as error:
            problems.pick_problem(actor=above, problem=row, verdict="returned", opinion=" ", now=NOW)
        assert set(error.value.fields) == {"opinion"}
        problems.pick_problem(actor=above, problem=row, verdict="picked", opinion="", now=NOW)
    with in_scope(actor):
        with pytest.raises(Invalid):
            problems.solve_problem(
                actor=actor, problem=row, facts=gained(), proof=paper(), finance=paper(), now=NOW
            )  # no competition yet
        with pytest.raises(Invalid):
            problems.link_filing(actor=actor, problem=row, filing=foreign, now=NOW)
        problems.link_filing(actor=actor, problem=row, filing=filing, now=NOW)
        with pytest.raises(Invalid) as error:
            problems.solve_problem(actor=actor, problem=row, facts=gained(), proof=None, finance=None, now=NOW)
        assert set(error.value.fields) == {"proof", "finance"}
        nothing = gained(quality_gain=None, cost_saved=None)
        with pytest.raises(Invalid) as error:
            problems.solve_problem(actor=actor, problem=row, facts=nothing, proof=paper(), finance=None, now=NOW)
        assert set(error.value.fields) == {"quality_gain"}
        problems.solve_problem(actor=actor, problem=row, facts=gained(), proof=paper(), finance=paper(), now=NOW)
    with in_scope(tianjin.manager):
        [line] = queries.topics(queries.problems())
        figures = [line[k] for k in ("industry", "stated", "picked", "contests", "challenged", "solved", "saved")]
        assert figures == ["C", 1, 1, 1, 0, 1, Decimal(80000)]
        for sheet, count in ((TOPICS, 1), (RESULTS, 1), (CHALLENGES, 0)):
            rows = list(sheet.rows(tianjin.manager, NOW.year))
            assert len(rows) == count
            assert all(len(r) == len(sheet.heads) for r in rows)
    with in_scope(tianjin.group_checker):
        assert not queries.problems().exists()


@pytest.mark.django_db
@pytest.mark.row(65)
def test_challenge_is_claimed_worked_on_accepted_and_closed(tianjin, in_scope):
    owner, claimer, above = tianjin.filer, tianjin.group_filer, tianjin.zone_checker
    with system_scope("test"):
        problem = make_problem(tianjin, ProblemState.PICKED, now=NOW)
    with in_scope(above):
        wrong = published(claim_until=TODAY, finish_by=TODAY, audience=Audience.INVITED)
        with pytest.raises(Invalid) as error:
            challenges.publish(actor=above, problem=problem, facts=wrong, invited=[], now=NOW)
        assert set(error.value.fields) == {"claim_until", "finish_by", "invited_1"}
        row = challenges.publish(actor=above, problem=problem, facts=published(), invited=[], now=NOW)
        with pytest.raises(Refused):
            challenges.publish(actor=above, problem=problem, facts=published(), invited=[], now=NOW)
    with in_scope(owner), pytest.raises(Refused):
        claims.claim_challenge(actor=owner, challenge=row, organisation=tianjin.unit, facts=CLAIMED, now=NOW)
    with in_scope(claimer):
        made = {"actor": claimer, "challenge": row, "organisation": tianjin.group_unit, "facts": CLAIMED}
        with pytest.raises(Invalid):
            claims.claim_challenge(**made, now=NOW + 21 * DAY)
        claim = claims.claim_challenge(**made, now=NOW)
        with pytest.raises(Invalid) as error:
            claims.claim_challenge(**made, now=NOW)
        assert set(error.value.fields) == {"team"}
        with pytest.raises(Refused):
            claims.report(
                actor=claimer, claim=claim, percent=10, words="急", milestone=None, upload=None, now=NOW
            )  # not yet accepted
    with system_scope("test"):
        second = make_claim(row, tianjin.district, now=NOW)
    with in_scope(tianjin.group_checker):
        assert [c.pk for c in queries.claims()] == [claim.pk]  # other claimers stay unseen
    with in_scope(owner):
        assert len(waiting(owner, "claim.decide")) == 2
        claims.decide(actor=owner, claim=claim, accept=True, opinion="", now=NOW)
        with pytest.raises(Invalid):
            claims.decide(actor=owner, claim=second, accept=False, opinion="", now=NOW)
        with pytest.raises(Invalid):
            challenges.close(actor=owner, challenge=row, words="完成", now=NOW)
        claims.decide(actor=owner, claim=second, accept=False, opinion="基础不足", now=NOW)
    work(claimer, claim, in_scope)
    with in_scope(owner):
        assert waiting(owner, "claim.judge")
        claims.judge(actor=owner, claim=claim, passed=False, opinion="请补测", now=NOW)
    with in_scope(claimer):
        claims.deliver(actor=claimer, claim=claim, facts=gained(), proof=None, finance=None, now=NOW)  # papers stay
    with in_scope(owner):
        claims.judge(actor=owner, claim=claim, passed=True, opinion="", now=NOW)
        challenges.close(actor=owner, challenge=row, words="达到标准", now=NOW)
        solved = Problem.objects.get(pk=problem.pk)
        assert (solved.state, solved.cost_saved, solved.quality_gain) == (ProblemState.SOLVED, 80000, Decimal("12.5"))
        assert Challenge.objects.get(pk=row.pk).state == ChallengeState.CLOSED


def work(claimer, claim, in_scope):
    """A milestone, progress, a result."""
    with in_scope(claimer):
        with pytest.raises(Invalid):
            claims.add_milestone(actor=claimer, claim=claim, title="试制", due_on=TODAY + 91 * DAY, now=NOW)
        step = claims.add_milestone(actor=claimer, claim=claim, title="试制", due_on=TODAY + 5 * DAY, now=NOW)
        assert len(waiting(claimer, "claim.due")) == 1
        claims.report(actor=claimer, claim=claim, percent=60, words="试制合格", milestone=step, upload=paper(), now=NOW)
        assert waiting(claimer, "claim.due") == []
        assert ClaimMilestone.objects.get().done_on == TODAY
        assert queries.claims().get().percent == 60
        with pytest.raises(Invalid):
            claims.report(actor=claimer, claim=claim, percent=70, words="x", milestone=step, upload=None, now=NOW)
        claims.deliver(actor=claimer, claim=claim, facts=gained(), proof=paper(), finance=paper(), now=NOW)


@pytest.mark.django_db
def test_stopping_ends_the_claims_and_frees_the_problem(tianjin, in_scope):
    with system_scope("test"):
        problem = make_problem(tianjin, ProblemState.PICKED, now=NOW)
        row = make_challenge(tianjin, problem, now=NOW)
        make_claim(row, tianjin.group_unit, ClaimState.ACCEPTED, now=NOW)
    with in_scope(tianjin.zone_checker):
        with pytest.raises(Invalid):
            challenges.stop(actor=tianjin.zone_checker, challenge=row, reason=" ", now=NOW)
        challenges.stop(actor=tianjin.zone_checker, challenge=row, reason="产品停产", now=NOW)
        assert Claim.objects.get().state == ClaimState.ENDED
        assert challenges.publish(
            actor=tianjin.zone_checker, problem=problem, facts=published(), invited=[], now=NOW
        ).is_live


@pytest.mark.django_db
@pytest.mark.row(51)
def test_leading_competitions_are_found_by_their_library(tianjin, in_scope):
    with system_scope("test"):
        plain, city = (make_filing(tianjin.unit, tianjin, year=NOW.year) for _ in range(2))
        city.library = Library.CITY
        city.save()
    with in_scope(tianjin.manager):
        rows = filing_queries.own(tianjin.manager)
        found = FilingFilters(QueryDict("library=city"), actor=tianjin.manager, now=NOW)
        assert list(found.apply(rows)) == [city]
        assert plain in rows

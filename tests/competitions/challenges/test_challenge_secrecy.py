"""What is secret shows to its union, those above and who was asked – on no page, list, export or sheet of others."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from competitions.challenges import queries
from competitions.challenges.domain import challenges, problems
from competitions.challenges.enums import Audience, ChallengeState, ProblemState
from competitions.challenges.models import Challenge
from competitions.challenges.sheets import CHALLENGES, RESULTS, TOPICS
from portal.core.errors import Invalid
from portal.core.scoping import system_scope
from tests.factories.challenges import make_challenge, make_claim, make_problem

SECRET = "隐形涂层配方"
LISTS = ("problem.list", "challenge.list", "claim.list")


def page(name, pk=None):
    return reverse(f"competitions:{name}", kwargs={"pk": pk} if pk else None)


def workbook_words(response):
    book = load_workbook(io.BytesIO(b"".join(response) if response.streaming else response.content))
    return "".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


@pytest.fixture
def secret(tianjin):
    now = timezone.now()
    with system_scope("test"):
        problem = make_problem(
            tianjin, ProblemState.PICKED, now=now, title=SECRET, is_secret=True, secret_grounds="商业秘密", outcome=""
        )
        row = make_challenge(tianjin, problem, now=now, audience=Audience.INVITED, invited=(tianjin.group_unit,))
        claim = make_claim(row, tianjin.group_unit, now=now)
        solved = make_problem(
            tianjin, ProblemState.SOLVED, now=now, title=f"{SECRET}二", is_secret=True, secret_grounds="商业秘密"
        )
    return problem, row, claim, solved


@pytest.mark.django_db
@pytest.mark.row(65)
def test_secret_shows_to_nobody_else(tianjin, secret, in_scope, desk_client, client):
    problem, row, claim, _solved = secret
    # The public: neither the board nor the page of one.
    assert SECRET not in client.get(page("public.challenges")).content.decode()
    assert client.get(page("public.challenge", row.pk)).status_code == 404
    # The union above the invited one sees neither challenge nor claim.
    stranger = desk_client(tianjin.group_checker)
    for name in LISTS:
        assert SECRET not in stranger.get(page(name)).content.decode()
        assert SECRET not in workbook_words(stranger.get(page(name) + "?export=xlsx"))
    for name, pk in (("problem.detail", problem.pk), ("challenge.detail", row.pk), ("claim.detail", claim.pk)):
        assert stranger.get(page(name, pk)).status_code == 404
    # The invited union sees the challenge and its claim, not the problem.
    invited = desk_client(tianjin.group_filer)
    assert invited.get(page("challenge.detail", row.pk)).status_code == 200
    assert invited.get(page("problem.detail", problem.pk)).status_code == 404
    assert SECRET not in workbook_words(invited.get(page("challenge.list") + "?export=xlsx"))
    # Unions above see it on the page; no export and no sheet of theirs carries it away.
    city = desk_client(tianjin.manager)
    assert SECRET in city.get(page("problem.list")).content.decode()
    for address in (*(page(name) for name in LISTS), page("problem.topics")):
        assert SECRET not in workbook_words(city.get(address + "?export=xlsx"))
    with in_scope(tianjin.manager):
        for sheet in (TOPICS, RESULTS, CHALLENGES):
            assert SECRET not in str(list(sheet.rows(tianjin.manager, timezone.now().year)))
    # Its own union may export it.
    assert SECRET in workbook_words(desk_client(tianjin.filer).get(page("problem.list") + "?export=xlsx"))


@pytest.mark.django_db
@pytest.mark.row(65)
def test_problem_made_secret_later_leaves_the_public_page(tianjin, in_scope, client, desk_client):
    now = timezone.now()
    with system_scope("test"):
        problem = make_problem(tianjin, ProblemState.PICKED, now=now, title=SECRET)
        row = make_challenge(tianjin, problem, now=now, audience=Audience.PUBLIC)
        make_claim(row, tianjin.group_unit, now=now)
    shown = client.get(page("public.challenge", row.pk)).content.decode()
    assert SECRET in shown
    assert "60000001" not in shown  # no telephone before everybody
    assert SECRET in desk_client(tianjin.district_checker).get(page("challenge.list")).content.decode()
    with in_scope(tianjin.zone_checker):
        with pytest.raises(Invalid):
            problems.classify_problem(actor=tianjin.zone_checker, problem=problem, grounds=" ", now=now)
        problems.classify_problem(actor=tianjin.zone_checker, problem=problem, grounds="商业秘密", now=now)
        challenges.stop(actor=tianjin.zone_checker, challenge=row, reason="改为定向", now=now)
        facts = {
            "title": "定向", "task": "任务", "wished": "标准", "reward": "", "contact": "6000", "audience": Audience.UNIONS,
            "claim_until": row.claim_until, "finish_by": row.finish_by,
        }  # fmt: skip
        with pytest.raises(Invalid) as error:
            challenges.publish(actor=tianjin.zone_checker, problem=problem, facts=facts, invited=[], now=now)
        assert set(error.value.fields) == {"audience"}
    client.cookies["fresh"] = "1"  # past the minute that the public page is kept
    assert client.get(page("public.challenge", row.pk)).status_code == 404
    with in_scope(tianjin.group_filer):
        assert Challenge.objects.get().audience == Audience.INVITED  # who claimed still sees it
    with in_scope(tianjin.group_checker):
        assert not Challenge.objects.exists()


@pytest.mark.django_db
def test_lists_ask_as_often_for_three_rows_as_for_one(
    tianjin, all_rows, desk_client, django_assert_max_num_queries, in_scope
):
    now = timezone.now()
    viewer = desk_client(tianjin.filer)

    def one():
        problem = make_problem(tianjin, ProblemState.PICKED, now=now)
        row = make_challenge(tianjin, problem, now=now, audience=Audience.PUBLIC, state=ChallengeState.OPEN)
        return row, make_claim(row, tianjin.group_unit, now=now)

    def count(address):
        with django_assert_max_num_queries(60) as asked:
            assert viewer.get(address).status_code == 200
        return len(asked)

    row, claim = one()
    addresses = [page(name) for name in (*LISTS, "problem.topics", "public.challenges")]
    addresses += [page("challenge.detail", row.pk), page("claim.detail", claim.pk)]
    [viewer.get(address) for address in addresses]  # warm
    before = [count(address) for address in addresses]
    one(), one()
    assert [count(address) for address in addresses] == before
    with in_scope(tianjin.filer):
        assert queries.claims().count() == 3

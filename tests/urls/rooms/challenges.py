"""难题揭榜: problems of the unit, picked by the zone, claimed by the district."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from competitions.challenges.models import ClaimProgress
from tests.factories.challenges import make_challenge, make_claim, make_problem

TABLE = """
competitions:problem.list                  GET  L ooooo xoooo o
competitions:problem.topics                GET  L ooooo xoooo o
competitions:problem.add                   GET  L ooooo xooxx o
competitions:problem.add                   POST L ooooo xooxx o
competitions:problem.detail                GET  L ooooo .oooo .
competitions:problem.change                GET  L ooxxx .xxxx .
competitions:problem.change                POST L ooxxx .xxxx .
competitions:problem.submit                POST L ooxxx .xxxx .
competitions:problem.withdraw              POST L ooxxx .xxxx .
competitions:problem.pick                  GET  L xxoxx .xxxx .
competitions:problem.pick                  POST L xxoxx .xxxx .
competitions:problem.link                  GET  L oooxx .xxxx .
competitions:problem.link                  POST L oooxx .xxxx .
competitions:problem.classify              GET  L oooxx .xxxx .
competitions:problem.classify              POST L oooxx .xxxx .
competitions:problem.solve                 GET  L ooxxx .xxxx .
competitions:problem.solve                 POST L ooxxx .xxxx .
competitions:problem.file                  GET  L ooooo .oooo .
competitions:challenge.publish             GET  L xxoxx .xxxx .
competitions:challenge.publish             POST L xxoxx .xxxx .
competitions:challenge.list                GET  L ooooo xoooo o
competitions:challenge.detail              GET  L ooooo .oooo .
competitions:challenge.claim               GET  L xxooo .ooxx .
competitions:challenge.claim               POST L xxooo .ooxx .
competitions:challenge.extend              GET  L xxoxx .xxxx .
competitions:challenge.extend              POST L xxoxx .xxxx .
competitions:challenge.close               GET  L ooxxx .xxxx .
competitions:challenge.close               POST L ooxxx .xxxx .
competitions:challenge.stop                GET  L xxoxx .xxxx .
competitions:challenge.stop                POST L xxoxx .xxxx .
competitions:claim.list                    GET  L ooooo xoooo o
competitions:claim.detail                  GET  L ooooo .oooo .
competitions:claim.withdraw                POST L xxxoo .xxxx .
competitions:claim.accept                  GET  L ooxxx .xxxx .
competitions:claim.accept                  POST L ooxxx .xxxx .
competitions:claim.decline                 GET  L ooxxx .xxxx .
competitions:claim.decline                 POST L ooxxx .xxxx .
competitions:claim.plan                    GET  L xxxoo .xxxx .
competitions:claim.plan                    POST L xxxoo .xxxx .
competitions:claim.report                  GET  L xxxoo .xxxx .
competitions:claim.report                  POST L xxxoo .xxxx .
competitions:claim.deliver                 GET  L xxxoo .xxxx .
competitions:claim.deliver                 POST L xxxoo .xxxx .
competitions:claim.pass                    GET  L ooxxx .xxxx .
competitions:claim.pass                    POST L ooxxx .xxxx .
competitions:claim.rework                  GET  L ooxxx .xxxx .
competitions:claim.rework                  POST L ooxxx .xxxx .
competitions:claim.end                     GET  L ooxxx .xxxx .
competitions:claim.end                     POST L ooxxx .xxxx .
competitions:claim.file                    GET  L ooooo .oooo .
competitions:claim.progress_file           GET  L ooooo .oooo .
competitions:public.challenges             GET  o ooooo ooooo o
competitions:public.challenge              GET  o ooooo ooooo o
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    problems = {state: make_problem(tree, state, now=now) for state in ("returned", "submitted", "picked", "solved")}
    paper = {"proof_name": "证明.pdf", "proof_type": "application/pdf"}
    for name, value in paper.items():
        setattr(problems["solved"], name, value)
    problems["solved"].proof.save("proof.pdf", ContentFile(b"%PDF-1.4"), save=True)
    opened = make_challenge(tree, make_problem(tree, "picked", now=now), now=now, audience="public")
    running = make_challenge(tree, make_problem(tree, "picked", now=now), now=now, state="running")
    claims = {
        state: make_claim(running, tree.district, state, now=now) for state in ("submitted", "accepted", "delivered")
    }
    for name, value in paper.items():
        setattr(claims["delivered"], name, value)
    claims["delivered"].proof.save("proof.pdf", ContentFile(b"%PDF-1.4"), save=True)
    progress = ClaimProgress(
        claim=claims["accepted"],
        percent=10,
        words="试验",
        file_name="记录.pdf",
        content_type="application/pdf",
        written_at=now,
    )
    progress.file.save("progress.pdf", ContentFile(b"%PDF-1.4"), save=True)
    pk = {state: {"pk": row.pk} for state, row in problems.items()}
    of = {state: {"pk": row.pk} for state, row in claims.items()}
    return {
        "problem.": pk["returned"],
        "problem.list": {},
        "problem.topics": {},
        "problem.add": {},
        "problem.pick": pk["submitted"],
        "problem.link": pk["picked"],
        "problem.solve": pk["picked"],
        "problem.file": pk["solved"] | {"which": "proof"},
        "challenge.": {"pk": opened.pk},
        "challenge.list": {},
        "challenge.publish": pk["picked"],
        "challenge.close": {"pk": running.pk},
        "claim.": of["accepted"],
        "claim.list": {},
        "claim.withdraw": of["submitted"],
        "claim.accept": of["submitted"],
        "claim.decline": of["submitted"],
        "claim.pass": of["delivered"],
        "claim.rework": of["delivered"],
        "claim.file": of["delivered"] | {"which": "proof"},
        "claim.progress_file": {"pk": progress.pk},
        "public.challenges": {},
        "public.challenge": {"pk": opened.pk},
    }

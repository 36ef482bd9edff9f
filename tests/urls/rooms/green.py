"""双碳竞赛."""

from __future__ import annotations

from typing import Any

from competitions.green.comparison import next_month
from competitions.green.domain.readings import last_month, submit_baseline
from competitions.green.domain.suggestions import propose
from competitions.green.models import GreenFile
from tests.factories import green as make

TABLE = """
competitions:green.overview                GET  L ooooo xoooo o
competitions:green.groups                  GET  L ooooo xoooo o
competitions:green.group_add               GET  L xxxxx xooxx o
competitions:green.group_add               POST L xxxxx xooxx o
competitions:green.group                   GET  L ooooo .oooo .
competitions:green.group_edit              GET  L xxxxx .ooxx .
competitions:green.group_edit              POST L xxxxx .ooxx .
competitions:green.print                   GET  L ooooo .oooo .
competitions:green.workbook                GET  L ooxxx .xxxx .
competitions:green.workbook                POST L ooxxx .xxxx .
competitions:green.template                GET  L ooxxx .xxxx .
competitions:green.subject_accept          POST L xxooo .ooxx .
competitions:green.dictionary              GET  L ooooo xoooo o
competitions:green.indicator_add           GET  L xxxxx xooxx o
competitions:green.indicator_add           POST L xxxxx xooxx o
competitions:green.coefficients_add        GET  L xxxxx xooxx o
competitions:green.coefficients_add        POST L xxxxx xooxx o
competitions:green.subjects                GET  L ooooo xoooo o
competitions:green.subject_add             GET  L ooxxx xxxxx x
competitions:green.subject_add             POST L ooxxx xxxxx x
competitions:green.subject                 GET  L ooooo .oooo .
competitions:green.subject_edit            GET  L ooxxx .xxxx .
competitions:green.subject_edit            POST L ooxxx .xxxx .
competitions:green.baseline_add            GET  L ooxxx .xxxx .
competitions:green.baseline_add            POST L ooxxx .xxxx .
competitions:green.baseline_accept         POST L xxooo .ooxx .
competitions:green.baseline_return         GET  L xxooo .ooxx .
competitions:green.baseline_return         POST L xxooo .ooxx .
competitions:green.report                  GET  L ooxxx .xxxx .
competitions:green.report                  POST L ooxxx .xxxx .
competitions:green.readings                GET  L ooooo xoooo o
competitions:green.reading                 GET  L ooooo .oooo .
competitions:green.reading_accept          POST L xxooo .ooxx .
competitions:green.reading_return          GET  L xxooo .ooxx .
competitions:green.reading_return          POST L xxooo .ooxx .
competitions:green.suggestions             GET  L ooooo xoooo o
competitions:green.suggestion_add          GET  L ooxxx xxxxx x
competitions:green.suggestion_add          POST L ooxxx xxxxx x
competitions:green.suggestion              GET  L ooooo .oooo .
competitions:green.claim                   GET  L ooxxx .xxxx .
competitions:green.claim                   POST L ooxxx .xxxx .
competitions:green.decline                 GET  L ooxxx .xxxx .
competitions:green.decline                 POST L ooxxx .xxxx .
competitions:green.verify                  POST L xxooo .ooxx .
competitions:green.claim_return            GET  L xxooo .ooxx .
competitions:green.claim_return            POST L xxooo .ooxx .
competitions:green.propose                 GET  L xxooo .ooxx .
competitions:green.propose                 POST L xxooo .ooxx .
competitions:green.proposals               GET  L ooooo xoooo o
competitions:green.proposal_withdraw       POST L xxooo .ooxx .
competitions:green.proposal_draft          POST L ooxxx .xxxx .
competitions:green.file                    GET  L ooooo .oooo .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    group = make.make_group(tree, now=now)
    month = last_month(now)
    subject = make.make_subject(tree.filer, group, now=now, first_month=next_month(month, -6))
    reading = make.read(tree.filer, subject, month, 98, now=now)
    period = {"starts_on": next_month(month, -18), "ends_on": next_month(month, -7)}
    baseline = submit_baseline(
        actor=tree.filer, subject=subject, value=reading.value, files=[make.pdf("基准")], now=now, **period
    )
    proposed = make.make_suggestion(tree.filer, now=now, title="照明改造")
    waiting = make.claimed(tree.filer, make.make_suggestion(tree.filer, now=now, title="余热利用"), now=now)
    free = make.verified(tree.filer, tree.zone_checker, now=now, title="水泵改造")
    honoured = make.verified(tree.filer, tree.zone_checker, now=now, proposer="空压站运行班")
    proposal = propose(actor=tree.district_checker, suggestion=honoured, reason="成效突出", now=now)
    file = GreenFile.objects.filter(reading=reading).first()
    return {
        "green.": {},
        **{f"green.{name}": {"pk": group.pk} for name in ("group", "group_edit", "print", "workbook", "template")},
        **{f"green.{name}": {} for name in ("groups", "group_add", "subjects", "subject_add", "readings", "suggestions",
                                            "suggestion_add", "proposals")},
        **{f"green.{name}": {"pk": subject.pk} for name in ("subject", "subject_edit", "baseline_add", "report", "subject_accept")},
        "green.baseline_accept": {"pk": baseline.pk},
        "green.baseline_return": {"pk": baseline.pk},
        "green.reading": {"pk": reading.pk},
        **{f"green.{name}": {"pk": proposed.pk} for name in ("suggestion", "claim", "decline")},
        "green.verify": {"pk": waiting.pk},
        "green.claim_return": {"pk": waiting.pk},
        "green.propose": {"pk": free.pk},
        "green.proposal_": {"pk": proposal.pk},
        "green.file": {"pk": file.pk},
    }  # fmt: skip

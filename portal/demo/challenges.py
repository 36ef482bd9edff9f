"""企业难题 and challenges in every state, by the functions people use; firms, teams and figures are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from competitions.challenges.domain import challenges, claims, problems
from competitions.challenges.domain.outcome import PAPERS
from competitions.challenges.enums import Audience, ProblemKind, ProblemState
from competitions.challenges.models import Challenge, Claim, Problem
from competitions.filings.enums import COUNTED
from competitions.filings.models import CompetitionFiling
from portal.accounts.models import Employer, Organisation
from portal.core.dates import local_date
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

DAY = dt.timedelta(days=1)
# Title, industry, kind, description, wished, how far it went (None: a draft; see ``_tell``).
PROBLEMS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("薄壁壳体焊接变形超差", "C", ProblemKind.QUALITY, "壳体焊后平面度超差，返修率接近两成，影响整机装配节拍。", "焊后平面度不大于0.5毫米，返修率低于3%。", "open_public"),
    ("高端轴承钢滚道磨削烧伤控制", "C", ProblemKind.CORE, "滚道磨削烧伤依靠人工酸洗抽检，漏检率高，高端型号长期依赖外购。", "在线识别烧伤，漏检率低于万分之五。", "running"),
    ("锂电极片涂布边缘增厚", "C", ProblemKind.TECHNOLOGY, "涂布边缘增厚造成分切毛刺，良品率徘徊在92%。", "良品率稳定在97%以上。", "delivered"),
    ("岸桥大车轨道压板松动频繁", "G", ProblemKind.EQUIPMENT, "压板每季度松动上百处，停机紧固影响作业。", "松动次数下降八成，单次紧固时间减半。", "closed"),
    ("特种涂层附着力不稳定", "C", ProblemKind.CORE, "不同批次涂层附着力离散大，原因不明。", "附着力离散系数小于8%。", "secret"),
    ("港区集卡空驶率偏高", "G", ProblemKind.MANAGEMENT, "集卡空驶率超过四成，夜间更高。", "空驶率降到三成以下。", "stopped"),
    ("冷轧机组换辊时间长", "C", ProblemKind.EQUIPMENT, "换辊平均42分钟，影响机时产量。", "换辊时间缩短到30分钟以内。", "solved"),
    ("注塑车间单位产品电耗高", "C", ProblemKind.COST, "注塑机加热圈散热大，单位产品电耗高于同行一成。", "单位产品电耗下降10%。", "linked"),
    ("危险化学品装卸泄漏预警滞后", "G", ProblemKind.SAFETY, "装卸作业依靠人工巡检，发现泄漏平均滞后8分钟。", "1分钟内自动报警。", "picked"),
    ("老旧小区燃气立管检漏困难", "D", ProblemKind.SAFETY, "立管暗敷，检漏依赖入户，入户率低。", "不入户即可判断漏点范围。", "submitted"),
    ("装配线错漏装难以追溯", "C", ProblemKind.QUALITY, "混线生产时错漏装靠末端检查发现。", "错漏装在本工位报警并可追溯。", "submitted"),
    ("数控刀具寿命离散大", "C", ProblemKind.COST, "同批刀具寿命相差一倍，换刀凭经验。", "刀具成本下降15%。", "returned"),
    ("施工升降机夜间检修照明不足", "E", ProblemKind.SAFETY, "夜间检修照明不足，存在隐患。", "检修部位照度达标。", "passed_over"),
    ("中药饮片切制粉尘大", "C", ProblemKind.TECHNOLOGY, "切制工序粉尘浓度偏高，除尘后收率下降。", "粉尘浓度达标且收率不下降。", "draft"),
)  # fmt: skip
CLAIMED = ("open_public", "running", "delivered", "closed", "secret", "stopped")
TEAMS = ("数控加工创新工作室攻关组", "焊接技师攻关队", "设备点检青年突击队")


def challenges_of_the_year(federation: Federation) -> Iterator[str]:
    rng, now = random.Random("challenges"), federation.now  # noqa: S311 -- repeatable
    for number, told in enumerate(PROBLEMS):
        _tell(federation, federation.units[number % len(federation.units)], told, number=number, now=now, rng=rng)
    yield "难题揭榜：企业难题、榜单、揭榜攻关"


def _tell(
    federation: Federation, unit: Unit, told: tuple[str, ...], *, number: int, now: dt.datetime, rng: random.Random
) -> None:
    title, industry, kind, description, wished, goes = told
    begun = now - (150 - 6 * number) * DAY
    owner = Organisation.objects.select_related("parent").get(pk=unit.organisation.pk)
    facts = {
        "employer": Employer.objects.filter(organisation=owner).order_by("pk").first(), "title": title,
        "industry": industry, "kind": kind, "description": description, "wished": wished,
        "contact": "生产技术科　60000018", "is_secret": goes == "secret",
        "secret_grounds": "企业商业秘密保护制度第十二条" if goes == "secret" else "",
    }  # fmt: skip
    row = problems.state_problem(actor=unit.filer, owner=owner, facts=facts, now=begun)
    if goes == "draft":
        return
    problems.submit_problem(actor=unit.filer, problem=row, now=begun + DAY)
    if goes == "submitted":
        return
    verdicts = {"returned": ProblemState.RETURNED, "passed_over": ProblemState.PASSED_OVER}
    opinions = {
        "returned": "请补充近半年刀具寿命数据和现用牌号。",
        "passed_over": "可由企业自行整改，建议纳入隐患排查。",
    }
    problems.pick_problem(
        actor=federation.checker_of(row.checked_at_id), problem=row, verdict=verdicts.get(goes, ProblemState.PICKED),
        opinion=opinions.get(goes, ""), now=begun + 5 * DAY,
    )  # fmt: skip
    row.refresh_from_db()
    if goes in {"linked", "solved"}:
        _by_competition(unit, row, goes, begun + 9 * DAY, rng)
    if goes in CLAIMED:
        _by_challenge(federation, unit, row, goes=goes, number=number, now=now, rng=rng)


def _by_competition(unit: Unit, row: Problem, goes: str, when: dt.datetime, rng: random.Random) -> None:
    """Taken up by a competition of its own union or one above; solved by it."""
    parts = row.owner.path.split("/")[:-1]
    above = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
    found = CompetitionFiling.objects.filter(owner__path__in=above, state__in=COUNTED).order_by("-owner__path", "pk")
    filing = found.first()
    if filing is None:
        return
    actor = unit.filer
    problems.link_filing(actor=actor, problem=row, filing=filing, now=when)
    if goes == "solved":
        _solve(actor, row, when + 40 * DAY, rng)


def _gains(words: str, saved: int) -> dict[str, object]:
    return {
        "outcome": words, "quality_gain": Decimal("6.5"), "productivity_gain": Decimal("12.0"), "cost_saved": Decimal(saved),
    }  # fmt: skip


def _solve(actor: object, row: Problem, when: dt.datetime, rng: random.Random) -> None:
    problems.solve_problem(
        actor=actor, problem=row, facts=_gains("改进换辊小车定位和液压快换接头，平均换辊时间降到28分钟。", 860000), now=when,
        proof=upload("应用证明", PAPERS, rng, "problem-proof"), finance=upload("财务证明", PAPERS, rng, "problem-finance"),
    )  # fmt: skip


def _by_challenge(
    federation: Federation, unit: Unit, row: Problem, *, goes: str, number: int, now: dt.datetime, rng: random.Random
) -> None:
    publisher = federation.checker_of(row.checked_at_id)
    claimers = [u for u in federation.units if u.organisation.pk != unit.organisation.pk][number : number + 2]
    claimers = claimers or [u for u in federation.units if u.organisation.pk != unit.organisation.pk][:2]
    when = now - (12 if goes in {"open_public", "secret"} else 70) * DAY
    audience = {"secret": Audience.INVITED, "stopped": Audience.UNIONS}.get(goes, Audience.PUBLIC)
    facts = {
        "title": row.title if goes != "secret" else "涂层性能稳定性提升", "task": row.description if goes != "secret" else "面议。",
        "wished": row.wished, "reward": "攻关补助5万元，优先推荐职工创新成果", "contact": "生产技术科　60000018",
        "claim_until": local_date(when + 30 * DAY), "finish_by": local_date(when + 200 * DAY), "audience": audience,
    }  # fmt: skip
    invited = [u.organisation for u in claimers] if goes == "secret" else []
    challenge = challenges.publish(actor=publisher, problem=row, facts=facts, invited=invited, now=when)
    made = [
        _claim(u, challenge, TEAMS[(number + n) % len(TEAMS)], when + (4 + n) * DAY) for n, u in enumerate(claimers)
    ]
    if goes == "stopped":
        challenges.stop(
            actor=publisher, challenge=challenge, reason="已由调度系统升级一并解决，撤榜。", now=when + 20 * DAY
        )
    if goes in {"running", "delivered", "closed"} and made:
        _work(unit, claimers[0], made, challenge, goes=goes, when=when + 10 * DAY, rng=rng)


def _claim(unit: Unit, challenge: Challenge, team: str, when: dt.datetime) -> Claim:
    facts = {
        "team": f"{unit.employer_name}{team}"[:80], "leader": "领衔技师", "headcount": 6,
        "strength": "有同类设备和三项相关创新成果，配备检测手段。", "plan": "先摸清影响因素，再做工艺试验，最后小批验证、固化标准。",
        "contact": "60000026",
    }  # fmt: skip
    return claims.claim_challenge(
        actor=unit.filer, challenge=challenge, organisation=unit.organisation, facts=facts, now=when
    )


def _work(
    unit: Unit,
    claimer: Unit,
    made: list[Claim],
    challenge: Challenge,
    *,
    goes: str,
    when: dt.datetime,
    rng: random.Random,
) -> None:
    """The first claim is accepted and worked on; others are turned down."""
    first, *others = made
    claims.decide(actor=unit.filer, claim=first, accept=True, opinion="方案可行，请按节点推进。", now=when)
    for other in others:
        claims.decide(actor=unit.filer, claim=other, accept=False, opinion="试验条件暂不具备，欢迎继续关注。", now=when)
    actor, steps = claimer.filer, []
    for n, title in enumerate(("完成影响因素分析", "完成工艺试验", "小批验证合格")):
        due = local_date(when + (15 + 25 * n) * DAY)
        steps.append(claims.add_milestone(actor=actor, claim=first, title=title, due_on=due, now=when))
    for n, step in enumerate(steps[: 1 if goes == "running" else 3]):
        claims.report(
            actor=actor, claim=first, percent=30 + 30 * n, words=f"{step.title}，数据已整理归档。", milestone=step,
            upload=None, now=when + (12 + 14 * n) * DAY,
        )  # fmt: skip
    if goes == "running":
        return
    papers = {
        name: upload(label, PAPERS, rng, f"{goes}-{name}")
        for name, label in (("proof", "检测报告"), ("finance", "财务证明"))
    }
    claims.deliver(
        actor=actor, claim=first, facts=_gains("试验和小批验证达到验收标准，已编入作业指导书。", 1260000),
        now=when + 48 * DAY, **papers,
    )  # fmt: skip
    if goes == "closed":
        claims.judge(actor=unit.filer, claim=first, passed=True, opinion="现场核验达到标准。", now=when + 52 * DAY)
        challenges.close(actor=unit.filer, challenge=challenge, words="成果验收通过，全线推广。", now=when + 54 * DAY)

"""年度复查: opened by the level that gave the labels, filed by the units, then confirmed or sent back to be mended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from competitions.labels.domain.teams import invalid
from competitions.labels.enums import OPEN_FOR_UNIT, LabelStatus, Met, RecheckStatus, Step
from competitions.labels.kinds import kinds, version
from competitions.labels.models import Recheck, RecheckCampaign, RecheckFile, RecheckStep, TeamLabel
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png")
MAX_MB, MAX_FILES = 20, 10


@transaction.atomic
def open_campaign(
    *, actor: Actor, owner: Organisation, kind: str, due_on: dt.date, words: str, now: dt.datetime
) -> RecheckCampaign:
    """Opens this year's re-check of all valid labels of ``kind`` that ``owner`` gave before the year began.

    Raises Invalid when it is open already, when the deadline is not to come, or when nobody holds the label.
    """
    policy_for("recheck").require(actor, "open")
    today = local_date(now)
    if kind not in kinds() or due_on <= today:
        raise invalid({"due_on": [_("自查截止应晚于今天。")]})
    campaign = RecheckCampaign(
        owner=owner, kind=kind, year=today.year, words=words.strip(), due_on=due_on, version=version(),
        criteria=[c.plain() for c in kinds()[kind].criteria], opened_by=actor.user, opened_at=now,
    )  # fmt: skip
    policy_for("recheck").require(actor, "open", campaign)
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError as error:  # competitions_recheck_campaign_once
        raise invalid({"kind": [_("今年这项称号的复查已经发起。")]}) from error
    labels = list(to_recheck(owner=owner, kind=kind, today=today))
    if not labels:
        raise invalid({"kind": [_("本级没有需要复查的称号：当年授予的、已到期或已摘牌的不列入。")]})
    rows = Recheck.objects.bulk_create([Recheck(campaign=campaign, label=x, due_on=due_on) for x in labels])
    _steps(rows, Step.OPENED, "", actor, now)
    record("competitions.recheck.opened", campaign, actor=actor, now=now, kind=kind, holders=len(rows))
    return campaign


def to_recheck(*, owner: Organisation, kind: str, today: dt.date) -> Any:
    """Labels a campaign of this year takes in: valid, not run out, given before 1 January."""
    rows = TeamLabel.objects.filter(given_by=owner, kind=kind, status=LabelStatus.VALID, given_on__year__lt=today.year)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=today)).order_by("pk")


def _steps(rows: Sequence[Recheck], step: str, words: str, actor: Actor, now: dt.datetime) -> None:
    RecheckStep.objects.bulk_create(
        [RecheckStep(recheck=row, step=step, words=words, at=now, by=actor.user) for row in rows]
    )


@transaction.atomic
def remind(*, actor: Actor, campaign: RecheckCampaign, now: dt.datetime) -> int:
    """Reminds the units whose self-check is overdue, once a day at most; how many were reminded."""
    campaign = lock_row(RecheckCampaign, campaign.pk)
    policy_for("recheck").require(actor, "open", campaign)
    today = local_date(now)
    late = Recheck.objects.filter(campaign=campaign, status__in=OPEN_FOR_UNIT, due_on__lt=today)
    done = RecheckStep.objects.filter(recheck__campaign=campaign, step=Step.REMINDED, at__gt=now - dt.timedelta(days=1))
    rows = list(late.exclude(pk__in=done.values("recheck")))
    _steps(rows, Step.REMINDED, _("自查已逾期，请尽快报送。"), actor, now)
    record("competitions.recheck.reminded", campaign, actor=actor, now=now, units=len(rows))
    return len(rows)


@transaction.atomic
def file_self_check(
    *,
    actor: Actor,
    recheck: Recheck,
    answers: dict[str, dict[str, str]],
    words: str,
    files: Sequence[Any] = (),
    now: dt.datetime,
) -> Recheck:
    """The unit's own check: every criterion answered, what is not fully met explained, evidence attached.

    Raises Invalid beside the field (``met_<code>``, ``words_<code>``, ``files``).
    """
    row = lock_row(Recheck, recheck.pk)
    policy_for("recheck").require(actor, "file", row)
    wrong: dict[str, list[str]] = {}
    kept: dict[str, dict[str, str]] = {}
    for criterion in row.campaign.criteria:
        code = criterion["code"]
        answer = answers.get(code, {})
        met, why = answer.get("met", ""), answer.get("words", "").strip()
        if met not in Met.values:
            wrong[f"met_{code}"] = [_("请选择。")]
        elif met != Met.YES and not why:
            wrong[f"words_{code}"] = [_("没有完全符合的，请说明情况和改进措施。")]
        kept[code] = {"met": met, "words": why[:500]}
    present = RecheckFile.objects.filter(recheck=row).count()
    if not present and not files:
        wrong["files"] = [_("请上传佐证材料。")]
    elif present + len(files) > MAX_FILES:
        wrong["files"] = [_("佐证材料最多%d个。") % MAX_FILES]
    if wrong:
        raise invalid(wrong)
    for upload in files:
        _keep_file(row, upload, actor, now)
    row.answers, row.words, row.status = kept, words.strip(), RecheckStatus.FILED
    row.filed_at, row.filed_by = now, actor.user
    row.save()
    _steps([row], Step.FILED, row.words, actor, now)
    record("competitions.recheck.filed", row, actor=actor, now=now, answers={k: v["met"] for k, v in kept.items()})
    return row


def _keep_file(row: Recheck, upload: Any, actor: Actor, now: dt.datetime) -> None:
    content, facts = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="files")
    kept = RecheckFile(
        recheck=row, file_name=facts.name, file_size=facts.size, content_type=facts.content_type, sha256=facts.sha256,
        added_by=actor.user, added_at=now,
    )  # fmt: skip
    kept.file.save(f"{uuid.uuid4().hex}.{facts.extension}", File(content), save=True)


def failed_vetoes(row: Recheck) -> list[str]:
    """Criteria with a veto that the unit itself says are not met."""
    return [
        c["text"] for c in row.campaign.criteria
        if c["veto"] and row.answers.get(c["code"], {}).get("met") == Met.NO
    ]  # fmt: skip


@transaction.atomic
def confirm(*, actor: Actor, recheck: Recheck, words: str, now: dt.datetime) -> Recheck:
    """The label stands for another year. Raises Invalid when a veto criterion is not met."""
    row = _to_review(actor, recheck)
    if failed := failed_vetoes(row):
        raise Invalid(_("否决项没有达到，不能确认合格：%s") % "；".join(failed))
    row.status = RecheckStatus.CONFIRMED
    row.save()
    _steps([row], Step.CONFIRMED, words.strip(), actor, now)
    record("competitions.recheck.confirmed", row, actor=actor, now=now)
    return row


@transaction.atomic
def ask_mending(*, actor: Actor, recheck: Recheck, words: str, due_on: dt.date, now: dt.datetime) -> Recheck:
    """Sends the self-check back to be mended until ``due_on`` (a day to come). Raises Invalid beside the field."""
    row = _to_review(actor, recheck)
    wrong: dict[str, list[str]] = {}
    if not words.strip():
        wrong["words"] = [_("请写明要整改什么。")]
    if due_on <= local_date(now):
        wrong["due_on"] = [_("整改期限应晚于今天。")]
    if wrong:
        raise invalid(wrong)
    row.status, row.due_on = RecheckStatus.MENDING, due_on
    row.save()
    _steps([row], Step.MENDING, words.strip(), actor, now)
    record("competitions.recheck.mending", row, actor=actor, now=now, due_on=due_on)
    return row


def _to_review(actor: Actor, recheck: Recheck) -> Recheck:
    row = lock_row(Recheck, recheck.pk)
    policy_for("recheck").require(actor, "review", row)
    return row

"""Entering, publishing and withdrawing a training resource."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.learning.enums import NATIONAL, Licence, Reach, ResourceKind, ResourceState
from competitions.learning.models import QuizQuestion, TrainingResource
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png", "mp4")
MAX_MB = 200
FACTS = (
    "title", "kind", "theme", "platform", "pass_mark", "field", "summary", "audience", "hours", "rights_holder", "licence", "rights_until", "is_free",
    "fee_note", "link", "place", "reach",
)  # fmt: skip
SECURE = "https://"


def _wrong(facts: dict[str, Any], *, has_file: bool) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if facts["kind"] == ResourceKind.BASE:
        if not facts["place"]:
            wrong["place"] = [_("实训基地请填写地点和联系方式。")]
    elif facts["kind"] != ResourceKind.QUIZ and not facts["link"] and not has_file:
        wrong["link"] = [_("请填写学习链接，或上传文件。")]
    if facts["link"] and not facts["link"].startswith(SECURE):
        wrong["link"] = [_("链接须以 https:// 开头。")]
    if facts["platform"] in NATIONAL and (has_file or facts["licence"] != Licence.LINK):
        wrong["licence"] = [_("国家平台的课程只作链接，不上传文件；请选“只作链接，版权归原平台”。")]
    elif has_file and facts["licence"] in {Licence.LINK, Licence.PLACE}:
        wrong["licence"] = [_("上传了文件，请说明凭什么权利提供：自有版权、权利人授权或公开许可。")]
    if facts["licence"] == Licence.LICENSED and facts["rights_until"] is None:
        wrong["rights_until"] = [_("权利人授权的，请填写授权截止日期。")]
    if not facts["is_free"] and not facts["fee_note"]:
        wrong["fee_note"] = [_("收费资源请说明收费标准和减免办法。")]
    if not facts["is_free"] and facts["reach"] == Reach.EVERYBODY:
        wrong["is_free"] = [_("面向职工公开的培训资源应当免费；收费资源只在工会内部推荐。")]
    return wrong


def _keep_file(row: TrainingResource, upload: Any) -> None:
    file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="file")
    row.file_name, row.file_size = checked.name, checked.size
    row.content_type, row.sha256 = checked.content_type, checked.sha256
    row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)


def _save(row: TrainingResource, facts: dict[str, Any], upload: Any) -> None:
    if wrong := _wrong(facts, has_file=bool(upload or row.file)):
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    for name in FACTS:
        setattr(row, name, facts[name])
    if upload:
        _keep_file(row, upload)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # competitions_resource_once
        message = _("本单位已有同名的资源。")
        raise Invalid(message, fields={"title": [message]}) from error


@transaction.atomic
def add_resource(
    *, actor: Actor, owner: Organisation, facts: dict[str, Any], upload: Any, now: dt.datetime
) -> TrainingResource:
    """A draft of ``owner``. Raises Invalid beside the field: way to learn, right to offer, fee."""
    policy_for("learning").require(actor, "add")
    row = TrainingResource(owner=owner, created_by=actor.user)
    _save(row, facts, upload)
    record("competitions.learning.added", row, actor=actor, now=now, kind=row.kind, licence=row.licence)
    return row


@transaction.atomic
def change_resource(
    *, actor: Actor, resource: TrainingResource, facts: dict[str, Any], upload: Any, now: dt.datetime
) -> TrainingResource:
    """Changes a draft or a withdrawn resource; a new file takes the place of the old one."""
    row = lock_row(TrainingResource, resource.pk)
    policy_for("learning").require(actor, "change", row)
    before = {name: str(getattr(row, name)) for name in FACTS}
    _save(row, facts, upload)
    after = {name: str(getattr(row, name)) for name in FACTS}
    changed = [name for name in FACTS if before[name] != after[name]]
    record(
        "competitions.learning.changed", row, actor=actor, now=now, before={n: before[n] for n in changed},
        after={n: after[n] for n in changed}, sha256=row.sha256,
    )  # fmt: skip
    return row


@transaction.atomic
def publish_resource(*, actor: Actor, resource: TrainingResource, now: dt.datetime) -> TrainingResource:
    """Shows it to all it is meant for. Raises Invalid when the right to offer it has run out."""
    row = lock_row(TrainingResource, resource.pk)
    policy_for("learning").require(actor, "publish", row)
    if not row.may_be_used_on(local_date(now)):
        message = _("授权已于%s到期，请先修改授权截止日期。") % row.rights_until
        raise Invalid(message, fields={"rights_until": [message]})
    if row.kind == ResourceKind.QUIZ and not QuizQuestion.objects.filter(resource=row).exists():
        raise Invalid(_("测验还没有题目，请先出题再发布。"))
    own = row.owner.path
    row.shown_path = own if row.reach == Reach.OWN else path_prefixes(own)[0]
    row.state, row.published_at, row.published_by, row.withdrawn_reason = ResourceState.PUBLISHED, now, actor.user, ""
    row.save()
    record("competitions.learning.published", row, actor=actor, now=now, reach=row.reach, sha256=row.sha256)
    return row


@transaction.atomic
def withdraw_resource(*, actor: Actor, resource: TrainingResource, reason: str, now: dt.datetime) -> TrainingResource:
    """Takes it away from everybody but the owner and those above; what was learned with it stays counted."""
    row = lock_row(TrainingResource, resource.pk)
    policy_for("learning").require(actor, "withdraw", row)
    if not reason.strip():
        message = _("请填写下架原因。")
        raise Invalid(message, fields={"reason": [message]})
    row.state, row.shown_path, row.withdrawn_reason = ResourceState.WITHDRAWN, "", reason.strip()
    row.save()
    record("competitions.learning.withdrawn", row, actor=actor, now=now, reason=row.withdrawn_reason)
    return row


@transaction.atomic
def load_catalogue(
    *, actor: Actor, owner: Organisation, courses: list[dict[str, Any]], now: dt.datetime
) -> tuple[int, int]:
    """Courses of a national platform as drafts of ``owner``; (added, passed over because the title is there already).

    Links only: nothing of the platform is copied. Raises Invalid with the row's title when a row does not fit.
    """
    policy_for("learning").require(actor, "add")
    known = set(TrainingResource.objects.filter(owner=owner).values_list("title", flat=True))
    added = 0
    for course in courses:
        if course["title"] in known:
            continue
        known.add(course["title"])
        facts = {
            "kind": ResourceKind.COURSE, "pass_mark": 60, "licence": Licence.LINK, "rights_until": None, "is_free": True,
            "fee_note": "", "place": "", "reach": Reach.EVERYBODY,
        } | course  # fmt: skip
        row = TrainingResource(owner=owner, created_by=actor.user)
        try:
            _save(row, facts, None)
        except Invalid as error:
            raise Invalid(
                f"{course['title']}：{error.message}", fields={"file": [f"{course['title']}：{error.message}"]}
            ) from error
        added += 1
    record("competitions.learning.catalogue_loaded", owner, actor=actor, now=now, added=added)
    return added, len(courses) - added

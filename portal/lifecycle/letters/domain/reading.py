"""Reading what was sent, and being reminded of what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.accounts.queries.desks import desk_of
from portal.accounts.scopes import scope_of
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.core.scoping import scope
from portal.lifecycle.letters.channels import offered, reaches
from portal.lifecycle.letters.domain.sending import delivery, send_waiting
from portal.lifecycle.letters.models import Channel, Delivery, DigestRule, Frequency
from portal.lifecycle.worklist.queries import Kind, open_kinds, span_of
from portal.web.formats import cn_short

HOURS = range(7, 20)


def mark_read(*, message: Delivery, actor: Actor, now: dt.datetime) -> None:
    """The first opening is kept. Raises Refused when it is somebody else's."""
    policy_for("message").require(actor, "view", message)
    Delivery.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now)


def set_digest(
    *, frequency: str, hour: int, only_due: bool, channels: Sequence[str], actor: Actor, now: dt.datetime
) -> DigestRule:
    """How the person is reminded of what waits at this desk. Raises Invalid for a way that does not reach them."""
    policy_for("message").require(actor, "remind")
    wanted = [code for code in offered() if code in channels]
    unreachable = [str(Channel(code).label) for code in wanted if not reaches(code, actor.user)]
    if frequency != Frequency.NEVER and not wanted:
        raise Invalid(_("请至少选一种提醒方式。"), fields={"channels": [_("请至少选一种提醒方式。")]})
    if unreachable:
        sentence = _("您的账号没有登记%s，请先在“个人信息”中补充。") % "、".join(unreachable)
        raise Invalid(sentence, fields={"channels": [sentence]})
    if hour not in HOURS:
        raise Invalid(_("请选择 7 点到 19 点之间的时间。"), fields={"hour": [_("请选择 7 点到 19 点之间的时间。")]})
    after = {"frequency": frequency, "hour": hour, "only_due": only_due, "channels": wanted}
    with transaction.atomic():
        rule, made = DigestRule.objects.select_for_update().get_or_create(membership_id=actor.at_desk.membership_id)
        before = {} if made else {name: getattr(rule, name) for name in after}
        for name, value in after.items():
            setattr(rule, name, value)
        rule.save()
        record("lifecycle.digest.changed", rule, actor=actor, before=before, after=after, now=now)
    return rule


def send_digest(*, rule: DigestRule, now: dt.datetime) -> bool:
    """Writes the person what waits at the desk, at most once a day; False when there was nothing to say.

    Counted in the desk's own scope, so that it speaks of nothing the person may not see; figures only, no names.
    """
    membership = rule.membership
    with scope(scope_of(Actor(user=membership.user, desk=desk_of(membership)))):
        kinds = open_kinds(Actor(user=membership.user, desk=desk_of(membership)), now=now)
    if rule.only_due:
        kinds = [kind for kind in kinds if kind.due and span_of(kind.due, now) in {"overdue", "today"}]
    today = local_date(now)
    with transaction.atomic():
        locked = lock_row(DigestRule, rule.pk)
        if locked.last_sent_on == today:
            return False
        locked.last_sent_on = today
        locked.save(update_fields=["last_sent_on"])
        rows = [] if not kinds else Delivery.objects.bulk_create(_digest(membership, locked.channels, kinds, now))
    send_waiting(Delivery.objects.filter(pk__in=[row.pk for row in rows]))
    return bool(rows)


def _digest(membership: Membership, channels: Sequence[str], kinds: Sequence[Kind], now: dt.datetime) -> list[Delivery]:
    total = sum(kind.count for kind in kinds)
    heading = _("%(desk)s：您有%(n)s项待办") % {"desk": membership.organisation.name, "n": total}
    lines = []
    for kind in kinds:
        due = _("，最早%s到期") % cn_short(kind.due) if kind.due else ""
        lines.append(_("· %(title)s：%(n)s项%(due)s") % {"title": kind.source.title, "n": kind.count, "due": due})
    body = "\n".join([*lines, "", _("请登录平台“工作台”办理。提醒方式可在“设置 → 待办提醒”中修改。")])
    ways = [code for code in channels if reaches(code, membership.user)]
    return [delivery(membership, code, heading, body, sender=str(_("待办提醒")), now=now) for code in ways]

"""What this room lets a new cycle take over: texts written for the run, and the places of the nominating unions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.copying import CopyPart, Preview, register_copy
from portal.lifecycle.programmes.models import Cycle, QuotaAllocation
from portal.lifecycle.programmes.places.posting import grant

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.schema import Blueprint as Rules

TEXTS = {
    "call": _("征集通知"),
    "eligibility": _("申报条件"),
    "guide": _("填报说明"),
    "contact": _("咨询方式"),
    "notice_intro": _("公示导语"),
    "decision_intro": _("决定导语"),
}


def _texts(cycle: Cycle, rules: Rules) -> Preview:
    texts = cycle.amended.get("texts", {})
    copied = [_t("本届改写的“%(name)s”") % {"name": TEXTS[key]} for key in TEXTS if key in texts]
    return Preview(copied, [] if copied else [_t("上届没有改写过文字，新一届用方案里的文字。")])


def _copy_texts(source: Cycle, target: Cycle, *, actor: Actor) -> int:
    texts = {key: text for key, text in source.amended.get("texts", {}).items() if key in TEXTS}
    if texts:
        target.amended = {**target.amended, "texts": texts}
        target.save(update_fields=["amended", "updated_at"])
    return len(texts)


def _sorted_quotas(cycle: Cycle, codes: set[str]) -> tuple[list[QuotaAllocation], list[str]]:
    """Rows that can be taken over, and the reasons for the others."""
    kept, left_out = [], []
    for quota in cycle.quotas.select_related("track", "organisation"):
        if not quota.organisation.is_active:
            left_out.append(_t("%(name)s：该工会已停用") % {"name": quota.organisation})
        elif quota.track and quota.track.code not in codes:
            words = {"name": quota.organisation, "track": quota.track}
            left_out.append(_t("%(name)s：新方案不再设“%(track)s”") % words)
        else:
            kept.append(quota)
    return kept, left_out


def _quotas(cycle: Cycle, rules: Rules) -> Preview:
    kept, left_out = _sorted_quotas(cycle, {track.code for track in rules.tracks})
    lines = [
        _t("%(name)s%(track)s：正选%(count)s个，递补%(reserves)s个")
        % {
            "name": quota.organisation,
            "track": f"·{quota.track}" if quota.track else "",
            "count": quota.count,
            "reserves": quota.reserves,
        }
        for quota in kept
    ]
    return Preview(lines, left_out)


def _copy_quotas(source: Cycle, target: Cycle, *, actor: Actor) -> int:
    tracks = {track.code: track for track in target.tracks.all()}
    kept, _left_out = _sorted_quotas(source, set(tracks))
    for quota in kept:
        grant(
            cycle=target,
            organisation=quota.organisation,
            track=tracks[quota.track.code] if quota.track else None,
            count=quota.count,
            reserves=quota.reserves,
            actor=actor,
            now=timezone.now(),
            reason=_t("沿用“%(cycle)s”的名额") % {"cycle": source},
        )
    return len(kept)


register_copy(CopyPart("texts", _("文字"), _texts, _copy_texts, order=10))
register_copy(CopyPart("quotas", _("推荐名额"), _quotas, _copy_quotas, order=20))

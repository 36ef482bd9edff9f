"""First words of a notice, from the blueprint's texts; a person edits them before publication."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.notice.domain import MIN_WORKING_DAYS
from portal.lifecycle.notice.models import NoticeKind
from portal.lifecycle.notice.queries import local_days
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.wording import way_of, words_of


def suggested(cycle: Cycle, organisation: Organisation, kind: str) -> dict[str, Any]:
    """Initial values of the form: title, body, working days and contact."""
    rules = cycle.rules
    honour = rules.honour.title or cycle.programme.title
    if kind == NoticeKind.LOCAL:
        return {
            "title": _("关于推荐%(honour)s申报对象的公示（%(label)s）") % {"honour": honour, "label": cycle.label},
            "body": _(
                "根据%(owner)s关于开展“%(honour)s”工作的通知要求，经单位申报、%(union)s审核，拟推荐下列对象，现予公示。\n"
                "公示期间，如对公示对象有异议，可实名或匿名反映。反映情况应当客观真实，以便调查核实。"
            )
            % {"owner": cycle.owner.name, "honour": honour, "union": organisation.name},
            "working_days": max(MIN_WORKING_DAYS, local_days(cycle, organisation.level)),
            "contact": _("%s办公室") % organisation.name,
        }
    stage = rules.stage(StageKind.NOTICE)
    words, way = words_of(rules), way_of(rules, until=StageKind.NOTICE)
    intro = rules.texts.notice_intro or str(words.notice_intro) % {"way": way}
    return {
        "title": str(words.notice_title) % {"honour": honour, "label": cycle.label},
        "body": intro,
        "working_days": stage.params.working_days if stage else 5,
        "contact": (stage.params.contact if stage else "") or rules.texts.contact or cycle.owner.name,
    }

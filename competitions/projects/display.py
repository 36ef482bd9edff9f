"""How projects read on pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from competitions.projects.enums import ICON_OF_LIGHT, TONE_OF_LIGHT, Light
from competitions.projects.models import KeyProject
from portal.accounts.models import CodeList
from portal.accounts.queries import codes
from portal.web.ui import Badge


def light_badge(light: str) -> Badge:
    return Badge(Light(light).label, TONE_OF_LIGHT[light], ICON_OF_LIGHT[light])


def plain(number: Any) -> str:
    """``8.50`` → ``8.5``; nothing for nothing."""
    return "" if number is None else f"{number.normalize():f}"


def place_of(project: KeyProject) -> str:
    """Districts in words, and the place outside the city."""
    names = [codes.label_of(CodeList.DISTRICT, code) for code in project.districts]
    return "、".join([*names, *([project.place] if project.place else [])])


def gap_words(gap: Any) -> str:
    """How the works stand to the plan, in words."""
    if gap is None:
        return ""
    if gap == 0:
        return _("与计划一致")
    words = _("落后计划%s个百分点") if gap > 0 else _("超前计划%s个百分点")
    return words % plain(abs(gap))


def reason_of(project: Any) -> str:
    """Why an annotated project has its light: the gap, and an accident of the last accepted period."""
    accident = _("发生质量安全事故%d起") % project.accidents if project.accidents else ""
    return "，".join(words for words in (gap_words(project.gap), accident) if words)

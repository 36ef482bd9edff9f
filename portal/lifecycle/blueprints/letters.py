"""函件: what the organiser writes to those concerned, in the programme's own words. Data and pure functions.

``[[letters]]`` gives one event of the process a heading and a text of the programme's own; events without a table use the
words of :data:`DEFAULTS`. Words in braces are filled in for each reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.structure import Problem

HEADING_LENGTH = 100
BODY_LENGTH = 3000
BRACES = re.compile(r"\{([^{}]*)\}")


class LetterEvent(TextChoices):
    """What a letter tells; whom, and from when on it may go out, is in letters/events.py."""

    CALL = "call", _("启动通知")
    REMINDER = "reminder", _("办理催办")
    REVIEW = "review", _("评审任务通知")
    PROPOSED = "proposed", _("拟入选告知")
    DECLINED = "declined", _("未入选告知")
    CONFERRED = "conferred", _("命名（拨付）通知")


# Words in braces as people write them → the key of the value.
COMMON_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "收件人": "recipient",
        "项目": "programme",
        "届次": "cycle",
        "发件工会": "sender",
        "联系方式": "contact",
        "日期": "date",
    }
)
ENTRY_WORDS: Mapping[str, str] = MappingProxyType({"申报件": "title", "申报编号": "code"})
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        LetterEvent.CALL: {**COMMON_WORDS, "申报截止时间": "deadline"},
        LetterEvent.REMINDER: {**COMMON_WORDS, "件数": "count", "办理期限": "deadline"},
        LetterEvent.REVIEW: {**COMMON_WORDS, "件数": "count", "评分截止时间": "deadline"},
        LetterEvent.PROPOSED: {**COMMON_WORDS, **ENTRY_WORDS, "公示截止时间": "deadline"},
        LetterEvent.DECLINED: {**COMMON_WORDS, **ENTRY_WORDS},
        LetterEvent.CONFERRED: {**COMMON_WORDS, **ENTRY_WORDS, "荣誉": "honour", "决定": "document", "证书编号": "number"},
    }
)  # fmt: skip
"""The words in braces that each event knows."""


@dataclass(frozen=True)
class LetterSpec:
    """The programme's own words for one event; an empty heading keeps the usual one."""

    event: LetterEvent
    body: str
    heading: str = ""


DEFAULTS: Mapping[str, LetterSpec] = MappingProxyType(
    {
        spec.event: spec
        for spec in (
            LetterSpec(
                LetterEvent.CALL,
                "{收件人}：\n\n“{届次}”已经启动，申报截止时间为{申报截止时间}。请组织所属单位按征集通知的要求申报，逐级审核推荐。\n\n"
                "征集通知、申报条件和评分标准见本平台“届次与日历”。\n\n联系方式：{联系方式}",
                "关于开展{届次}申报工作的通知",
            ),
            LetterSpec(
                LetterEvent.REMINDER,
                "{收件人}：\n\n“{届次}”现有{件数}件申报件在你单位待审核，最早的办理期限为{办理期限}。"
                "请尽快登录平台“工作台”办理，逾期将影响所属单位参评。\n\n联系方式：{联系方式}",
                "{届次}：{件数}件申报件待你单位办理",
            ),
            LetterSpec(
                LetterEvent.REVIEW,
                "{收件人}：\n\n感谢您参加“{届次}”评审。您现有{件数}件待评分，请于{评分截止时间}前登录平台“评审任务”完成。\n\n"
                "与申报单位或申报人有利害关系的，请在评分表上申请回避；评审内容请予保密。\n\n联系方式：{联系方式}",
                "{届次}：{件数}件待您评分",
            ),
            LetterSpec(
                LetterEvent.PROPOSED,
                "{收件人}：\n\n你单位申报的“{申报件}”（{申报编号}）经评审和审定，拟入选“{届次}”，正在公示，公示截止时间为{公示截止时间}。\n\n"
                "公示期间如收到核实要求，请按时回复。公示期满并印发决定前，请勿以入选名义宣传。\n\n联系方式：{联系方式}",
                "{届次}：“{申报件}”拟入选，正在公示",
            ),
            LetterSpec(
                LetterEvent.DECLINED,
                "{收件人}：\n\n感谢你单位参加“{届次}”。申报的“{申报件}”（{申报编号}）本届未入选，理由可在平台该申报件的页面查看。\n\n"
                "欢迎继续完善，参加下一届。\n\n联系方式：{联系方式}",
                "{届次}：“{申报件}”的评选结果",
            ),
            LetterSpec(
                LetterEvent.CONFERRED,
                "{收件人}：\n\n根据{决定}，你单位申报的“{申报件}”（{申报编号}）获得“{荣誉}”。证书编号：{证书编号}。\n\n"
                "有电子证书的，可登录平台在该申报件的页面下载，任何人都可凭编号在公开网站核验。\n\n联系方式：{联系方式}",
                "{届次}：“{申报件}”获得“{荣誉}”",
            ),
        )
    }
)  # fmt: skip


def words_for(letters: Sequence[LetterSpec], event: str) -> LetterSpec:
    """Heading and text of an event: the programme's own, else the usual ones."""
    usual = DEFAULTS[event]
    own = next((spec for spec in letters if spec.event == event), None)
    return usual if own is None else LetterSpec(own.event, own.body, own.heading or usual.heading)


def text_problems(event: str, text: str) -> list[str]:
    """What is wrong with words in braces, one sentence each."""
    return word_problems(WORDS[event], text)


def word_problems(known: Mapping[str, str], text: str) -> list[str]:
    """The same for any set of words that a text may hold in braces."""
    return [
        _t("没有可以填入的“{%(word)s}”，可用的有：%(known)s")
        % {"word": word, "known": "、".join(f"{{{name}}}" for name in known)}
        for word in dict.fromkeys(BRACES.findall(text))
        if word not in known
    ]


def fill(event: str, text: str, values: Mapping[str, str]) -> str:
    """The text with its words in braces replaced; a value never brings new braces into effect, unknown words stay."""
    return fill_words(WORDS[event], text, values)


def fill_words(keys: Mapping[str, str], text: str, values: Mapping[str, str]) -> str:
    """The same for any set of words: as people write them → the key of the value."""
    return BRACES.sub(lambda match: values.get(keys.get(match[1], ""), match[0]), text)


def letter_problems(letters: Sequence[LetterSpec]) -> Iterator[Problem]:
    """Rules of ``[[letters]]``, with their paths."""
    for position, spec in enumerate(letters):
        path = f"letters[{position}]"
        if spec.event in {other.event for other in letters[:position]}:
            yield Problem(f"{path}.event", _t("“%s”写了两次") % spec.event.label)
        if not spec.body.strip():
            yield Problem(f"{path}.body", _t("不能为空"))
        for key, text, limit in (("heading", spec.heading, HEADING_LENGTH), ("body", spec.body, BODY_LENGTH)):
            if len(text) > limit:
                yield Problem(f"{path}.{key}", _t("不能超过 %s 字") % limit)
            for sentence in text_problems(spec.event, text):
                yield Problem(f"{path}.{key}", sentence)

"""What stands in a letter of invitation. Data and pure functions; the link is filled in when it leaves, nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from portal.accounts.models import Invitation
from portal.lifecycle.blueprints.letters import fill_words, word_problems
from portal.web.formats import cn_datetime

LINK = "邀请链接"
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "收件人": "recipient",
        "工会组织": "organisation",
        "角色": "role",
        "邀请人": "inviter",
        "发件工会": "sender",
        LINK: "link",
        "有效期": "deadline",
    }
)
HEADING = "邀请您加入{工会组织}（{角色}）"
BODY = (
    "{收件人}：\n\n{发件工会}邀请您在劳动和技能竞赛平台承担“{工会组织}”的“{角色}”工作。请打开下面的链接开通账号，{有效期}前有效，只能使用一次：\n\n"
    "{邀请链接}\n\n链接只供您本人使用，请勿转发。如有疑问，请联系邀请人{邀请人}。"
)


def filled(text: str, invitation: Invitation, *, sender: str, link: str, until: dt.datetime | None) -> str:
    """The text as its reader gets it; without a link, what will stand there is said in words."""
    values = {
        "recipient": invitation.name,
        "organisation": invitation.organisation.name,
        "role": str(invitation.get_role_display()),
        "inviter": invitation.invited_by.name,
        "sender": sender,
        "link": link or _("〔发送时生成的邀请链接〕"),
        "deadline": cn_datetime(until) if until else _("〔发送后七天〕"),
    }
    return fill_words(WORDS, text, values)


def text_message(invitation: Invitation, *, sender: str, link: str, until: dt.datetime) -> str:
    """A text message holds the link and what it is for, not the letter."""
    words = _("%(sender)s邀请您担任“%(organisation)s”的%(role)s，请打开 %(link)s 开通账号，%(until)s前有效，请勿转发。")
    return words % {
        "sender": sender,
        "organisation": invitation.organisation.name,
        "role": invitation.get_role_display(),
        "link": link,
        "until": cn_datetime(until),
    }


def problems(heading: str, body: str) -> dict[str, list[str]]:
    """What is wrong with a changed letter, by field."""
    found: dict[str, list[str]] = {}
    for name, text in (("heading", heading), ("body", body)):
        sentences = word_problems(WORDS, text) or ([] if text.strip() else [_("不能为空")])
        if name == "heading" and f"{{{LINK}}}" in text:
            sentences.append(_("链接只能写在正文里。"))
        if name == "body" and text.strip() and f"{{{LINK}}}" not in text:
            sentences.append(_("正文里要有“{邀请链接}”，否则对方无法开通账号。"))
        if sentences:
            found[name] = sentences
    return found

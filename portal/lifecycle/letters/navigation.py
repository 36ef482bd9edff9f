from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.web.navigation import Entry, Item, provide, register

register(
    Entry(_("函件"), "lifecycle:letters.list", "letter.view", "notice", icon="send", order=60),
    Entry(_("待办提醒"), "lifecycle:message.remind", "message.remind", "settings", icon="bell", order=50),
)


def inbox_link(request: object) -> list[Item]:
    """In the top bar of everybody who has a desk."""
    if not may(request.actor, "message.view"):  # type: ignore[attr-defined]
        return []
    return [Item(_("收件箱"), reverse("lifecycle:message.list"), "mail")]


provide("top_links", inbox_link)

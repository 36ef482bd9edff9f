from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(_("交流互鉴"), "competitions:exchange.list", "exchange.view", "competitions", icon="messages", order=56),
)

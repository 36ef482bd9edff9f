from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(
    Entry(
        _("交流互鉴"),
        "competitions:exchange.list",
        "exchange.view",
        "competitions",
        icon="messages",
        order=56,
        part="workers",
    ),
)
register_public(PublicEntry(_("典型案例"), "competitions:public.cases", order=48))

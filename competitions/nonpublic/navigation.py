from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("非公竞赛推进"),
        "competitions:coverage.home",
        "coverage.view",
        "competitions",
        icon="building-store",
        order=60,
        part="firms",
    ),
    Entry(
        _("双受益记录"), "competitions:benefit.list", "gain.view", "competitions", icon="coins", order=61, part="firms"
    ),
)

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("双碳竞赛"),
        "competitions:green.overview",
        "green.view",
        "competitions",
        icon="leaf",
        order=30,
        part="green",
        for_guests=True,
    ),
    Entry(
        _("能耗月报"),
        "competitions:green.readings",
        "green.view",
        "competitions",
        icon="bolt",
        order=31,
        part="green",
        for_guests=True,
    ),
)

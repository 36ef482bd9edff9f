from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("参赛名单"),
        "competitions:roster.list",
        "roster.view",
        "competitions",
        icon="users-group",
        order=40,
        part="workers",
    ),
    Entry(
        _("参与情况"),
        "competitions:counting.overview",
        "roster.count",
        "competitions",
        icon="chart-bar",
        order=41,
        part="workers",
    ),
)

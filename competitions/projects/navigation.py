from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("重点工程"),
        "competitions:project.list",
        "project.view",
        "competitions",
        icon="building-skyscraper",
        order=10,
        part="projects",
    ),
    Entry(
        _("工程总览墙"),
        "competitions:project.wall",
        "project.wall",
        "competitions",
        icon="layout-dashboard",
        order=11,
        part="projects",
    ),
)

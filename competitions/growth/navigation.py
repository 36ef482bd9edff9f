from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("师徒帮教和练兵比武"),
        "competitions:mentorship.list",
        "mentorship.view",
        "competitions",
        icon="users-group",
        order=50,
        part="workers",
    ),
    Entry(
        _("职工成长档案"),
        "competitions:growth.list",
        "growth.view",
        "competitions",
        icon="id-badge",
        order=51,
        part="workers",
    ),
)

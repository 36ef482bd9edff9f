from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("班组称号和服务评价"),
        "competitions:label.home",
        "workteam.view",
        "competitions",
        icon="medal",
        order=70,
        part="firms",
    ),
)

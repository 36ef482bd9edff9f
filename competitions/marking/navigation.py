from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(
    Entry(
        _("现场评分"),
        "competitions:marking.list",
        "marking.view",
        "competitions",
        icon="clipboard-list",
        order=25,
        part="contests",
    )
)
register_public(PublicEntry(_("竞赛榜单"), "competitions:board.index", order=45))

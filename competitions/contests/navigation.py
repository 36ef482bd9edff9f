from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(
    Entry(
        _("技能竞赛"),
        "competitions:contest.list",
        "contest.view",
        "competitions",
        icon="trophy",
        order=20,
        part="contests",
        for_guests=True,
    ),
    Entry(
        _("年度工种计划"),
        "competitions:contest.plan",
        "contest.view",
        "competitions",
        icon="layout-grid",
        order=21,
        part="contests",
        for_guests=True,
    ),
)
register_public(PublicEntry(_("技能竞赛"), "competitions:public.contests", order=44))

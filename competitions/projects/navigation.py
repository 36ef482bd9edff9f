from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("重点工程"), "competitions:project.list", "project.view", "competitions", icon="building-skyscraper", order=10
    ),
    Entry(
        _("工程总览墙"), "competitions:project.wall", "project.wall", "competitions", icon="layout-dashboard", order=11
    ),
    Entry(_("工程进展"), "competitions:period.list", "period.view", "competitions", icon="chart-line", order=12),
    Entry(_("问题单"), "competitions:ticket.list", "ticket.view", "competitions", icon="clipboard-list", order=13),
    Entry(_("调研指导"), "competitions:inspection.list", "project.wall", "competitions", icon="walk", order=14),
    Entry(_("职工慰问"), "competitions:care.list", "project.wall", "competitions", icon="heart-handshake", order=15),
)

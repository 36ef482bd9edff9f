from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(_("方案任务分解"), "workplans:plan.list", "workplan.view", "cycles", icon="list-check", order=80),
    Entry(_("实施方案"), "workplans:scheme.list", "workplan.follow", "cycles", icon="clipboard-text", order=81),
)

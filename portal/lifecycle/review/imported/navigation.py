from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("竞赛成绩"), "lifecycle:result.stages", "result.view", group="review", icon="list-numbers", order=25))

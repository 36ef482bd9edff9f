from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("投票"), "lifecycle:vote.stages", "vote.view", group="review", icon="thumb-up", order=29))

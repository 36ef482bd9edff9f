from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("评选"), "lifecycle:round.list", "round.view", group="selection", icon="list-numbers", order=10))

"""Menu entry of the co-host."""

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("联合主办"), "lifecycle:joint.list", "joint.view", "cycles", icon="users", order=15, for_guests=True))

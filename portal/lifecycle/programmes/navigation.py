"""Menu entry of the cycles."""

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("届次与日历"), "lifecycle:cycle.list", "cycle.view", "cycles", icon="calendar-event", order=10))

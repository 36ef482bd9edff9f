from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

if settings.DEMO:
    register(
        Entry(_("演示时钟"), "demo:clock", "cycle.create", "settings", icon="clock-play", order=90),
        Entry(_("演示：其他单位"), "demo:others", "cycle.create", "settings", icon="users", order=91),
    )

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("创新工作室"), "innovations:studio.home", "studio.view", "innovations", icon="bulb", order=10))

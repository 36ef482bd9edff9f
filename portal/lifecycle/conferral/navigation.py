from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("命名决定"), "lifecycle:conferral.list", "conferral.view", "honours", icon="award", order=10))

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("经办回避"), "lifecycle:recusal.list", "recusal.view", group="entries", icon="user-off", order=15))

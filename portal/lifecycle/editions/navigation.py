from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("下级届次"), "lifecycle:edition.list", "edition.view", "cycles", icon="git-branch", order=70))

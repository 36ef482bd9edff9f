from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(_("查重核对"), "lifecycle:similarity.list", "similarity.view", "recommendation", icon="copy-check", order=60)
)

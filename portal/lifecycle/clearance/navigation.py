"""Menu entry of the room."""

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(_("资格审查与联审"), "lifecycle:clearance.list", "clearance.view", "review", icon="clipboard-check", order=5)
)

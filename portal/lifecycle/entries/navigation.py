"""The line of this room in the desk menu."""

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        label=_("申报件"),
        icon="files",
        url_name="lifecycle:entry.list",
        policy_action="entry.view",
        group="entries",
        order=10,
        for_guests=True,
    ),
)

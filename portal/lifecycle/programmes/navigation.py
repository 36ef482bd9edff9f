"""Menu entry of the cycles."""

from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.models import Programme
from portal.web.navigation import Entry, provide, register

register(
    Entry(
        _("届次与日历"),
        "lifecycle:cycle.list",
        "cycle.view",
        "cycles",
        icon="calendar-event",
        order=10,
        for_guests=True,
    )
)
# Reporting lines name programmes by their code; the page that sets them stands to the left and asks for the choices.
provide("programme_choices", lambda request: list(Programme.objects.order_by("title").values_list("code", "title")))

"""Menu entry of the ledger."""

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("名额账"), "lifecycle:place.list", "place.view", "recommendation", icon="book", order=40))

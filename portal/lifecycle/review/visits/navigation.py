from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("实地考察"), "lifecycle:visit.stages", "visit.view", group="review", icon="map-pin", order=27))

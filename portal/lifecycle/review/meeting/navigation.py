from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("评审会"), "lifecycle:meeting.own", "meeting.attend", group="review", icon="gavel", order=12))

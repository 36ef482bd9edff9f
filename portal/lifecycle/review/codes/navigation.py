from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("抽签加密"), "lifecycle:codes.stages", "codes.view", group="review", icon="lock", order=29))

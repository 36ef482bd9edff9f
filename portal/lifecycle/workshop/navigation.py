from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("方案编制"), "lifecycle:draft.list", "draft.create", group="cycles", icon="tools", order=40))

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(Entry(_("成果展示"), "lifecycle:showcase.desk", "conferral.showcase", "honours", icon="photo", order=30))
register_public(PublicEntry(_("成果展示"), "lifecycle:public.showcase", order=50))

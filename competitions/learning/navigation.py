from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(_("培训资源"), "competitions:learning.list", "learning.view", "competitions", icon="school", order=55),
)

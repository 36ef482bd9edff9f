from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(
    Entry(
        _("培训资源"),
        "competitions:learning.list",
        "learning.view",
        "competitions",
        icon="school",
        order=55,
        part="workers",
    ),
)
register_public(PublicEntry(_("培训资源"), "competitions:public.learning", order=46))

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(
    Entry(
        _("难题揭榜"),
        "competitions:problem.list",
        "problem.view",
        "competitions",
        icon="target-arrow",
        order=8,
        part="filings",
    ),
)
register_public(PublicEntry(_("揭榜攻关"), "competitions:public.challenges", order=47))

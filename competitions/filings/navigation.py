from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(
    Entry(
        _("竞赛备案"),
        "competitions:filing.list",
        "filing.view",
        "competitions",
        icon="clipboard-text",
        order=1,
        part="filings",
    ),
    Entry(
        _("过程监督"),
        "competitions:checkdraw.list",
        "filingcheck.draw",
        "competitions",
        icon="dice",
        order=2,
        part="filings",
    ),
)
register_public(PublicEntry(_("竞赛监督"), "competitions:public.competitions", order=75, footer=True))

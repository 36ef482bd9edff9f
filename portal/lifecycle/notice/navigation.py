from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, register, register_public

register(
    Entry(_("公示"), "lifecycle:notice.list", "notice.draft", "notice", icon="speakerphone", order=10),
    Entry(_("异议"), "lifecycle:objection.list", "notice.docket", "notice", icon="message-report", order=20),
)
register_public(
    PublicEntry(_("公示公告"), "lifecycle:public.notices", order=30),
    PublicEntry(_("异议查询"), "lifecycle:public.objection", order=80, footer=True),
)

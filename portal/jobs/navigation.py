from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("后台任务"), "jobs:run.list", "job.view", "reports", icon="loader", order=90))

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(Entry(_("年度统计报表"), "reports:home", "report.export", "reports", icon="file-spreadsheet", order=10))

"""Menu entries of the room."""

from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(_("待审核"), "lifecycle:nomination.waiting", "entry.endorse", "recommendation", icon="stamp", order=10),
    Entry(_("推荐排序表"), "lifecycle:nomination.list", "entry.rank", "recommendation", icon="list-numbers", order=20),
    Entry(_("名额分配"), "lifecycle:quota.list", "cycle.quota", "recommendation", icon="chart-pie", order=30),
)

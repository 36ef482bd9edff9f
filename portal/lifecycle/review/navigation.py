from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(_("评审任务"), "lifecycle:review.desk", "review.view", group="review", icon="pencil-check", order=10),
    Entry(_("评审组织"), "lifecycle:review.stages", "review.marks", group="review", icon="pencil-check", order=20),
    Entry(_("专家库"), "lifecycle:review.experts", "review.experts", group="review", icon="users", order=30),
)

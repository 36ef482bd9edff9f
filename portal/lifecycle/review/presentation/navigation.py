from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, register

register(
    Entry(
        _("现场展示"),
        "lifecycle:presentation.stages",
        "presentation.view",
        group="review",
        icon="presentation",
        order=28,
    )
)

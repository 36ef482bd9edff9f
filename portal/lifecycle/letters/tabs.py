"""The two halves of the outbox."""

from django.utils.translation import gettext_lazy as _

TABS = (
    ("lifecycle:letters.list", _("届次函件"), "letter.view"),
    ("lifecycle:invitation_letter.list", _("邀请函"), "invitation_letter.view"),
)

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.membership import Membership


class CalendarFeed(models.Model):
    """日历订阅: a secret address with which a calendar program reads what one desk may see. Only the hash is stored."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("生成时间"))
    last_read_at = models.DateTimeField(_("最近读取"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("日历订阅")

    def __str__(self) -> str:
        return f"{self.membership}"

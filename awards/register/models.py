"""The register of honours that all conferrals end in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.models import Entry
from portal.web.ui import Badge


class HonourStatus(models.TextChoices):
    VALID = "valid", _("有效")
    REVOKED = "revoked", _("已撤销")


class HonourRecord(ScopedModel, TimeStamped):
    """荣誉登记: written when an entry is conferred, marked when it is revoked; answers public verification."""

    scope_owner = "recipient_path"  # the recipient's union and all above it, which is where its issuer stands
    scope_public = Q(status__in=HonourStatus.values)

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="honour_record")
    issuer = models.ForeignKey(Organisation, verbose_name=_("命名单位"), on_delete=models.PROTECT, related_name="+")
    recipient_path = models.CharField(max_length=200, db_index=True)  # an unknown recipient's: the issuer's own
    honour = models.CharField(_("荣誉名称"), max_length=120)
    honour_class = models.CharField(_("类别"), max_length=20, blank=True)
    pillar = models.CharField(_("板块"), max_length=30, blank=True)
    recipient = models.CharField(_("获得者"), max_length=200)
    recipient_kind = models.CharField(_("获得者类别"), max_length=20, blank=True)
    person_index = models.CharField(max_length=64, blank=True, default="", db_index=True)  # a citizen's number, keyed
    unit_name = models.CharField(_("单位"), max_length=120, blank=True)
    nominating_name = models.CharField(_("推荐工会"), max_length=120, blank=True)
    district_code = models.CharField(_("所在区"), max_length=6, blank=True, default="")
    year = models.PositiveIntegerField(_("年度"))
    cycle_label = models.CharField(_("届次"), max_length=60, blank=True)
    trigger = models.CharField(_("授予缘由"), max_length=120, blank=True, default="")  # the contest or task behind it
    certificate_number = models.CharField(_("证书编号"), max_length=60, unique=True)
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    conferred_on = models.DateField(_("命名日期"))
    status = models.CharField(_("状态"), max_length=20, choices=HonourStatus, default=HonourStatus.VALID)
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)
    revoked_number = models.CharField(_("撤销决定文号"), max_length=60, blank=True, default="")
    revoked_grounds = models.CharField(_("撤销情形"), max_length=60, blank=True, default="")
    revoked_reason = models.CharField(_("撤销原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("荣誉登记")
        ordering = ["-conferred_on", "certificate_number"]
        indexes = [models.Index(fields=["year", "honour"], name="awards_honour_year")]

    def __str__(self) -> str:
        return f"{self.honour} {self.recipient}"

    @property
    def is_valid(self) -> bool:
        return self.status == HonourStatus.VALID

    @property
    def badge(self) -> Badge:
        return Badge(HonourStatus(self.status).label, "gold" if self.is_valid else "stopped")

    def audit_paths(self) -> tuple[str, str]:
        return self.recipient_path, self.recipient_path

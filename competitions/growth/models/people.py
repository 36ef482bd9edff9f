"""职工成长档案: one worker as their unit knows them; everything else about the person is found by the fingerprint."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.growth.enums import PurgeBasis, PurgeState, SkillLevel
from competitions.rosters.enums import IdKind, Sex
from portal.accounts.models import Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.core.text import mask_id_number


class WorkerFile(ScopedModel, TimeStamped):
    """One person of one unit. The document's number is encrypted and never shown whole."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所在单位工会"), on_delete=models.PROTECT, related_name="+"
    )
    root_path = models.CharField(max_length=20)
    name = models.CharField(_("姓名"), max_length=60)
    id_kind = models.CharField(_("证件类型"), max_length=20, choices=IdKind, default=IdKind.CITIZEN)
    id_number = EncryptedTextField(_("证件号码"))
    id_index = models.CharField(max_length=64, editable=False, db_index=True)  # as in the register of workers
    sex = models.CharField(_("性别"), max_length=10, choices=Sex, blank=True)
    trade = models.CharField(_("工种"), max_length=60, blank=True)
    level = models.CharField(_("技能等级"), max_length=2, choices=SkillLevel, blank=True, default="")
    level_certificate = models.CharField(_("等级证书编号"), max_length=60, blank=True)
    joined_on = models.DateField(_("参加工作日期"), null=True, blank=True)
    purged_at = models.DateTimeField(
        _("删除时间"), null=True
    )  # the row stays, empty: contracts and results point at it
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("职工成长档案")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "id_index"], name="competitions_worker_file_once")
        ]

    def __str__(self) -> str:
        return _("职工档案 %s") % self.pk  # never the name: this text goes into logs and audit rows

    def get_absolute_url(self) -> str:
        return reverse("competitions:growth.detail", kwargs={"pk": self.pk})

    @property
    def masked_id(self) -> str:
        return mask_id_number(self.id_number)

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class FilePurge(ScopedModel):
    """删除申请: one person asks with a reason, another decides; what went is counted, never named."""

    scope_owner = "organisation__path"

    file = models.ForeignKey(WorkerFile, on_delete=models.PROTECT, related_name="purges")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所在单位工会"), on_delete=models.PROTECT, related_name="+"
    )
    basis = models.CharField(_("依据"), max_length=20, choices=PurgeBasis)
    reason = models.CharField(_("说明"), max_length=300)
    state = models.CharField(_("状态"), max_length=20, choices=PurgeState, default=PurgeState.ASKED)
    asked_by = models.ForeignKey(User, verbose_name=_("申请人"), on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        User, verbose_name=_("复核人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True)
    verdict = models.CharField(_("复核意见"), max_length=300, blank=True)
    counts = models.JSONField(_("删除的记录"), default=dict)  # what kind of record: how many

    class Meta:
        verbose_name = verbose_name_plural = _("职工档案删除")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(state=PurgeState.ASKED), name="competitions_file_purge_open"
            ),
            models.CheckConstraint(
                condition=Q(state=PurgeState.ASKED, decided_at=None)
                | (~Q(state=PurgeState.ASKED) & Q(decided_at__isnull=False)),
                name="competitions_file_purge_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="competitions_file_purge_two"
            ),
        ]

    def __str__(self) -> str:
        return _("档案删除申请 %s") % self.pk

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""

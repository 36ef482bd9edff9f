"""Workbooks on their way in, and figures that were signed off."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.rosters.enums import Basis
from competitions.rosters.models.people import OfRoster, Roster
from portal.accounts.enums import ImportState
from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel


class RosterImport(OfRoster):
    """名单导入: one uploaded workbook (encrypted on disk), its dry run, and – as one unit or not at all – its application."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="imports")
    file = models.FileField(_("文件"), upload_to="rosters/%Y/%m/")
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=20, choices=ImportState, default=ImportState.CHECKING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    creates = models.PositiveIntegerField(_("新增"), default=0)
    updates = models.PositiveIntegerField(_("更新"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    errors = models.PositiveIntegerField(_("有误行数"), default=0)
    problems = models.JSONField(_("错误"), default=list)  # never with a name or a number in it
    changes = models.JSONField(_("变化"), default=list)  # names masked
    job_id = models.BigIntegerField(null=True)
    uploaded_by = models.ForeignKey(User, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("名单导入")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("competitions:roster_import.detail", kwargs={"pk": self.pk})


class CountSnapshot(ScopedModel):
    """参与情况快照: numerators and denominators as they stood when a union signed them off; never changed, only replaced."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(Organisation, verbose_name=_("工会"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("年度"))
    basis = models.CharField(_("口径"), max_length=20, choices=Basis)
    number = models.PositiveIntegerField(_("次序"))
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)  # needed from the second one on
    content = models.JSONField()  # slice → lines of counting.Line.plain()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(_("确认时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("参与情况快照")
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "basis", "number"], name="competitions_snapshot_number"
            )
        ]

    def __str__(self) -> str:
        return _("%(year)d年第%(n)d次") % {"year": self.year, "n": self.number}

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""

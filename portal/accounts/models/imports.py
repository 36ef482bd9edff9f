"""Workbooks of organisations, employers and staff on their way into the portal."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import ImportKind, ImportState
from portal.accounts.models.organisation import Organisation
from portal.accounts.models.user import User
from portal.core.scoping import ScopedModel


class ImportBatch(ScopedModel):
    """导入批次: one uploaded workbook, its dry run, and – as one unit or not at all – its application."""

    scope_owner = "organisation__path"

    kind = models.CharField(_("导入内容"), max_length=20, choices=ImportKind)
    organisation = models.ForeignKey(Organisation, verbose_name=_("导入到"), on_delete=models.PROTECT, related_name="+")
    file = models.FileField(_("文件"), upload_to="imports/%Y/%m/")
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=20, choices=ImportState, default=ImportState.CHECKING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    creates = models.PositiveIntegerField(_("新增"), default=0)
    updates = models.PositiveIntegerField(_("更新"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    errors = models.PositiveIntegerField(_("有误行数"), default=0)
    problems = models.JSONField(
        _("错误"), default=list
    )  # [{"row": 7, "column": "信用代码", "message": "…"}]; row 0 = whole file
    changes = models.JSONField(_("变化"), default=list)  # the first changes, for the preview page
    job_id = models.BigIntegerField(null=True)
    result_file_id = models.BigIntegerField(null=True)  # stored file with the first sign-in links (staff only)
    uploaded_by = models.ForeignKey(User, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入批次")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.file_name}"

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.organisation.path

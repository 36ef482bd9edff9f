"""Background work with a face."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class JobState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    SUCCEEDED = "succeeded", _("已完成")
    FAILED = "failed", _("未完成")


TONES = {JobState.QUEUED: "neutral", JobState.RUNNING: "info", JobState.SUCCEEDED: "ok", JobState.FAILED: "stopped"}


class JobRun(ScopedModel):
    """后台任务: one run of a registered job. ``key`` is unique, so a second tick or a retry makes no second run."""

    scope_owner = "organisation_path"

    kind = models.CharField(_("任务"), max_length=80)
    key = models.CharField(_("唯一键"), max_length=200, unique=True)
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(_("状态"), max_length=20, choices=JobState, default=JobState.QUEUED)
    params = models.JSONField(_("参数"), default=dict)
    organisation_path = models.CharField(max_length=200, blank=True, default="", db_index=True)
    membership_id = models.BigIntegerField(null=True)  # the desk whose scope the job runs in; empty = system
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    stage = models.CharField(_("阶段"), max_length=200, blank=True)
    message = models.TextField(_("结果说明"), blank=True)
    result = models.JSONField(_("结果"), default=dict)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    created_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    alive_at = models.DateTimeField(_("最近心跳"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("后台任务")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["state", "alive_at"], name="jobs_run_open", condition=Q(state__in=["queued", "running"])
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> Badge:
        return Badge(JobState(self.state).label, TONES[JobState(self.state)])

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.SUCCEEDED, JobState.FAILED}

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else (100 if self.is_over else 0)

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation_path, ""


class StoredFile(ScopedModel):
    """生成的文件: a job's product, downloadable by the desk that asked, for a limited time."""

    scope_owner = "organisation_path"

    job = models.ForeignKey(JobRun, on_delete=models.CASCADE, null=True, related_name="files")
    name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(upload_to="jobs/%Y/%m/")
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    organisation_path = models.CharField(max_length=200, db_index=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("可下载至"), db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("生成的文件")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation_path, ""

"""班组 and their labels, proposals to take one away, workbooks that bring many in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.labels.enums import TONE_OF_STATUS, LabelStatus, Level, TeamKind
from competitions.labels.kinds import title_of
from portal.accounts.enums import ImportState
from portal.accounts.models import Employer, Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.models import Entry
from portal.web.ui import Badge


class WorkTeam(ScopedModel, TimeStamped):
    """班组（窗口、科室、项目部）: the cell that labels are given to and service users rate."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所属基层工会"), on_delete=models.PROTECT, related_name="+"
    )
    employer = models.ForeignKey(
        Employer, verbose_name=_("所在单位"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(_("班组名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=20, choices=TeamKind, default=TeamKind.TEAM)
    leader = models.CharField(_("班组长"), max_length=40, blank=True)
    headcount = models.PositiveIntegerField(_("人数"), null=True, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    covenant = models.CharField(_("创建公约（口号）"), max_length=120, blank=True)
    is_active = models.BooleanField(_("仍在运行"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("班组")
        ordering = ["organisation__path", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="competitions_workteam_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:workteam.detail", kwargs={"pk": self.pk})

    @property
    def unit_name(self) -> str:
        return self.employer.name if self.employer_id else self.organisation.name

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.organisation.path


class TeamLabel(ScopedModel, TimeStamped):
    """班组称号: one kind, given by one level; ``entry`` when a programme conferred it (its revocation takes it away)."""

    scope_owner = "team__organisation__path"

    team = models.ForeignKey(WorkTeam, on_delete=models.PROTECT, related_name="labels")
    kind = models.CharField(_("称号"), max_length=20)  # a code of kinds.toml
    level = models.CharField(_("级别"), max_length=20, choices=Level)
    given_by = models.ForeignKey(Organisation, verbose_name=_("授予单位"), on_delete=models.PROTECT, related_name="+")
    basis_title = models.CharField(_("依据文件"), max_length=160, blank=True)
    basis_number = models.CharField(_("文号"), max_length=60)
    given_on = models.DateField(_("授予日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=20, choices=LabelStatus, default=LabelStatus.VALID)
    removed_on = models.DateField(_("摘牌日期"), null=True, blank=True)
    removed_reason = models.CharField(_("摘牌原因"), max_length=300, blank=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("班组称号")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "kind", "level"],
                condition=~Q(status="removed") & Q(entry=None),
                name="competitions_teamlabel_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("given_on")),
                name="competitions_teamlabel_term",
            ),
            models.CheckConstraint(
                condition=Q(status="removed", removed_on__isnull=False)
                | (~Q(status="removed") & Q(removed_on__isnull=True)),
                name="competitions_teamlabel_removed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team.name} {self.title}"

    def get_absolute_url(self) -> str:
        return self.team.get_absolute_url()

    @property
    def title(self) -> str:
        return title_of(self.kind)

    @property
    def badge(self) -> Badge:
        return Badge(self.get_status_display(), TONE_OF_STATUS[LabelStatus(self.status)])

    @property
    def is_removed(self) -> bool:
        return self.status == LabelStatus.REMOVED

    @property
    def paths(self) -> tuple[str, str]:
        return self.given_by.path, self.team.organisation.path

    def audit_paths(self) -> tuple[str, str]:
        return self.paths


class LabelRemoval(ScopedModel):
    """摘牌建议: one person proposes with a reason, another decides; kept whatever was decided."""

    scope_owner = "label__team__organisation__path"

    label = models.ForeignKey(TeamLabel, on_delete=models.PROTECT, related_name="removals")
    reason = models.CharField(_("摘牌原因"), max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    agreed = models.BooleanField(_("同意摘牌"), null=True)
    decided_words = models.CharField(_("复核意见"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("复核时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("摘牌建议")
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(fields=["label"], condition=Q(agreed=None), name="competitions_removal_open"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="competitions_removal_second_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    def get_absolute_url(self) -> str:
        return self.label.get_absolute_url()

    def audit_paths(self) -> tuple[str, str]:
        return self.label.paths


class LabelImport(ScopedModel):
    """称号导入: one uploaded workbook with its dry run; applied whole or not at all. The file goes when it is done."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField(default=bytes)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(_("状态"), max_length=20, choices=ImportState, default=ImportState.CHECKING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    creates = models.PositiveIntegerField(_("新增称号"), default=0)
    updates = models.PositiveIntegerField(_("更新"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    errors = models.PositiveIntegerField(_("有误行数"), default=0)
    problems = models.JSONField(_("错误"), default=list)
    changes = models.JSONField(_("变化"), default=list)
    uploaded_by = models.ForeignKey(User, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("称号导入")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("competitions:labelimport.detail", kwargs={"pk": self.pk})

    @property
    def state(self) -> str:
        """The name under which the shared pieces of imports read it."""
        return self.status

    @property
    def badge(self) -> Badge:
        tones = {"faulty": "stopped", "checked": "waiting", "applied": "ok"}
        return Badge(self.get_status_display(), tones.get(self.status, "neutral"))

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""

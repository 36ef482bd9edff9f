"""Experts, panels, assignments and marks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage, Track


class ExpertProfile(ScopedModel, TimeStamped):
    """专家库: a person a federation may ask to review; ``unit`` is where they work (same unit = conflict)."""

    scope_owner = "owner__path"
    scope_reviewer = "user_id"

    user = models.ForeignKey(User, verbose_name=_("专家"), on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, verbose_name=_("入库工会"), on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Organisation, verbose_name=_("所在单位工会"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit_name = models.CharField(_("工作单位"), max_length=120, blank=True)
    title = models.CharField(_("职称（职务）"), max_length=60, blank=True)
    fields = models.JSONField(_("专业领域"), default=list)
    max_load = models.PositiveIntegerField(_("每届最多评审件数"), default=40)
    is_active = models.BooleanField(_("在库"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("专家库")
        constraints = [models.UniqueConstraint(fields=["user", "owner"], name="lifecycle_expert_once")]

    def __str__(self) -> str:
        return str(self.user)

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class DeclaredConflict(ScopedModel):
    """回避声明: an expert's own statement about an organisation (entries are recused one by one)."""

    scope_owner = "owner__path"
    scope_reviewer = "expert_id"

    expert = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("须回避的单位"), on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(_("原因"), max_length=300)
    declared_at = models.DateTimeField(_("声明时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("回避声明")
        constraints = [
            models.UniqueConstraint(fields=["expert", "owner", "organisation"], name="lifecycle_conflict_once")
        ]

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class Panel(ScopedModel, TimeStamped):
    """评审组: the experts of one review stage, for one track or for all."""

    scope_owner = "stage__cycle__owner__path"
    scope_reviewer = "members__expert_id"

    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="panels")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("名称"), max_length=80)
    due_at = models.DateTimeField(_("评分截止"), null=True, blank=True)
    is_record = models.BooleanField(_("竞赛成绩"), default=False)  # holds confirmed results of a contest, nobody marks

    class Meta:
        verbose_name = verbose_name_plural = _("评审组")
        constraints = [models.UniqueConstraint(fields=["stage", "name"], name="lifecycle_panel_name")]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class PanelMember(ScopedModel):
    """评审组成员"""

    scope_owner = "panel__stage__cycle__owner__path"
    scope_reviewer = "expert_id"

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="members")
    expert = models.ForeignKey(User, verbose_name=_("专家"), on_delete=models.PROTECT, related_name="+")
    is_chair = models.BooleanField(_("组长"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("评审组成员")
        constraints = [models.UniqueConstraint(fields=["panel", "expert"], name="lifecycle_panelmember_once")]


class AssignmentState(models.TextChoices):
    OPEN = "open", _("待评分")
    SUBMITTED = "submitted", _("已提交")
    RECUSED = "recused", _("已回避")


class Assignment(ScopedModel, TimeStamped):
    """评审任务: one expert, one entry. Others' marks stay hidden until one's own are submitted."""

    scope_owner = "panel__stage__cycle__owner__path"
    scope_reviewer = "expert_id"
    scope_reviewer_where = Q(state__in=("open", "submitted"))

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="assignments")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="assignments")
    expert = models.ForeignKey(User, verbose_name=_("专家"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=20, choices=AssignmentState, default=AssignmentState.OPEN)
    comment = models.TextField(_("评语"), blank=True)
    recusal_reason = models.CharField(_("回避原因"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审任务")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "expert"], name="lifecycle_assignment_once")]
        indexes = [models.Index(fields=["expert", "state"], name="lifecycle_assignment_desk")]

    def __str__(self) -> str:
        return str(_("评审任务 %(code)s")) % {"code": self.entry.review_code or self.pk}

    @property
    def is_open(self) -> bool:
        return self.state == AssignmentState.OPEN

    @property
    def is_submitted(self) -> bool:
        return self.state == AssignmentState.SUBMITTED

    def audit_paths(self) -> tuple[str, str]:
        owner = self.panel.stage.cycle.owner.path
        return owner, owner


class Score(ScopedModel):
    """分项评分: ``value`` empty and ``abstained`` false = not marked yet; abstention is not zero."""

    scope_owner = "assignment__panel__stage__cycle__owner__path"
    scope_reviewer = "assignment__expert_id"
    scope_reviewer_where = Q(assignment__state__in=("open", "submitted"))

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(_("评分项"), max_length=60)
    value = models.DecimalField(_("得分"), max_digits=7, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField(_("弃权"), default=False)
    updated_at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("分项评分")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="lifecycle_score_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(abstained=False), name="lifecycle_score_abstained_has_no_value"
            ),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="lifecycle_score_positive"),
        ]

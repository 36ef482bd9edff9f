"""Selection rounds: what was frozen, how it was ranked, and one reason per entry."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.jobs.models import JobRun
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage, Track
from portal.lifecycle.selection.shadow import UNPROVED


class RoundStatus(models.TextChoices):
    DRAFT = "draft", _("待审定")
    BLOCKED = "blocked", _("核算不一致")
    APPROVED = "approved", _("已审定")
    REJECTED = "rejected", _("已否决")
    SUPERSEDED = "superseded", _("已由新一轮取代")


class SelectionRound(ScopedModel, TimeStamped):
    """评选轮次: frozen marks and the rule in ``snapshot``; nothing becomes visible before people approve it."""

    scope_owner = "stage__cycle__owner__path"
    scope_guest = "stage__cycle__hosts__organisation__path"
    # Co-hosts that decide too see a list when it is complete, and when it is approved.
    scope_guest_where = Q(stage__cycle__hosts__can_decide=True, stage__cycle__hosts__ended_at=None) & (
        Q(status=RoundStatus.APPROVED) | Q(status=RoundStatus.DRAFT, needs_decision=[])
    )

    stage = models.ForeignKey(CycleStage, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField(_("轮次"))
    status = models.CharField(_("状态"), max_length=20, choices=RoundStatus, default=RoundStatus.DRAFT)
    job = models.ForeignKey(JobRun, on_delete=models.SET_NULL, null=True, related_name="+")
    snapshot = models.JSONField(_("冻结数据"), default=dict)
    sha256 = models.CharField(_("指纹"), max_length=64)
    # Fingerprint of the list as it stands (rows, order, reasons, sums): what co-hosts countersign.
    list_sha256 = models.CharField(_("名单指纹"), max_length=64, blank=True)
    differences = models.JSONField(_("核算差异"), default=list)  # between the two independent rankings
    needs_decision = models.JSONField(_("须议定的并列"), default=list)
    settlements = models.JSONField(_("并列议定"), default=list)  # who settled which tie, in what order, and why
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审定时间"), null=True)
    decision_note = models.TextField(_("审定意见"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评选轮次")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="lifecycle_round_number"),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(status="approved"), name="lifecycle_round_approved_once"
            ),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(status__in=["draft", "blocked"]), name="lifecycle_round_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage.cycle} 第{self.number}轮"

    @property
    def unproved(self) -> list[str]:
        """Left-out entries of which the second program could not be sure (``""``: whether a longer list exists)."""
        return [d["code"] for d in self.differences if d["field"] == UNPROVED]

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class Outcome(models.TextChoices):
    SELECTED = "selected", _("入选")
    RESERVE = "reserve", _("递补")
    NOT_SELECTED = "not_selected", _("未入选")
    UNDECIDED = "undecided", _("待议定")


class Selection(ScopedModel):
    """评选结果: rank, total, outcome and one line why."""

    scope_owner = "round__stage__cycle__owner__path"
    scope_guest = "round__stage__cycle__hosts__organisation__path"
    scope_guest_where = Q(round__stage__cycle__hosts__can_decide=True, round__stage__cycle__hosts__ended_at=None) & (
        Q(round__status=RoundStatus.APPROVED) | Q(round__status=RoundStatus.DRAFT, round__needs_decision=[])
    )

    round = models.ForeignKey(SelectionRound, on_delete=models.CASCADE, related_name="selections")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="selections")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, null=True, related_name="+")
    rank = models.PositiveIntegerField(_("名次"), null=True)
    total = models.DecimalField(_("总分"), max_digits=9, decimal_places=4, null=True)
    outcome = models.CharField(_("结果"), max_length=20, choices=Outcome)
    order = models.PositiveIntegerField(_("序号"), null=True)  # place among the selected, or among the reserves
    reason = models.CharField(_("理由"), max_length=300)
    amount = models.DecimalField(_("核定金额（元）"), max_digits=14, decimal_places=2, null=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("评选结果")
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "entry"], name="lifecycle_selection_once")]

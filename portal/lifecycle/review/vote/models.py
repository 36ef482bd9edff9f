"""A vote for reference: the window, what stands on the ballot, the ballots. Nothing in it names a voter."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.blueprints.vocabulary import VoteAudience
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage


class VoteWindow(ScopedModel):
    """投票: open from ``opens_at`` to ``closes_at``; the rules are those of the day it was opened."""

    scope_owner = "stage__cycle__owner__path"
    scope_downward = "stage__cycle__owner__path"
    scope_public = Q(audience="public")

    stage = models.OneToOneField(CycleStage, on_delete=models.CASCADE, related_name="vote_window")
    token = models.CharField(_("地址"), max_length=32, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    help = models.TextField(_("说明"), blank=True)
    audience = models.CharField(_("由谁投票"), max_length=10, choices=VoteAudience)
    votes_per_person = models.PositiveIntegerField(_("每人票数"))
    address_cap = models.PositiveIntegerField(_("同一网络地址每小时票数上限"))
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"))
    opened_by = models.ForeignKey(User, verbose_name=_("开启人"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("投票")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="lifecycle_vote_window_order")
        ]

    def __str__(self) -> str:
        return self.title

    def is_open_at(self, now) -> bool:
        return self.opens_at <= now < self.closes_at

    def is_over_at(self, now) -> bool:
        return now >= self.closes_at

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class VoteCandidate(ScopedModel):
    """选票上的一项: its words are frozen when the vote opens."""

    scope_owner = "window__stage__cycle__owner__path"
    scope_downward = "window__stage__cycle__owner__path"
    scope_public = Q(window__audience="public")

    window = models.ForeignKey(VoteWindow, on_delete=models.CASCADE, related_name="candidates")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="vote_candidates")
    position = models.PositiveIntegerField(_("序号"))
    title = models.CharField(_("名称"), max_length=200)
    unit = models.CharField(_("单位"), max_length=200)
    facts = models.JSONField(_("公开内容"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("选票")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["window", "entry"], name="lifecycle_candidate_once")]

    def __str__(self) -> str:
        return self.title

    def audit_paths(self) -> tuple[str, str]:
        return self.window.audit_paths()


class Ballot(ScopedModel):
    """选票: one per voter. ``voter_key`` and ``address_key`` are keyed hashes; neither leads back to a person."""

    scope_owner = "window__stage__cycle__owner__path"

    window = models.ForeignKey(VoteWindow, on_delete=models.CASCADE, related_name="ballots")
    voter_key = models.CharField(max_length=64)
    address_key = models.CharField(max_length=64)
    candidates = models.ManyToManyField(VoteCandidate, related_name="ballots")
    cast_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("投票记录")
        constraints = [models.UniqueConstraint(fields=["window", "voter_key"], name="lifecycle_ballot_once")]
        indexes = [models.Index(fields=["window", "address_key", "cast_at"], name="lifecycle_ballot_address")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.pk}"

    def audit_paths(self) -> tuple[str, str]:
        return self.window.audit_paths()

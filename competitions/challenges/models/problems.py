"""企业难题: stated by a union for an enterprise, picked by the union above, led to a competition and its result."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.challenges.enums import EDITABLE, PROBLEM_TONES, ProblemKind, ProblemState
from competitions.challenges.models.outcome import Outcome
from competitions.filings.models import CompetitionFiling
from portal.accounts.models import Employer, Organisation, User
from portal.accounts.queries.codes import industry_label
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class Problem(ScopedModel, TimeStamped, Outcome):
    """One problem of one union. Seen by it, and by the unions above from its handing in on – never sideways."""

    scope_owner = "owner__path"
    scope_route = "filed_path"  # empty until it was handed in

    owner = models.ForeignKey(Organisation, verbose_name=_("提出工会"), on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(
        Employer, verbose_name=_("企业"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.ForeignKey(Organisation, verbose_name=_("遴选工会"), on_delete=models.PROTECT, related_name="+")
    filed_path = models.CharField(max_length=200, blank=True, default="", db_index=True)
    year = models.PositiveIntegerField(_("年度"))
    title = models.CharField(_("难题名称"), max_length=80)
    industry = models.CharField(_("行业门类"), max_length=10)
    kind = models.CharField(_("难题类别"), max_length=20, choices=ProblemKind)
    description = models.TextField(_("难点描述"))
    wished = models.TextField(_("期望成果"))
    contact = models.CharField(_("联系科室及电话"), max_length=80)
    is_secret = models.BooleanField(_("涉密不公开"), default=False)
    secret_grounds = models.CharField(_("不公开的依据"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=ProblemState, default=ProblemState.DRAFT)
    opinion = models.CharField(_("遴选意见"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("提出时间"), null=True)
    picked_at = models.DateTimeField(_("遴选时间"), null=True)
    filing = models.ForeignKey(
        CompetitionFiling, verbose_name=_("对应竞赛"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("企业难题")
        ordering = ["-year", "-pk"]
        indexes = [models.Index(fields=["year", "industry"], name="competitions_problem_topic")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_secret=False) | ~Q(secret_grounds=""), name="competitions_problem_grounds"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProblemState.SOLVED) | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="competitions_problem_solved",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:problem.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), PROBLEM_TONES[self.state])

    @property
    def secrecy(self) -> Badge | None:
        return Badge(_("涉密不公开"), "stopped", "lock") if self.is_secret else None

    @property
    def industry_name(self) -> str:
        return industry_label(self.industry)

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, self.filed_path

"""A competition that a union files for a year."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import COUNTED, OPEN_STATES, TONE_OF_STATE, Area, FilingState, Layer, Library
from competitions.filings.models.catalogue import CatalogueItem
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

PATHS = {"base_field": models.CharField(max_length=200), "default": list, "blank": True}


class CompetitionFiling(ScopedModel, TimeStamped):
    """立项备案: owned by the union that runs the competition; unions above see it from its filing on, co-hosts what
    the host shows them (``seen_by`` and the two narrower lists of paths, derived by ``domain.cohosts.refresh_sight``).
    """

    scope_owner = "owner__path"
    scope_route = "filed_path"  # the owner's path once it was filed: drafts are seen by nobody above
    scope_shared = "seen_by"
    scope_guest = "cohosts__organisation__path"
    scope_guest_where = Q(cohosts__ended_at=None) & ~Q(filed_path="")
    scope_public = Q(state__in=COUNTED)

    owner = models.ForeignKey(Organisation, verbose_name=_("主办工会"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("年度"))
    number = models.CharField(_("备案号"), max_length=20, blank=True, default="")
    title = models.CharField(_("竞赛名称"), max_length=120)
    kind = models.ForeignKey(CatalogueItem, verbose_name=_("竞赛形式"), on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        CatalogueItem, verbose_name=_("所属竞赛活动"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=20, choices=FilingState, default=FilingState.DRAFT)
    layer = models.CharField(_("竞赛层面"), max_length=20, choices=Layer, blank=True)
    area = models.CharField(_("双城格局"), max_length=20, choices=Area, blank=True)
    industry = models.CharField(_("行业门类"), max_length=10, blank=True)  # GB/T 4754; C = manufacturing
    district_code = models.CharField(_("所在区"), max_length=6, blank=True)
    library = models.CharField(_("引领性竞赛项目库"), max_length=20, choices=Library, default=Library.NONE)
    trades = ArrayField(models.CharField(max_length=60), verbose_name=_("工种"), default=list, blank=True)
    topic = models.TextField(_("突破的重点难点"), blank=True)
    basis_title = models.CharField(_("依据文件名称"), max_length=160, blank=True)
    basis_issuer = models.CharField(_("发文单位"), max_length=80, blank=True)
    basis_number = models.CharField(_("文号"), max_length=60, blank=True)
    basis_on = models.DateField(_("发文日期"), null=True, blank=True)
    committee_office = models.CharField(_("办公室设在"), max_length=80, blank=True)
    committee_document = models.CharField(_("成立文件文号"), max_length=60, blank=True)
    committee_from = models.DateField(_("任期起"), null=True, blank=True)
    committee_until = models.DateField(_("任期止"), null=True, blank=True)
    scheme = models.TextField(_("竞赛方案"), blank=True)
    awards = models.TextField(_("奖励办法"), blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    expected_people = models.PositiveIntegerField(_("预计参赛职工"), default=0)
    expected_units = models.PositiveIntegerField(_("预计参赛单位"), default=0)
    contact = models.CharField(_("联系科室及电话"), max_length=80, blank=True)
    revision = models.PositiveIntegerField(
        _("修订"), default=1
    )  # a form that was opened before somebody saved is stale
    copied_from = models.ForeignKey(
        "self", verbose_name=_("复制自"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    filed_path = models.CharField(max_length=200, blank=True, default="", db_index=True)
    seen_by = ArrayField(**PATHS)
    budget_seen_by = ArrayField(**PATHS)
    reports_seen_by = ArrayField(**PATHS)
    reviewer = models.ForeignKey(
        Organisation, verbose_name=_("审核工会"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField(_("报备时间"), null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    opinion = models.TextField(_("审核意见"), blank=True)
    correct_by = models.DateTimeField(_("补正期限"), null=True)
    in_city_plan_at = models.DateTimeField(_("纳入市级计划时间"), null=True)
    finished_at = models.DateTimeField(_("总结时间"), null=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛备案")
        ordering = ["-year", "-pk"]
        indexes = [
            GinIndex(fields=["seen_by"], name="competitions_filing_seen"),
            models.Index(fields=["year", "state"], name="competitions_filing_year"),
            models.Index(fields=["reviewer", "state"], name="competitions_filing_review"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="competitions_filing_number"
            ),
            models.UniqueConstraint(
                fields=["owner", "year", "title"], condition=~Q(state="withdrawn"), name="competitions_filing_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn")) | (~Q(number="") & ~Q(filed_path="")),
                name="competitions_filing_filed",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="competitions_filing_dates",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:filing.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(FilingState(self.state).label, TONE_OF_STATE[self.state])

    @property
    def is_open(self) -> bool:
        """Accepted or under way: teams and workers may register."""
        return self.state in OPEN_STATES

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, self.filed_path


class OfFiling(ScopedModel):
    """What belongs to one filing is seen by those who see the filing."""

    scope_owner = "filing__owner__path"
    scope_route = "filing__filed_path"
    scope_shared = "filing__seen_by"
    scope_guest = "filing__cohosts__organisation__path"
    scope_guest_where = Q(filing__cohosts__ended_at=None) & ~Q(filing__filed_path="")

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.filing.audit_paths()


class InnerOfFiling(ScopedModel):
    """What no co-host sees: the owner's union and those above it."""

    scope_owner = "filing__owner__path"
    scope_route = "filing__filed_path"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.filing.audit_paths()

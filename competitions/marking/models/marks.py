"""What was marked: every entry ever made, the second entries of paper sheets, and the totals that follow."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competitions.marking.enums import MarkSource
from competitions.marking.models.marking import Aspect, Bench
from competitions.marking.scheme import plain
from competitions.marking.scoring import JUDGES, TOP
from portal.accounts.models import User
from portal.core.scoping import ScopedModel

MEASURED = 0  # the seat of a measured value: it belongs to nobody in particular


class OfAspect(ScopedModel):
    scope_owner = "aspect__part__scheme__marking__owner__path"
    scope_reviewer = "aspect__part__scheme__marking__judges__user"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.aspect.audit_paths()


class Mark(OfAspect):
    """一次评分: a judge's score 0–3 or a measured value. Never changed: what replaces it is a new row.

    ``client_id`` is made on the device, so that the same entry sent twice is one entry.
    """

    client_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    aspect = models.ForeignKey(Aspect, on_delete=models.CASCADE, related_name="marks")
    bench = models.ForeignKey(Bench, on_delete=models.CASCADE, related_name="marks")
    seat = models.PositiveSmallIntegerField(_("席位"))  # 1–3 of a judgement, 0 of a measurement
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)  # goes up when the three score again
    score = models.PositiveSmallIntegerField(_("评判"), null=True, validators=[MaxValueValidator(TOP)])
    value = models.DecimalField(_("测量值"), max_digits=12, decimal_places=4, null=True)
    source = models.CharField(_("来源"), max_length=20, choices=MarkSource, default=MarkSource.SCREEN)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("评分时间"))  # by the device's clock
    received_at = models.DateTimeField(_("收到时间"))
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评分记录")
        ordering = ["pk"]
        indexes = [models.Index(fields=["aspect", "bench", "received_at"], name="competitions_mark_history")]
        constraints = [
            models.UniqueConstraint(
                fields=["aspect", "bench", "seat"], condition=Q(is_current=True), name="competitions_mark_current"
            ),
            models.CheckConstraint(
                condition=Q(seat=MEASURED, score=None, value__isnull=False)
                | Q(seat__range=(1, JUDGES), score__range=(0, TOP), value=None),
                name="competitions_mark_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aspect} {self.bench}"

    @property
    def figure(self) -> str:
        """What was entered, as people write it."""
        return str(self.score) if self.value is None else plain(self.value)


class PaperEntry(OfAspect):
    """纸质评分表录入: the same cell typed by two people; what agrees becomes a mark."""

    aspect = models.ForeignKey(Aspect, on_delete=models.CASCADE, related_name="paper_entries")
    bench = models.ForeignKey(Bench, on_delete=models.CASCADE, related_name="paper_entries")
    seat = models.PositiveSmallIntegerField(_("席位"))
    first = models.DecimalField(_("第一人录入"), max_digits=12, decimal_places=4, null=True)
    first_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    second = models.DecimalField(_("第二人录入"), max_digits=12, decimal_places=4, null=True)
    second_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("纸质评分表录入")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["aspect", "bench", "seat"], name="competitions_paper_once"),
            models.CheckConstraint(
                condition=Q(first_by=None) | Q(second_by=None) | ~Q(first_by=F("second_by")),
                name="competitions_paper_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aspect} {self.bench}"


class BenchTotal(ScopedModel):
    """总分: of what is confirmed, and – beside it – of everything entered; written by ``totals.sql`` only."""

    scope_owner = "bench__marking__owner__path"

    bench = models.OneToOneField(Bench, on_delete=models.CASCADE, related_name="total")
    mark = models.DecimalField(_("已复核得分"), max_digits=6, decimal_places=2)
    possible = models.DecimalField(_("已复核满分"), max_digits=6, decimal_places=2)
    all_mark = models.DecimalField(_("已评得分"), max_digits=6, decimal_places=2)
    all_possible = models.DecimalField(_("已评满分"), max_digits=6, decimal_places=2)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("总分")
        ordering = ["-mark", "bench__order"]

    def __str__(self) -> str:
        return f"{self.bench} {self.mark}"

    def audit_paths(self) -> tuple[str, str]:
        return self.bench.audit_paths()

"""What entries say, in a form that finds like ones; and the pairs that people look at."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Badge


class Fingerprint(ScopedModel):
    """查重指纹: bands of what the unit wrote, and of the words of its files, which are read only once."""

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="fingerprint")
    bands = ArrayField(models.BigIntegerField(), default=list)
    file_bands = ArrayField(models.BigIntegerField(), default=list)
    file_text = models.TextField(_("附件文字"), blank=True)
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("查重指纹")
        indexes = [
            GinIndex(fields=["bands"], name="lifecycle_fingerprint_bands"),
            GinIndex(fields=["file_bands"], name="lifecycle_fingerprint_files"),
        ]


class Verdict(models.TextChoices):
    OPEN = "open", _("待核对")
    DIFFERENT = "different", _("不构成重复")
    SAME = "same", _("构成重复")


TONES = {"open": "waiting", "different": "ok", "same": "stopped"}


class SimilarPair(ScopedModel, TimeStamped):
    """相似申报件: a pair that people look at; nothing follows by itself."""

    scope_owner = "later__cycle__owner__path"

    later = models.ForeignKey(Entry, verbose_name=_("申报件"), on_delete=models.CASCADE, related_name="similar_earlier")
    earlier = models.ForeignKey(
        Entry, verbose_name=_("相似的申报件"), on_delete=models.CASCADE, related_name="similar_later"
    )
    percent = models.PositiveSmallIntegerField(_("相似比例"))
    same_number = models.BooleanField(_("编号相同"), default=False)  # e.g. the same patent
    verdict = models.CharField(_("结论"), max_length=20, choices=Verdict, default=Verdict.OPEN)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("核对时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("相似申报件")
        ordering = ["-percent", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="lifecycle_similarpair_once"),
            models.CheckConstraint(condition=~Q(later=F("earlier")), name="lifecycle_similarpair_two"),
        ]
        indexes = [models.Index(fields=["verdict", "-percent"], name="lifecycle_similarpair_open")]

    def __str__(self) -> str:
        return f"{self.later} ≈ {self.earlier}"

    @property
    def badge(self) -> Badge:
        return Badge(Verdict(self.verdict).label, TONES[self.verdict])

    def audit_paths(self) -> tuple[str, str]:
        return self.later.cycle.owner.path, ""

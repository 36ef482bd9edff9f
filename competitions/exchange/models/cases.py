"""经验案例: what a model does differently, written by its union, checked by the union above; and reminders to share."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.exchange.enums import OPEN_CASES, TONES, CaseKind, CaseState, Saving, Subject
from competitions.exchange.tags import LONGEST
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Badge


class ExchangeCase(ScopedModel, TimeStamped):
    """One case of one union. ``shown_path`` is empty until it is published, then the federation whose unions read it."""

    scope_owner = "owner__path"
    scope_downward = "shown_path"
    scope_public = Q(state=CaseState.PUBLISHED, is_public=True)

    owner = models.ForeignKey(Organisation, verbose_name=_("提供单位"), on_delete=models.PROTECT, related_name="+")
    checked_at = models.ForeignKey(Organisation, verbose_name=_("审核工会"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=80)
    kind = models.CharField(_("案例类别"), max_length=20, choices=CaseKind, default=CaseKind.OTHER)
    saving = models.CharField(_("节能类型"), max_length=20, choices=Saving, blank=True, default="")
    subject = models.CharField(_("典型类型"), max_length=20, choices=Subject)
    model_name = models.CharField(_("典型名称"), max_length=80)
    honour = models.CharField(_("所获荣誉"), max_length=120, blank=True)
    field = models.CharField(_("领域"), max_length=60)
    practice = models.TextField(_("主要做法"))
    effect = models.TextField(_("成效"))
    hint = models.TextField(_("推广提示"), blank=True)
    tags = ArrayField(models.CharField(max_length=LONGEST), verbose_name=_("标签"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=CaseState, default=CaseState.DRAFT)
    shown_path = models.CharField(max_length=200, blank=True, default="")
    submitted_at = models.DateTimeField(_("报送时间"), null=True)
    is_public = models.BooleanField(_("面向社会公开"), default=False)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    reason = models.CharField(_("退回、撤下原因"), max_length=300, blank=True)
    views = models.PositiveIntegerField(_("公众阅读（次）"), default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("经验案例")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=CaseState.PUBLISHED) & ~Q(shown_path=""))
                | (~Q(state=CaseState.PUBLISHED) & Q(shown_path="")),
                name="competitions_case_shown",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(state=CaseState.PUBLISHED), name="competitions_case_public"
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"], name="competitions_case_kind")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:case.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), TONES[self.state])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CASES

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class CaseFile(ScopedModel):
    """Pictures and papers of a case; seen like the case."""

    scope_owner = "case__owner__path"
    scope_downward = "case__shown_path"

    case = models.ForeignKey(ExchangeCase, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="exchange/%Y/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("案例附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.case.audit_paths()


class ShareReminder(ScopedModel):
    """提醒交流: the holder of an honour is asked to share; closed by the first case its union hands in afterwards."""

    scope_owner = "organisation__path"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("获奖单位工会"), on_delete=models.PROTECT, related_name="+"
    )
    sent_from = models.ForeignKey(Organisation, verbose_name=_("提醒工会"), on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("提醒时间"))
    due_on = models.DateField(_("请于此前报送"))
    words = models.TextField(_("提醒内容"))
    done_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("交流提醒")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(done_at=None), name="competitions_share_reminder_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.sent_at:%Y-%m-%d}"

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.sent_from.path

"""Public notices, objections and rulings."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.wording import words_of
from portal.web.ui import Badge


class NoticeKind(models.TextChoices):
    LOCAL = "local", _("推荐公示")  # of one union on the route, before it endorses
    SELECTION = "selection", _("评选公示")  # of the city, before the conferral
    DECISION = "decision", _("决定")  # what was conferred


class NoticeStatus(models.TextChoices):
    DRAFT = "draft", _("拟稿")
    PUBLISHED = "published", _("公示中")
    CLOSED = "closed", _("公示期满")
    CANCELLED = "cancelled", _("已撤下")


PUBLIC_STATUSES = (NoticeStatus.PUBLISHED, NoticeStatus.CLOSED)
TONES = {
    NoticeStatus.DRAFT: "neutral",
    NoticeStatus.PUBLISHED: "waiting",
    NoticeStatus.CLOSED: "ok",
    NoticeStatus.CANCELLED: "stopped",
}


class Notice(ScopedModel, TimeStamped):
    """公示: shows exactly the frozen list; days are counted in PRC working days, the day after publication is day 1."""

    scope_owner = "organisation__path"
    scope_downward = "organisation__path"
    scope_public = Q(status__in=PUBLIC_STATUSES)

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="notices")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("公示单位"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("类别"), max_length=20, choices=NoticeKind)
    status = models.CharField(_("状态"), max_length=20, choices=NoticeStatus, default=NoticeStatus.DRAFT)
    code = models.CharField(_("编号"), max_length=30, unique=True)
    title = models.CharField(_("标题"), max_length=160)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    body = models.TextField(_("正文"))
    contact = models.CharField(_("联系方式"), max_length=300, blank=True)
    working_days = models.PositiveSmallIntegerField(_("公示工作日"))
    published_at = models.DateTimeField(_("发布时间"), null=True)
    closes_at = models.DateTimeField(_("截止时间"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    sha256 = models.CharField(_("名单指纹"), max_length=64, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("公示")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["status", "closes_at"], name="lifecycle_notice_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> Badge:
        if self.kind == NoticeKind.DECISION and self.is_running:
            return Badge(_("已公布"), "gold")
        return Badge(NoticeStatus(self.status).label, TONES[NoticeStatus(self.status)])

    @property
    def list_heading(self) -> Any:
        """Head of the list, in the words of an honour or of a grant."""
        return words_of(self.cycle.rules).list_title if self.kind == NoticeKind.DECISION else _("公示名单")

    @property
    def is_running(self) -> bool:
        return self.status == NoticeStatus.PUBLISHED

    def takes_objections(self, now: dt.datetime) -> bool:
        """While it runs; a decision takes none."""
        return self.is_running and self.closes_at is not None and now <= self.closes_at

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class NoticeItem(ScopedModel):
    """公示名单: one line as it was shown; ``shown`` is the frozen public data."""

    scope_owner = "notice__organisation__path"
    scope_downward = "notice__organisation__path"
    scope_public = Q(notice__status__in=PUBLIC_STATUSES)

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="notice_items")
    position = models.PositiveIntegerField(_("序号"))
    shown = models.JSONField(_("公示内容"))
    removed_reason = models.CharField(_("撤出原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公示名单")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["notice", "entry"], name="lifecycle_noticeitem_once")]


class Ruling(models.TextChoices):
    UPHELD = "upheld", _("异议成立")
    PARTLY = "partly", _("部分成立")
    REJECTED = "rejected", _("异议不成立")


class Category(models.TextChoices):
    """What an objection is about."""

    FACTS = "facts", _("材料不实（数据、成果、事迹）")
    ELIGIBILITY = "eligibility", _("不符合参评条件")
    CONDUCT = "conduct", _("违纪违法或信用问题")
    PROPERTY = "property", _("知识产权归属")
    PROCEDURE = "procedure", _("推荐、评审程序问题")
    OTHER = "other", _("其他")


class Objection(ScopedModel, TimeStamped):
    """异议: by name or not; holds the conferral until ruled on. The objector is hidden from the nominating union."""

    scope_owner = "notice__organisation__path"

    code = models.CharField(_("受理编号"), max_length=30, unique=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="objections")
    category = models.CharField(_("类别"), max_length=20, choices=Category, default=Category.OTHER)
    is_named = models.BooleanField(_("实名"), default=True)
    name = EncryptedTextField(_("姓名（单位）"), blank=True, default="")
    phone = EncryptedTextField(_("联系电话"), blank=True, default="")
    grounds = models.TextField(_("事实与理由"))
    query_hash = models.CharField(max_length=64, db_index=True)  # of the code the objector keeps to follow the case
    received_at = models.DateTimeField(_("收到时间"))
    due_at = models.DateTimeField(_("答复期限"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ruling = models.CharField(_("结论"), max_length=20, choices=Ruling, blank=True, default="")
    ruling_text = models.TextField(_("答复意见"), blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["notice", "ruling"], name="lifecycle_objection_open")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return not self.ruling

    @property
    def badge(self) -> Badge:
        if self.is_open:
            return Badge(_("待答复") if self.accepted_at else _("待受理"), "waiting")
        return Badge(Ruling(self.ruling).label, "stopped" if self.ruling == Ruling.UPHELD else "ok")

    def audit_paths(self) -> tuple[str, str]:
        return self.notice.organisation.path, ""


class ObjectionFile(ScopedModel):
    """异议附件"""

    scope_owner = "objection__notice__organisation__path"

    objection = models.ForeignKey(Objection, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="objections/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = _("异议附件")

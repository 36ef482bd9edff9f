"""The entry and what belongs to it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Employer, Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.engine.states import EntryState, StateFacts, facts
from portal.lifecycle.programmes.models import Cycle, Track

# From the federation's desk on; what unions below still check, and what never came this far, is not the hosts' matter.
SHOWN_TO_HOSTS = (
    EntryState.RECOMMENDED,
    EntryState.IN_REVIEW,
    EntryState.REVIEWED,
    EntryState.SELECTED,
    EntryState.RESERVE,
    EntryState.NOT_SELECTED,
    EntryState.IN_NOTICE,
    EntryState.CONFIRMED,
    EntryState.CONFERRED,
    EntryState.REVOKED,
)


class Entry(ScopedModel, TimeStamped):
    """申报件: what a unit enters in a cycle. ``state`` is written by ``perform()`` only.

    ``answers`` holds the form's fields by code; ID numbers and phones inside are encrypted. ``route`` is the list of
    organisations it passes (``[{"level", "organisation", "name", "path"}]``), fixed at submission; ``route_path`` is
    the path of the lowest union above the unit, by which union desks see it.
    """

    scope_is_subject = True
    scope_owner = "organisation__path"
    scope_route = "route_path"
    scope_reviewer = "assignments__expert_id"
    scope_reviewer_where = Q(assignments__state__in=("open", "submitted"))  # recused entries vanish
    scope_guest = "cycle__hosts__organisation__path"
    scope_guest_where = Q(cycle__hosts__can_see=True, cycle__hosts__ended_at=None, state__in=SHOWN_TO_HOSTS)

    code = models.CharField(_("申报编号"), max_length=30, unique=True)
    cycle = models.ForeignKey(Cycle, verbose_name=_("届次"), on_delete=models.PROTECT, related_name="entries")
    track = models.ForeignKey(
        Track, verbose_name=_("类别"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("申报单位工会"), on_delete=models.PROTECT, related_name="+"
    )
    employer = models.ForeignKey(
        Employer, verbose_name=_("用人单位"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("名称"), max_length=200, blank=True)
    title_key = models.CharField(
        max_length=200, blank=True, db_index=True, editable=False
    )  # normalised, for duplicates
    answers = models.JSONField(_("填报内容"), default=dict)
    state = models.CharField(_("状态"), max_length=20, choices=EntryState, default=EntryState.DRAFT)
    state_changed_at = models.DateTimeField(_("状态时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("修订号"), default=1)  # grows with every change; a stale page is a conflict
    route = models.JSONField(_("推荐路径"), default=list)
    route_path = models.CharField(max_length=200, blank=True, default="", db_index=True)
    at_level = models.CharField(_("所在层级"), max_length=20, blank=True, default="")
    at_organisation = models.ForeignKey(
        Organisation, verbose_name=_("当前处理工会"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nominating = models.ForeignKey(
        Organisation, verbose_name=_("推荐工会"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nomination_rank = models.PositiveIntegerField(_("推荐排序"), null=True, blank=True)
    is_reserve_nomination = models.BooleanField(_("递补推荐"), default=False)
    review_code = models.CharField(_("评审编码"), max_length=20, blank=True, default="", db_index=True)
    final_rank = models.PositiveIntegerField(_("评选名次"), null=True, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("填报人"), on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    return_due_at = models.DateTimeField(_("补正期限"), null=True, blank=True)
    due_at = models.DateTimeField(_("办理期限"), null=True, blank=True)  # of the union that holds it now

    class Meta:
        verbose_name = verbose_name_plural = _("申报件")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["cycle", "state", "-id"], name="lifecycle_entry_state"),
            models.Index(fields=["at_organisation", "state", "-id"], name="lifecycle_entry_desk"),
            models.Index(fields=["organisation", "state", "-id"], name="lifecycle_entry_unit"),
            # The list by time of submission, as the pager orders it.
            models.Index(
                models.OrderBy(models.F("submitted_at"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="lifecycle_entry_sent",
            ),
            models.Index(
                fields=["at_organisation", "due_at"],
                name="lifecycle_entry_due",
                condition=Q(state=EntryState.SUBMITTED),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="lifecycle_entry_state_known"),
            models.UniqueConstraint(
                fields=["cycle", "review_code"], condition=~Q(review_code=""), name="lifecycle_entry_review_code"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.code

    def get_absolute_url(self) -> str:
        return reverse("lifecycle:entry.detail", kwargs={"code": self.code})

    @property
    def facts(self) -> StateFacts:
        return facts(self.state)

    def has_extension(self, now: dt.datetime) -> bool:
        """退回补正: a returned entry may come back until its own deadline, also after the call has closed."""
        return self.state == EntryState.RETURNED and self.return_due_at is not None and now <= self.return_due_at

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.route_path


class EntryVersion(ScopedModel):
    """申报版本: what exactly was submitted; every version can be compared with the one before."""

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"
    scope_guest = "entry__cycle__hosts__organisation__path"
    scope_guest_where = Q(
        entry__cycle__hosts__can_see=True, entry__cycle__hosts__ended_at=None, entry__state__in=SHOWN_TO_HOSTS
    )

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    title = models.CharField(max_length=200)
    answers = models.JSONField()
    attachments = models.JSONField(default=list)  # [{"id", "field", "name", "size", "sha256"}]
    fingerprint = models.CharField(_("指纹"), max_length=64)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("申报版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="lifecycle_version_number")]


class Attachment(ScopedModel):
    """附件: checked by content, served as attachment through a view. Removed ones stay for earlier versions."""

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"
    scope_reviewer = "entry__assignments__expert_id"
    scope_reviewer_where = Q(entry__assignments__state__in=("open", "submitted"))
    scope_guest = "entry__cycle__hosts__organisation__path"
    scope_guest_where = Q(
        entry__cycle__hosts__can_see=True, entry__cycle__hosts__ended_at=None, entry__state__in=SHOWN_TO_HOSTS
    )

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attachments")
    field = models.CharField(_("栏目"), max_length=60)
    file = models.FileField(upload_to="entries/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(_("指纹"), max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["field", "pk"]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.audit_paths()


class ConsentRecord(ScopedModel):
    """个人信息公开同意 (个人信息保护法第二十五条): the text agreed to, by whom and when; can be withdrawn."""

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("事项"), max_length=40, default="publish")
    text = models.TextField(_("告知内容"))
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公开同意记录")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "purpose"], condition=Q(withdrawn_at__isnull=True), name="lifecycle_consent_once"
            ),
        ]

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.audit_paths()


class EntryKey(ScopedModel):
    """查重键: keyed hashes of what two entries should not share (first person, credit code, patent numbers).

    The values themselves stay in the encrypted answers; equality can be found all the same.
    """

    PERSON = "person"
    CREDIT_CODE = "credit_code"

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(_("类别"), max_length=80)  # PERSON, CREDIT_CODE, or the field (``table.column``)
    value = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("查重键")
        indexes = [models.Index(fields=["kind", "value"], name="lifecycle_entrykey_value")]
        constraints = [models.UniqueConstraint(fields=["entry", "kind", "value"], name="lifecycle_entrykey_once")]

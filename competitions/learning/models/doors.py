"""学习入口: a unit's own address for its workers' phones – quizzes taken, proofs of points handed in."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.learning.enums import NATIONAL, TONE_OF_PROOF, Platform, ProofState
from competitions.learning.models.completions import Completion
from competitions.learning.models.resources import TrainingResource
from portal.accounts.models import Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.scoping import ScopedModel
from portal.core.text import mask_id_number, mask_name
from portal.web.ui import Badge


class LearningDoor(ScopedModel):
    """One per union; ``token`` is the address in the code, made anew when the old one was misused."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    is_open = models.BooleanField(_("开放"), default=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("学习入口")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["organisation"], name="competitions_learning_door_once")]

    def __str__(self) -> str:
        return self.organisation.name

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class OfPerson(ScopedModel):
    """A person as the register of workers knows them; the number is encrypted and never shown whole."""

    scope_owner = "organisation__path"

    root_path = models.CharField(max_length=20)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("登记单位"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("姓名"), max_length=60)
    id_number = EncryptedTextField(_("身份证号"))
    id_index = models.CharField(max_length=64, editable=False, db_index=True)

    class Meta:
        abstract = True

    @property
    def masked_id(self) -> str:
        return mask_id_number(self.id_number)

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class QuizAttempt(OfPerson):
    """答题记录: one try of one person; the first passed one is a completion."""

    resource = models.ForeignKey(
        TrainingResource, verbose_name=_("测验"), on_delete=models.PROTECT, related_name="attempts"
    )
    answers = models.JSONField(default=dict)  # question → chosen positions
    right = models.PositiveSmallIntegerField(_("答对"))
    total = models.PositiveSmallIntegerField(_("题数"), validators=[MinValueValidator(1)])
    passed = models.BooleanField(_("合格"))
    at = models.DateTimeField(_("时间"))
    completion = models.ForeignKey(Completion, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("答题记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["resource", "passed"], name="competitions_attempt_quiz")]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gt=0, right__lte=models.F("total")), name="competitions_attempt_sound"
            )
        ]

    def __str__(self) -> str:
        return _("答题记录 %s") % self.pk  # never the name


class PointsProof(OfPerson):
    """积分证明: a picture of the points on a national platform, handed in by the worker or the unit, checked by the unit's checker."""

    platform = models.CharField(
        _("学习平台"), max_length=20, choices=[(p.value, p.label) for p in NATIONAL], default=Platform.XUEXI
    )
    as_of = models.DateField(_("截图日期"))
    points = models.PositiveIntegerField(_("积分"))
    file = models.FileField(upload_to="points/%Y/%m/")
    file_name = models.CharField(_("截图"), max_length=200)
    file_size = models.PositiveBigIntegerField(default=0)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    by_worker = models.BooleanField(_("职工本人提交"), default=False)
    state = models.CharField(_("状态"), max_length=20, choices=ProofState, default=ProofState.SUBMITTED)
    reason = models.CharField(_("未认定原因"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("提交时间"))
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("核对时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("积分证明")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["root_path", "id_index", "platform", "as_of"], condition=~Q(state=ProofState.RETURNED),
                name="competitions_proof_once",
            ),
            models.CheckConstraint(
                condition=Q(state=ProofState.SUBMITTED, checked_at=None)
                | Q(state=ProofState.ACCEPTED, checked_at__isnull=False)
                | (Q(state=ProofState.RETURNED, checked_at__isnull=False) & ~Q(reason="")),
                name="competitions_proof_checked",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["organisation", "state"], name="competitions_proof_state")]

    def __str__(self) -> str:
        return _("积分证明 %s") % self.pk  # never the name

    def get_absolute_url(self) -> str:
        return reverse("competitions:proof.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(ProofState(self.state).label, TONE_OF_PROOF[self.state])

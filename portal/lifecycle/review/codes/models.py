"""Tables of codes: one per layer, each kept by an officer of its own, until two officers decode together."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.crypto import EncryptedTextField
from portal.core.scoping import ScopedModel
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.imported.models import MarksFile, ResultState

FIRST, SECOND = 1, 2
DECODERS_NEEDED = 2


class CodeTable(ScopedModel):
    """密码表: ``content`` maps, as JSON, what is hidden to its code; ``seed`` stays closed until decoding.

    Layer 1 maps the entry's number to its first code, layer 2 the first code to the number of the bench.
    """

    scope_owner = "stage__cycle__owner__path"

    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="code_tables")
    layer = models.PositiveSmallIntegerField(_("第几次加密"))
    number = models.PositiveIntegerField(_("第几次抽签"))
    holder = models.ForeignKey(User, verbose_name=_("保管人"), on_delete=models.PROTECT, related_name="+")
    seed = EncryptedTextField(_("随机种子"))
    commitment = models.CharField(_("种子指纹"), max_length=64)
    content = EncryptedTextField(_("对照表"))
    size = models.PositiveIntegerField(_("人数"))
    reason = models.CharField(_("重新抽签原因"), max_length=300, blank=True)
    drawn_at = models.DateTimeField(_("抽签时间"))
    is_current = models.BooleanField(_("有效"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("密码表")
        ordering = ["layer", "number"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "layer", "number"], name="lifecycle_codes_number"),
            models.UniqueConstraint(
                fields=["stage", "layer"], condition=Q(is_current=True), name="lifecycle_codes_one"
            ),
            models.UniqueConstraint(
                fields=["stage", "holder"], condition=Q(is_current=True), name="lifecycle_codes_other_holder"
            ),
            models.CheckConstraint(condition=Q(layer__in=(FIRST, SECOND)), name="lifecycle_codes_layer"),
        ]

    def __str__(self) -> str:
        return str(_("%(cycle)s第%(n)s次加密")) % {"cycle": self.stage.cycle, "n": self.layer}

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class CodedBatch(MarksFile):
    """按码成绩单: lines by code. Only its data is kept, under a name of ours: nothing in the file leads to an entry."""

    class Meta(MarksFile.Meta):
        verbose_name = verbose_name_plural = _("按码成绩单")


class CodedMark(ScopedModel):
    """按码成绩: marks under the last code; nothing here leads to an entry.

    A second person confirms them under the code. ``salt`` closes the hash that the log keeps until decoding.
    """

    scope_owner = "stage__cycle__owner__path"

    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="coded_marks")
    code = models.CharField(_("工位码"), max_length=12)
    marks = models.JSONField(_("成绩"), default=dict)
    absent = models.BooleanField(_("缺考"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=ResultState, default=ResultState.RECORDED)
    batch = models.ForeignKey(CodedBatch, on_delete=models.SET_NULL, null=True, related_name="+")
    salt = EncryptedTextField(_("随机数"))
    recorded_by = models.ForeignKey(User, verbose_name=_("录入人"), on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("录入时间"))
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("复核人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("复核时间"), null=True)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("按码成绩")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "code"], name="lifecycle_coded_mark"),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("recorded_by")) | Q(confirmed_by=None), name="lifecycle_coded_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_by__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_by=None)),
                name="lifecycle_coded_confirmed_by",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_confirmed(self) -> bool:
        return self.state == ResultState.CONFIRMED

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class CodeApproval(ScopedModel):
    """解密确认: one per seat; two seats taken by two people decode."""

    scope_owner = "stage__cycle__owner__path"

    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="code_approvals")
    seat = models.PositiveSmallIntegerField(_("席位"))
    user = models.ForeignKey(User, verbose_name=_("确认人"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("代保管人确认的原因"), max_length=300, blank=True)
    approved_at = models.DateTimeField(_("确认时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("解密确认")
        ordering = ["approved_at"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "seat"], name="lifecycle_approval_seat"),
            models.UniqueConstraint(fields=["stage", "user"], name="lifecycle_approval_two_people"),
            models.CheckConstraint(condition=Q(seat__in=(FIRST, SECOND)), name="lifecycle_approval_two_seats"),
        ]

    def __str__(self) -> str:
        return str(_("%(user)s的解密确认")) % {"user": self.user}

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""
